// For tests of this room: a house on real files with a real database, a place beside it, and the rooms that backups ask.

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { clockStartingAt, type Clock } from '#base/clock.ts';
import { err, ok } from '#base/result.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import { nodeDisk } from '../../journal/disk.ts';
import { makeKeyKit, type KeyKit } from '../../keykit/key-kit.ts';
import {
  makeSignUp,
  mustCommit,
  mustKeep,
  newDatabase,
  openTestHouse,
  TEST_LEDGER_KEY,
  type TestHouse,
} from '../../database/test-house.ts';
import type { TestAccount } from '../../database/test-house.ts';
import type { Database } from '../../database/open-database.ts';
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
): Promise<BackupHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-backup-'));
  const house = await openTestHouse(cluster, join(folder, 'journals'));
  const dataDir = join(folder, 'data');
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
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Rows are made of the journal alone, in a database of the test’s cluster. */
export function neighboursOf(cluster: TestCluster): Neighbours {
  return {
    takeBase: undefined,
    async openRows(baseFolder) {
      if (baseFolder !== undefined) return err({ kind: 'no-base', sentence: 'no copies of rows here' });
      const database = await newDatabase(cluster);
      await database.guardParts();
      await allowChecks(cluster, database);
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
async function allowChecks(cluster: TestCluster, database: Database): Promise<void> {
  await using session = await database.connect();
  const [here] = await session.rows<{ name: string }>('SELECT current_database() AS name');
  const functions = [
    'bt_index_check(regclass, boolean)',
    'verify_heapam(regclass, boolean, boolean, text, bigint, bigint)',
  ];
  await asLogin(
    cluster.url(here?.name ?? ''),
    'CREATE EXTENSION amcheck',
    ...functions.map((name) => `GRANT EXECUTE ON FUNCTION ${name} TO PUBLIC`),
  );
}
