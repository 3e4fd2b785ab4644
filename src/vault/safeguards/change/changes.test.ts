// A change from its plan to its undo with a real PostgreSQL: what is refused, what is kept, and what a kill leaves behind.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Migration } from '../../database/migrate.ts';
import { startTestCluster, type TestCluster } from '../../database/test-cluster.ts';
import { applyChange, verifyChange } from './apply-change.ts';
import { approvalState, approve } from './approve-change.ts';
import { planChange } from './plan-change.ts';
import { backUp, rehearse } from './rehearse-change.ts';
import { runPendingMigrations } from './run-migrations.ts';
import { makeOperator, nameOperators, openTestChanges, ROWS, type TestChanges } from './test-changes.ts';
import { FILL, jonas, kaya, must, ready, refusal, rowsOf, signed, words } from './test-walk.ts';
import { undoChange } from './undo-change.ts';

let cluster: TestCluster;
before(async () => {
  cluster = await startTestCluster();
});
after(() => cluster[Symbol.asyncDispose]());

async function withHouse(work: (test: TestChanges) => Promise<void>): Promise<void> {
  const house = await openTestChanges(cluster);
  try {
    await work(house);
  } finally {
    await house.close();
  }
}

test('a change goes from plan to proof, its operators hear of it, and its receipt tells predicted from actual', () =>
  withHouse(async (house) => {
    const parts = house.begin();
    await nameOperators(parts, [kaya]);
    const change = await ready(parts);
    assert.equal(change.draft.class, 'R1');
    assert.deepEqual(change.predicted?.rows, { note: ROWS - 100 });
    assert.equal(await words(house), undefined, 'the rehearsal touches nothing that lives');
    await signed(parts, change, [kaya]);
    const done = must(await applyChange(parts, change.number));
    assert.equal(done.standing, 'verified');
    assert.equal(await words(house), ROWS - 100);
    assert.deepEqual(house.lasting.notices, ['Change 1 planned', 'Change 1 applied']);
    assert.deepEqual(
      [
        house.lasting.receipts[0]?.['receipt'],
        house.lasting.receipts[0]?.['predictedRows'],
        house.lasting.receipts[0]?.['actualRows'],
      ],
      ['change-applied', ROWS - 100, ROWS - 100],
    );
    const undone = must(await undoChange(parts, change.number, 'it was wrong'));
    assert.equal(undone.standing, 'undone');
    assert.equal(await words(house), undefined);
    assert.equal(house.lasting.generation, 'gen-0002');
    assert.equal(refusal(await undoChange(parts, change.number, 'again')), 'notUndoable');
    assert.equal(refusal(await applyChange(parts, change.number)), 'wrongStep', 'a signature is used once');
  }));

test('an undo keeps what later changes did', () =>
  withHouse(async (house) => {
    const parts = house.begin();
    await nameOperators(parts, [kaya]);
    const first = await ready(parts);
    await signed(parts, first, [kaya]);
    must(await applyChange(parts, first.number));
    const second = await ready(parts, 'CREATE INDEX CONCURRENTLY note_by_text ON note (text)');
    await signed(parts, second, [kaya]);
    must(await applyChange(parts, second.number));
    must(await undoChange(parts, first.number, 'it was wrong'));
    await using session = await house.lasting.live();
    const indexes = await session.rows(`SELECT 1 FROM pg_class WHERE relname = 'note_by_text'`);
    assert.equal(indexes.length, 1);
    assert.equal(await words(house), undefined);
  }));

test('signatures that are forged, stale, doubled, for something else or by somebody who left are refused and change nothing', () =>
  withHouse(async (house) => {
    const parts = house.begin();
    await nameOperators(parts, [kaya, jonas]);
    const change = await ready(parts, 'DELETE FROM note WHERE n < 10');
    assert.equal(change.draft.class, 'R2');
    const { plan = '' } = approvalState(parts, change);
    const { number } = change;
    const sign = async (file: string): Promise<string> => refusal(await approve(parts, number, [file]));
    assert.equal(await sign('hello'), 'notASignature');
    assert.equal(await sign(kaya.sign(plan, 'siegel-procedure')), 'otherNamespace');
    assert.equal(await sign(kaya.sign(plan.replace('n < 10', 'n < 99'))), 'forged');
    assert.equal(await sign(makeOperator('Mallory').sign(plan)), 'unknownSigner');
    assert.equal(refusal(await applyChange(parts, number)), 'tooFew');
    assert.equal(await sign(kaya.sign(plan)), 'done');
    assert.equal(await sign(kaya.sign(plan)), 'alreadySigned');
    assert.equal(refusal(await applyChange(parts, number)), 'tooFew', 'two people are asked for');
    assert.equal(await sign(jonas.sign(plan)), 'done');
    await parts.book.note({ kind: 'operatorRemoved', effect: { operatorId: jonas.operatorId } });
    assert.equal(refusal(await applyChange(parts, number)), 'tooFew', 'who left does not count any more');
    // rehearsed again, the plan says other seconds: what was signed before is another plan
    must(await rehearse(parts, number));
    const again = must(parts.book.find(number));
    if (approvalState(parts, again).plan !== plan) assert.deepEqual(approvalState(parts, again).by, []);
    assert.equal(await rowsOf(house), ROWS);
    const twin = { ...parts, twin: { skipsApproval: true } };
    must(await applyChange(twin, number));
    assert.equal(await rowsOf(house), ROWS - 9, 'without the safeguard the rows are gone');
  }));

