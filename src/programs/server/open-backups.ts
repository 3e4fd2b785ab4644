// The backups of this house: puts the rooms together that a backup needs, takes one a day, and says when none is fresh enough.

import { createHash, randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { err, type Result } from '#base/result.ts';
import { nodeDisk } from '#vault/journal/disk.ts';
import { readKeyKit } from '#vault/keykit/kit-file.ts';
import { describeKitRefusal } from '#vault/keykit/kit-refusals.ts';
import { backupKeysOf } from '#vault/safeguards/backup/backup-keys.ts';
import { Backups } from '#vault/safeguards/backup/backups.ts';
import { findJournalBreak } from '#vault/safeguards/backup/continuity.ts';
import { isInside, openFolderPlace } from '#vault/safeguards/backup/folder-place.ts';
import type { Manifest } from '#vault/safeguards/backup/manifest.ts';
import { PlaceProblem, type Place } from '#vault/safeguards/backup/place.ts';
import { newestVerified, tooOld, type Shown } from '#vault/safeguards/backup/prune.ts';
import { listPlace, passOn, pruneSecond } from '#vault/safeguards/backup/second-place.ts';
import { explainBackup, type BackupRefusal } from '#vault/safeguards/backup/refusals.ts';
import { isBackupDue } from '#vault/safeguards/backup/schedule.ts';
import { workFolder, type Taken } from '#vault/safeguards/backup/take-backup.ts';
import type { Progress } from '../operator-methods.ts';
import { baseOf, compareLedger, openRowsIn } from './backup-neighbours.ts';
import { createRecorder } from './house-book.ts';
import { journalFolder, JOURNAL_NUMBER, type Vault } from './open-vault.ts';
import type { Prepared } from './prepare.ts';

export interface HouseBackups extends AsyncDisposable {
  readonly backups: Backups;
  readonly placeName: string | undefined;
  /** A backup by hand or by the hour: taken, passed on to the second place. */
  take(progress?: Progress): Promise<Result<Taken, BackupRefusal>>;
  /** For `siegel status`. */
  warnings(): readonly string[];
  facts(): Readonly<Record<string, string>>;
}

/** Those of a house that also forgets. */
export interface KeptBackups extends HouseBackups {
  /** At both places: what is too old goes. */
  prune(): Promise<void>;
  /** For the history budget: all that lies at each place. Throws where that cannot be told. */
  copies(): readonly PlaceCopies[];
  /** What the clock does each minute: one a day. */
  look(): Promise<void>;
}

export interface PlaceCopies {
  readonly isSecond: boolean;
  readonly list: () => Promise<readonly { readonly name: string; readonly sinceMs: number }[]>;
}

export interface BackupParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly prepared: Prepared;
  readonly vault: Vault;
  readonly version: string;
}

const LOOK_MS = 60_000;

export async function openHouseBackups(parts: BackupParts): Promise<KeptBackups> {
  const { config, clock, log, prepared } = parts;
  const backups = openBackups(parts);
  await backups.begin();
  const second = new SecondPlace(parts);
  second.begin();
  const take = async (progress?: Progress): Promise<Result<Taken, BackupRefusal>> => {
    const taken = await backups.take(progress);
    if (!taken.ok) return taken;
    await second.pass(taken.value.manifest.id);
    await promise(parts, taken.value.manifest);
    return taken;
  };
  const startedMs = clock.nowMs();
  const jitterMs = randomInt(limits.backup.jitterMs);
  let triedMs: number | undefined;
  const look = async (): Promise<void> => {
    const nowMs = clock.nowMs();
    const ageMs = backups.backupAge();
    const newestMs = ageMs === undefined ? undefined : nowMs - ageMs;
    const at = config.backupAt;
    if (at === 'none' || !backups.isNamed) return;
    if (!isBackupDue(at, jitterMs, { nowMs, startedMs, newestMs, triedMs })) return;
    triedMs = nowMs;
    const taken = await take();
    if (!taken.ok) log.error('backup.failed', { why: taken.error.kind });
  };
  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    looking = look().catch((cause: unknown) => log.fault('backup.failed', cause));
  }, LOOK_MS);
  timer.unref();
  return {
    backups,
    placeName: prepared.backupDir && config.backupDir,
    take,
    async prune() {
      if (backups.isNamed) await backups.prune(true);
      await second.prune();
    },
    copies: () => [
      ...(backups.isNamed ? [{ isSecond: false, list: async () => agesOf(await mustList(backups)) }] : []),
      ...(prepared.secondPlace === undefined
        ? []
        : [{ isSecond: true, list: async () => agesOf(await second.list()) }]),
    ],
    look,
    warnings: () => [...backupWarnings(backups), ...second.warnings()],
    facts: () => ({ ...backupFacts(backups, clock), ...second.facts() }),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await backups.stop();
      await looking;
    },
  };
}

