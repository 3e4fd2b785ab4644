// Receipts of documents: what it costs to find one by its number among a million, which anybody may ask for, and by which plan PostgreSQL does.

import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { silentLog } from '#base/log/log.ts';
import { migrate, readMigrations } from '#vault/database/migrate.ts';
import { openDatabase, type Database } from '#vault/database/open-database.ts';
import { findErasedDocuments } from '#vault/database/read-receipts.ts';
import type { Session } from '#vault/database/session.ts';
import type { Tables } from '#vault/database/tables.ts';
import { startTestCluster } from '#vault/database/test-cluster.ts';
import { round, spreadOf, type Spread } from './figures.ts';

const ASKED = 500;
/** Migration that brings the index. */
const INDEX = 8;
/** As long as those of the house: two documents, hashes, key and signature. */
const FILL = (rows: number): string => `
  INSERT INTO receipt (account_id, journal, seq, nth, kind, time_ms, facts)
  SELECT '00000000-0000-0000-0000-000000000000', 0, n, 0, 'documents-erased', n,
    '{"accepted":"swap","documents":2,"erasedMs":' || 1700000000000 + n || ',"isKeyDestroyed":true,"job":"' || ${jobOf('n')}
    || '","objectsCreated":6,"objectsErased":6,"receiptHash":"' || encode(sha256(n::text::bytea), 'hex') || '","receiptKey":"' || encode(sha256('key'), 'hex')
    || '","receiptSignature":"' || encode(sha512(n::text::bytea), 'hex') || '","saltedHashes":"' || encode(sha512((-n)::text::bytea), 'hex') || '"}'
  FROM generate_series(1, ${rows}) n`;

function jobOf(number: string): string {
  return `substr(translate(encode(sha256((${number})::text::bytea), 'hex'), '0189', 'ghij'), 1, 26)`;
}

interface Found {
  readonly found: Spread;
  /** Numbers that no work had. */
  readonly missing: Spread;
  readonly plan: string;
  /** Pages of 8 KiB that one question touches. */
  readonly pages: number;
}

/** `--rows=N` (1,000,000); `--quick`: a twentieth. `justFilled`: before the planner knows the table. */
export async function run(flags: readonly string[]): Promise<unknown> {
  const named = flags.find((flag) => flag.startsWith('--rows='))?.slice('--rows='.length);
  const rows = named === undefined ? (flags.includes('--quick') ? 50_000 : 1_000_000) : Number(named);
  await using cluster = await startTestCluster();
  const database = openDatabase(cluster.url('postgres'), silentLog);
  const owner = await database.connectAs('owner');
  const migrations = await readMigrations();
  await migrate(
    owner,
    migrations.filter(({ number }) => number < INDEX),
  );
  await owner.script(FILL(rows));
  const without = await ask(database, owner, { rows, times: 5 });
  const startedMs = performance.now();
  await migrate(owner, migrations);
  const indexSeconds = round((performance.now() - startedMs) / 1_000);
  const justFilled = await ask(database, owner, { rows, times: ASKED });
  await owner.script('ANALYZE receipt');
  const known = await ask(database, owner, { rows, times: ASKED });
  const [size] = await owner.rows<{ table: number; index: number }>(
    "SELECT pg_table_size('receipt') AS table, pg_relation_size('receipt_erased') AS index",
  );
  await owner.close();
  await database.close();
  const mib = (bytes: unknown): number => round(Number(bytes) / 2 ** 20);
  return { rows, indexSeconds, tableMiB: mib(size?.table), indexMiB: mib(size?.index), without, justFilled, known };
}

async function ask(
  database: Database,
  session: Session,
  { rows, times }: { readonly rows: number; readonly times: number },
): Promise<Found> {
  const [found, missing]: [number[], number[]] = [[], []];
  const numbers = Array.from({ length: times }, (_, nth) => 1 + Math.floor((nth * rows) / times));
  for (const number of numbers) {
    const [there] = await session.rows<{ job: string }>(`SELECT ${jobOf(String(number))} AS job`);
    const [away] = await session.rows<{ job: string }>(`SELECT ${jobOf(String(-number))} AS job`);
    if (there === undefined || away === undefined) throw new Error('no numbers to ask for');
    found.push(await time(database, there.job, true));
    missing.push(await time(database, away.job, false));
  }
  const [last] = await session.rows<{ job: string }>(`SELECT ${jobOf(String(rows))} AS job`);
  return { found: spreadOf(found), missing: spreadOf(missing), ...(await explain(session, last?.job ?? '')) };
}

async function time(database: Database, job: string, isThere: boolean): Promise<number> {
  const startedMs = performance.now();
  const row = await findErasedDocuments(database.reader.db, job);
  const tookMs = performance.now() - startedMs;
  if ((row?.facts['job'] === job) !== isThere) throw new Error('the wrong row was found');
  return tookMs;
}

/** Of the very statement that the program sends: it is caught before a driver that sends nothing. */
async function explain(session: Session, job: string): Promise<Pick<Found, 'plan' | 'pages'>> {
  const sent: { readonly sql: string; readonly parameters: readonly unknown[] }[] = [];
  const db = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (of) => new PostgresIntrospector(of),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ query }) => void sent.push(query),
  });
  await findErasedDocuments(db, job);
  const [query] = sent;
  if (query === undefined) throw new Error('nothing was asked');
  const lines = await session.rows<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, BUFFERS) ${query.sql}`, [
    ...query.parameters,
  ]);
  const text = lines.map((line) => line['QUERY PLAN']);
  const touched = text.find((line) => line.includes('Buffers: shared')) ?? '';
  const pages = [...touched.matchAll(/\b(?:hit|read)=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
  const plan = text.find((line) => / Scan /.test(line))?.replace(/ {2}\(.*/, '') ?? text[0] ?? '';
  return { plan: plan.trim(), pages };
}