test('one person alone waits 72 hours of running time; a clock that is set forward shortens nothing', () =>
  withHouse(async (house) => {
    const parts = house.begin();
    await nameOperators(parts, [kaya]);
    const change = await signed(parts, await ready(parts, 'DELETE FROM note WHERE n < 10'), [kaya]);
    const { number } = change;
    assert.equal(refusal(await applyChange(parts, number)), 'tooFew');
    must(await parts.book.step(number, 'waited', { ms: 71 * 3_600_000 }));
    assert.equal(refusal(await applyChange(parts, number)), 'tooFew');
    must(await parts.book.step(number, 'waited', { ms: 72 * 3_600_000 }));
    assert.equal(approvalState(parts, must(parts.book.find(number))).isEnough, true);
    let now = house.clock.nowMs();
    const jumped = { ...parts.clock, nowMs: () => house.clock.nowMs() + 366 * 86_400_000 };
    const { ChangeBook } = await import('./change-book.ts');
    const register = registerOf(house);
    const book = new ChangeBook(register, { monotonicMs: () => 0, nowMs: () => now });
    const there = { ...parts, book, clock: jumped };
    now += 366 * 86_400_000;
    assert.equal(refusal(await applyChange(there, number)), 'clockJumped', 'a year forward');
    now -= 366 * 86_400_000 + 3_600_000;
    assert.equal(refusal(await applyChange(there, number)), 'clockJumped', 'an hour back');
    assert.equal(await rowsOf(house), ROWS);
  }));

function registerOf(house: TestChanges): ConstructorParameters<typeof import('./change-book.ts').ChangeBook>[0] {
  return {
    read: (kind) => house.lasting.entries.filter((one) => one.kind === kind).map(({ entry }) => entry),
    note: async () => ({ ok: true, value: { seq: 1, timeMs: 1 } }),
    lastMs: 0,
  };
}

test('an expired plan, another house, another program and an old backup are refused before anything is touched', () =>
  withHouse(async (house) => {
    const parts = house.begin();
    await nameOperators(parts, [kaya]);
    const change = await signed(parts, await ready(parts), [kaya]);
    const { number } = change;
    const { cluster: here } = house.lasting;
    for (const [name, value, kind] of [
      ['host', 'there', 'otherCluster'],
      ['instance', 'another', 'otherCluster'],
      ['systemIdentifier', '2', 'otherCluster'],
      ['generation', 'gen-0009', 'otherCluster'],
      ['program', 'two', 'otherVersion'],
      ['schema', 6, 'otherVersion'],
    ] as const) {
      house.lasting.cluster = { ...here, [name]: value };
      assert.equal(refusal(await applyChange(parts, number)), kind, name);
    }
    house.lasting.cluster = here;
    house.clock.advanceMs(27 * 3_600_000);
    assert.equal(refusal(await applyChange(parts, number)), 'otherBackup');
    house.clock.advanceMs(7 * 86_400_000);
    assert.equal(refusal(await applyChange(parts, number)), 'expired');
    house.clock.advanceMs(-8 * 86_400_000);
    assert.notEqual(refusal(await applyChange(parts, number)), 'done', 'a clock set back wakes nothing');
    assert.equal(await words(house), undefined);
  }));

