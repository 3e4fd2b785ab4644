// Where the room's store is, as the options say: a private socket or a server behind TLS, and who we are there.

import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Config } from '#base/config/read.ts';
import { err, ok, type Result } from '#base/result.ts';

export interface StoreLogin {
  readonly user: string;
  readonly password: string;
}

export type StorePlace =
  | {
      readonly kind: 'socket';
      readonly path: string;
      readonly login: StoreLogin;
      /** Whose it may be beside ours and root's: that of the program, where root looks. */
      readonly ownerUid?: number;
    }
  | {
      readonly kind: 'tls';
      readonly host: string;
      readonly port: number;
      /** Undefined: the machine's own list of authorities. */
      readonly caPem: string | undefined;
      readonly login: StoreLogin;
    };

type Options = Pick<Config, 'transitStore' | 'transitStoreLogin' | 'transitStoreCa'>;
export type StorePlaceRefusal = { readonly kind: 'bad-store'; readonly sentence: string };

const PORT_USUAL = 6_379;

/** Undefined: in the room's own memory. */
export function readStorePlace(options: Options): Result<StorePlace | undefined, StorePlaceRefusal> {
  const { transitStore, transitStoreLogin, transitStoreCa } = options;
  if (transitStore === undefined) return ok(undefined);
  const login = readLogin(transitStoreLogin);
  if (!login.ok) return login;
  if (transitStore.startsWith('/')) return ok({ kind: 'socket', path: transitStore, login: login.value });
  const url = URL.parse(transitStore);
  if (url === null || url.protocol !== 'rediss:' || url.hostname === '' || url.username !== '' || url.password !== '')
    return refuse('transit-store must be the path of a socket, or rediss://HOST:PORT without a login in it.');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const caPem = readCa(transitStoreCa);
  if (!caPem.ok) return caPem;
  return ok({ kind: 'tls', host, port: Number(url.port || PORT_USUAL), caPem: caPem.value, login: login.value });
}

function readLogin(path: string | undefined): Result<StoreLogin, StorePlaceRefusal> {
  if (path === undefined)
    return refuse('transit-store needs transit-store-login: a file of mode 600 with two lines, user and password.');
  try {
    const [user, password, ...more] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
    const isPrivate = (statSync(path).mode & 0o077) === 0;
    if (isPrivate && user && password && more.length === 0) return ok({ user, password });
    return refuse(
      `transit-store-login names ${path}, which must have mode 600 and hold two lines: user and password of the store.`,
    );
  } catch {
    return refuse(
      `transit-store-login names ${path}, which cannot be read. Look at its path, its owner and its folder.`,
    );
  }
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function readCa(path: string | undefined): Result<string | undefined, StorePlaceRefusal> {
  if (path === undefined) return ok(undefined);
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch {
    return refuse(`transit-store-ca names ${path}, which cannot be read. Look at its path, its owner and its folder.`);
  }
  // TLS passes over what is none, and then trusts nobody
  const certificates = pem.match(CERTIFICATE) ?? [];
  return certificates.length > 0 && certificates.every(isCertificate)
    ? ok(pem)
    : refuse(
        `transit-store-ca names ${path}, which holds no whole certificate. Give the PEM file (BEGIN CERTIFICATE) of whoever vouches for the store.`,
      );
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function refuse(sentence: string): { readonly ok: false; readonly error: StorePlaceRefusal } {
  return err({ kind: 'bad-store', sentence });
}
