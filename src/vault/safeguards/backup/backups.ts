// The backups of a running house: taken, tried, listed and pruned one at a time; how old the newest that counts is.

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { formatManifest, isBackupId, type Manifest } from './manifest.ts';
import { isInside } from './folder-place.ts';
import { manifestName, PlaceProblem, type Place } from './place.ts';
import { newestVerified, planPrune, prune, tooOld, type PrunePlan, type Shown } from './prune.ts';
import { journalPathOf, proveBackup, readManifest } from './prove-backup.ts';
import { followCopy } from './prove-rows.ts';
import { findRoom, unpack } from './unpack.ts';
import { nodeDisk } from '../../journal/disk.ts';
import type { Database } from '../../database/open-database.ts';
import { openJournalCopy, type JournalCopy } from './journal-copy.ts';
import type { BackupRefusal } from './refusals.ts';
import { stampVerified, takeBackup, workFolder, type Taken, type TakeOrder } from './take-backup.ts';

export interface BackupsOptions extends Omit<TakeOrder, 'place' | 'earlier' | 'onBytes'> {
  /** Opens the place anew each time: it may have been unmounted since. Undefined: none is named. */
  readonly openPlace: (() => Promise<Place>) | undefined;
  readonly placeName: string | undefined;
}

const DAY_MS = 86_400_000;

type OnBytes = (done: number, total: number) => void;

export interface Prunable extends PrunePlan {
  /** What the place keeps until its time is over. */
  readonly kept: number;
}

class Stopped extends Error {}

export class Backups {
  readonly #options: BackupsOptions;
  #isBusy = false;
  #isStopped = false;
  #running: Promise<unknown> = Promise.resolve();
  #glance: Promise<void> = Promise.resolve();
  #newest: { readonly takenMs: number; readonly id: string } | undefined;
  #tooOld: readonly string[] = [];
  /** Why the last run did not end well. */
  #trouble: BackupRefusal | undefined;

  constructor(options: BackupsOptions) {
    this.#options = options;
  }

