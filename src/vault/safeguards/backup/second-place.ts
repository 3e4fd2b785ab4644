// The second place: takes a backup only when it counts and goes on from what is there; gives nothing away before its time.

import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { BackupKeys } from './backup-keys.ts';
import { formatManifest, type Manifest } from './manifest.ts';
import { digestOf } from './object-store.ts';
import { manifestName, PlaceProblem, type Place, type Shelf } from './place.ts';
import { readManifest } from './prove-backup.ts';
import { planPrune, type Shown } from './prune.ts';
import type { BackupRefusal } from './refusals.ts';

const KEEP_MS = limits.backup.keptDays * 86_400_000;

export interface PassOrder {
  readonly from: Place;
  readonly to: Place;
  readonly keys: BackupKeys;
  readonly id: string;
  readonly clock: Clock;
  /** Against the running journal: the backup is of it, and it goes on from what lies at the second place. */
  readonly findBreak: (manifest: Manifest, there: readonly Manifest[]) => Promise<string | undefined>;
  readonly step?: (name: string) => Promise<void>;
}

export interface Passed {
  readonly manifest: Manifest;
  readonly writtenBytes: number;
}

/** Copies a verified backup’s objects as they are, each compared with the signed manifest; the manifest comes last. */
export async function passOn(order: PassOrder): Promise<Result<Passed, BackupRefusal>> {
  const { from, to, keys, id, clock } = order;
  const found = await readManifest(from, keys, id);
  if (!found.ok) return found;
  const manifest = found.value;
  if (manifest.verifiedMs === null) return err({ kind: 'notVerified', id });
  const there = (await listPlace(to, keys)).flatMap((one) => one.manifest ?? []);
  const since = await order.findBreak(manifest, there);
  if (since !== undefined) return err({ kind: 'notContinued', since });
  const keepUntilMs = clock.nowMs() + KEEP_MS;
  const bodies = closedBodies(manifest);
  let writtenBytes = 0;
  for (const [name, facts] of Object.entries(manifest.objects)) {
    const shelf: Shelf = bodies.has(name) ? 'bodies' : 'objects';
    if ((await to.size(shelf, name)) === facts.sealedBytes) continue;
    const sealed = await from.read('objects', name);
    if (sealed === undefined) return err({ kind: 'objectMissing', object: name, path: pathOf(manifest, name) });
    if (sealed.length !== facts.sealedBytes || digestOf(sealed) !== facts.digest)
      return err({ kind: 'objectDamaged', object: name, path: pathOf(manifest, name) });
    await to.write(shelf, name, sealed, keepUntilMs);
    writtenBytes += sealed.length;
    await order.step?.('object');
  }
  await to.write('backups', manifestName(id), formatManifest(manifest, keys.signs), keepUntilMs);
  return ok({ manifest, writtenBytes });
}

/** Pieces of closed segments of the body lane: they never change, are useless alone, and stay for ever. */
function closedBodies({ files }: Manifest): ReadonlySet<string> {
  const bodies = files
    .filter(({ path }) => /^journal\/\d+\/body-/.test(path))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const open = new Set(bodies.at(-1)?.objects);
  return new Set(bodies.slice(0, -1).flatMap(({ objects }) => objects.filter((name) => !open.has(name))));
}

function pathOf({ files }: Manifest, object: string): string {
  return files.find(({ objects }) => objects.includes(object))?.path ?? '';
}

export async function listPlace(place: Place, keys: Pick<BackupKeys, 'checks'>): Promise<readonly Shown[]> {
  const shown: Shown[] = [];
  for (const { name } of await place.list('backups')) {
    const id = name.slice(0, -'.manifest'.length);
    const read = await readManifest(place, keys, id);
    shown.push({ id, manifest: read.ok ? read.value : undefined });
  }
  return shown;
}

/** A place that removes nothing before its 30 days are over, and no body ever; objects are found on either shelf. */
export function keeping(place: Place, clock: Clock): Place {
  return {
    name: place.name,
    list: (shelf) => place.list(shelf),
    size: (shelf, name) => place.size(shelf, name),
    read: async (shelf, name) =>
      (await place.read(shelf, name)) ?? (shelf === 'objects' ? place.read('bodies', name) : undefined),
    write: (shelf, name, bytes, keepUntilMs) => place.write(shelf, name, bytes, keepUntilMs),
    async remove(shelf, name) {
      const writtenMs = (await place.list(shelf)).find((one) => one.name === name)?.writtenMs;
      if (writtenMs === undefined) return;
      const isKept = shelf === 'bodies' || clock.nowMs() - writtenMs < KEEP_MS;
      if (isKept) throw new PlaceProblem('placeKeeps', place.name, 'before its time');
      await place.remove(shelf, name);
    },
  };
}

/** Backups there that are older than 30 days go, and the parts that nothing names any more, as far as their time is over. */
export async function pruneSecond(
  place: Place,
  keys: Pick<BackupKeys, 'checks'>,
  clock: Clock,
): Promise<{ readonly removed: number; readonly kept: number }> {
  const plan = await planPrune(place, await listPlace(place, keys), clock.nowMs());
  const due = new Set(
    (await place.list('objects'))
      .filter(({ writtenMs }) => clock.nowMs() - writtenMs >= KEEP_MS)
      .map(({ name }) => name),
  );
  let [removed, kept] = [0, 0];
  for (const [shelf, name] of [
    ...plan.backups.map((id) => ['backups', manifestName(id)] as const),
    ...plan.objects.filter((name) => due.has(name)).map((name) => ['objects', name] as const),
  ]) {
    try {
      await place.remove(shelf, name);
      removed += 1;
    } catch (cause) {
      if (!(cause instanceof PlaceProblem) || cause.kind !== 'placeKeeps') throw cause;
      kept += 1;
    }
  }
  return { removed, kept };
}
