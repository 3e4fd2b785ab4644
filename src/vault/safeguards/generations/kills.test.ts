// Killed hard between every two steps of a switch and of an adoption: afterwards it is before or after, and never between.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { cp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { requireValue } from '#base/assert.ts';
import { newId, type InstanceId, type LetterId } from '#base/ids.ts';
import { makeLetter, makeSignUp, mustCommit } from '../../database/test-house.ts';
import { dumpRows, openGenerationHouse, type GenerationHouse } from './test-generations.ts';

const scratch = mkdtempSync(join(tmpdir(), 'sgl-kills-'));
chmodSync(scratch, 0o755);
after(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));

const child = fileURLToPath(new URL('test-killed-house.ts', import.meta.url));
/** Everything a switch passes, in order; the pointer moves between "fenced" and "pointed". */
const BEFORE = ['begun', 'ready', 'fenced', 'unfenced'];
const AFTER = ['pointed', 'started', 'retired', 'eraRaised', 'journalled', 'arrived', 'over'];
const ADOPTION = ['folder', 'facts', 'renamed', 'adopted'];

let houses = 0;

/** The fence just lifted; what the switch means just journalled. */
const SAMPLE = [
  ['fenced', 3],
  ['retired', 8],
] as const;
const isLong = process.env['SIEGEL_LONG'] !== undefined;

let template: Template;
before(async () => {
  template = await furnish();
});

test('an undo killed after any step: the command is undone with all that means, or it stands as it was', async (t) => {
  for (const step of [...BEFORE, ...AFTER]) {
    await t.test(step, async () => {
      const folder = await copyOf(template.folder);
      const { signal, said } = await liveUntil({
        folder,
        instanceId: template.instanceId,
        step,
        wrong: template.wrong,
      });
      assert.equal(signal, 'SIGKILL', said);
      const end = AFTER.includes(step) ? 'after' : 'before';
      for (const time of ['at the next start', 'and at the one after']) assert.equal(await judge(folder), end, time);
    });
  }
});

test('killed after any step of an undo, and again at any step of the start behind it: before or after', async (t) => {
  const tally = { kills: 0, before: 0, after: 0 };
  const tryPair = async (first: string, second: number): Promise<boolean> => {
    const folder = await copyOf(template.folder);
    const { instanceId, wrong } = template;
    assert.equal((await liveUntil({ folder, instanceId, step: first, wrong })).signal, 'SIGKILL');
    const again = await liveUntil({ folder, instanceId, step: second, wrong: 0 });
    const isThere = again.signal === 'SIGKILL';
    tally.kills += isThere ? 2 : 1;
    const end = await judge(folder);
    assert.equal(end, AFTER.includes(first) ? 'after' : 'before', `${first}, then ${second} (${again.steps.at(-1)})`);
    tally[end] += 1;
    await rm(folder, { recursive: true, maxRetries: 20, retryDelay: 100 });
    return isThere;
  };
  if (!isLong) for (const [first, second] of SAMPLE) assert.ok(await tryPair(first, second));
  for (const first of isLong ? [...BEFORE, ...AFTER] : []) for (let n = 1; await tryPair(first, n);) n += 1;
  t.diagnostic(`${tally.kills} kills: before ${tally.before}, after ${tally.after}, bad 0`);
});

test('twin: a switch that writes its pointer first leaves rows that the journal knows nothing of', async () => {
  const folder = await copyOf(template.folder);
  const { instanceId, wrong } = template;
  await liveUntil({ folder, instanceId, step: 'begun', wrong, pointsFirst: true });
  // two databases want one socket, or the journal knows nothing of the new one's rows: whichever is met first
  await assert.rejects(() => judge(folder));
});

/** What the house is after it is opened: undone in rows and journal, or untouched in both. */
async function judge(folder: string): Promise<'before' | 'after'> {
  await using house = await openGenerationHouse({ scratch, folder, instanceId: template.instanceId });
  await house.quiet();
  const isUndone = (await livingLetters(house)) > 1;
  const { undone, eras } = await journalOf(house);
  if (isUndone) assert.ok(undone.has(template.wrong) && eras > 0, 'the journal knows');
  else assert.deepEqual({ undone: undone.size, eras }, { undone: 0, eras: 0 }, 'the journal knows nothing');
  assert.equal(await livingLetters(house), isUndone ? template.letters + 1 : 1);
  const live = house.generations.live.name;
  const others = (await house.generations.list()).filter(({ name }) => name !== live);
  assert.deepEqual(
    others.map(({ name, retiredMs }) => [name, retiredMs !== undefined]),
    isUndone ? [['gen-0001', true]] : [],
  );
  return isUndone ? 'after' : 'before';
}

