// Where the room's store is, as the options say: a private socket or a server behind TLS, and who we are there.

import { readFileSync, statSync } from 'node:fs';
import type { Config } from '#base/config/read.ts';
import { err, ok, type Result } from '#base/result.ts';

export interface StoreLogin {
  readonly user: string;
  readonly password: string;
}

export type StorePlace =
  | { readonly kind: 'socket'; readonly path: string; readonly login: StoreLogin }
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
  if (login === undefined)
    return refuse('transit-store-login must name a file of mode 600 with two lines: user and password.');
  if (transitStore.startsWith('/')) return ok({ kind: 'socket', path: transitStore, login });
  const url = URL.parse(transitStore);
  if (url === null || url.protocol !== 'rediss:' || url.hostname === '' || url.username !== '' || url.password !== '')
    return refuse('transit-store must be the path of a socket, or rediss://HOST:PORT without a login in it.');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  try {
    const caPem = transitStoreCa === undefined ? undefined : readFileSync(transitStoreCa, 'utf8');
    return ok({ kind: 'tls', host, port: Number(url.port || PORT_USUAL), caPem, login });
  } catch {
    return refuse('transit-store-ca names a file that cannot be read.');
  }
}

function readLogin(path: string | undefined): StoreLogin | undefined {
  try {
    if (path === undefined || (statSync(path).mode & 0o077) !== 0) return undefined;
    const [user, password, ...more] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
    return user && password && more.length === 0 ? { user, password } : undefined;
  } catch {
    return undefined;
  }
}

function refuse(sentence: string): { readonly ok: false; readonly error: StorePlaceRefusal } {
  return err({ kind: 'bad-store', sentence });
}
