// A house whose database files lose single bits while it serves: what the application answers, and what ledger, copy and proof say.

import { chmod, chown, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { requireValue } from '#base/assert.ts';
import { systemClock } from '#base/clock.ts';
import { silentLog } from '#base/log/log.ts';
import { LedgerWatch } from '../../src/programs/server/ledger-watch.ts';
import { queryLetters } from '../../src/vault/database/query-letters.ts';
import { readLetterIds, readLetterPlaces, readLetters } from '../../src/vault/database/read-letters.ts';
import { readMailboxes } from '../../src/vault/database/read-mailboxes.ts';
import { asLogin, tamper } from '../../src/vault/database/test-tamper.ts';
import { startTestCluster, type TestCluster } from '../../src/vault/database/test-cluster.ts';
import {
  mustKeep,
  openTestHouse,
  TEST_LEDGER_KEY,
  type TestAccount,
  type TestHouse,
} from '../../src/vault/database/test-house.ts';
import { doRandomThings } from '../../src/vault/database/test-operations.ts';
import { findDamage } from '../../src/vault/safeguards/backup/prove-rows.ts';
import { dumpRows } from '../../src/vault/safeguards/generations/test-generations.ts';
import { takeBase } from '../../src/vault/safeguards/generations/take-base.ts';
import { checkLedger } from '../../src/vault/safeguards/ledger/check-ledger.ts';

export type Kind = 'heap' | 'index';

/** A bit of a file of the database. */
export interface Bit {
  readonly kind: Kind;
  readonly relation: string;
  readonly path: string;
  readonly byte: number;
  readonly mask: number;
}

export interface Outcome {
  /** What people were told. `wrong`: something else than before, without a word of warning. */
  readonly answer: 'same' | 'refused' | 'wrong';
  /** Who finds it without being asked, in the order in which a house looks. `unused`: an empty page, in which nothing ever stood. */
  readonly by: 'ledger' | 'copy' | 'proof' | 'unused' | 'nobody';
}

interface File {
  readonly kind: Kind;
  readonly relation: string;
  readonly path: string;
  readonly bytes: number;
}

const PAGE = 8192;
const PAGE_ANSWER = {
  position: 0,
  anchor: undefined,
  anchorOffset: 0,
  limit: 50,
  isLimitOurs: false,
  calculateTotal: true,
} as const;
const FILES = `
  SELECT c.relkind IN ('r', 't') AS is_heap, c.relname AS name, pg_relation_filepath(c.oid) AS path,
         pg_relation_size(c.oid, 'main')::int AS bytes
  FROM pg_class c LEFT JOIN pg_class t ON t.reltoastrelid = c.oid OR t.oid = c.oid
  WHERE c.relkind IN ('r', 't', 'i') AND c.relpersistence = 'p' AND pg_relation_size(c.oid, 'main') > 0
    AND coalesce(
      (SELECT i.indrelid FROM pg_index i WHERE i.indexrelid = c.oid), t.oid, c.oid) IN
      (SELECT r.oid FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace WHERE n.nspname IN ('public', 'pg_toast'))
    AND c.oid >= 16384
  GROUP BY 1, 2, 3, 4 ORDER BY 2`;

export class FlipHouse implements AsyncDisposable {
  readonly #cluster: TestCluster;
  readonly #house: TestHouse;
  readonly #scratch: string;
  readonly #admin: Client;
  /** In a database of its own: what forgets the pages of all of them. */
  readonly #beside: Client;
  readonly #accounts: readonly TestAccount[];
  readonly #dataDir: string;
  readonly #files: readonly File[];
  readonly #truth: string;
  #copies = 0;

  private constructor(parts: {
    readonly cluster: TestCluster;
    readonly house: TestHouse;
    readonly scratch: string;
    readonly admin: Client;
    readonly beside: Client;
    readonly accounts: readonly TestAccount[];
    readonly dataDir: string;
    readonly files: readonly File[];
    readonly truth: string;
  }) {
    this.#cluster = parts.cluster;
    this.#house = parts.house;
    this.#scratch = parts.scratch;
    this.#admin = parts.admin;
    this.#beside = parts.beside;
    this.#accounts = parts.accounts;
    this.#dataDir = parts.dataDir;
    this.#files = parts.files;
    this.#truth = parts.truth;
  }

  /** `checksums`: as the house makes its clusters; false is the twin. */
  static async open(checksums: boolean): Promise<FlipHouse> {
    const scratch = await mkdtemp(join(tmpdir(), 'sgl-flips-'));
    await chmod(scratch, 0o755);
    if (process.getuid?.() === 0) await chown(scratch, 65_534, 65_534);
    const cluster = await startTestCluster(undefined, checksums ? [] : ['--no-data-checksums']);
    const house = await openTestHouse(cluster, join(scratch, 'journals'));
    const accounts: TestAccount[] = [];
    await doRandomThings(house.door, accounts, 300);
    for (let n = 0; n < 300; n += 1) await mustKeep(house.door, accounts.slice(0, 3));
    while (house.door.health.behind > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const name = requireValue(await nameOf(house), 'a database');
    await prepare(cluster, name);
    const admin = new Client({ connectionString: cluster.url(name) });
    const beside = new Client({ connectionString: cluster.url('postgres') });
    await admin.connect();
    await beside.connect();
    for (const words of ['VACUUM (FREEZE, ANALYZE)', 'CHECKPOINT']) await admin.query(words);
    const where = await admin.query<{ data_directory: string }>('SHOW data_directory');
    const files = await admin.query<{ is_heap: boolean; name: string; path: string; bytes: number }>(FILES);
    const opened = new FlipHouse({
      cluster,
      house,
      scratch,
      admin,
      beside,
      accounts,
      dataDir: requireValue(where.rows[0], 'a folder').data_directory,
      files: files.rows.map(({ is_heap: isHeap, name: relation, path, bytes }) => ({
        kind: isHeap ? 'heap' : 'index',
        relation,
        path,
        bytes,
      })),
      truth: await answersOf(house, accounts),
    });
    await opened.#forgetPages();
    return opened;
  }

  /** `count` bits anywhere in the files of that kind, each byte as likely as any other. */
  pick(kind: Kind, count: number): readonly Bit[] {
    const files = this.#files.filter((file) => file.kind === kind);
    const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    return Array.from({ length: count }, () => {
      let at = Math.floor(Math.random() * total);
      const file = files.find(({ bytes }) => (at < bytes ? true : ((at -= bytes), false)));
      const { relation, path } = requireValue(file, 'a file');
      return { kind, relation, path, byte: at, mask: 1 << Math.floor(Math.random() * 8) };
    });
  }

  /** The highest bit of the page’s own place in the log: a copy takes the page for one that is just being written. */
  youngestPage(relation: string): Bit {
    const { kind, path } = requireValue(
      this.#files.find((file) => file.relation === relation),
      relation,
    );
    return { kind, relation, path, byte: 3, mask: 0x40 };
  }

  /** In a row of a letter: its size, which stands behind the time it came and in no index. In the key of an index: the letter’s id. */
  async bitsOfLetter(): Promise<{ readonly size: Bit; readonly key: Bit }> {
    const { rows } = await this.#admin.query<{ letter_id: string; received_ms: string }>(
      'SELECT letter_id, received_ms FROM letter WHERE removed_modseq IS NULL ORDER BY letter_id',
    );
    for (const { letter_id: id, received_ms: receivedMs } of rows) {
      const came = Buffer.alloc(8);
      came.writeBigInt64LE(BigInt(receivedMs));
      const size = await this.#findOnce('letter', came);
      const key = await this.#findOnce('letter_pkey', Buffer.from(id.replaceAll('-', ''), 'hex'));
      if (size === undefined || key === undefined) continue;
      return { size: { ...size, byte: size.byte + 8 + 1 }, key: { ...key, byte: key.byte + 8 } };
    }
    throw new Error('no letter whose bytes stand once');
  }

  /** Where these bytes stand in a relation’s file; undefined unless once: elsewhere lie versions that are over. */
  async #findOnce(relation: string, bytes: Buffer): Promise<Bit | undefined> {
    const found = this.#files.find((file) => file.relation === relation);
    const { kind, path } = requireValue(found, relation);
    await using file = await open(join(this.#dataDir, path));
    const all = await file.readFile();
    const byte = all.indexOf(bytes);
    return byte < 0 || all.includes(bytes, byte + 1) ? undefined : { kind, relation, path, byte, mask: 1 };
  }

  /** Flips it, asks everybody, flips it back. */
  async try(bit: Bit): Promise<Outcome> {
    await this.#forgetPages();
    const wasEmpty = await this.#flip(bit);
    try {
      const told = await answersOf(this.#house, this.#accounts).catch(() => undefined);
      const answer = told === undefined ? 'refused' : told === this.#truth ? 'same' : 'wrong';
      const by = await this.#whoSaysIt();
      return { answer, by: by === 'nobody' && wasEmpty && answer === 'same' ? 'unused' : by };
    } finally {
      await this.#forgetPages();
      await this.#flip(bit);
    }
  }

  /** What the daily count of the ledger says meanwhile. */
  async ledgerSays(bit: Bit): Promise<string> {
    await this.#forgetPages();
    await this.#flip(bit);
    using watch = new LedgerWatch({
      vault: this.#house,
      ledgerKey: TEST_LEDGER_KEY,
      clock: systemClock,
      log: silentLog,
    });
    try {
      const counted = await watch.check();
      return counted.ok ? '' : counted.error.sentence;
    } finally {
      await this.#forgetPages();
      await this.#flip(bit);
    }
  }

  /** What a house does without being asked: the ledger, the copy with its checksums, the proof of the copy. */
  async #whoSaysIt(): Promise<'ledger' | 'copy' | 'proof' | 'nobody'> {
    const { database, journal } = this.#house;
    await this.#forgetPages();
    const isEqual = await checkLedger({ database, journal, ledgerKey: TEST_LEDGER_KEY }).then(
      (report) => report.isEqual,
      () => false,
    );
    if (!isEqual) return 'ledger';
    if (!(await this.#isCopied())) return 'copy';
    await this.#forgetPages();
    await using session = await database.connectAs('owner');
    return (await findDamage(session)) === undefined ? 'nobody' : 'proof';
  }

  /** Whether a copy of the database is taken; refused it must be for the damage. */
  async #isCopied(): Promise<boolean> {
    const folder = join(this.#scratch, `copy${++this.#copies}`);
    const { database } = this.#house;
    const taken = await takeBase({
      url: this.#cluster.url(requireValue(await nameOf(this.#house), 'a database')),
      database,
      journal: 0,
      folder,
    });
    await rm(folder, { recursive: true, force: true });
    if (!taken.ok && taken.error.kind !== 'base-damaged') throw new Error(taken.error.sentence);
    return taken.ok;
  }

  async #forgetPages(): Promise<void> {
    await this.#beside.query('SELECT pg_buffercache_evict_all()');
  }

  /** True when the page held nothing but zeros. */
  async #flip({ path, byte, mask }: Bit): Promise<boolean> {
    await using file = await open(join(this.#dataDir, path), 'r+');
    const page = Buffer.alloc(PAGE);
    const start = byte - (byte % PAGE);
    await file.read(page, 0, PAGE, start);
    const wasEmpty = page.every((one) => one === 0);
    await file.write(Buffer.from([page.readUInt8(byte - start) ^ mask]), 0, 1, byte);
    return wasEmpty;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#admin.end();
    await this.#beside.end();
    await this.#house[Symbol.asyncDispose]();
    await this.#cluster[Symbol.asyncDispose]();
    await rm(this.#scratch, { recursive: true, force: true });
  }
}

/** The copier as in a cluster of ours; amcheck; nobody but us writes; letters are found by their indexes, as where tables are large. */
async function prepare(cluster: TestCluster, name: string): Promise<void> {
  await asLogin(
    cluster.url('postgres'),
    'ALTER ROLE siegel_copier LOGIN REPLICATION',
    'GRANT pg_write_server_files, pg_checkpoint TO siegel_copier',
    'CREATE EXTENSION pg_buffercache',
    'ALTER SYSTEM SET autovacuum = off',
    'SELECT pg_reload_conf()',
    `ALTER DATABASE ${name} SET enable_seqscan = off`,
  );
  await tamper(
    cluster.url(name),
    'CREATE EXTENSION amcheck',
    'GRANT EXECUTE ON FUNCTION bt_index_check(regclass, boolean) TO PUBLIC',
    'GRANT EXECUTE ON FUNCTION verify_heapam(regclass, boolean, boolean, text, bigint, bigint) TO PUBLIC',
  );
}

async function nameOf({ database }: TestHouse): Promise<string | undefined> {
  await using session = await database.connect();
  const [row] = await session.rows<{ name: string }>('SELECT current_database() AS name');
  return row?.name;
}

/** Everything that people are told out of rows, by the application’s own reads, and every row besides. */
async function answersOf({ database }: TestHouse, accounts: readonly TestAccount[]): Promise<string> {
  const { db } = database.reader;
  const told: unknown[] = [];
  for (const { id } of accounts) {
    const mailboxes = await readMailboxes(db, id);
    const ids = (await readLetterIds(db, id, 10_000)).toSorted();
    const inbox = requireValue(mailboxes[0], 'a mailbox').id;
    const page = await db.transaction().execute((snapshot) =>
      queryLetters(
        snapshot,
        {
          accountId: id,
          filter: { operator: 'none', condition: { inMailbox: inbox, hasKeywords: [], notKeywords: [] } },
          sort: [],
        },
        PAGE_ANSWER,
      ),
    );
    const letters = (await readLetters(db, id, ids)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const places = (await readLetterPlaces(db, id, ids)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    told.push({ mailboxes, ids, page, letters, places });
  }
  return JSON.stringify([told, await dumpRows(database)]);
}
