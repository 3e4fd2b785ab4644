// Whether the guard stands: what must be refused is tried as each role in a transaction that is rolled back, and its parts are compared with what they were made as.

import { DatabaseError } from 'pg';
import type { GuardParts } from '../../database/install-guard.ts';
import type { Database, SessionRole } from '../../database/open-database.ts';
import type { Session } from '../../database/session.ts';
import { readFingerprint } from './fingerprint.ts';

export interface GuardReport {
  /** Every part that can stand here does, and everything tried was refused. */
  readonly isActive: boolean;
  readonly parts: GuardParts;
  /** How many statements were tried. */
  readonly tried: number;
  /** What went through, or is not as it was made; for an operator. */
  readonly findings: readonly string[];
  readonly tookMs: number;
}

/** The guard's parts with migrations 0006 and 0009, with event triggers and without; the tests of this folder compute them on both versions. */
export const EXPECTED_DIGESTS = {
  withEvents: '04ee4543bfcfe1d43fe823cb7cfe7ec9d4f4ae81828497503ea2ab95ede43575',
  withoutEvents: '76a9f777c6f8a3a8b1c6ab26b1b714438a99a829f2a4ab31d32369f99630c0eb',
} as const;

interface Probe {
  readonly what: string;
  readonly statements: readonly string[];
  /** Free where no record was applied yet: nothing can be lost. */
  readonly freeWhenBare?: boolean;
}

const A = "'a0a0a0a0-0000-4000-8000-00000000000a'::uuid";
const B = "'b0b0b0b0-0000-4000-8000-00000000000b'::uuid";
/** Rows of two accounts that do not exist, gone with the transaction. */
const PREPARE = `
  INSERT INTO holder (account_id, holder_id, wrap_id, added_ms)
  SELECT a, gen_random_uuid(), 'probe', n FROM unnest(ARRAY[${A}, ${B}]) AS a, generate_series(1, 101) AS n`;
const KEY = `INSERT INTO wrap (account_id, wrap_id, kind, ark_version, public_key, sealed) VALUES (${A}, 'probe', 'probe', 1, '', '')`;
const slice = (from: number, to: number): string =>
  `DELETE FROM holder WHERE account_id = ${A} AND added_ms BETWEEN ${from} AND ${to}`;

/** As the program does it: a record of a journal that is not there, whose position is never reached. */
const NAMED = `SELECT siegel_guard.vouch(-1, 1, ${A}, 0)`;

const ROWS: readonly Probe[] = [
  { what: 'a row deleted that no record names', statements: [slice(1, 1)] },
  {
    what: 'a key changed that no record names',
    statements: [KEY, `UPDATE wrap SET sealed = 'x' WHERE account_id = ${A}`],
  },
  { what: '101 rows of one account deleted at once', statements: [NAMED, slice(1, 101)] },
  { what: '101 rows deleted in slices', statements: [NAMED, slice(1, 60), slice(61, 101)] },
  {
    what: '101 rows deleted in slices behind savepoints',
    statements: [
      NAMED,
      'SAVEPOINT s',
      slice(1, 60),
      'RELEASE s',
      'SAVEPOINT t',
      slice(61, 99),
      'ROLLBACK TO t',
      slice(61, 101),
    ],
  },
  {
    what: 'rows of another account than the record names',
    statements: [NAMED, `DELETE FROM holder WHERE account_id = ${B} AND added_ms = 1`],
  },
  { what: 'a record named and not applied', statements: [NAMED, 'SET CONSTRAINTS ALL IMMEDIATE'] },
  {
    what: 'rows of two accounts deleted',
    statements: [NAMED, `DELETE FROM holder WHERE account_id IN (${A}, ${B}) AND added_ms = 1`],
  },
  {
    what: 'rows of two accounts deleted one after the other',
    statements: [NAMED, slice(1, 1), `DELETE FROM holder WHERE account_id = ${B} AND added_ms = 1`],
  },
  { what: 'letters given other ids', statements: ['UPDATE letter SET letter_id = gen_random_uuid() WHERE false'] },
  { what: 'letters given to another account', statements: [`UPDATE letter SET account_id = ${A} WHERE false`] },
  { what: 'digests changed', statements: [`UPDATE letter SET digest = '' WHERE false`] },
  { what: 'the applied position deleted', statements: ['DELETE FROM applied WHERE false'] },
  {
    what: 'the applied position set back',
    statements: ['INSERT INTO applied VALUES (-1, 5)', 'UPDATE applied SET seq = 4 WHERE journal = -1'],
  },
  {
    what: 'triggers silenced as a replica has them',
    statements: ['SET LOCAL session_replication_role = replica', slice(1, 101)],
  },
  { what: 'a table emptied', statements: ['TRUNCATE invite'] },
];
const TABLES: readonly Probe[] = [
  {
    what: 'the guard switched off on a table',
    statements: ['ALTER TABLE holder DISABLE TRIGGER ALL'],
    freeWhenBare: true,
  },
  { what: 'a table dropped', statements: ['DROP TABLE holder'], freeWhenBare: true },
  {
    what: 'a rule made',
    statements: ['CREATE RULE swallow AS ON INSERT TO holder DO INSTEAD NOTHING'],
    freeWhenBare: true,
  },
  {
    what: 'a function of the guard replaced',
    statements: ['ALTER FUNCTION siegel_guard.count_deleted() RENAME TO other'],
  },
];
const FORGED: readonly Probe[] = [
  { what: 'the guard’s own count changed', statements: ['UPDATE siegel_guard.tally SET rows = 0'] },
  { what: 'an old record named again', statements: [`SELECT siegel_guard.vouch(0, 0, ${A}, 1000)`] },
  {
    what: 'an approval written by the program',
    statements: [`INSERT INTO siegel_guard.approval SELECT * FROM siegel_guard.approval`],
  },
];
const READING: readonly Probe[] = [
  { what: 'a row made by the reader', statements: [PREPARE] },
  { what: 'a row deleted by the reader', statements: [slice(1, 1)] },
];

