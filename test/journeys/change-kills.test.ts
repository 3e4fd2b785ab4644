// Issue 4: kill -9 after each step of a change, and again while it goes on, in the real program: before or after, never between, books equal.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ChangeView } from '../../src/programs/methods/change-methods.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';

const PASSWORD = 'a long password for tests';
const script = fileURLToPath(new URL('../change-program.ts', import.meta.url));
const hasSshKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
const isLong = process.env['SIEGEL_LONG'] !== undefined;
/** Without SIEGEL_LONG each third step is enough: the room's own test kills after every one and every pair. */
const EVERY = isLong ? 1 : 3;

type Answer = Record<string, unknown>;

async function ask(program: RunningProgram, words: readonly string[]): Promise<Answer | undefined> {
  const { code, stdout } = await program.siegel([...words, '--json']);
  return code === 0 ? (JSON.parse(stdout) as Answer) : undefined;
}

async function must(program: RunningProgram, words: readonly string[]): Promise<Answer> {
  const { code, stdout, stderr } = await program.siegel([...words, '--json']);
  if (code !== 0) throw new Error(`siegel ${words.join(' ')}: ${stdout}${stderr}${program.output()}`);
  return JSON.parse(stdout) as Answer;
}

/** A house with letters, an operator, and a change that is signed. */
async function furnish(folder: string): Promise<void> {
  await using program = await startProgram({ directory: folder, env: houseEnv(folder), script });
  await program.signUp('anna', PASSWORD);
  for (let index = 0; index < 4; index++) await program.siegel(['try', 'letter']);
  const key = join(folder, 'kaya');
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  await must(program, ['operator', 'add', 'Kaya', '--ssh-key', `${key}.pub`]);
  const sql = join(folder, 'plan.sql');
  await writeFile(sql, 'ALTER TABLE letter ADD COLUMN weight integer; UPDATE letter SET weight = 1;');
  await must(program, ['change', 'plan', '--sql', sql]);
  await must(program, ['change', 'backup', '1']);
  await must(program, ['change', 'rehearse', '1']);
  const plan = join(folder, 'change-1.json');
  await must(program, ['change', 'approve', '1', '--out', plan]);
  spawnSync('ssh-keygen', ['-q', '-Y', 'sign', '-n', 'siegel-change', '-f', key, plan]);
  await must(program, ['change', 'approve', '1', '--signature', `${plan}.sig`]);
}

function houseEnv(folder: string): Record<string, string> {
  return { SIEGEL_BACKUP_DIR: join(folder, 'backups'), SIEGEL_BACKUP_AT: 'none' };
}

/** Starts, does `work`, and is killed at that step if it comes to it; true when it was. */
async function live(
  folder: string,
  diesAt: number,
  work: (program: RunningProgram) => Promise<unknown>,
): Promise<boolean> {
  const env = { ...houseEnv(folder), CHANGE_DIES_AT: String(diesAt) };
  // it may end before it has said that it is there
  const program = await startProgram({ directory: folder, env, script }).catch(() => undefined);
  if (program === undefined) return true;
  const said = await work(program).catch((cause: unknown) => cause);
  const isAlive = (await ask(program, ['status'])) !== undefined;
  if (isAlive && said instanceof Error) throw new Error('it lives and did not do it', { cause: said });
  await program.stop();
  return !isAlive;
}

async function untilOver(program: RunningProgram): Promise<ChangeView> {
  for (const untilMs = performance.now() + 60_000; performance.now() < untilMs; await wait(100)) {
    const [change] = ((await must(program, ['change', 'history']))['changes'] ?? []) as ChangeView[];
    if (change !== undefined && !['applying', 'applied', 'undoing'].includes(change.standing)) return change;
  }
  throw new Error(`the change does not end:\n${program.output()}`);
}

/** What a person finds after the last start. */
async function judge(folder: string, at: string): Promise<ChangeView['standing']> {
  await using program = await startProgram({ directory: folder, env: houseEnv(folder), script });
  const change = await untilOver(program);
  const ledger = await must(program, ['ledger', 'check']);
  assert.equal(ledger['isEqual'], true, at);
  assert.ok(Number(ledger['letters']) >= 4, at);
  const columns = await must(program, [
    'sql',
    `SELECT count(*) FROM information_schema.columns WHERE column_name = 'weight' AND table_name = 'letter'`,
  ]);
  const isThere = JSON.stringify(columns['rows']) === '[[1]]';
  assert.equal(isThere, change.standing === 'verified', `${at}: ${change.standing}`);
  assert.ok(['verified', 'undone', 'rehearsed', 'closed'].includes(change.standing), `${at}: ${change.standing}`);
  if (isThere) {
    const filled = await must(program, ['sql', 'SELECT count(*) FROM letter WHERE weight IS NULL AND received_ms < 0']);
    assert.deepEqual(filled['rows'], [[0]], at);
  }
  return change.standing;
}

interface Deed {
  readonly words: readonly string[];
  readonly furnish: (folder: string) => Promise<void>;
  /** Where it stands when nobody disturbs it. */
  readonly end: string;
  /** Each how-manieth step. */
  readonly every: number;
}

const applied: Deed = { words: ['change', 'apply', '1', '--apply'], furnish, end: 'verified', every: EVERY };
const undone: Deed = {
  words: ['change', 'undo', '1', '--apply'],
  async furnish(folder) {
    await furnish(folder);
    await live(folder, Infinity, (program) => must(program, applied.words));
  },
  end: 'undone',
  every: 1,
};

/** Killed at each step, then once more at its first or second while it goes on. */
async function killAtEach({ words, furnish: prepare, end, every }: Deed): Promise<void> {
  const top = await mkdtemp(join(tmpdir(), 'siegel-change-kills-'));
  try {
    const furnished = join(top, 'furnished');
    await mkdir(furnished);
    await prepare(furnished);
    let standing = '';
    for (let first = 1, died = true; died; first += every) {
      const house = join(top, `house-${first}`);
      spawnSync('cp', ['-a', furnished, house]);
      died = await live(house, first, (program) => must(program, words));
      if (died) await live(house, 1 + (first % 2), untilOver);
      standing = await judge(house, `${words.join(' ')}, killed at ${first}`);
      await rm(house, { recursive: true });
    }
    assert.equal(standing, end, 'undisturbed it comes to its end');
  } finally {
    await rm(top, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

const how = { skip: hasSshKeygen ? false : 'no ssh-keygen here', timeout: 900_000 };

test('killed at the steps of a change, and again while it goes on, the house stands as before or as after', how, () =>
  killAtEach(applied),
);

test('killed at the steps of an undo, and again while it goes on, the house stands as before or as after', how, () =>
  killAtEach(undone),
);
