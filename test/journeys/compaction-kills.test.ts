// Issue 4: kill -9 after each step of erasing and of compacting both lanes, and again while the next start goes on: before or after, books equal.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { after, before, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { systemClock } from '#base/clock.ts';
import { nodeDisk } from '../../src/vault/journal/disk.ts';
import { JournalReader } from '../../src/vault/journal/journal-reader.ts';
import { verifyJournal } from '../../src/vault/journal/verify-journal.ts';
import { openMailboxClient } from '../../src/web/client/mailbox-client.ts';
import { readJournal } from '../canary/disk-values.ts';
import { moveIn, type Resident } from '../house-life.ts';
import { isAlive, isMine, live, long, must, Tally, type Life } from '../killed-life.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';
import { openSmtp } from '../smtp-client.ts';
import { makeLetterBytes } from './forgetting-letters.ts';

const script = fileURLToPath(new URL('../killed-program.ts', import.meta.url));
const twin = fileURLToPath(new URL('../twins/compacts-in-place.ts', import.meta.url));
const LETTERS = 8;
const LANES = ['body', 'key'] as const;
/** Days of undo and of grace are over; nothing is looked at before the journey says so. */
const LATER = { SIEGEL_CLOCK: '+15d' };
const stream = { addEventListener: () => undefined, close: () => undefined, readyState: 1 };

/** Which payloads lie in the first segment of each lane, by record. */
type Stored = Readonly<Record<(typeof LANES)[number], ReadonlyMap<number, boolean>>>;

interface Furnished {
  readonly top: string;
  readonly house: string;
  readonly stored: Stored;
  /** Ids of the letters that nobody removed, with their packets. */
  readonly living: ReadonlyMap<string, Buffer>;
}

/** Two people with letters: one destroyed half of hers, the other closed his mailbox. */
async function furnish(): Promise<Furnished> {
  const top = await mkdtemp(join(tmpdir(), 'siegel-compaction-kills-'));
  const house = join(top, 'furnished');
  await mkdir(house);
  await using program = await startProgram({ directory: house });
  const [anna, bruno] = [await moveIn(() => program, 'anna'), await moveIn(() => program, 'bruno')];
  for (const { address } of [anna, bruno]) await send(program, address);
  const mail = await openMailboxClient({ ...anna, openStream: () => stream, clock: systemClock });
  const inbox = (await mail.mailboxes()).find(({ role }) => role === 'inbox') ?? assert.fail();
  const ids = await mail.list(inbox.id);
  const dead = ids.slice(0, LETTERS / 2);
  assert.ok((await mail.destroy(dead)).ok);
  assert.ok((await openClient(bruno)).ok);
  await program.stop();
  const { letters } = await readJournal(journalOf(house), 1_000);
  const kept = new Set<string>(ids.slice(LETTERS / 2));
  const living = new Map(
    letters.filter(({ record }) => kept.has(record.letterId)).map(({ record, packet }) => [record.letterId, packet]),
  );
  assert.deepEqual([letters.length, living.size], [2 * LETTERS, LETTERS / 2]);
  return { top, house, living, stored: await readStored(house) };
}

async function openClient(bruno: Resident): Promise<{ readonly ok: boolean }> {
  const mail = await openMailboxClient({ ...bruno, openStream: () => stream, clock: systemClock });
  return mail.closeMailbox();
}

async function send(program: RunningProgram, to: string): Promise<void> {
  await using smtp = await openSmtp(program.smtpPort, '127.0.0.1', 'greeting.example');
  for (let n = 0; n < LETTERS; n += 1) {
    const reply = await smtp.send({ from: 'a@b.example', to: [to], bytes: makeLetterBytes(to, n), by: 'data' });
    assert.equal(reply.code, 250);
  }
}

function journalOf(house: string): string {
  return join(house, 'data', 'journal', '00');
}

async function readStored(house: string): Promise<Stored> {
  const reader = new JournalReader(nodeDisk, journalOf(house), 0);
  const read = async (lane: (typeof LANES)[number]): Promise<ReadonlyMap<number, boolean>> => {
    const found = new Map<number, boolean>();
    for await (const { header, stored, segment } of reader.readLane(lane, ALL, 'skip'))
      if (segment === 1) found.set(header.seq, stored);
    return found;
  };
  try {
    return { body: await read('body'), key: await read('key') };
  } finally {
    await reader.close();
  }
}

const ALL = { afterSeq: 0, untilSeq: () => Number.POSITIVE_INFINITY };

/** Records of the furnished house whose payload is gone. */
function goneOf(lane: (typeof LANES)[number], now: Stored, { stored }: Furnished): readonly number[] {
  return [...now[lane]].filter(([seq, isThere]) => !isThere && stored[lane].get(seq) === true).map(([seq]) => seq);
}

async function copyOf({ top, house }: Furnished, name: string): Promise<string> {
  const copy = join(top, name);
  spawnSync('cp', ['-a', house, copy]);
  return copy;
}

/** Until everything due was erased and written anew, or it is dead. */
async function forgotten(program: RunningProgram): Promise<void> {
  for (const untilMs = performance.now() + 60_000; performance.now() < untilMs; await wait(20)) {
    if (!isAlive(program)) throw new Error('dead');
    if (program.output().includes('forgotten\n')) return;
  }
  throw new Error(`nothing is forgotten:\n${program.output()}`);
}

const env = { ...LATER, FORGETS: 'now' };

function forgets(directory: string, diesAt: number, more: Partial<Life> = {}): Promise<boolean> {
  return live({ directory, script, env, works: 'forgetting', diesAt, work: forgotten, ...more });
}

