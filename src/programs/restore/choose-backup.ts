// Which backup is brought back: a place and perhaps an id, or the file of a manifest; and whether the kit belongs to it.

import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { systemClock } from '#base/clock.ts';
import { clockOf, type Config } from '#base/config/read.ts';
import * as values from '#base/config/values.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';
import { backupKeysOf, type BackupKeys } from '#vault/safeguards/backup/backup-keys.ts';
import { openFolderPlace } from '#vault/safeguards/backup/folder-place.ts';
import { isBackupId, type Manifest } from '#vault/safeguards/backup/manifest.ts';
import type { Place } from '#vault/safeguards/backup/place.ts';
import { readManifest } from '#vault/safeguards/backup/prove-backup.ts';
import { newestVerified } from '#vault/safeguards/backup/prune.ts';
import { explainProof, type ProofRefusal } from '#vault/safeguards/backup/refusals.ts';
import { keeping } from '#vault/safeguards/backup/second-place.ts';
import type { CommandRefusal } from '../command.ts';
import { openOutgoing } from '../server/open-outgoing.ts';
import { openStore } from '../server/second-place.ts';

export interface Chosen {
  readonly place: Place;
  readonly keys: BackupKeys;
  readonly manifest: Manifest;
}

const SUFFIX = '.manifest';
const SAFE = 'Nothing was written.';

/** `text`: PLACE, PLACE#ID, or PLACE/backups/ID.manifest. */
export async function chooseBackup(
  text: string,
  kit: KeyKit,
  config?: Config,
): Promise<Result<Chosen, CommandRefusal>> {
  const { folder, id } = splitBackup(text);
  const opened = await openPlace(folder, config);
  if (!opened.ok) return opened;
  const place = opened.value;
  const keys = backupKeysOf(kit);
  if (id !== undefined) {
    if (!isBackupId(id))
      return refuse('bad-id', `“${id}” is no id of a backup. ${SAFE} See the files in ${folder}/backups`);
    const read = await readManifest(place, keys, id);
    return read.ok ? ok({ place, keys, manifest: read.value }) : refuseProof(read.error);
  }
  const found: Manifest[] = [];
  let why: ProofRefusal | undefined;
  for (const { name } of await place.list('backups')) {
    const read = await readManifest(place, keys, name.slice(0, -SUFFIX.length));
    if (read.ok) found.push(read.value);
    else why = read.error;
  }
  const manifest = newestVerified(found);
  if (manifest !== undefined) return ok({ place, keys, manifest });
  if (why !== undefined) return refuseProof(why);
  const sentence = `There is no backup in ${folder} that was restored and found whole. ${SAFE} Name one to try it all the same: --backup ${folder}#ID`;
  return refuse('no-backup', sentence);
}

/** A folder, or a store on the net with the login that the options name; parts are found on either shelf. */
async function openPlace(text: string, config: Config | undefined): Promise<Result<Place, CommandRefusal>> {
  const clock = config === undefined ? systemClock : clockOf(config);
  const where = values.secondPlace(text);
  if (where?.kind === 's3' && config !== undefined) {
    const store = openStore(where, config.secondPlaceLogin, { outgoing: openOutgoing(config, clock), clock });
    return store.ok ? ok(keeping(store.value, clock)) : refuse(store.error.kind, store.error.sentence);
  }
  if ((await stat(text).catch(() => undefined))?.isDirectory()) return ok(keeping(await openFolderPlace(text), clock));
  return refuse('no-place', `${text} is no folder with backups. ${SAFE} Name the place: --backup PLACE`);
}

function splitBackup(text: string): { readonly folder: string; readonly id: string | undefined } {
  if (text.endsWith(SUFFIX)) return { folder: dirname(dirname(text)), id: basename(text, SUFFIX) };
  const at = text.lastIndexOf('#');
  return at < 0 ? { folder: text, id: undefined } : { folder: text.slice(0, at), id: text.slice(at + 1) };
}

export function refuseProof(refusal: ProofRefusal): { readonly ok: false; readonly error: CommandRefusal } {
  const next =
    refusal.kind === 'manifestForeign' || refusal.kind === 'otherInstance' || refusal.kind === 'loginRefused'
      ? 'Give the kit that belongs to it: --kit FILE'
      : 'Take another backup: --backup PLACE#ID';
  return refuse(refusal.kind, `${explainProof(refusal)} ${SAFE} ${next}`);
}

export function refuse(reason: string, sentence: string): { readonly ok: false; readonly error: CommandRefusal } {
  return err({ kind: 'refused', reason, sentence });
}
