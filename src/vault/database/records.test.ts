// Single records on the rows: erased and gone ones, what the house keeps, and the schema's own steps.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { requireValue } from '#base/assert.ts';
import { newId, type AccountId, type InviteId, type LetterId } from '#base/ids.ts';
import type { Command } from '../journal/commands.ts';
import type { KeyRecord, RecordContent } from '../journal/journal.ts';
import type { RecordKind } from '../journal/record-types.ts';
import { applyRecords } from './apply.ts';
import { idToUuid } from './ids.ts';
import { migrate, readMigrations } from './migrate.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';
import {
  makeSignUp,
  mustCommit,
  newDatabase,
  openTestHouse,
  ACTOR,
  randomText,
  type TestAccount,
} from './test-house.ts';

let cluster: TestCluster;
let scratch = '';

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sgl-records-'));
  cluster = await startTestCluster();
});
after(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

/** Records as a journal would hand them out, written by hand. */
class Script {
  readonly records: KeyRecord[] = [];
  #accountSeq = 0;

  add(kind: RecordKind, accountId: AccountId | undefined, content: RecordContent, span = 1): this {
    const seq = this.records.length + 1;
    const header = {
      journal: 0, lane: 'key', kind, seq, timeMs: 1_700_000_000_000 + seq, class: 'ordinary', chainDay: 0, epoch: 0,
      actor: { kind: 'system', id: new Uint8Array(16) }, build: new Uint8Array(8), accountId,
      accountSeq: accountId === undefined ? 0 : this.#accountSeq + 1, span, durableThrough: 0, payloadBytes: 1, digest: new Uint8Array(32),
    } as const; // prettier-ignore
    if (accountId !== undefined) this.#accountSeq += span;
    this.records.push({ header, place: { journal: 0, seq, segment: 1, offset: seq * 1000 }, content });
    return this;
  }

  command(accountId: AccountId | undefined, command: Command, span = 1): this {
    return this.add(command.kind, accountId, { kind: 'command', command }, span);
  }

  letter(account: TestAccount, letterId: LetterId): this {
    const letter = {
      letterId, mailboxId: requireValue(account.mailboxes[0], 'inbox'), bodyJournal: 0, bodySeq: 1, packetDigest: randomBytes(32),
      packetBytes: 100, element: Buffer.alloc(32, 0xff), expiresMs: 0, receivedMs: 5, renderVersion: 1, renderSizeBytes: 100, wrapping: 0,
      keywords: ['b', 'a', 'b'], keyPacket: randomBytes(9), summary: randomBytes(9), terms: randomBytes(9),
    }; // prettier-ignore
    return this.add('letter', account.id, {
      kind: 'letter',
      letter,
      bodyPlace: { journal: 0, seq: 1, segment: 1, offset: 64 },
    });
  }

  /** The same records with the payload of `seq` erased. */
  without(seq: number): readonly KeyRecord[] {
    return this.records.map((record) =>
      record.header.seq === seq ? { ...record, content: { kind: 'gone' } } : record,
    );
  }
}

/** The rows after applying `records` to an empty database, in batches of `size`. */
async function rowsAfter(records: readonly KeyRecord[], size: number): Promise<readonly string[]> {
  const database = await newDatabase(cluster);
  await using owner = await database.connectAs('owner');
  assert.ok((await migrate(owner, await readMigrations())).ok);
  await using session = await database.connect();
  for (let at = 0; at < records.length; at += size) {
    await session.transaction(() => applyRecords(session, records.slice(at, at + size)));
  }
  const lines: string[] = [];
  for (const table of ['account_counter', 'mailbox', 'letter', 'placement']) {
    const rows = await session.rows<{ line: string }>(`SELECT t::text AS line FROM ${table} t ORDER BY 1`);
    lines.push(...rows.map((row) => `${table} ${row.line}`));
  }
  await database.close();
  return lines;
}

test('a letter that was removed and erased leaves the same rows as a rebuild that never saw it', async () => {
  const { account, command } = makeSignUp('anna@siegel.test');
  const [kept, erased] = [newId<LetterId>(), newId<LetterId>()];
  const script = new Script()
    .command(account.id, command)
    .letter(account, erased)
    .letter(account, kept)
    .command(account.id, { kind: 'lettersRemoved', effect: { ids: [erased], purgeMs: 1, freedBytes: 100 } })
    .add(
      'erased',
      account.id,
      { kind: 'erased', erased: { lane: 'key', journal: 0, seq: 2, reason: 'removed', command: 4 } },
      0,
    )
    .letter(account, newId<LetterId>());
  const live = await rowsAfter(script.records, 1);
  assert.deepEqual(await rowsAfter(script.without(2), 100), live);
  assert.deepEqual(await rowsAfter(script.records, 100), live);
  const letters = live.filter((line) => line.startsWith('letter '));
  assert.equal(letters.length, 2);
  assert.ok(!letters.some((line) => line.includes(idToUuid(erased))));
  assert.ok(letters.every((line) => line.includes('{a,b}') && line.includes(',-1,-1,-1,-1,-1,-1,-1,-1,')));
});

test('a letter that expired and was erased leaves no count behind', async () => {
  const { account, command } = makeSignUp('anna@siegel.test');
  const script = new Script()
    .command(account.id, command)
    .letter(account, newId<LetterId>())
    .add(
      'erased',
      account.id,
      { kind: 'erased', erased: { lane: 'key', journal: 0, seq: 2, reason: 'expired', command: 0 } },
      0,
    );
  assert.deepEqual(await rowsAfter(script.records, 100), await rowsAfter(script.without(2), 1));
});

test('records of an account whose creation is gone disturb nobody', async () => {
  const { account, command } = makeSignUp('anna@siegel.test');
  const script = new Script()
    .command(account.id, command)
    .letter(account, newId<LetterId>())
    .command(account.id, { kind: 'quotaPut', effect: { quotaBytes: 1 } });
  assert.deepEqual(await rowsAfter(script.without(1), 100), []);
});

test('the same records applied twice are the same rows', async () => {
  const { account, command } = makeSignUp('anna@siegel.test');
  const script = new Script().command(account.id, command).letter(account, newId<LetterId>());
  const once = await rowsAfter(script.records, 100);
  assert.deepEqual(await rowsAfter([...script.records, ...script.records], 2), once);
});

test('a letter without its body has no row, and its number stays taken', async () => {
  const { account, command } = makeSignUp('anna@siegel.test');
  const script = new Script().command(account.id, command).letter(account, newId<LetterId>());
  const records = script.records.map((record) =>
    record.content.kind === 'letter' ? { ...record, content: { ...record.content, bodyPlace: undefined } } : record,
  );
  const rows = await rowsAfter(records, 100);
  assert.ok(!rows.some((line) => line.startsWith('letter ')));
  assert.match(requireValue(rows[0], 'a counter'), /^account_counter \([0-9a-f-]+,2,/);
});

test('domains, catch-all and invites: an invite opens one account only', async () => {
  await using house = await openTestHouse(cluster, scratch);
  const { door } = house;
  const { db } = house.database.reader;
  const inviteId = newId<InviteId>();
  await mustCommit(door, undefined, { kind: 'domainAdded', effect: { domain: 'siegel.test' } });
  await mustCommit(door, undefined, {
    kind: 'inviteCreated',
    effect: { inviteId, codeHash: randomText(32), role: 'member', expiresMs: 9 },
  });
  const [first, second] = ['anna', 'ben'].map((name) => {
    const { account, command } = makeSignUp(`${name}@siegel.test`);
    return { account, command: { ...command, effect: { ...command.effect, inviteId } } };
  });
  assert.ok(first && second);
  await mustCommit(door, first.account.id, first.command);
  const again = await door.commit(second.account.id, ACTOR, async () => ({ ok: true, value: second.command }));
  assert.deepEqual(again, { ok: false, error: { kind: 'unavailable' } });
  assert.deepEqual(await db.selectFrom('invite').select('used_by').execute(), [
    { used_by: idToUuid(first.account.id) },
  ]);
  await mustCommit(door, undefined, {
    kind: 'catchAllPut',
    effect: { domain: 'siegel.test', accountId: first.account.id },
  });
  assert.deepEqual(await db.selectFrom('domain').selectAll().execute(), [
    { domain: 'siegel.test', catch_all: idToUuid(first.account.id) },
  ]);
  await mustCommit(door, undefined, { kind: 'domainRemoved', effect: { domain: 'siegel.test' } });
  assert.deepEqual(await db.selectFrom('domain').selectAll().execute(), []);
});

test('a migration that was edited after it was applied, or one this program does not know, is refused', async () => {
  const database = await newDatabase(cluster);
  await using session = await database.connectAs('owner');
  const migrations = await readMigrations();
  assert.deepEqual(await migrate(session, migrations), { ok: true, value: migrations.length });
  assert.deepEqual(await migrate(session, migrations), { ok: true, value: 0 });
  const edited = migrations.map((migration) => ({ ...migration, sql: `${migration.sql}-- later` }));
  assert.deepEqual(await migrate(session, edited), { ok: false, error: { kind: 'editedMigration', number: 1 } });
  assert.deepEqual(await migrate(session, []), { ok: false, error: { kind: 'newerSchema', number: 1 } });
  await database.close();
});

test('a migration that fails halfway leaves nothing of itself', async () => {
  const database = await newDatabase(cluster);
  await using session = await database.connectAs('owner');
  const broken = { number: 1, name: 'broken', sql: 'CREATE TABLE half (x integer); SELECT no_such_function()' };
  await assert.rejects(migrate(session, [broken]));
  const rows = await session.rows('SELECT 1 FROM pg_class WHERE relname = $1', ['half']);
  assert.equal(rows.length, 0);
  await database.close();
});

test('nobody writes through the reader', async () => {
  const database = await newDatabase(cluster);
  await using session = await database.connectAs('owner');
  await migrate(session, await readMigrations());
  await assert.rejects(
    database.reader.db.insertInto('domain').values({ domain: 'x.test' }).execute(),
    /permission denied|read-only/,
  );
  await database.close();
});
