// The second place for backups as the options name it: a folder, or a store on the net with its login out of a file.

import { readFileSync, statSync } from 'node:fs';
import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import type { SecondPlace } from '#base/config/values.ts';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import { err, ok, type Result } from '#base/result.ts';
import { openFolderPlace } from '#vault/safeguards/backup/folder-place.ts';
import type { Place } from '#vault/safeguards/backup/place.ts';
import { S3Place } from '#vault/safeguards/backup/s3-place.ts';
import type { S3Login } from '#vault/safeguards/backup/s3-signature.ts';
import { keeping } from '#vault/safeguards/backup/second-place.ts';
import type { Identity } from '../drop-privileges.ts';
import { prepareFolder } from '../folders.ts';

export interface SecondPlaceDoor {
  readonly name: string;
  readonly isFolder: boolean;
  /** Anew each time: it may have been unmounted since. */
  open(): Promise<Place>;
}

interface Parts {
  readonly identity: Identity | undefined;
  readonly outgoing: Outgoing;
  readonly clock: Clock;
}

export interface SecondPlaceRefusal {
  readonly kind: string;
  readonly sentence: string;
}

const OTHERS = 0o077;

/** Read while every path can be reached. Undefined: none is named. */
export function prepareSecondPlace(
  { secondPlace, secondPlaceLogin }: Pick<Config, 'secondPlace' | 'secondPlaceLogin'>,
  { identity, outgoing, clock }: Parts,
): Result<SecondPlaceDoor | undefined, SecondPlaceRefusal> {
  if (secondPlace === undefined) return ok(undefined);
  if (secondPlace.kind === 'folder') {
    const folder = prepareFolder(secondPlace.path, identity);
    // a disk that is not there stops no mail; each day’s try says so
    const path = folder.ok ? folder.value : secondPlace.path;
    return ok({
      name: secondPlace.path,
      isFolder: true,
      open: async () => keeping(await openFolderPlace(path, secondPlace.path), clock),
    });
  }
  const place = openStore(secondPlace, secondPlaceLogin, { outgoing, clock });
  return place.ok
    ? ok({ name: place.value.name, isFolder: false, open: async () => keeping(place.value, clock) })
    : place;
}

/** A store on the net; its login is read now. */
export function openStore(
  where: Extract<SecondPlace, { readonly kind: 's3' }>,
  loginFile: string | undefined,
  { outgoing, clock }: Pick<Parts, 'outgoing' | 'clock'>,
): Result<S3Place, SecondPlaceRefusal> {
  const login = readLogin(loginFile);
  return login.ok ? ok(new S3Place({ where, login: login.value, outgoing, clock })) : login;
}

function readLogin(path: string | undefined): Result<S3Login, SecondPlaceRefusal> {
  if (path === undefined) {
    const sentence =
      'second-place names a store on the net: give its login with SIEGEL_SECOND_PLACE_LOGIN, a file of two lines.';
    return err({ kind: 'no-login', sentence });
  }
  try {
    if ((statSync(path).mode & OTHERS) !== 0)
      return err({ kind: 'login-permissions', sentence: `${path} may be read by others. Run: chmod 600 '${path}'` });
    const [accessKey = '', secretKey = ''] = readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.trim());
    if (/^[\x21-\x7e]{3,128}$/.test(accessKey) && /^[\x21-\x7e]{3,256}$/.test(secretKey))
      return ok({ accessKey, secretKey });
    return err({ kind: 'login-malformed', sentence: `${path} must hold two lines: access key and secret key.` });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    return err({
      kind: 'login-unreadable',
      sentence: `${path} cannot be read (${code}). Name a file that holds the login of the second place.`,
    });
  }
}
