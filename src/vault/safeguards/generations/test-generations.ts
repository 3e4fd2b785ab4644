// For tests of this room: a journal on real files, generations on a real PostgreSQL, and the one door for change over both.

import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { clockStartingAt } from '#base/clock.ts';
import { requireValue } from '#base/assert.ts';
import type { AccountId, InstanceId, LetterId } from '#base/ids.ts';
import { silentLog } from '#base/log/log.ts';
import { openCommitDoor, type CommitDoor } from '../../database/commit.ts';
import { openDatabase, type Database } from '../../database/open-database.ts';
import { prepareBinaries, type Owner } from '../../database/postgres/binaries.ts';
import { uuidToId } from '../../database/ids.ts';
import { makeLetter, makeSignUp, mustCommit, openTestJournal, type TestAccount } from '../../database/test-house.ts';
import { NO_ACTOR } from '../../journal/batch-writer.ts';
import type { SingleWriterJournal } from '../../journal/open-journal.ts';
import { openGenerations, type Generations } from './generations.ts';
import type { Step } from './neighbours.ts';
import { openOnServer, type ServerOptions } from './open-on-server.ts';
import type { RestoreWay } from './restore-to.ts';

export const owner: Owner | undefined = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

/** Where PostgreSQL’s programs are copied to when its user cannot reach the checkout. */
export function native(scratch: string): string {
  const binaries = prepareBinaries([join(scratch, 'programs')], owner);
  if (!binaries.ok) throw new Error(binaries.error.sentence);
  return binaries.value.native;
}

export interface GenerationHouse extends RestoreWay, AsyncDisposable {
  readonly journal: SingleWriterJournal;
  readonly generations: Generations;
  readonly database: Database;
  readonly door: CommitDoor;
  /** Until everything durable is in the rows. */
  quiet(): Promise<void>;
}

export interface HouseOptions {
  readonly scratch: string;
  readonly folder: string;
  readonly instanceId: InstanceId;
  readonly step?: Step;
  /** Another server than the one that comes along: its URL. */
  readonly databaseUrl?: string;
}

/** Opens (again) the house in `folder`; ids and rows are as they were. */
export async function openGenerationHouse({
  scratch,
  folder,
  instanceId,
  step,
  databaseUrl,
}: HouseOptions): Promise<GenerationHouse> {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const clock = clockStartingAt(1_700_000_000_000);
  const journal = await openTestJournal(join(folder, 'journal'), instanceId);
  const root = join(folder, 'postgres');
  mkdirSync(root, { recursive: true, mode: 0o700 });
  if (owner !== undefined) chownSync(root, owner.uid, owner.gid);
  const open: { door?: CommitDoor } = {};
  const shared: Pick<ServerOptions, 'clock' | 'log' | 'neighbours' | 'step'> = {
    clock,
    log: silentLog,
    neighbours: {
      raiseEra: (effect) =>
        open.door?.noteEra(effect) ??
        journal.appendCommand({ accountId: undefined, actor: NO_ACTOR, command: { kind: 'eraRaised', effect } }),
      void: (content) => open.door?.noteVoided(content) ?? journal.appendVoided(content),
    },
    ...(step ? { step } : {}),
  };
  const opened =
    databaseUrl === undefined
      ? await openGenerations({ ...shared, root, native: native(scratch), owner, settings: {}, journal: 0 })
      : await openOnServer({ ...shared, url: databaseUrl, instanceId });
  if (!opened.ok) throw new Error(opened.error.sentence);
  const generations = opened.value;
  const database = openDatabase(generations.url, silentLog);
  const door = await openCommitDoor({ log: silentLog, database, journal, instanceId });
  if (!door.ok) throw new Error(door.error.kind);
  open.door = door.value;
  if (journal.durableSeq === 0)
    await door.value.commit(undefined, NO_ACTOR, async () => ({
      ok: true,
      value: { kind: 'instanceCreated', effect: { instanceId } },
    }));
  return {
    journal,
    generations,
    database,
    door: door.value,
    instanceId,
    clock,
    log: silentLog,
    async quiet() {
      const { health } = door.value;
      for (let tries = 0; tries < 600; tries++) {
        const now = door.value.health;
        if (now.state === 'up' && now.behind === 0) return;
        await door.value.settled('' as AccountId).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`the rows do not follow: ${JSON.stringify(health)}`);
    },
    async [Symbol.asyncDispose]() {
      await door.value[Symbol.asyncDispose]();
      await database.close();
      await generations[Symbol.asyncDispose]();
      await journal.close();
    },
  };
}

/** Every row of every table as text; two houses of the same records have the same. */
export async function dumpRows(database: Database): Promise<readonly string[]> {
  await using session = await database.connectAs('reader');
  const tables = await session.rows<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_migration' ORDER BY 1`,
  );
  const lines: string[] = [];
  for (const { name } of tables) {
    const rows = await session.rows<{ line: string }>(`SELECT t::text AS line FROM ${name} t`);
    lines.push(...rows.map(({ line }) => `${name} ${line}`));
  }
  return lines.toSorted();
}

export async function moveInWithLetters(
  house: Pick<GenerationHouse, 'door' | 'quiet'>,
  count: number,
): Promise<{ readonly anna: TestAccount; readonly ids: readonly LetterId[] }> {
  const { account: anna, command } = makeSignUp(`anna@siegel.test`);
  await mustCommit(house.door, anna.id, command);
  const ids: LetterId[] = [];
  for (let n = 0; n < count; n++) ids.push(await keepOne(house, anna));
  await house.quiet();
  return { anna, ids };
}

export async function keepOne(house: Pick<GenerationHouse, 'door'>, anna: TestAccount): Promise<LetterId> {
  const mailboxId = requireValue(anna.mailboxes[0], 'inbox');
  const entry = makeLetter([{ accountId: anna.id, mailboxId }]);
  const kept = await house.door.keepLetter(entry);
  if (!kept.ok) throw new Error(kept.error.kind);
  return requireValue(entry.copies[0]?.record.letterId, 'a letter');
}

export async function livingLetters({ database }: Pick<GenerationHouse, 'database'>): Promise<readonly string[]> {
  const rows = await database.reader.db
    .selectFrom('letter')
    .select('letter_id')
    .where('removed_modseq', 'is', null)
    .execute();
  return rows.map(({ letter_id }) => uuidToId<LetterId>(letter_id)).toSorted();
}
