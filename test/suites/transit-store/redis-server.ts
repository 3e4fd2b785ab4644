// Debian's redis-server for tests: with exactly the lines of the guide, on a private socket or behind TLS.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { StorePlace } from '../../../src/programs/transit/open-store-place.ts';

const PROGRAM = '/usr/bin/redis-server';
const PASSWORD = 'Sommer-im-Moor-4711';
const LOOKS_MAX = 200;
const LOOK_MS = 25;

export const redisSkip = existsSync(PROGRAM) ? undefined : 'redis-server is not installed';

export interface RedisServer extends Disposable {
  readonly folder: string;
  readonly place: StorePlace;
  readonly pid: number;
  start(lines?: readonly string[]): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Lines of redis.conf and of the users' file, out of the guide. */
export function guideLines(): { readonly conf: readonly string[]; readonly acl: string } {
  const guide = readFileSync(join(import.meta.dirname, '../../../docs/guide/transit.md'), 'utf8');
  const [, conf = ''] = /```conf\n# redis\.conf\n([\s\S]*?)```/.exec(guide) ?? [];
  const [, acl = ''] = /```conf\n# users\.acl\n([\s\S]*?)```/.exec(guide) ?? [];
  return { conf: conf.trim().split('\n'), acl };
}

export async function startRedis({
  lines = [],
  rules,
  isTls = false,
}: {
  readonly lines?: readonly string[];
  readonly rules?: string;
  readonly isTls?: boolean;
} = {}): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'siegel-redis-'));
  chmodSync(folder, 0o700);
  const { conf, acl } = guideLines();
  const socket = join(folder, 'redis.sock');
  const users = (rules === undefined ? acl : `user default off\nuser siegel on >PASSWORD ${rules}\n`).replace(
    'PASSWORD',
    PASSWORD,
  );
  writeFileSync(join(folder, 'users.acl'), users, { mode: 0o600 });
  const login = { user: 'siegel', password: PASSWORD };
  const tls = isTls ? await tlsOf(folder) : undefined;
  const place: StorePlace =
    tls === undefined
      ? { kind: 'socket', path: socket, login }
      : { kind: 'tls', host: 'localhost', port: tls.port, caPem: tls.caPem, login };
  let child: ChildProcess | undefined;
  const start = async (more: readonly string[] = []): Promise<void> => {
    const all = conf.map((line) =>
      line
        .replace(/^unixsocket .*/, `unixsocket ${socket}`)
        .replace(/^aclfile .*/, `aclfile ${join(folder, 'users.acl')}`),
    );
    writeFileSync(
      join(folder, 'redis.conf'),
      [...all, `dir ${folder}`, ...(tls?.lines ?? []), ...lines, ...more, ''].join('\n'),
    );
    child = spawn(PROGRAM, [join(folder, 'redis.conf')], { stdio: 'ignore' });
    for (let looks = 0; looks < LOOKS_MAX; looks++) {
      if (await answers(tls === undefined ? socket : tls.port)) return;
      await wait(LOOK_MS);
    }
    throw new Error('redis-server did not start');
  };
  await start();
  return {
    folder,
    place,
    get pid() {
      return child?.pid ?? 0;
    },
    start,
    async kill(signal) {
      if (child === undefined) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await gone;
    },
    [Symbol.dispose]() {
      child?.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function tlsOf(
  folder: string,
): Promise<{ readonly port: number; readonly caPem: string; readonly lines: readonly string[] }> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  execFileSync('openssl', [...made, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const address = free.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  free.close();
  await once(free, 'close');
  const lines = [
    `tls-port ${port}`,
    'bind 127.0.0.1 -::1',
    `tls-cert-file ${cert}`,
    `tls-key-file ${key}`,
    'tls-auth-clients no',
  ];
  return { port, caPem: readFileSync(cert, 'utf8'), lines };
}

function answers(where: string | number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = typeof where === 'string' ? connect(where) : connect(where, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
