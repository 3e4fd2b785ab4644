// What is carried out at once and what is only shown: decided by PostgreSQL's own grammar.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { describeStatements, type DescribedStatement } from './describe-statements.ts';

async function parse(sql: string): Promise<readonly DescribedStatement[]> {
  const parsed = await describeStatements(sql);
  assert.ok(parsed.ok, sql);
  return parsed.value;
}

const READS = [
  'SELECT * FROM letter l JOIN account a USING (account_id)',
  'VALUES (1)',
  'TABLE letter',
  'SHOW jit',
  'EXPLAIN SELECT 1',
  "WITH x AS (SELECT 1) SELECT 'DELETE FROM letter' FROM x",
];
const WRITES = [
  'DELETE FROM letter',
  'WITH x AS (DELETE FROM letter RETURNING 1) SELECT * FROM x',
  'COPY (DELETE FROM letter RETURNING 1) TO STDOUT',
  'EXPLAIN ANALYZE DELETE FROM letter',
  'MERGE INTO letter l USING account a ON true WHEN MATCHED THEN DELETE',
  'INSERT INTO domain SELECT address FROM address',
];
const OTHERS = [
  'SELECT 1 INTO t',
  'SELECT * FROM letter FOR UPDATE',
  'EXPLAIN ANALYZE SELECT 1',
  'DROP TABLE letter',
  'TRUNCATE letter',
  'DO $$ BEGIN DELETE FROM letter; END $$',
  'SET session_replication_role = replica',
  'CREATE RULE r AS ON INSERT TO letter DO INSTEAD DELETE FROM letter',
  'CALL anything()',
  'BEGIN',
];

test('only what reads by its grammar is a read, wherever a change is hidden', async () => {
  for (const [sql, kind] of [
    ...READS.map((one) => [one, 'read'] as const),
    ...WRITES.map((one) => [one, 'write'] as const),
    ...OTHERS.map((one) => [one, 'ddl'] as const),
  ])
    assert.deepEqual((await parse(sql)).map((one) => one.kind), [kind], sql); // prettier-ignore
});

test('statements are told apart, with their tables, and with whether they say which rows', async () => {
  const read = await parse("DELETE FROM letter; UPDATE attic.x SET a = 'ä;' WHERE b; DROP TABLE one, two");
  assert.deepEqual(
    read.map(({ text, tables, hasWhere }) => ({ text, tables, hasWhere })),
    [
      { text: 'DELETE FROM letter', tables: ['letter'], hasWhere: false },
      { text: "UPDATE attic.x SET a = 'ä;' WHERE b", tables: ['attic.x'], hasWhere: true },
      { text: 'DROP TABLE one, two', tables: ['one', 'two'], hasWhere: true },
    ],
  );
});

test('what is no SQL is refused in PostgreSQL’s words', async () => {
  assert.deepEqual(await describeStatements('SELEC 1'), {
    ok: false,
    error: { kind: 'syntax', message: 'syntax error at or near "SELEC"' },
  });
});

test('any text has an answer, and a change in front or behind is never lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.constantFrom(...READS), fc.constantFrom(...WRITES), async (text, read, write) => {
      await describeStatements(text);
      const mixed = await parse(`${read};${write}; ${read}`);
      assert.deepEqual(mixed.map(({ kind }) => kind), ['read', 'write', 'read']); // prettier-ignore
    }),
    { numRuns: 200 },
  );
});