/** Under 200 ms on an idle machine. Everything is rolled back. */
export async function testGuard(database: Database): Promise<GuardReport> {
  const startMs = performance.now();
  const parts = await database.guardParts();
  const trials = trialsFor(parts);
  const findings = [
    ...(await Promise.all(trials.map((trial) => tryProbes(database, trial)))).flat(),
    ...(parts.core ? await compareParts(database, parts.events) : []),
    ...((await database.keepsSuperuserOut()) === false ? ['the superuser can sign in'] : []),
  ];
  const isActive = parts.core && parts.roles && parts.events && findings.length === 0;
  const tried = trials.reduce((sum, { probes }) => sum + probes.length, 0);
  return { isActive, parts, tried, findings, tookMs: performance.now() - startMs };
}

function trialsFor(parts: GuardParts): readonly Trial[] {
  if (!parts.core) return [];
  if (!parts.roles) return [{ role: 'app', probes: ROWS, prepare: PREPARE }];
  return [
    { role: 'app', probes: [...ROWS, ...FORGED, ...TABLES.map(never)], prepare: PREPARE },
    { role: 'owner', probes: [...ROWS, ...(parts.events ? TABLES : [])], prepare: PREPARE },
    { role: 'reader', probes: READING },
  ];
}

async function compareParts(database: Database, withEvents: boolean): Promise<readonly string[]> {
  await using session = await database.connectAs('reader');
  const { digest } = await readFingerprint(session, withEvents);
  const expected = withEvents ? EXPECTED_DIGESTS.withEvents : EXPECTED_DIGESTS.withoutEvents;
  return digest === expected ? [] : ['the guard’s triggers or functions are not as this program makes them'];
}

/** For the program nothing is free, bare or not: it owns no table. */
function never(probe: Probe): Probe {
  return { what: probe.what, statements: probe.statements };
}

interface Trial {
  readonly role: SessionRole;
  readonly probes: readonly Probe[];
  readonly prepare?: string;
}

async function tryProbes(database: Database, { role, probes, prepare }: Trial): Promise<readonly string[]> {
  await using session = await database.connectAs(role);
  const passed: string[] = [];
  await session.script(`BEGIN READ WRITE; SET LOCAL lock_timeout = '100ms'; SET LOCAL statement_timeout = '2s'`);
  try {
    const [bare] = await session.rows<{ bare: boolean }>('SELECT NOT EXISTS (SELECT FROM applied) AS bare');
    if (prepare !== undefined) await session.script(prepare);
    for (const { what, statements, freeWhenBare = false } of probes) {
      if (freeWhenBare && bare?.bare === true) continue;
      if (!(await isRefused(session, statements))) passed.push(`${what}, as ${role}: not refused`);
    }
  } finally {
    if (session.isOpen) await session.script('ROLLBACK');
  }
  return passed;
}

/** Somebody held the table, or the machine was busy: that says nothing, so it is tried again. */
const BUSY = new Set(['55P03', '57014', '40P01']);
const TRIES_MAX = 20;

async function isRefused(session: Session, statements: readonly string[]): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    await session.script('SAVEPOINT probe');
    const code = await codeOf(session, statements);
    await session.script('ROLLBACK TO probe');
    if (BUSY.has(code ?? '') && tries < TRIES_MAX) continue;
    // the guard itself, or a right that is not there (25006: a reader's transaction)
    return ['SG001', '42501', '25006'].includes(code ?? '');
  }
}

/** Of the refusal; undefined: there was none. */
async function codeOf(session: Session, statements: readonly string[]): Promise<string | undefined> {
  try {
    for (const statement of statements) await session.script(statement);
    return undefined;
  } catch (cause) {
    if (cause instanceof DatabaseError) return cause.code ?? 'unknown';
    throw cause;
  }
}