test('what cannot be meant is refused with what to write instead', () =>
  withHouse(async (house) => {
    const parts = house.begin();
    const sql = async (text: string): Promise<string> => refusal(await planChange(parts, { kind: 'sql', sql: text }));
    assert.equal(await sql('SELEC 1'), 'syntax');
    assert.equal(await sql('  -- nothing'), 'empty');
    for (const text of [
      'TRUNCATE note',
      'VACUUM FULL note',
      'CLUSTER note USING note_pkey',
      'ALTER TABLE note ALTER COLUMN text TYPE varchar(10)',
      'ALTER TABLE note ADD COLUMN at timestamptz DEFAULT clock_timestamp()',
      'ALTER TABLE note DISABLE TRIGGER ALL',
      'ALTER TABLE note ADD COLUMN must integer NOT NULL',
      'ALTER TABLE note ADD COLUMN ruled integer CHECK (ruled > 0)',
      'ALTER TABLE note ADD CONSTRAINT known CHECK (n > 0)',
      'ALTER TABLE note ADD CONSTRAINT once UNIQUE (text)',
      'ALTER TABLE note ALTER COLUMN text SET NOT NULL',
      'DROP TABLE letter',
      'DROP TABLE note CASCADE',
      'DROP SCHEMA public',
      'DROP DATABASE siegel',
      'UPDATE applied SET seq = 0',
      'DELETE FROM schema_migration',
      'DO $$ BEGIN DELETE FROM note; END $$',
      'WITH gone AS (DELETE FROM note RETURNING *) INSERT INTO note SELECT * FROM gone',
      'SELECT pg_terminate_backend(1)',
      'COPY note TO PROGRAM $$rm -rf /$$',
      'ALTER SYSTEM SET fsync = off',
      'BEGIN',
      'SET ROLE postgres',
      'CREATE INDEX CONCURRENTLY ON note (text)',
      'DELETE FROM note RETURNING *',
    ])
      assert.equal(await sql(text), 'refusedStatement', text);
    const settings = async (value: string, name = 'attic-days'): Promise<string> =>
      refusal(await planChange(parts, { kind: 'settings', settings: { [name]: value } }));
    for (const blank of ['', ' ', '0', '0 days', '00', '-0'])
      assert.equal(await settings(blank), 'blankSetting', blank);
    for (const bad of ['31', 'never', '1.5', 'a year', '1e3']) assert.equal(await settings(bad), 'badSetting', bad);
    assert.equal(await settings('30', 'retention'), 'badSetting');
    assert.equal(await settings('14 days'), 'done');
    assert.equal(
      house.lasting.entries.filter(({ entry }) => entry.content['step'] === 'planned').length,
      1,
      'refused plans leave nothing',
    );
    const beside = 'CREATE TABLE beside (n integer); ALTER TABLE beside ADD CONSTRAINT known CHECK (n > 0)';
    assert.equal(await sql(beside), 'done', 'a new table has no rows to read');
  }));

test('a change that needs numbers is refused while a sequence is nearly used up; giving it room is not', () =>
  withHouse(async (house) => {
    const parts = house.begin();
    {
      await using session = await house.lasting.live();
      await session.script(`CREATE SEQUENCE ticket MAXVALUE 100; SELECT setval('ticket', 97)`);
    }
    assert.equal(refusal(await planChange(parts, { kind: 'sql', sql: FILL })), 'sequenceNearEnd');
    assert.equal(
      refusal(await planChange(parts, { kind: 'sql', sql: 'ALTER SEQUENCE ticket MAXVALUE 100000' })),
      'done',
    );
  }));

