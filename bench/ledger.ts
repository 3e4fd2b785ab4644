// The ledger: what PostgreSQL needs to sum a million letters, and both sides of a house compared.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '#base/log/log.ts';
import { openDatabase } from '#vault/database/open-database.ts';
import { migrate, readMigrations } from '#vault/database/migrate.ts';
import { startTestCluster } from '#vault/database/test-cluster.ts';
import { doRandomThings } from '#vault/database/test-operations.ts';
import { openTestHouse, TEST_LEDGER_KEY, type TestAccount } from '#vault/database/test-house.ts';
import { checkLedger, readLedgerHead } from '#vault/safeguards/ledger/check-ledger.ts';
import { median, round } from './figures.ts';

const ACCOUNTS = 200;
const ROUNDS = 5;

const FILL = (letters: number): string => `
  INSERT INTO letter (account_id, letter_id, journal, key_seq, key_segment, key_offset, body_journal, body_seq, body_segment,
    body_offset, digest, e0, e1, e2, e3, e4, e5, e6, e7, class, chain_day, epoch, expires_ms, received_ms, size_bytes,
    render_version, keywords, created_modseq, modseq)
  SELECT lpad(to_hex(n % ${ACCOUNTS}), 32, '0')::uuid, gen_random_uuid(), 0, n, 1, n, 0, n, 1, n, sha256(n::text::bytea),
    hashint4(n), hashint4(n + 1), hashint4(n + 2), hashint4(n + 3), hashint4(n + 4), hashint4(n + 5), hashint4(n + 6),
    hashint4(n + 7), 0, 0, 0, 0, n, 9000, 1, '{}', n, n FROM generate_series(1, ${letters}) n;
  INSERT INTO placement (account_id, mailbox_id, uid, letter_id, received_ms, modseq)
  SELECT account_id, account_id, key_seq, letter_id, received_ms, modseq FROM letter;
  ANALYZE`;

/** `--letters=N` (1,000,000); `--quick`: a twentieth. */
export async function run(flags: readonly string[]): Promise<unknown> {
  const quick = flags.includes('--quick');
  const named = flags.find((flag) => flag.startsWith('--letters='))?.slice('--letters='.length);
  const letters = named === undefined ? (quick ? 50_000 : 1_000_000) : Number(named);
  await using cluster = await startTestCluster();
  const database = openDatabase(cluster.url('postgres'), silentLog);
  await using session = await database.connect();
  await migrate(session, await readMigrations());
  await session.script(FILL(letters));
  const seconds: number[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    const started = performance.now();
    const head = await readLedgerHead(database, 0);
    seconds.push((performance.now() - started) / 1000);
    if (head.letters.count !== letters || head.places.count !== letters) throw new Error('not all rows were summed');
  }
  await session.close();
  await database.close();
  return { letters, sqlSeconds: round(median(seconds)), ...(await bothSides(cluster, quick ? 500 : 20_000)) };
}

async function bothSides(
  cluster: Awaited<ReturnType<typeof startTestCluster>>,
  things: number,
): Promise<Readonly<Record<string, number>>> {
  const scratch = await mkdtemp(join(tmpdir(), 'siegel-ledger-'));
  try {
    await using house = await openTestHouse(cluster, scratch);
    const accounts: TestAccount[] = [];
    await doRandomThings(house.door, accounts, things);
    const started = performance.now();
    const { database, journal } = house;
    const report = await checkLedger({ database, journal, ledgerKey: TEST_LEDGER_KEY, isDeep: true });
    if (!report.isEqual) throw new Error('the ledger differs');
    return { deepSeconds: round((performance.now() - started) / 1000), deepLetters: report.head.letters.count };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
