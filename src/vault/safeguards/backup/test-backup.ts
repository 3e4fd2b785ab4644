// For tests of this room: a house on real files with a real database, a place beside it, and the rooms that backups ask.

import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { clockStartingAt, type Clock } from '#base/clock.ts';
import { silentLog } from '#base/log/log.ts';
import { err, ok } from '#base/result.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import { nodeDisk } from '../../journal/disk.ts';
import { makeKeyKit, type KeyKit } from '../../keykit/key-kit.ts';
import {
  makeSignUp,
  mustCommit,
  mustKeep,
  openTestHouse,
  TEST_LEDGER_KEY,
  type TestHouse,
} from '../../database/test-house.ts';
import type { TestAccount } from '../../database/test-house.ts';
import { openDatabase, type Database } from '../../database/open-database.ts';
import { asLogin } from '../../database/test-tamper.ts';
import type { TestCluster } from '../../database/test-cluster.ts';
import { checkLedger } from '../ledger/check-ledger.ts';
import { backupKeysOf, type BackupKeys } from './backup-keys.ts';
import { Backups, type BackupsOptions } from './backups.ts';
import { openFolderPlace } from './folder-place.ts';
import type { Neighbours } from './neighbours.ts';

export interface BackupHouse extends AsyncDisposable {
  readonly folder: string;
  readonly dataDir: string;
  readonly placeDir: string;
  readonly house: TestHouse;
  readonly accounts: readonly TestAccount[];
  readonly kit: KeyKit;
  readonly keys: BackupKeys;
  readonly options: BackupsOptions;
  readonly neighbours: Neighbours;
  backups(extra?: Partial<BackupsOptions>): Backups;
  addLetters(count: number): Promise<void>;
}

export async function openBackupHouse(
  cluster: TestCluster,
  clock: Clock = clockStartingAt(1_700_000_000_000),
  openRows?: (dataDir: string) => Promise<{ readonly database: Database; readonly close: () => Promise<void> }>,
): Promise<BackupHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-backup-'));
  const dataDir = join(folder, 'data');
  await mkdir(dataDir);
  const own = await openRows?.(dataDir);
  const house = await openTestHouse(
    cluster,
    join(folder, 'journals'),
    own === undefined ? {} : { database: own.database },
  );
  const placeDir = join(folder, 'place');
  await mkdir(join(dataDir, 'journal'), { recursive: true });
  await symlink(join(folder, 'journals', house.instanceId), join(dataDir, 'journal', '00'));
  const made = await makeKeyKit(clock.nowMs());
  const kit: KeyKit = {
    ...made,
    instanceId: house.instanceId,
    ledgerKey: TEST_LEDGER_KEY,
    setups: [{ ...made.setups[0], id: 'setup' }],
  };
  const accounts: TestAccount[] = [];
  for (const name of ['anna', 'ben']) {
    const { account, command } = makeSignUp(`${name}@siegel.test`);
    await mustCommit(house.door, account.id, command);
    accounts.push(account);
  }
  const neighbours = neighboursOf(cluster);
  const keys = backupKeysOf(kit);
  const options: BackupsOptions = {
    dataDir,
    disk: nodeDisk,
    journal: 0,
    keys,
    kit,
    readKit: async () => ok(kit),
    build: 'test',
    clock,
    neighbours,
    openPlace: () => openFolderPlace(placeDir),
    placeName: placeDir,
  };
  const addLetters = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) await mustKeep(house.door, accounts);
  };
  return {
    folder,
    dataDir,
    placeDir,
    house,
    accounts,
    kit,
    keys,
    options,
    neighbours,
    backups: (extra = {}) => new Backups({ ...options, ...extra }),
    addLetters,
    async [Symbol.asyncDispose]() {
      await house[Symbol.asyncDispose]();
      await own?.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Rows are made of the journal alone, in a database of the test’s cluster. */
export function neighboursOf(cluster: Pick<TestCluster, 'url'>): Neighbours {
  return {
    takeBase: undefined,
    async openRows(baseFolder) {
      if (baseFolder !== undefined) return err({ kind: 'no-base', sentence: 'no copies of rows here' });
      const name = `beside_${randomBytes(8).toString('hex')}`;
      await asLogin(cluster.url('postgres'), `CREATE DATABASE ${name}`);
      const database = openDatabase(cluster.url(name), silentLog);
      await database.guardParts();
      await allowChecks(cluster.url(name));
      return ok({ database, systemIdentifier: '', [Symbol.asyncDispose]: () => database.close() });
    },
    async checkLedger(way) {
      const { isEqual, head } = await checkLedger(way);
      return {
        isEqual,
        accounts: head.accounts,
        letters: head.letters.count,
        placements: head.places.count,
        head: createHash('sha256')
          .update(canonicalBytes({ letters: head.letters, places: head.places }))
          .digest('hex'),
      };
    },
  };
}

/** What the house’s own clusters are made with. */
async function allowChecks(url: string): Promise<void> {
  const functions = [
    'bt_index_check(regclass, boolean)',
    'verify_heapam(regclass, boolean, boolean, text, bigint, bigint)',
  ];
  await asLogin(
    url,
    'CREATE EXTENSION amcheck',
    ...functions.map((name) => `GRANT EXECUTE ON FUNCTION ${name} TO PUBLIC`),
  );
}
