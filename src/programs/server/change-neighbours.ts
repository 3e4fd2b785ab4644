// What the saga of changes needs of other rooms: rows and their place, the ledger, generations beside, backups, and the operators' mailboxes.

import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { readMigrations, readSchema } from '#vault/database/migrate.ts';
import type { Database } from '#vault/database/open-database.ts';
import { checkIndexes } from '#vault/safeguards/change/check-indexes.ts';
import { chooseCommands } from '#vault/safeguards/change/choose-commands.ts';
import type {
  BackupNeighbour,
  CommandsNeighbour,
  GenerationsNeighbour,
  LedgerFinding,
  Refused,
  RowsNeighbour,
} from '#vault/safeguards/change/neighbours.ts';
import type { ClusterFacts } from '#vault/safeguards/change/plan.ts';
import { explainBackup } from '#vault/safeguards/backup/refusals.ts';
import type { Generations } from '#vault/safeguards/generations/generations.ts';
import type { RestoreBase } from '#vault/safeguards/generations/restore-base.ts';
import { openAt } from '#vault/safeguards/generations/restore-to.ts';
import { checkLedger, readLedgerHead } from '#vault/safeguards/ledger/check-ledger.ts';
import { formatSum } from '#vault/safeguards/ledger/ledger-sum.ts';
import type { HouseBackups } from './open-backups.ts';
import { JOURNAL_NUMBER } from './open-vault.ts';
import type { SafeguardParts } from './open-safeguards.ts';

export function rowsNeighbour(parts: SafeguardParts): RowsNeighbour {
  const { vault } = parts;
  const { database, door, journal, generations } = vault;
  return {
    cluster: () => readCluster(parts),
    async connect() {
      const session = await database.connectAs('owner');
      session.giveWay();
      return session;
    },
    async heads() {
      const { appliedSeq, letters, places } = await readLedgerHead(database, JOURNAL_NUMBER);
      return { appliedSeq, letters: formatSum(letters), places: formatSum(places) };
    },
    checkLedger: () => compare(parts, database, []),
    async checkIndexes() {
      await using session = await database.connectAs('owner');
      session.giveWay();
      return await checkIndexes(session);
    },
    async settled() {
      const target = journal.durableSeq;
      for (const untilMs = performance.now() + limits.change.settleMs; performance.now() < untilMs; await wait(20)) {
        const { state, appliedSeq, heldBack } = door.health;
        if (state === 'up' && appliedSeq >= target) return heldBack === 0;
      }
      return false;
    },
    generations: generations && generationsNeighbour(parts, generations),
  };
}

async function readCluster({ vault, kit, version }: SafeguardParts): Promise<Result<ClusterFacts, Refused>> {
  const { database, generations } = vault;
  try {
    await using session = await database.connect();
    const schema = await readSchema(session, await readMigrations());
    const [row] = await session.rows<{ version: string; system: string }>(
      `SELECT current_setting('server_version') AS version, system_identifier::text AS system FROM pg_control_system()`,
    );
    return ok({
      instance: kit.instanceId,
      systemIdentifier: row?.system ?? '',
      generation: generations?.live.name ?? 'external',
      host: hostname(),
      program: createHash('sha256').update(version).digest('hex').slice(0, 16),
      postgres: row?.version ?? '',
      schema: schema.ok ? schema.value.newest : -1,
    });
  } catch {
    return err({
      kind: 'unavailable',
      sentence:
        'The database does not answer. Nothing was changed; letters are taken. Try again in a moment: siegel status',
    });
  }
}

async function compare(
  { vault, kit }: SafeguardParts,
  database: Database,
  leaveOut: readonly number[],
): Promise<LedgerFinding> {
  const { journal } = vault;
  const seen = {
    journal: journal.journal,
    readKeyRecords: (afterSeq: number) => journal.readKeyRecords(afterSeq),
    findVoided: async (afterSeq: number) => new Set([...(await journal.findVoided(afterSeq)), ...leaveOut]),
  };
  const found = await checkLedger({
    database,
    journal: seen,
    ledgerKey: kit.ledgerKey,
    sumAside: (untilSeq) => vault.sumAside(untilSeq, leaveOut),
  });
  const { head, journalHead, mailboxes, wrongElements } = found;
  const isEqual = found.isEqual && wrongElements.length === 0;
  return {
    isEqual,
    sentence: isEqual
      ? `${head.letters.count} letters in ${head.places.count} places, as in the journal`
      : `${head.letters.count} letters, the journal has ${journalHead.letters.count}; ${mailboxes.length} mailboxes differ.`,
  };
}

const REHEARSAL = 'rehearsal';
const pointOf = (change: number): string => `change-${change}`;

