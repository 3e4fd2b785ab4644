// Killed hard between every two steps of a switch and of an adoption: afterwards it is before or after, and never between.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { cp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
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
const BEFORE = ['ready', 'fenced'];
const AFTER = ['pointed', 'started', 'retired', 'journalled', 'over'];
const ADOPTION = ['folder', 'facts', 'renamed', 'adopted'];

let houses = 0;

test('an undo killed after any step: the command is undone with all that means, or it stands as it was', async (t) => {
  const template = await furnish();
  for (const step of [...BEFORE, ...AFTER]) {
    await t.test(step, async () => {
      const folder = await copyOf(template.folder);
      await dieAt({ folder, instanceId: template.instanceId, step, wrong: template.wrong });
      for (const time of ['at the next start', 'and at the one after']) {
        await using house = await openGenerationHouse({ scratch, folder, instanceId: template.instanceId });
        await house.quiet();
        const isUndone = (await livingLetters(house)) > 1;
        assert.equal(isUndone, AFTER.includes(step), time);
        const { undone, eras } = await journalOf(house);
        if (isUndone) assert.ok(undone.has(template.wrong) && eras > 0, `${time}: the journal knows`);
        else
          assert.deepEqual({ undone: undone.size, eras }, { undone: 0, eras: 0 }, `${time}: the journal knows nothing`);
        assert.equal(await livingLetters(house), isUndone ? template.letters + 1 : 1);
        const live = house.generations.live.name;
        const others = (await house.generations.list()).filter(({ name }) => name !== live);
        assert.deepEqual(
          others.map(({ name, retiredMs }) => [name, retiredMs !== undefined]),
          isUndone ? [['gen-0001', true]] : [],
          time,
        );
      }
    });
  }
});

test('an adoption killed after any step is made good at the next start', async () => {
  const template = await furnish();
  for (const step of ADOPTION) {
    const folder = await copyOf(template.folder);
    const root = join(folder, 'postgres');
    await rename(join(root, 'gen-0001', 'cluster'), join(root, 'cluster'));
    await rm(join(root, 'gen-0001'), { recursive: true });
    await rm(join(root, 'current'));
    await dieAt({ folder, instanceId: template.instanceId, step, wrong: 0 });
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

async function dieAt(order: {
  readonly folder: string;
  readonly instanceId: InstanceId;
  readonly step: string;
  readonly wrong: number;
}): Promise<void> {
  const words = [child, JSON.stringify({ scratch, ...order })];
  const killed = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  killed.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [, signal] = await once(killed, 'close');
  assert.equal(signal, 'SIGKILL', said);
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
