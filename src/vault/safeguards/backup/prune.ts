// What may go from a place: backups older than 30 days, copies that were never finished, objects that no backup names any more.

import { limits } from '#base/limits.ts';
import type { Manifest } from './manifest.ts';
import { manifestName, PlaceProblem, type Place } from './place.ts';

const DAY_MS = 86_400_000;
/** A copy that was never tried is of a run that ended, or is still being tried. */
const UNFINISHED_MS = DAY_MS;

export interface PrunePlan {
  readonly backups: readonly string[];
  readonly objects: readonly string[];
  readonly freedBytes: number;
}

export interface Shown {
  readonly id: string;
  /** Undefined: damaged, or of another house; never touched. */
  readonly manifest: Manifest | undefined;
}

/** The newest verified one never goes, whatever its age. */
export function backupsToPrune(all: readonly Shown[], nowMs: number): readonly Manifest[] {
  const manifests = all.flatMap(({ manifest }) => manifest ?? []);
  const newest = newestVerified(manifests);
  return manifests.filter((manifest) => {
    if (manifest.id === newest?.id) return false;
    const ageMs = nowMs - manifest.takenMs;
    return ageMs > limits.backup.keptDays * DAY_MS || (manifest.verifiedMs === null && ageMs > UNFINISHED_MS);
  });
}

export function newestVerified(manifests: readonly Manifest[]): Manifest | undefined {
  return manifests
    .filter(({ verifiedMs }) => verifiedMs !== null)
    .toSorted((a, b) => a.takenMs - b.takenMs)
    .at(-1);
}

/** Objects are kept as long as any manifest names them; while one cannot be read, all are kept. */
export async function planPrune(place: Place, all: readonly Shown[], nowMs: number): Promise<PrunePlan> {
  const going = backupsToPrune(all, nowMs);
  const gone = new Set(going.map(({ id }) => id));
  const staying = all.filter(({ id }) => !gone.has(id));
  const isReadable = staying.every(({ manifest }) => manifest !== undefined);
  const named = new Set(staying.flatMap(({ manifest }) => Object.keys(manifest?.objects ?? {})));
  const loose = isReadable ? (await place.list('objects')).filter(({ name }) => !named.has(name)) : [];
  return {
    backups: [...gone],
    objects: loose.map(({ name }) => name),
    freedBytes: loose.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Manifests first: an object without a manifest is only room, a manifest without its object is a broken promise. */
export async function prune(place: Place, plan: PrunePlan): Promise<{ readonly kept: number }> {
  let kept = 0;
  const drop = async (shelf: 'backups' | 'objects', name: string): Promise<void> => {
    try {
      await place.remove(shelf, name);
    } catch (cause) {
      if (!(cause instanceof PlaceProblem) || cause.kind !== 'placeKeeps') throw cause;
      kept += 1; // its time is not over there
    }
  };
  for (const id of plan.backups) await drop('backups', manifestName(id));
  for (const name of plan.objects) await drop('objects', name);
  return { kept };
}

/** Copies that are older than they may be: each a letter somebody may have deleted since. */
export function tooOld(all: readonly Shown[], nowMs: number): readonly Manifest[] {
  return all
    .flatMap(({ manifest }) => manifest ?? [])
    .filter(({ takenMs }) => nowMs - takenMs > limits.backup.keptDays * DAY_MS);
}
