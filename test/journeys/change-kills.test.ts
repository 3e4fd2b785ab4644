// Issue 4: kill -9 after each step of the saga, and again while it goes on, in the real program: before or after, never between, books equal.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { after, before, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ChangeView } from '../../src/programs/methods/change-methods.ts';
import { isMine, live, long, must, Tally } from '../killed-life.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';

const PASSWORD = 'a long password for tests';
const script = fileURLToPath(new URL('../killed-program.ts', import.meta.url));
const twin = fileURLToPath(new URL('../twins/never-resumes.ts', import.meta.url));
const hasSshKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
const SQL = 'ALTER TABLE letter ADD COLUMN weight integer; UPDATE letter SET weight = 1;';

function houseEnv(folder: string): Record<string, string> {
  return { SIEGEL_BACKUP_DIR: join(folder, 'backups'), SIEGEL_BACKUP_AT: 'none' };
}

/** A house with letters and an operator. */
async function furnish(folder: string): Promise<void> {
  await mkdir(folder);
  await using program = await startProgram({ directory: folder, env: houseEnv(folder) });
  await program.signUp('anna', PASSWORD);
  for (let index = 0; index < 4; index++) await program.siegel(['try', 'letter']);
  const key = join(folder, 'kaya');
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const sshKey = (await readFile(`${key}.pub`, 'utf8')).trim();
  await must(program, 'operator.add', { name: 'Kaya', sshKey, role: 'operator' });
}

async function newest(program: RunningProgram): Promise<ChangeView | undefined> {
  return (await must(program, 'change.history', {})).changes[0];
}

/** What a person does next, until it is signed or, with `applies`, over. */
async function walk(program: RunningProgram, folder: string, applies: boolean): Promise<void> {
  for (;;) {
    const change = await newest(program);
    switch (change?.standing) {
      case undefined:
        await must(program, 'change.plan', { kind: 'sql', sql: SQL });
        break;
      case 'planned':
        await must(program, 'change.backup', { number: 1 });
        break;
      case 'backedUp':
        await must(program, 'change.rehearse', { number: 1 });
        break;
      case 'rehearsed':
        if (!change.approvals.isEnough) await sign(program, folder);
        else if (applies) await must(program, 'change.apply', { number: 1, apply: true });
        else return;
        break;
      default:
        await untilOver(program);
        return;
    }
  }
}

async function sign(program: RunningProgram, folder: string): Promise<void> {
  const { plan } = await must(program, 'change.approve', { number: 1, signatures: [] });
  const words = ['-q', '-Y', 'sign', '-n', 'siegel-change', '-f', join(folder, 'kaya')];
  const { stdout } = spawnSync('ssh-keygen', words, { input: plan, encoding: 'utf8' });
  await must(program, 'change.approve', { number: 1, signatures: [stdout] });
}

async function untilOver(program: RunningProgram): Promise<ChangeView | undefined> {
  for (const untilMs = performance.now() + 60_000; performance.now() < untilMs; await wait(100)) {
    const change = await newest(program);
    if (change === undefined || !['applying', 'applied', 'undoing'].includes(change.standing)) return change;
  }
  throw new Error(`the change does not end:\n${program.output()}`);
}

const COLUMNS = `SELECT count(*)::int FROM information_schema.columns WHERE column_name = 'weight' AND table_name = 'letter'`;
const UNFILLED = 'SELECT count(*)::int FROM letter WHERE weight IS NULL AND received_ms < 0';

async function ask(program: RunningProgram, sql: string): Promise<unknown> {
  const answer = await must(program, 'sql.ask', { sql });
  return answer.kind === 'rows' ? answer.rows[0]?.[0] : undefined;
}

/** What a person finds after the last start, who touches nothing. */
async function judge(folder: string, { end }: Deed, main = script): Promise<'before' | 'after'> {
  await using program = await startProgram({ directory: folder, env: houseEnv(folder), script: main });
  const standing = (await untilOver(program))?.standing ?? 'unplanned';
  const ledger = await must(program, 'ledger.check', { deep: false });
  assert.equal(ledger.isEqual, true);
  assert.ok(ledger.letters >= 4);
  const isThere = (await ask(program, COLUMNS)) === 1;
  assert.equal(isThere, standing === 'verified', standing);
  const whole = ['unplanned', 'planned', 'backedUp', 'rehearsed', 'closed', 'verified', 'undone'];
  assert.ok(whole.includes(standing), standing);
  // the letter to try came after it
  if (isThere) assert.equal(await ask(program, UNFILLED), 0);
  assert.deepEqual((await must(program, 'journal.verify', {})).problems, []);
  return standing === end ? 'after' : 'before';
}

interface Deed {
  /** Whose steps are counted. */
  readonly works: string;
  /** A furnished house that it begins in. */
  readonly from: string;
  readonly work: (program: RunningProgram, folder: string) => Promise<unknown>;
  /** Where it stands when nobody disturbs it. */
  readonly end: string;
  /** The steps it passes, in order; those of every start come first. */
  names: readonly string[];
  /** How many of them are those of the start. */
  begins: number;
  /** Pairs of kills without SIEGEL_LONG. */
  readonly sample: (steps: number, begins: number) => readonly (readonly [number, number])[];
}

