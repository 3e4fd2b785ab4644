// Two houses that differ in one thing: in one of them some 250,000 more people have accounts.

import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningProgram } from '../../test/running-program.ts';
import { round } from '../figures.ts';
import { openSeedHouse, seedAccounts } from '../seed-journal.ts';
import { signUp, type House, type Person } from './people.ts';

/** One in so many accounts has really signed up. */
const REAL_EVERY = 1_000;
const REAL_MIN = 20;

export interface HousesOrder {
  readonly accounts: number;
  readonly domain: string;
  readonly directory: string;
  /** Starts the program on a folder below `directory`. */
  readonly start: (name: string) => Promise<RunningProgram>;
  readonly note: (text: string) => void;
}

export interface Houses {
  readonly people: readonly Person[];
  /** So many accounts of the full house were journalled without a sign-up. */
  readonly seeded: number;
  readonly empty: House;
  readonly full: House;
  readonly facts: Record<string, unknown>;
}

/** The same people signed up in both: the full house is a copy of the empty one, then filled. */
export async function makeHouses({ accounts, domain, directory, start, note }: HousesOrder): Promise<Houses> {
  const empty: House = { program: await start('empty') };
  const signing = performance.now();
  const people: Person[] = [];
  for (let n = 0; n < Math.max(REAL_MIN, Math.round(accounts / REAL_EVERY)); n++) {
    people.push(await signUp(empty, `real${String(n).padStart(4, '0')}`));
  }
  const signUpMs = round((performance.now() - signing) / people.length);
  note(`${people.length} people signed up, ${signUpMs} ms each with the client's work`);
  await empty.program.stop();
  const copied = spawnSync('cp', ['-a', join(directory, 'empty'), join(directory, 'full')]);
  if (copied.status !== 0) throw new Error(`cp: ${copied.stderr.toString()}`);
  const seeded = accounts - people.length;
  const seedSeconds = await secondsOf(() => seed(join(directory, 'full', 'data'), seeded, domain));
  note(`${seeded} accounts journalled in ${seedSeconds} s`);
  let full: House | undefined;
  const replaySeconds = await secondsOf(async () => void (full = { program: await start('full') }));
  if (!full) throw new Error('the full house did not start');
  const { program: replayed } = full;
  note(`the full house was ready after ${replaySeconds} s, every row made`);
  await replayed.stop();
  const startSeconds = {
    empty: await secondsOf(async () => void (empty.program = await start('empty'))),
    full: await secondsOf(async () => void (full = { program: await start('full') })),
  };
  const memory = { empty: await memoryOf(empty.program.pid), full: await memoryOf(full.program.pid) };
  note(JSON.stringify({ startSeconds, memory }));
  return { people, seeded, empty, full, facts: { signUpMs, replaySeconds, startSeconds, memory } };
}

async function seed(dataDir: string, count: number, domain: string): Promise<void> {
  await using house = await openSeedHouse(dataDir);
  await seedAccounts(house, count, domain);
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return round((performance.now() - started) / 1000);
}

export interface Memory {
  /** Resident, the program with its threads. */
  readonly programMiB: number;
  /** Proportional (shared pages counted once), all processes of its PostgreSQL. */
  readonly databaseMiB: number;
}

export async function memoryOf(pid: number): Promise<Memory> {
  const children = await childrenOf(pid);
  const below = (await Promise.all(children.map(childrenOf))).flat();
  const shares = await Promise.all(
    [...children, ...below].map((child) => fieldKib(`/proc/${child}/smaps_rollup`, 'Pss')),
  );
  const databaseKib = shares.reduce((sum, kib) => sum + kib, 0);
  return {
    programMiB: Math.round((await fieldKib(`/proc/${pid}/status`, 'VmRSS')) / 1024),
    databaseMiB: Math.round(databaseKib / 1024),
  };
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap((list) => list.trim().split(/\s+/).filter(Boolean).map(Number));
}

async function fieldKib(path: string, name: string): Promise<number> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
}