test('a dropped table waits in the attic with its rows, and can be brought back', () =>
  withHouse(async (house) => {
    const parts = house.begin();
    await nameOperators(parts, [kaya, jonas]);
    const change = await signed(parts, await ready(parts, 'DROP TABLE note'), [kaya, jonas]);
    assert.equal(change.draft.class, 'R2');
    must(await applyChange(parts, change.number));
    await using session = await house.lasting.live();
    const { listAttic, emptyAttic } = await import('./attic.ts');
    const [piece] = await listAttic(session);
    assert.match(piece?.table ?? '', /^until_\d{8}_c1_note$/);
    const [row] = await session.rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM attic."${piece?.table ?? ''}"`,
    );
    assert.equal(row?.count, ROWS);
    assert.deepEqual(await emptyAttic(session, house.clock.nowMs() + 29 * 86_400_000), []);
    must(await undoChange(parts, change.number, 'wanted after all'));
    assert.equal(await rowsOf(house), ROWS);
    assert.equal((await emptyAttic(session, house.clock.nowMs() + 31 * 86_400_000)).length, 1);
    assert.deepEqual(await listAttic(session), []);
  }));

test('where letters are not equal after the rehearsal nothing is applied; where they are not after the apply it is taken back', () =>
  withHouse(async (house) => {
    const parts = house.begin();
    await nameOperators(parts, [kaya]);
    const planned = must(await planChange(parts, { kind: 'sql', sql: FILL }));
    must(await backUp(parts, planned.number, () => undefined));
    house.lasting.ledger = { isEqual: false, sentence: '3 letters are missing' };
    assert.equal(refusal(await rehearse(parts, planned.number)), 'rehearsalLedger');
    assert.equal(must(parts.book.find(planned.number)).standing, 'closed');
    house.lasting.ledger = { isEqual: true, sentence: '' };
    const change = await signed(parts, await ready(parts), [kaya]);
    house.lasting.ledger = { isEqual: false, sentence: '3 letters are missing' };
    const undone = must(await applyChange(parts, change.number));
    assert.equal(undone.standing, 'undone');
    assert.match(undone.undoing?.why ?? '', /3 letters are missing/);
    assert.equal(await words(house), undefined);
    house.lasting.ledger = { isEqual: true, sentence: '' };
    const third = await signed(parts, await ready(parts), [kaya]);
    house.lasting.ledger = { isEqual: false, sentence: '3 letters are missing' };
    const twin = must(await applyChange({ ...parts, twin: { skipsVerify: true } }, third.number));
    assert.equal(twin.standing, 'verified', 'without the safeguard it stays');
    assert.equal(await words(house), ROWS - 100);
    assert.equal(refusal(await verifyChange(parts, third.number)), 'neighbour');
  }));

test('a statement that fails on the live rows leaves them as they were', () =>
  withHouse(async (house) => {
    const parts = house.begin();
    await nameOperators(parts, [kaya]);
    const change = await signed(parts, await ready(parts, 'ALTER TABLE note ADD COLUMN words integer'), [kaya]);
    {
      await using session = await house.lasting.live();
      await session.script('ALTER TABLE note ADD COLUMN words text');
    }
    assert.equal(refusal(await applyChange(parts, change.number)), 'rehearsalFailed');
    assert.equal(must(parts.book.find(change.number)).standing, 'closed');
  }));

test('with nobody named only what adds is done; a standing approval does the same for those who are', () =>
  withHouse(async (house) => {
    const parts = house.begin();
    const adds = await ready(parts, 'ALTER TABLE note ADD COLUMN extra integer');
    assert.equal(adds.draft.class, 'R0');
    must(await applyChange(parts, adds.number));
    const changes = await ready(parts);
    assert.equal(refusal(await applyChange(parts, changes.number)), 'noOperators');
    await nameOperators(parts, [kaya]);
    const more = await ready(parts, 'ALTER TABLE note ADD COLUMN more integer');
    assert.equal(refusal(await applyChange(parts, more.number)), 'tooFew');
    const { standingBytes } = await import('./plan.ts');
    const text = new TextDecoder().decode(standingBytes('house'));
    const standing = { signature: kaya.sign(text, 'siegel-standing'), atMs: 1 };
    await nameOperators(parts, [{ ...kaya, content: { ...kaya.content, standing } }]);
    must(await applyChange(parts, more.number));
  }));

test('two operators at once: one change is applied after the other, never both into each other', () =>
  withHouse(async (house) => {
    const parts = house.begin();
    await nameOperators(parts, [kaya, jonas]);
    const first = await signed(parts, await ready(parts), [kaya]);
    const outcomes = await Promise.all([
      applyChange(parts, first.number),
      applyChange(parts, first.number),
      undoChange(parts, first.number, 'x'),
    ]);
    assert.deepEqual(
      outcomes.map((one) => (one.ok ? one.value.standing : one.error.kind)),
      ['verified', 'wrongStep', 'undone'],
    );
    const second = must(await planChange(parts, { kind: 'sql', sql: FILL }));
    must(await parts.book.step(second.number, 'applying', { restorePoint: 'x', seq: 1, by: [] }));
    const third = await ready(parts, 'ALTER TABLE note ADD COLUMN third integer');
    assert.equal(refusal(await applyChange(parts, third.number)), 'busy');
    assert.equal(refusal(await undoChange(parts, first.number, 'x')), 'busy');
  }));

test('the program’s own migration goes its whole way by itself; one that was taken back is not tried again', () =>
  withHouse(async (house) => {
    const migration = (number: number, sql: string): Migration => ({ number, name: 'more', sql });
    const migrations = [
      migration(1, 'ALTER TABLE note ADD COLUMN words integer; CREATE INDEX note_by_words ON note (words);'),
    ];
    const parts = { ...house.begin(), migrations };
    await runPendingMigrations(parts);
    const first = must(parts.book.find(1));
    assert.deepEqual([first.draft.content.kind, first.draft.class, first.standing], ['migration', 'R1', 'verified']);
    assert.deepEqual(first.predicted?.locks, ['note AccessExclusiveLock', 'note ShareLock']);
    await runPendingMigrations(parts);
    assert.equal(parts.book.changes.size, 1, 'once');
    must(await undoChange(parts, 1, 'it was wrong'));
    assert.equal(await words(house), undefined);
    await runPendingMigrations(parts);
    assert.equal(parts.book.changes.size, 1, 'what was taken back waits for a person');

    const others = {
      ...house.begin(),
      migrations: [...migrations, migration(2, 'ALTER TABLE note ADD COLUMN more integer')],
    };
    assert.equal(others.book.changes.size, 1);
    await nameOperators(others, [kaya]);
    must(await planChange(others, { kind: 'migration', migration: migrations[0] ?? migration(1, '') }));
    await runPendingMigrations(others);
    assert.equal(must(others.book.find(2)).standing, 'planned', 'an operator is named: it waits behind the other');
  }));