async function mustList(backups: Backups): Promise<readonly Shown[]> {
  const listed = await backups.list();
  if (!listed.ok) throw new Error(listed.error.kind);
  return listed.value;
}

/** While one cannot be read nothing there is taken away, so nobody knows how old what lies there is. */
function agesOf(all: readonly Shown[]): readonly { readonly name: string; readonly sinceMs: number }[] {
  return all.map(({ id, manifest }) => {
    if (manifest === undefined) throw new Error('a backup that cannot be read');
    return { name: id, sinceMs: manifest.takenMs };
  });
}

function openBackups({ config, clock, log, prepared, vault, version }: BackupParts): Backups {
  const { dataDir, kit, kitDir, backupDir, native } = prepared;
  return new Backups({
    dataDir,
    disk: nodeDisk,
    journal: JOURNAL_NUMBER,
    keys: backupKeysOf(kit),
    kit,
    readKit: async () => {
      const read = await readKeyKit(kitDir);
      return read.ok ? read : err({ kind: read.error.kind, sentence: describeKitRefusal(read.error) });
    },
    build: createHash('sha256').update(version).digest('hex').slice(0, 16),
    clock,
    neighbours: {
      takeBase: baseOf(vault, dataDir),
      openRows: (baseFolder) =>
        openRowsIn({ folder: join(workFolder(dataDir), 'rows'), native, log, owner: undefined }, baseFolder),
      checkLedger: compareLedger,
    },
    openPlace: backupDir === undefined ? undefined : () => openFolderPlace(backupDir, config.backupDir),
    placeName: backupDir && config.backupDir,
  });
}

/** What was found is said where nobody can unsay it. A house whose book is closed has its backup all the same. */
async function promise({ vault, log }: BackupParts, { id, journal, ledger }: Manifest): Promise<void> {
  const record = createRecorder(vault.door, vault.book);
  const facts = {
    backup: id,
    record: journal.key.seq,
    letters: ledger?.letters ?? 0,
    accounts: ledger?.accounts ?? 0,
    ledger: ledger?.head ?? '',
  };
  const recorded = await record({ kind: 'backup-verified', facts });
  if (!recorded.ok) log.warn('backup.receiptNotMade', { why: recorded.error.kind });
}

/** Passes on what counts; what went wrong is said until it went well. */
class SecondPlace {
  readonly #parts: BackupParts;
  #newest: Manifest | undefined;
  #working: Promise<void> = Promise.resolve();
  #tooOld = 0;
  #trouble: BackupRefusal | undefined;

  constructor(parts: BackupParts) {
    this.#parts = parts;
  }