  /** Clears what a run that was killed left in the data folder, and looks what there is. */
  async begin(): Promise<void> {
    await rm(workFolder(this.#options.dataDir), { recursive: true, force: true });
    if (this.#options.openPlace === undefined) return;
    // not waited for: a place that does not answer holds up no letter
    this.#glance = this.list().then((listed) => {
      if (!listed.ok) this.#trouble = listed.error;
    });
    this.#glance.catch(() => undefined);
  }

  /** What is under way is given up at its next step; resolves when nothing is. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  get isNamed(): boolean {
    return this.#options.openPlace !== undefined;
  }

  /** Milliseconds since the newest one that counts was taken; undefined: there is none. Changes are refused when it is too old. */
  backupAge(): number | undefined {
    return this.#newest && Math.max(0, this.#options.clock.nowMs() - this.#newest.takenMs);
  }

  /** Whether what may lose something can still be undone from a backup. */
  get isDue(): boolean {
    const ageMs = this.backupAge();
    return ageMs === undefined || ageMs > limits.backup.dueMs;
  }

  get newestId(): string | undefined {
    return this.#newest?.id;
  }

  get trouble(): BackupRefusal | undefined {
    return this.#trouble;
  }

  /** Backups older than 30 days that are still there. */
  get olderThanAllowed(): readonly string[] {
    return this.#tooOld;
  }

  /** All that lie at the place, oldest first. */
  list(): Promise<Result<readonly Shown[], BackupRefusal>> {
    return this.#atPlace(async (place) => ok(await this.#look(place)));
  }

  /** Restores the copy beside before it counts. */
  take(onBytes?: OnBytes): Promise<Result<Taken, BackupRefusal>> {
    return this.#alone(async (place) => {
      const all = await this.#look(place);
      const earlier = all.flatMap(({ manifest }) => manifest ?? []).filter(({ verifiedMs }) => verifiedMs !== null);
      const taken = await takeBackup({
        ...this.#options,
        step: this.#step,
        place,
        earlier,
        ...(onBytes ? { onBytes } : {}),
      });
      await this.#look(place);
      this.#trouble = taken.ok ? undefined : taken.error;
      return taken;
    });
  }

  /** Tries one that is there again: the newest when no id is given. */
  verify(id: string | undefined, onBytes?: OnBytes): Promise<Result<Manifest, BackupRefusal>> {
    return this.#alone(async (place) => {
      const { keys, neighbours, clock, dataDir } = this.#options;
      const all = await this.#look(place);
      const wanted = id ?? all.at(-1)?.id;
      if (wanted === undefined || !isBackupId(wanted) || !all.some((one) => one.id === wanted))
        return err({ kind: 'unknownBackup', id: wanted ?? '' });
      const kit = await this.#options.readKit();
      if (!kit.ok) return err({ kind: 'neighbour', refused: kit.error });
      const work = workFolder(dataDir);
      await mkdir(work, { recursive: true, mode: 0o700 });
      try {
        const proof = await proveBackup({
          place,
          id: wanted,
          keys,
          kit: kit.value,
          folder: join(work, 'proof'),
          neighbours,
          ...(onBytes ? { onBytes } : {}),
          step: this.#step,
        });
        if (!proof.ok) return await this.#doubt(place, wanted, proof.error);
        const verified = stampVerified(proof.value.manifest, proof.value.ledger, clock.nowMs());
        await place.write('backups', manifestName(wanted), formatManifest(verified, keys.signs));
        await this.#look(place);
        return ok(verified);
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    });
  }

  /** Opens a backup beside, rows and journal, for taking single things out of it. */
  read<T>(
    id: string | undefined,
    work: (opened: {
      readonly database: Database;
      readonly journal: JournalCopy;
      readonly manifest: Manifest;
    }) => Promise<T>,
  ): Promise<Result<T, BackupRefusal>> {
    return this.#alone(async (place) => {
      const { keys, neighbours, dataDir, kit } = this.#options;
      // the first look, in the background, may not be over
      if (id === undefined && this.#newest === undefined) await this.#look(place);
      const wanted = id ?? this.#newest?.id;
      const found = wanted === undefined || !isBackupId(wanted) ? undefined : await readManifest(place, keys, wanted);
      if (wanted === undefined || found === undefined) return err({ kind: 'unknownBackup', id: wanted ?? '' });
      if (!found.ok) return found.error.kind === 'manifestMissing' ? err({ kind: 'unknownBackup', id: wanted }) : found;
      const manifest = found.value;
      if (manifest.verifiedMs === null) return err({ kind: 'notVerified', id: wanted });
      const folder = join(workFolder(dataDir), 'read');
      await rm(workFolder(dataDir), { recursive: true, force: true });
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const room = await findRoom(folder, manifest);
        if (!room.ok) return room;
        const unpacked = await unpack({ place, keys, manifest, folder, step: this.#step });
        if (!unpacked.ok) return unpacked;
        const rows = await neighbours.openRows(manifest.base === null ? undefined : join(folder, 'base'));
        if (!rows.ok) return err({ kind: 'neighbour', refused: rows.error });
        await using beside = rows.value;
        const { number, key } = manifest.journal;
        const directory = join(folder, journalPathOf(manifest));
        const journal = openJournalCopy(nodeDisk, directory, { journal: number, durableSeq: key.seq });
        try {
          const followed = await followCopy({ rows: beside, journal, instanceId: kit.instanceId });
          return followed.ok ? ok(await work({ database: beside.database, journal, manifest })) : followed;
        } finally {
          await journal.close();
        }
      } finally {
        await rm(workFolder(dataDir), { recursive: true, force: true });
      }
    });
  }

  /** What would go; with `isApplied` it goes. */
  prune(isApplied: boolean): Promise<Result<Prunable, BackupRefusal>> {
    return this.#alone(async (place) => {
      const plan = await planPrune(place, await this.#look(place), this.#options.clock.nowMs());
      if (!isApplied) return ok({ ...plan, kept: 0 });
      const { kept } = await prune(place, plan);
      await place.sweep?.(this.#options.clock.nowMs() - DAY_MS);
      await this.#look(place);
      return ok({ ...plan, kept });
    });
  }

  /** One that was found whole before and is not now counts no more. A disk without room says nothing about it. */
  async #doubt<E extends BackupRefusal>(place: Place, id: string, error: E): Promise<Result<never, BackupRefusal>> {
    const found = await readManifest(place, this.#options.keys, id);
    if (error.kind !== 'workFull' && found.ok && found.value.verifiedMs !== null) {
      const doubted = { ...found.value, verifiedMs: null };
      await place.write('backups', manifestName(id), formatManifest(doubted, this.#options.keys.signs));
    }
    await this.#look(place);
    this.#trouble = error;
    return err(error);
  }

  async #look(place: Place): Promise<readonly Shown[]> {
    const shown: Shown[] = [];
    for (const { name } of await place.list('backups')) {
      const id = name.slice(0, -'.manifest'.length);
      const read = await readManifest(place, this.#options.keys, id);
      shown.push({ id, manifest: read.ok ? read.value : undefined });
    }
    const newest = newestVerified(shown.flatMap(({ manifest }) => manifest ?? []));
    this.#newest = newest && { takenMs: newest.takenMs, id: newest.id };
    this.#tooOld = tooOld(shown, this.#options.clock.nowMs()).map(({ id }) => id);
    if (this.#trouble?.kind === 'placeUnreachable') this.#trouble = undefined;
    return shown;
  }

  async #alone<T>(work: (place: Place) => Promise<Result<T, BackupRefusal>>): Promise<Result<T, BackupRefusal>> {
    if (this.#isBusy) return err({ kind: 'underWay' });
    if (this.#isStopped) return err({ kind: 'stopped' });
    this.#isBusy = true;
    const running = this.#atPlace(work);
    this.#running = running.catch(() => undefined);
    try {
      return await running;
    } catch (cause) {
      if (cause instanceof Stopped) return err({ kind: 'stopped' });
      throw cause;
    } finally {
      this.#isBusy = false;
    }
  }

  /** Between any two steps of long work: whether it is to go on. */
  #step = async (name: string): Promise<void> => {
    if (this.#isStopped) throw new Stopped();
    await this.#options.step?.(name);
  };

  async #atPlace<T>(work: (place: Place) => Promise<Result<T, BackupRefusal>>): Promise<Result<T, BackupRefusal>> {
    const { openPlace, placeName, dataDir } = this.#options;
    if (openPlace === undefined || placeName === undefined) return err({ kind: 'noPlace' });
    if (await isInside(placeName, dataDir)) return err({ kind: 'placeInside', place: placeName });
    try {
      return await work(await openPlace());
    } catch (cause) {
      if (!(cause instanceof PlaceProblem)) throw cause;
      const refusal = { kind: cause.kind, place: cause.place, code: cause.code };
      this.#trouble = refusal;
      return err(refusal);
    }
  }
}