const everyThird = (steps: number, begins: number): readonly (readonly [number, number])[] =>
  Array.from({ length: Math.ceil((steps - begins) / 3) }, (_, n) => [begins + 1 + 3 * n, begins + 1 + (n % 2)]);

let top = '';

const saga: Deed = {
  works: 'change',
  from: 'furnished',
  work: (program, folder) => walk(program, folder, true),
  end: 'verified',
  names: [],
  begins: 0,
  sample: () => [[3, 2]],
};
const applied: Deed = { ...saga, from: 'signed', sample: everyThird };
const undone: Deed = {
  ...saga,
  works: 'change,generations',
  from: 'applied',
  work: async (program) => {
    const change = await untilOver(program);
    if (change?.standing === 'verified') await must(program, 'change.undo', { number: 1, apply: true });
  },
  end: 'undone',
  sample: everyThird,
};

before(async () => {
  if (!hasSshKeygen) return;
  top = await mkdtemp(join(tmpdir(), 'siegel-change-kills-'));
  await furnish(join(top, 'furnished'));
  for (const [from, to, deed] of [
    ['furnished', 'signed', { ...saga, work: (program, folder) => walk(program, folder, false) }],
    ['signed', 'applied', applied],
  ] as const satisfies readonly (readonly [string, string, Deed])[]) {
    copy(from, to);
    await liveOnce(join(top, to), deed, Infinity);
  }
});
after(() => rm(top, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));

function copy(from: string, to: string): string {
  spawnSync('cp', ['-a', join(top, from), join(top, to)]);
  return join(top, to);
}

function liveOnce(folder: string, { works, work }: Pick<Deed, 'works' | 'work'>, diesAt: number): Promise<boolean> {
  const env = houseEnv(folder);
  return live({ directory: folder, script, env, works, diesAt, work: (program) => work(program, folder) });
}

const walked = new Map<Deed, Promise<Deed>>();

/** Once without a kill. */
function walkThrough(deed: Deed): Promise<Deed> {
  const known = walked.get(deed) ?? walkOnce(deed);
  walked.set(deed, known);
  return known;
}

async function walkOnce(deed: Deed): Promise<Deed> {
  const house = copy(deed.from, 'undisturbed');
  let said = '';
  let begins = 0;
  const work = async (program: RunningProgram): Promise<void> => {
    begins = stepsIn(program.output()).length;
    await deed.work(program, house);
    said = program.output();
  };
  assert.equal(await liveOnce(house, { ...deed, work }, Infinity), false);
  assert.equal(await judge(house, deed), 'after', 'undisturbed it comes to its end');
  await rm(house, { recursive: true, maxRetries: 20, retryDelay: 100 });
  return { ...deed, begins, names: stepsIn(said) };
}

function stepsIn(said: string): readonly string[] {
  return [...said.matchAll(/^step \d+ \w+ (\w+)$/gm)].map(([, name = '']) => name);
}

/** Killed at the first step, and at the second of the life after it, which goes on; true: it was killed the second time, too. */
async function tryPair(deed: Deed, pair: readonly [number, number], tally: Tally): Promise<boolean> {
  const house = copy(deed.from, `house-${pair.join('-')}`);
  let died = false;
  await tally.look(`killed at ${pair[0]} (${deed.names[pair[0] - 1]}), then at ${pair[1]}`, async () => {
    for (const diesAt of pair) {
      died = await liveOnce(house, deed, diesAt);
      if (died) tally.kills += 1;
    }
    return judge(house, deed);
  });
  await rm(house, { recursive: true, maxRetries: 20, retryDelay: 100 });
  return died;
}

async function tryAll(t: TestContext, known: Deed): Promise<void> {
  const tally = new Tally();
  const deed = await walkThrough(known);
  const { names, begins, sample } = deed;
  t.diagnostic(`${names.length} steps, ${begins} of them at every start: ${names.join(' ')}`);
  if (long === undefined) for (const pair of sample(names.length, begins)) await tryPair(deed, pair, tally);
  for (let first = begins + 1; first <= names.length; first += 1) {
    if (!isMine(first)) continue;
    for (let second = 1; await tryPair(deed, [first, second], tally);) second += 1;
    t.diagnostic(`${first} of ${names.length} (${names[first - 1]}), ${tally.say()}`);
    for (const what of tally.bad) t.diagnostic(what.slice(0, 300));
  }
  t.diagnostic(tally.say());
  assert.deepEqual(tally.bad, []);
  assert.ok(tally.kills >= 2, tally.say());
}

const how = { skip: hasSshKeygen ? false : 'no ssh-keygen here', timeout: 7_200_000 };
const shortly = long === undefined ? how : { skip: 'the whole saga holds it' };

test('killed at any step from the plan to the proof, and again: the house stands as before or as after', how, (t) =>
  tryAll(t, saga),
);

test(
  'killed at the steps of a change, and again while it goes on, the house stands as before or as after',
  shortly,
  (t) => tryAll(t, applied),
);

test('killed at the steps of an undo, and again while it goes on, the house stands as before or as after', how, (t) =>
  tryAll(t, undone),
);

test('twin: a house that does not remember what it had begun stays between before and after', how, async () => {
  const house = copy('signed', 'twin');
  const { names } = await walkThrough(applied);
  assert.equal(await liveOnce(house, applied, names.indexOf('ran') + 1), true);
  await assert.rejects(() => judge(house, applied, twin));
});
