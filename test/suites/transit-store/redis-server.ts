// Debian's redis-server for tests: with exactly the lines of the guide, on a private socket or behind TLS.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '@redis/client';
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
  /** What its operator may: everything. */
  command(...words: readonly string[]): Promise<unknown>;
}

/** Whoever runs the tests as root has programs that become nobody: the server must be theirs. */
export const PROGRAM_USER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

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
  owner,
}: {
  readonly lines?: readonly string[];
  readonly rules?: string;
  readonly isTls?: boolean;
  /** Whose process and folder it is. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
} = {}): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'siegel-redis-'));
  chmodSync(folder, 0o700);
  const { conf, acl } = guideLines();
  const socket = join(folder, 'redis.sock');
  const users = (rules === undefined ? acl : `user default off\nuser siegel on >PASSWORD ${rules}\n`).replace(
    'PASSWORD',
    PASSWORD,
  );
  const operator = `user operator on >${PASSWORD} ~* &* +@all\n`;
  writeFileSync(join(folder, 'users.acl'), `${users}${operator}`, { mode: 0o600 });
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
    if (owner !== undefined)
      for (const path of [folder, ...readdirSync(folder).map((name) => join(folder, name))])
        chownSync(path, owner.uid, owner.gid);
    child = spawn(PROGRAM, [join(folder, 'redis.conf')], { ...owner, stdio: 'ignore' });
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
    async command(...words) {
      const socket =
        place.kind === 'socket'
          ? ({ path: place.path, tls: false } as const)
          : ({ host: '127.0.0.1', port: place.port, tls: true, ca: tls?.caPem, servername: 'localhost' } as const);
      const client = createClient({ socket, username: 'operator', password: PASSWORD, disableClientInfo: true });
      client.on('error', () => undefined);
      await client.connect();
      try {
        return await client.sendCommand(words);
      } finally {
        client.destroy();
      }
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