test('an adoption killed after any step is made good at the next start', async () => {
  for (const step of ADOPTION) {
    const folder = await copyOf(template.folder);
    const root = join(folder, 'postgres');
    await rename(join(root, 'gen-0001', 'cluster'), join(root, 'cluster'));
    await rm(join(root, 'gen-0001'), { recursive: true });
    await rm(join(root, 'current'));
    assert.equal((await liveUntil({ folder, instanceId: template.instanceId, step, wrong: 0 })).signal, 'SIGKILL');
    await using house = await openGenerationHouse({ scratch, folder, instanceId: template.instanceId });
    await house.quiet();
    assert.deepEqual(await dumpRows(house.database), template.rows, step);
    const names = (await readdir(root)).toSorted();
    assert.deepEqual(names, ['current', 'gen-0001', 'points', 'run'], step);
  }
});

interface Template {
  readonly folder: string;
  readonly instanceId: InstanceId;
  readonly letters: number;
  readonly wrong: number;
  readonly rows: readonly string[];
}

/** A house with a restore point, then a wrong command, then one letter more. */
async function furnish(): Promise<Template> {
  const instanceId = newId<InstanceId>();
  const folder = join(scratch, `house-${++houses}`);
  await using house = await openGenerationHouse({ scratch, folder, instanceId });
  const { account: anna, command } = makeSignUp('anna@siegel.test');
  await mustCommit(house.door, anna.id, command);
  const mailboxId = requireValue(anna.mailboxes[0], 'inbox');
  const ids: LetterId[] = [];
  const keep = async (): Promise<void> => {
    const entry = makeLetter([{ accountId: anna.id, mailboxId }]);
    assert.ok((await house.door.keepLetter(entry)).ok);
    ids.push(requireValue(entry.copies[0]?.record.letterId, 'a letter'));
  };
  for (let n = 0; n < 5; n++) await keep();
  await house.quiet();
  const point = await house.generations.takePoint('before');
  assert.ok(point.ok, point.ok ? '' : point.error.sentence);
  const effect = { ids: [...ids], purgeMs: 9e12, freedBytes: 0 };
  const wrong = await mustCommit(house.door, anna.id, { kind: 'lettersRemoved', effect });
  await keep();
  await house.quiet();
  return { folder, instanceId, letters: 5, wrong: wrong.header.seq, rows: await dumpRows(house.database) };
}

async function copyOf(folder: string): Promise<string> {
  const copy = join(scratch, `house-${++houses}`);
  await once(spawn('cp', ['-a', folder, copy], { stdio: 'ignore' }), 'exit');
  await cp(join(folder, 'journal'), join(copy, 'journal'), { recursive: true });
  return copy;
}

interface Lived {
  readonly signal: NodeJS.Signals | null;
  readonly steps: readonly string[];
  readonly said: string;
}

async function liveUntil(order: {
  readonly folder: string;
  readonly instanceId: InstanceId;
  readonly step: string | number;
  readonly wrong: number;
  readonly pointsFirst?: boolean;
}): Promise<Lived> {
  const words = [child, JSON.stringify({ scratch, ...order })];
  const lives = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let passed = '';
  lives.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  lives.stdout.setEncoding('utf8').on('data', (text: string) => (passed += text));
  const [code, signal] = (await once(lives, 'close')) as [number | null, NodeJS.Signals | null];
  assert.ok(signal === 'SIGKILL' || code === 0, said);
  return { signal, steps: passed.trim().split('\n'), said };
}

async function livingLetters({ database }: GenerationHouse): Promise<number> {
  const row = await database.reader.db
    .selectFrom('letter')
    .select((of) => of.fn.countAll<number>().as('n'))
    .where('removed_modseq', 'is', null)
    .executeTakeFirst();
  return Number(row?.n);
}

async function journalOf({ journal }: GenerationHouse): Promise<{ undone: ReadonlySet<number>; eras: number }> {
  let eras = 0;
  for await (const records of journal.readKeyRecords(0))
    for (const { header } of records) if (header.kind === 'eraRaised') eras += 1;
  return { undone: await journal.findVoided(0), eras };
}