  /** Not waited for: a place that does not answer holds up no letter. */
  begin(): void {
    this.#atPlace((place) => this.#look(place)).catch((cause: unknown) =>
      this.#parts.log.fault('backup.failed', cause),
    );
  }

  async pass(id: string): Promise<void> {
    const { prepared, clock } = this.#parts;
    const { backupDir, dataDir, kit } = prepared;
    if (backupDir === undefined) return;
    await this.#atPlace(async (to) => {
      const keys = backupKeysOf(kit);
      const journal = { disk: nodeDisk, directory: journalFolder(dataDir), journal: JOURNAL_NUMBER };
      const passed = await passOn({
        from: await openFolderPlace(backupDir),
        to,
        keys,
        id,
        clock,
        findBreak: (manifest, there) => findJournalBreak(journal, manifest, there),
      });
      if (!passed.ok) this.#trouble = passed.error;
      await this.#look(to);
    });
  }

  /** A place that cannot be reached is said by the day’s try and by the history budget. */
  async prune(): Promise<void> {
    const { prepared, clock } = this.#parts;
    const { secondPlace } = prepared;
    if (secondPlace === undefined || (await this.#isWithinOthers())) return;
    await this.#alone(async () => {
      try {
        const place = await secondPlace.open();
        await pruneSecond(place, backupKeysOf(prepared.kit), clock);
        await this.#look(place);
      } catch (cause) {
        if (!(cause instanceof PlaceProblem)) throw cause;
      }
    });
  }

  /** A part that a new backup is about to name must not go meanwhile. */
  #alone(work: () => Promise<void>): Promise<void> {
    const done = this.#working.then(work);
    this.#working = done.catch(() => undefined);
    return done;
  }

  async list(): Promise<readonly Shown[]> {
    const { prepared } = this.#parts;
    return prepared.secondPlace === undefined
      ? []
      : await listPlace(await prepared.secondPlace.open(), backupKeysOf(prepared.kit));
  }

  warnings(): readonly string[] {
    const { secondPlace } = this.#parts.prepared;
    if (secondPlace === undefined) return [];
    const ageMs = this.#newest === undefined ? undefined : this.#parts.clock.nowMs() - this.#newest.takenMs;
    const isLate = ageMs === undefined || ageMs > limits.backup.dueMs;
    return [
      ...(this.#trouble === undefined ? [] : [`The second place: ${explainBackup(this.#trouble)}`]),
      ...(this.#tooOld > 0
        ? [
            `At the second place ${this.#tooOld} backups are older than ${limits.backup.keptDays} days: what people deleted still stands in them. Take a new one, and look why they cannot be removed.`,
          ]
        : []),
      ...(isLate ? [`There is no fresh backup at the second place (${secondPlace.name}): siegel backup take`] : []),
    ];
  }

  facts(): Readonly<Record<string, string>> {
    const { secondPlace } = this.#parts.prepared;
    return secondPlace === undefined
      ? {}
      : { 'second place': `${secondPlace.name}: ${this.#newest?.id ?? 'nothing yet'}` };
  }

  async #isWithinOthers(): Promise<boolean> {
    const { config, prepared } = this.#parts;
    if (prepared.secondPlace?.isFolder !== true) return false;
    for (const other of [config.dataDir, ...(config.backupDir === undefined ? [] : [config.backupDir])])
      if (await isInside(prepared.secondPlace.name, other)) return true;
    return false;
  }

  async #look(place: Place): Promise<void> {
    const shown = await listPlace(place, backupKeysOf(this.#parts.prepared.kit));
    this.#newest = newestVerified(shown.flatMap(({ manifest }) => manifest ?? []));
    this.#tooOld = tooOld(shown, this.#parts.clock.nowMs()).length;
  }

  async #atPlace(work: (place: Place) => Promise<void>): Promise<void> {
    const { secondPlace } = this.#parts.prepared;
    if (secondPlace === undefined) return;
    this.#trouble = undefined;
    if (await this.#isWithinOthers()) {
      this.#trouble = { kind: 'placeInside', place: secondPlace.name };
      return;
    }
    await this.#alone(async () => {
      try {
        await work(await secondPlace.open());
      } catch (cause) {
        if (!(cause instanceof PlaceProblem)) throw cause;
        this.#trouble = { kind: cause.kind, place: cause.place, code: cause.code };
      }
    });
  }
}

const HOUR_MS = 3_600_000;

function backupWarnings(backups: Backups): readonly string[] {
  if (!backups.isNamed) return [];
  const own: string[] = [];
  const ageMs = backups.backupAge();
  if (ageMs === undefined) own.push('There is no backup that counts yet. Take one: siegel backup take');
  else if (backups.isDue)
    own.push(
      `The newest backup that counts is ${Math.floor(ageMs / HOUR_MS)} hours old: changes that could lose something are refused. Take one: siegel backup take`,
    );
  if (backups.trouble !== undefined) own.push(explainBackup(backups.trouble));
  const old = backups.olderThanAllowed;
  if (old.length > 0)
    own.push(
      `${old.length} backups are older than ${limits.backup.keptDays} days (${old[0] ?? ''} first): what people deleted still stands in them. Take a new one, then: siegel backup prune --apply`,
    );
  return own;
}

function backupFacts(backups: Backups, clock: Clock): Readonly<Record<string, string>> {
  if (!backups.isNamed) return { 'newest backup': 'none: no place is named (SIEGEL_BACKUP_DIR)' };
  const ageMs = backups.backupAge();
  if (ageMs === undefined) return { 'newest backup': 'none yet' };
  return { 'newest backup': `${backups.newestId ?? ''}, ${new Date(clock.nowMs() - ageMs).toISOString()}` };
}
