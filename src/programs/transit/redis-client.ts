// One connection to a Redis or Valkey server: over a private socket or TLS, signed in within a bound, or the reason and what to do.

import { createClient, ErrorReply, RESP_TYPES } from '@redis/client';
import { lstatSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname } from 'node:path';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { noAnswer, type StoreFault } from '#post/transit/store/check-redis.ts';
import type { StorePlace } from './open-store-place.ts';

export type Client = ReturnType<typeof clientFor>;

export async function connectStore(place: StorePlace, answerMs: number): Promise<Result<Client, StoreFault>> {
  const fault = place.kind === 'socket' ? judgeSocket(place) : undefined;
  if (fault !== undefined) return err(fault);
  const client = clientFor(place);
  client.on('error', () => undefined);
  let timer: NodeJS.Timeout | undefined;
  // a server that was stopped takes the connection, and never answers the login
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), answerMs);
  });
  const connecting = client.connect();
  connecting.catch(() => undefined);
  try {
    if ((await Promise.race([connecting, late])) !== 'late') return ok(client);
    client.destroy();
    return err(noAnswer);
  } catch (cause) {
    if (client.isOpen) client.destroy();
    return err(faultOf(cause));
  } finally {
    clearTimeout(timer);
  }
}

/** Why there is no connection. */
function faultOf(cause: unknown): StoreFault {
  if (cause instanceof ErrorReply) return cause.message.startsWith('LOADING') ? noAnswer : NOT_KNOWN;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return certificateFault(
      'the store’s certificate is for another host',
      'Write the host in transit-store as the certificate names it.',
    );
  if (/^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/.test(code))
    return certificateFault('the store’s certificate is not valid now', 'Renew it, and look at the clocks of both.');
  if (/CERT|SIGNATURE|ISSUER/.test(code))
    return certificateFault(
      `nobody we trust vouches for the store’s certificate (${code})`,
      'Name the file with the certificate of whoever vouches for it: transit-store-ca.',
    );
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_'))
    return certificateFault(
      'the store speaks no TLS at this port',
      'Set tls-port in redis.conf, and write that port in transit-store.',
    );
  return noAnswer;
}

const NOT_KNOWN: StoreFault = {
  kind: 'login',
  seen: 'the store does not know this user with this password',
  whatToDo:
    'Write the user and the password of its users.acl into the file that transit-store-login names; after a change of users.acl start the store again.',
};

function certificateFault(seen: string, whatToDo: string): StoreFault {
  return { kind: 'certificate', seen, whatToDo };
}

/** A socket of ours or of root's that nobody else can reach: its own mode or its folder's keeps others away. */
function judgeSocket({ path, ownerUid }: Extract<StorePlace, { readonly kind: 'socket' }>): StoreFault | undefined {
  const whatToDo = 'Set unixsocketperm 700 in redis.conf, and let the server run as the user of this program.';
  const fault = (seen: string): StoreFault => ({ kind: 'place', seen, whatToDo });
  try {
    const socket = lstatSync(path);
    const folder = statSync(dirname(path));
    const owners = [process.getuid?.() ?? 0, 0, ...(ownerUid === undefined ? [] : [ownerUid])];
    if (!socket.isSocket()) return fault('the store’s place is no socket');
    if (!owners.includes(socket.uid) || !owners.includes(folder.uid))
      return fault('the store’s socket or its folder is another user’s');
    if ((socket.mode & 0o077) !== 0) return fault('the store’s socket can be reached by other users');
    return (folder.mode & 0o022) !== 0 && (folder.mode & 0o1000) === 0
      ? fault('others can replace the store’s socket')
      : undefined;
  } catch {
    return noAnswer;
  }
}

/** Values come as bytes, names and numbers as they are. */
export const BYTES = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } };

function clientFor(place: StorePlace) {
  const { login } = place;
  const common = { connectTimeout: limits.transit.storeConnectMs, reconnectStrategy: false } as const;
  const socket =
    place.kind === 'socket'
      ? { ...common, path: place.path, tls: false as const }
      : {
          ...common,
          tls: true as const,
          host: place.host,
          port: place.port,
          minVersion: 'TLSv1.2' as const,
          rejectUnauthorized: true,
          ...(place.caPem !== undefined && { ca: place.caPem }),
          ...(isIP(place.host) === 0 && { servername: place.host }),
        };
  return createClient({
    RESP: 2,
    socket,
    username: login.user,
    password: login.password,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
  });
}
