// What the guard lets through and what not: rows counted by transaction, records named once, statements approved word for word.

import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { writeApprovals, type Approval } from '../../database/approve.ts';
import { migrate, readMigrations } from '../../database/migrate.ts';
import type { Database } from '../../database/open-database.ts';
import type { Session } from '../../database/session.ts';
import { startTestCluster, type TestCluster } from '../../database/test-cluster.ts';
import { newDatabase } from '../../database/test-house.ts';

const ANNA = 'a0a0a0a0-0000-4000-8000-00000000000a';
const BEN = 'b0b0b0b0-0000-4000-8000-00000000000b';
const MANY_ACCOUNTS = /more than one account/;
const TOO_MANY = /no record of the journal names that many/;
const scratch = mkdtempSync(join(tmpdir(), 'sgl-rules-'));
let cluster: TestCluster;
let database: Database;
let app: Session;
let owner: Session;

before(async () => {
  cluster = await startTestCluster();
  database = await newDatabase(cluster);
  owner = await database.connectAs('owner');
  assert.ok((await migrate(owner, await readMigrations())).ok);
  app = await database.connect();
  await app.script(`
    INSERT INTO applied VALUES (0, 10);
    INSERT INTO holder (account_id, holder_id, wrap_id, added_ms)
    SELECT a, gen_random_uuid(), 'w', n FROM unnest(ARRAY['${ANNA}', '${BEN}']::uuid[]) AS a, generate_series(1, 1000) AS n`);
});
after(async () => {
  await app.close();
  await owner.close();
  await database.close();
  await cluster[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
});

function remove(of: string, from: number, to: number): string {
  return `DELETE FROM holder WHERE account_id = '${of}' AND added_ms BETWEEN ${from} AND ${to}`;
}

/** Carries the statements out in one transaction and takes them back. */
async function tryAll(session: Session, ...statements: readonly string[]): Promise<void> {
  const undo = new Error('taken back');
  await session
    .transaction(async () => {
      for (const statement of statements) await session.script(statement);
      throw undo;
    })
    .catch((cause: unknown) => {
      if (cause !== undo) throw cause;
    });
}

function vouch(seq: number, account: string, rows: number): string {
  return `SELECT siegel_guard.vouch(0, ${seq}, '${account}', ${rows})`;
}
const NAMED = vouch(11, ANNA, 0);

test('nothing goes that no record names: not one row, not one key', async () => {
  await assert.rejects(tryAll(app, remove(ANNA, 1, 1)), TOO_MANY);
  await assert.rejects(tryAll(owner, remove(ANNA, 1, 1)), TOO_MANY);
  await assert.rejects(tryAll(app, 'DELETE FROM holder'), MANY_ACCOUNTS);
  await tryAll(app, 'DELETE FROM holder WHERE added_ms = 0');
});

test('where a record is named a hundred rows of its account may go beyond it, however they are sliced', async () => {
  await tryAll(app, NAMED, remove(ANNA, 1, 100));
  await tryAll(app, NAMED, remove(ANNA, 1, 60), remove(ANNA, 61, 100));
  await assert.rejects(tryAll(app, NAMED, remove(ANNA, 1, 101)), TOO_MANY);
  await assert.rejects(tryAll(app, NAMED, remove(ANNA, 1, 60), remove(ANNA, 61, 101)), TOO_MANY);
  await assert.rejects(tryAll(app, NAMED, remove(ANNA, 1, 1), remove(BEN, 1, 1)), MANY_ACCOUNTS);
  await assert.rejects(tryAll(app, NAMED, 'DELETE FROM holder WHERE added_ms = 1'), MANY_ACCOUNTS);
});

test('a rollback to a savepoint gives back what it took, and nothing else', async () => {
  await tryAll(app, NAMED, 'SAVEPOINT s', remove(ANNA, 1, 90), 'ROLLBACK TO s', remove(ANNA, 1, 100));
  const sliced = [remove(ANNA, 1, 60), 'SAVEPOINT s', remove(ANNA, 61, 100), 'ROLLBACK TO s', 'RELEASE s'];
  await assert.rejects(tryAll(app, NAMED, ...sliced, remove(ANNA, 61, 101)), TOO_MANY);
  await assert.rejects(tryAll(app, 'SAVEPOINT s', NAMED, 'ROLLBACK TO s', remove(ANNA, 1, 1)), TOO_MANY);
  await assert.rejects(tryAll(app, NAMED, 'SAVEPOINT s', 'ROLLBACK TO s', remove(BEN, 1, 1)), MANY_ACCOUNTS);
});

test('keys are counted like rows, counters and new rows are not', async () => {
  await tryAll(app, "UPDATE holder SET wrap_id = 'v', added_ms = added_ms");
  const wraps = `INSERT INTO wrap SELECT '${ANNA}', n::text, 'holder', 1, '', '' FROM generate_series(1, 101) AS n`;
  await tryAll(app, wraps, 'UPDATE wrap SET ark_version = 2', "UPDATE wrap SET sealed = ''");
  await assert.rejects(tryAll(app, wraps, "UPDATE wrap SET sealed = 'x' WHERE wrap_id = '1'"), TOO_MANY);
  await tryAll(app, NAMED, wraps, "UPDATE wrap SET sealed = 'x' WHERE wrap_id <> '1'");
  await assert.rejects(tryAll(app, NAMED, wraps, "UPDATE wrap SET sealed = 'x'"), TOO_MANY);
  const over = 'ON CONFLICT (account_id, wrap_id) DO UPDATE SET sealed = excluded.sealed';
  await assert.rejects(tryAll(app, NAMED, wraps, `${wraps.replace("'', ''", "'', 'y'")} ${over}`), TOO_MANY);
});

test('a record that names account and number lets that many go, once, with the position that it brings', async () => {
  const at = (seq: number): string => `UPDATE applied SET seq = ${seq} WHERE journal = 0`;
  await assert.rejects(tryAll(app, vouch(11, ANNA, 50), remove(ANNA, 1, 151)), TOO_MANY);
  await assert.rejects(tryAll(app, vouch(11, BEN, 500), remove(ANNA, 1, 10)), MANY_ACCOUNTS);
  await assert.rejects(tryAll(app, vouch(11, ANNA, 50), vouch(12, BEN, 50)), /more than one account/);
  await assert.rejects(tryAll(app, vouch(10, ANNA, 500)), /was used before/);
  await assert.rejects(tryAll(app, vouch(11, ANNA, 50), vouch(11, ANNA, 50)), /was used before/);
  const take = (...statements: readonly string[]): Promise<void> =>
    app.transaction(async () => {
      for (const statement of statements) await app.script(statement);
    });
  await assert.rejects(take(vouch(11, ANNA, 500), remove(ANNA, 1, 500)), /named and not applied/);
  await take(vouch(11, ANNA, 200), vouch(12, ANNA, 200), remove(ANNA, 1, 500), at(12));
  await assert.rejects(tryAll(app, vouch(12, ANNA, 200), remove(ANNA, 501, 700)), /was used before/);
  const [left] = await app.rows<{ count: number }>(`SELECT count(*) AS count FROM holder WHERE account_id = $1`, [
    ANNA,
  ]);
  assert.equal(left?.count, 500);
});

function approval(statement: string, extra: Partial<Approval> = {}): Approval {
  const nth = (approvals += 1);
  return {
    change: 'test',
    nth,
    planDigest: Buffer.alloc(32),
    statement,
    rowsMax: 2,
    expiresMs: Date.now() + 60_000,
    ...extra,
  };
}
let approvals = 0;

test('an approved statement runs once, word for word, for as many rows as it said and in time', async () => {
  const both = 'DELETE FROM holder WHERE added_ms = 600';
  await assert.rejects(writeApprovals(app, [approval(both)]), /permission denied/);
  await writeApprovals(owner, [approval(both, { rowsMax: 1 }), approval(both, { expiresMs: Date.now() - 1 })]);
  await assert.rejects(owner.script(both), MANY_ACCOUNTS);
  await writeApprovals(owner, [approval(both)]);
  await assert.rejects(owner.script(`${both} `), MANY_ACCOUNTS);
  await tryAll(owner, both);
  await owner.script(both);
  await assert.rejects(owner.script('DELETE FROM holder WHERE added_ms = 601'), MANY_ACCOUNTS);
  await app.script(`INSERT INTO holder VALUES ('${ANNA}', '${ANNA}', 'w', 600), ('${BEN}', '${BEN}', 'w', 600)`);
  await assert.rejects(owner.script(both), MANY_ACCOUNTS, 'it was used');
});

test('tables are made and changed by an approved statement only; twin: an empty database is free', async () => {
  const make = 'CREATE TABLE further (x integer)';
  await assert.rejects(app.script(make), /permission denied|guard/);
  await assert.rejects(owner.script(make), /the guard: CREATE TABLE/);
  await assert.rejects(owner.script('ALTER TABLE holder DISABLE TRIGGER guard_delete'), /the guard: ALTER TABLE/);
  await assert.rejects(owner.script(`DO $$ BEGIN EXECUTE 'DROP TABLE holder'; END $$`), /the guard: DROP TABLE/);
  await assert.rejects(owner.script('DROP OWNED BY siegel_owner'), /guard|permission|siegel_owner/);
  await writeApprovals(owner, [approval(make), approval('CREATE INDEX CONCURRENTLY further_x ON further (x)')]);
  await owner.script(make);
  await owner.script('CREATE INDEX CONCURRENTLY further_x ON further (x)');
  const empty = await newDatabase(cluster);
  await using free = await empty.connectAs('owner');
  await free.script(make);
  await empty.close();
});

test('TRUNCATE is refused to everybody, approved or not', async () => {
  await writeApprovals(owner, [approval('TRUNCATE holder', { rowsMax: 1e9 })]);
  await assert.rejects(owner.script('TRUNCATE holder'), /the guard: emptying/);
});
