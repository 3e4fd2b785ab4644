// What may be asked: from the text of a URL to host, port and the addresses that the connection is pinned to.

import { isIP } from 'node:net';
import { limits } from '../limits.ts';
import { err, ok, type Result } from '../result.ts';
import type { Destination } from './destinations.ts';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';
import type { ResolveName, ResolveRefusal } from './resolve-name.ts';

/** A URL that keeps the rules of its kind; whose addresses are still to be looked at. */
export interface Target {
  readonly url: URL;
  readonly isSecure: boolean;
  /** A name, or an address without brackets. */
  readonly hostname: string;
}

export type TargetRefusal =
  | { readonly kind: 'badUrl' }
  | { readonly kind: 'notHttps' }
  | { readonly kind: 'badPort' }
  /** A local kind was to leave this machine. */
  | { readonly kind: 'notLocal' };
/** The name has no address that may be asked. */
export type AddressRefusal = ResolveRefusal | { readonly kind: 'notPublic' };

export function readTarget(
  text: string,
  { reach }: Pick<Destination, 'reach'>,
  mayPrivate: boolean,
): Result<Target, TargetRefusal> {
  const url = text.length > limits.outgoing.urlCharacters ? null : URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') return err({ kind: 'badUrl' });
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return err({ kind: 'badUrl' });
  const isSecure = url.protocol === 'https:';
  // The parser has brought every odd notation of an IPv4 address (0x7f.1, 2130706433) into the usual one.
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (hostname === '') return err({ kind: 'badUrl' });
  if (reach === 'local')
    return isLoopbackAddress(hostname) ? ok({ url, isSecure, hostname }) : err({ kind: 'notLocal' });
  if (!isSecure && !mayPrivate) return err({ kind: 'notHttps' });
  if (url.port !== '' && !mayPrivate) return err({ kind: 'badPort' });
  return ok({ url, isSecure, hostname });
}

/** The addresses a connection may go to; plain HTTP goes to private ones only. */
export async function findAddresses(
  { isSecure, hostname }: Target,
  { reach }: Pick<Destination, 'reach'>,
  { resolve, mayPrivate }: { readonly resolve: ResolveName; readonly mayPrivate: boolean },
): Promise<Result<readonly string[], AddressRefusal>> {
  if (reach === 'local') return ok([hostname]);
  const found = isIP(hostname) === 0 ? await resolve(hostname) : ok([hostname]);
  if (!found.ok) return found;
  const allowed = found.value
    .filter((address) => isIP(address) !== 0)
    .filter((address) => (isPublicAddress(address) ? isSecure : mayPrivate))
    .slice(0, limits.outgoing.addressesMax);
  return allowed.length > 0 ? ok(allowed) : err({ kind: found.value.length > 0 ? 'notPublic' : 'noSuchHost' });
}