function generationsNeighbour(parts: SafeguardParts, generations: Generations): GenerationsNeighbour {
  const { vault, kit, clock, log } = parts;
  const { journal } = vault;
  const way = { generations, journal, instanceId: kit.instanceId, clock, log };
  return {
    hasCopies: generations.hasFiles,
    async openShadow({ from, leaveOut }) {
      const base = await shadowBase(generations, from);
      if (!base.ok) return base;
      const opened = await openAt(way, { base: base.value, leaveOut: new Set(leaveOut) });
      if (!opened.ok) return opened;
      const { beside, database, followed } = opened.value;
      return ok({
        connect: () => database.connectAs('owner'),
        checkLedger: () => compare(parts, database, [...leaveOut, ...followed.withoutEffect]),
        async close() {
          await beside.discard();
          if (from === 'again') await generations.dropPoint(REHEARSAL);
        },
      });
    },
    async takePoint(change) {
      const taken = await generations.takePoint(pointOf(change));
      if (!taken.ok) return taken;
      for (const { name } of await generations.points())
        if (/^change-\d+$/.test(name) && name !== pointOf(change)) await generations.dropPoint(name);
      return ok({ name: taken.value.name, seq: taken.value.seq });
    },
    dropPoint: (change) => generations.dropPoint(pointOf(change)),
    async restore({ change, leaveOut, before, again, why }) {
      const { restoreTo } = vault;
      if (restoreTo === undefined) return err({ kind: 'external', sentence: 'Nothing can be kept beside it.' });
      const beganMs = clock.monotonicMs();
      const begin = (base: RestoreBase): ReturnType<typeof restoreTo> =>
        restoreTo({
          base,
          leaveOut: leaveOut.map((seq) => ({ seq, change })),
          reason: before === undefined && leaveOut.length === 0 ? 'rebuilt' : 'undone',
          why,
          check: (database, { withoutEffect }) =>
            checkBeside(parts, { database, leaveOut: [...leaveOut, ...withoutEffect], again }),
        });
      const copy = await restoreBase(generations, { change, leaveOut, before });
      let restored = await begin(copy);
      if (!restored.ok && copy.kind !== 'journal' && NO_BEGINNING.has(restored.error.kind))
        restored = await begin({ kind: 'journal' });
      if (!restored.ok) return restored;
      return ok({ generation: restored.value.name, seconds: Math.round(clock.monotonicMs() - beganMs) / 1000 });
    },
  };
}

async function checkBeside(
  parts: SafeguardParts,
  {
    database,
    leaveOut,
    again,
  }: { readonly database: Database } & Pick<Parameters<GenerationsNeighbour['restore']>[0], 'leaveOut' | 'again'>,
): Promise<Result<void, Refused>> {
  try {
    await using session = await database.connectAs('owner');
    await again(session);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'without a word';
    return err({ kind: 'again', sentence: `The rows beside could not be brought there: ${why}.` });
  }
  const ledger = await compare(parts, database, leaveOut);
  return ledger.isEqual ? ok(undefined) : err({ kind: 'ledger', sentence: `The rows beside: ${ledger.sentence}` });
}

async function shadowBase(
  generations: Generations,
  from: 'live' | 'again' | 'journal',
): Promise<Result<RestoreBase, Refused>> {
  if (from === 'journal' || !generations.hasFiles) return ok({ kind: 'journal' });
  if (from === 'live') {
    const taken = await generations.takePoint(REHEARSAL);
    if (!taken.ok) return taken;
  }
  return ok(generations.fromPoint(REHEARSAL));
}

/** The copy holds what rows must be without, or lacks what they must have: the journal alone is slower, and always right. */
const NO_BEGINNING: ReadonlySet<string> = new Set(['again', 'copy-too-new']);

interface WantedBase {
  readonly change: number;
  readonly leaveOut: readonly number[];
  readonly before: number | undefined;
}

/** The change's own point; else, where rows must be without something, the newest copy of before it; else the journal alone. */
export async function restoreBase(
  generations: Pick<Generations, 'points' | 'fromPoint'>,
  { change, leaveOut, before }: WantedBase,
): Promise<RestoreBase> {
  const points = (await generations.points()).filter(({ name }) => name !== REHEARSAL);
  const own = points.find(({ name }) => name === pointOf(change));
  if (own !== undefined) return generations.fromPoint(own.name);
  const untilSeq = Math.min(before ?? Infinity, ...leaveOut.map((seq) => seq - 1));
  if (untilSeq === Infinity) return { kind: 'journal' };
  const fitting = points
    .filter(({ seq }) => seq <= untilSeq)
    .toSorted((a, b) => a.seq - b.seq)
    .at(-1);
  return fitting === undefined ? { kind: 'journal' } : generations.fromPoint(fitting.name);
}

export function backupNeighbour(house: HouseBackups): BackupNeighbour {
  return {
    place: house.placeName,
    async newest() {
      const { backups } = house;
      const listed = await backups.list();
      const all = listed.ok ? listed.value.flatMap(({ manifest }) => manifest ?? []) : [];
      const counting = all.flatMap(({ id, takenMs, verifiedMs }) =>
        verifiedMs === null ? [] : [{ id, verifiedMs: takenMs }],
      );
      return counting.toSorted((a, b) => a.verifiedMs - b.verifiedMs).at(-1);
    },
    async take(onProgress) {
      const taken = await house.take(onProgress);
      if (!taken.ok) return err({ kind: taken.error.kind, sentence: explainBackup(taken.error) });
      const { id, takenMs } = taken.value.manifest;
      return ok({ id, verifiedMs: takenMs });
    },
  };
}

export function commandsNeighbour({ vault }: SafeguardParts): CommandsNeighbour {
  return { find: (choice) => chooseCommands(vault.journal, choice) };
}