/** The files as a kill left them: every segment of before or of after, whichever lane it is. */
async function lookAtFiles(house: string, whole: Furnished, end: Stored): Promise<'before' | 'after'> {
  const { findings } = await verifyJournal(nodeDisk, journalOf(house));
  assert.deepEqual(findings, []);
  const now = await readStored(house);
  for (const lane of LANES) {
    assert.deepEqual([...now[lane].keys()].slice(0, whole.stored[lane].size), [...whole.stored[lane].keys()], lane);
    const gone = goneOf(lane, now, whole);
    if (gone.length > 0) assert.deepEqual(gone, goneOf(lane, end, whole), lane);
  }
  return LANES.every((lane) => goneOf(lane, now, whole).length > 0) ? 'after' : 'before';
}

/** The last life: it goes on undisturbed; then books are equal, what lives is there byte by byte, what is dead is gone. */
async function lookAtEnd(house: string, whole: Furnished, end: Stored): Promise<'after'> {
  const check = async (program: RunningProgram): Promise<void> => {
    await forgotten(program);
    assert.equal((await must(program, 'ledger.check', { deep: true })).isEqual, true);
    assert.deepEqual((await must(program, 'journal.verify', {})).problems, []);
  };
  await forgets(house, Infinity, { work: check });
  assert.equal(await lookAtFiles(house, whole, end), 'after');
  const { letters } = await readJournal(journalOf(house), 1_000);
  assert.deepEqual(new Set(letters.map(({ record }) => record.letterId)), new Set(whole.living.keys()));
  for (const { record, packet } of letters) assert.ok(whole.living.get(record.letterId)?.equals(packet), 'other bytes');
  return 'after';
}

interface Steps {
  readonly names: readonly string[];
  readonly end: Stored;
}

/** Once without a kill: the steps it passes, and which payloads are gone afterwards. */
async function walkThrough(whole: Furnished): Promise<Steps> {
  const house = await copyOf(whole, 'undisturbed');
  let said = '';
  const work = async (program: RunningProgram): Promise<void> => {
    await forgotten(program);
    said = program.output();
  };
  assert.equal(await forgets(house, Infinity, { work }), false);
  const names = [...said.matchAll(/^step \d+ forgetting (\w+)$/gm)].map(([, name = '']) => name);
  for (const name of ['begun', 'copied', 'checked', 'renamed', 'done'])
    assert.equal(names.filter((one) => one === name).length, 2, `${name}: once for each lane of ${names.join(' ')}`);
  const end = await readStored(house);
  for (const lane of LANES) assert.ok(goneOf(lane, end, whole).length >= LETTERS, lane);
  await rm(house, { recursive: true, maxRetries: 20, retryDelay: 100 });
  return { names, end };
}

/** Killed at the first step, again at the second of the next life; true: it was killed the second time, too. */
async function tryPair(
  whole: Furnished,
  steps: Steps,
  pair: readonly [number, number],
  tally: Tally,
): Promise<boolean> {
  const where = `killed at ${pair[0]} (${steps.names[pair[0] - 1]}), then at ${pair[1]}`;
  const house = await copyOf(whole, `house-${pair.join('-')}`);
  let died = false;
  for (const diesAt of pair) {
    died = await forgets(house, diesAt);
    if (!died) continue;
    tally.kills += 1;
    await tally.look(where, () => lookAtFiles(house, whole, steps.end));
  }
  await tally.look(`${where}, at the end`, () => lookAtEnd(house, whole, steps.end));
  await rm(house, { recursive: true, maxRetries: 20, retryDelay: 100 });
  return died;
}

/** Each lane killed while its copy is half-made and right after it took its place, the second time elsewhere. */
function sample({ names }: Steps): readonly (readonly [number, number])[] {
  const at = (name: string, lane: number): number =>
    names.flatMap((one, index) => (one === name ? [index + 1] : []))[lane] ?? assert.fail(name);
  return [
    [at('begun', 0), 4],
    [at('renamed', 1), 1],
  ];
}

async function tryAll(t: TestContext, whole: Furnished, steps: Steps): Promise<Tally> {
  const tally = new Tally();
  if (long === undefined) for (const pair of sample(steps)) await tryPair(whole, steps, pair, tally);
  for (let first = 1; first <= steps.names.length; first += 1) {
    if (!isMine(first)) continue;
    for (let second = 1; await tryPair(whole, steps, [first, second], tally);) second += 1;
    t.diagnostic(`${first} of ${steps.names.length} (${steps.names[first - 1]}), ${tally.say()}`);
  }
  return tally;
}

let whole: Furnished;
let steps: Steps;
before(async () => {
  whole = await furnish();
  steps = await walkThrough(whole);
});
after(() => rm(whole.top, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));

const how = { timeout: 3_600_000 };

test(
  'killed at any step of forgetting, and again while it goes on: every segment is before or after, books equal',
  how,
  async (t) => {
    const tally = await tryAll(t, whole, steps);
    t.diagnostic(tally.say());
    assert.deepEqual(tally.bad, []);
    assert.ok(tally.kills >= 4, tally.say());
  },
);

test('twin: a segment written anew under its own name, killed before it is whole, loses its letters', async () => {
  const house = await copyOf(whole, 'twin');
  assert.equal(await forgets(house, steps.names.indexOf('begun') + 1, { script: twin }), true);
  await assert.rejects(() => lookAtFiles(house, whole, steps.end));
  const { letters } = await readJournal(journalOf(house), 1_000).catch(() => ({ letters: [] }));
  assert.ok(letters.length < LETTERS / 2, `${letters.length} letters are left`);
});
