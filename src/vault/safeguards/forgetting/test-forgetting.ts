// For tests of this room: a house whose time is moved by hand, its rows as a client may see them, and a rebuild beside it.

import { join } from 'node:path';
import { manualClock } from '#base/clock.ts';
import { newId, type AccountId, type InstanceId } from '#base/ids.ts';
import { silentLog } from '#base/log/log.ts';
import { openCommitDoor, type CommitDoor } from '../../database/commit.ts';
import type { Database } from '../../database/open-database.ts';
import { rebuildDatabase } from '../../database/test-rebuild.ts';
import type { TestCluster } from '../../database/test-cluster.ts';
import { mustCommit, newDatabase } from '../../database/test-house.ts';
import { nodeDisk } from '../../journal/disk.ts';
import { openJournal, type SingleWriterJournal } from '../../journal/open-journal.ts';
import { createForgetting, type Forgetting } from './forgetting.ts';

export const DAY_MS = 86_400_000;
export type MovedClock = ReturnType<typeof manualClock>;

export interface ForgettingHouse extends AsyncDisposable {
  readonly directory: string;
  readonly instanceId: InstanceId;
  readonly clock: MovedClock;
  readonly journal: SingleWriterJournal;
  readonly database: Database;
  readonly door: CommitDoor;
  readonly forgetting: Forgetting;
}

export interface HouseOptions {
  readonly instanceId?: InstanceId;
  readonly clock?: MovedClock;
  readonly database?: Database;
  readonly onStep?: (step: string) => void;
}

/** Opens (again) the house in `directory`. */
export async function openForgettingHouse(
  cluster: TestCluster,
  directory: string,
  options: HouseOptions = {},
): Promise<ForgettingHouse> {
  const { instanceId = newId<InstanceId>(), clock = manualClock(1_700_000_000_000) } = options;
  const numbers = new Map<AccountId, number>();
  const { journal } = await openJournal({
    disk: nodeDisk,
    directory: join(directory, 'journal'),
    instanceId,
    journal: 0,
    clock,
    build: new Uint8Array(8),
    lastAccountSeq: (id) => numbers.get(id) ?? 0,
  });
  for await (const { header } of journal.readLane('key', 'check')) {
    if (header.accountId) numbers.set(header.accountId, header.accountSeq + header.span - 1);
  }
  const database = options.database ?? (await newDatabase(cluster));
  const opened = await openCommitDoor({ log: silentLog, database, journal, instanceId });
  if (!opened.ok) throw new Error(opened.error.kind);
  const door = opened.value;
  if (options.instanceId === undefined)
    await mustCommit(door, undefined, { kind: 'instanceCreated', effect: { instanceId } });
  const steps = options.onStep === undefined ? {} : { onStep: options.onStep };
  const forgetting = createForgetting({ journal, door, reader: database.reader, clock, log: silentLog, ...steps });
  return {
    directory,
    instanceId,
    clock,
    journal,
    database,
    door,
    forgetting,
    async [Symbol.asyncDispose]() {
      await forgetting.close();
      await door[Symbol.asyncDispose]();
      await journal.close();
      if (options.database === undefined) await database.close();
    },
  };
}

const TABLES = [
  'instance', 'applied', 'domain', 'address', 'group_address', 'account', 'account_counter', 'credential', 'wrap', 'holder', 'session',
  'app_password', 'mailbox', 'letter', 'placement', 'item', 'blob', 'submission', 'outbound', 'receipt',
  'desk_entry', 'desk_filing', 'desk_file',
] as const; // prettier-ignore

/** Where a record lies is a hint, and changes. */
const HINTS = `- 'key_segment' - 'key_offset' - 'body_segment' - 'body_offset' - 'summary_segment' - 'summary_offset' - 'segment' - 'offset'`;

/** Every row, without the hints, in order. */
export async function dumpRows(database: Database): Promise<readonly string[]> {
  await using session = await database.connect();
  const lines: string[] = [];
  for (const table of TABLES) {
    const rows = await session.rows<{ line: string }>(
      `SELECT (to_jsonb(t) ${HINTS})::text AS line FROM ${table} t ORDER BY 1`,
    );
    lines.push(...rows.map((row) => `${table} ${row.line}`));
  }
  return lines;
}

/** The rows that the journal alone gives. */
export async function rebuiltRows(cluster: TestCluster, house: ForgettingHouse): Promise<readonly string[]> {
  const database = await newDatabase(cluster);
  const { journal, instanceId } = house;
  const rebuilt = await rebuildDatabase({ log: silentLog, database, journal, instanceId });
  if (!rebuilt.ok || rebuilt.value.heldBack > 0) throw new Error(JSON.stringify(rebuilt));
  const rows = await dumpRows(database);
  await database.close();
  return rows;
}

export async function settle(house: ForgettingHouse): Promise<void> {
  while (house.door.health.behind > 0) await new Promise((resolve) => setTimeout(resolve, 10));
}
