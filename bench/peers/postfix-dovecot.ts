// Throw-away Postfix and Dovecot with their default durability, in a folder of their own, on loopback: the peers of the intake bench.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';

export interface Peers {
  readonly smtpPort: number;
  readonly lmtpSocket: string;
  readonly versions: string;
  /** Letters that lie in maildirs. */
  countDelivered(): Promise<number>;
  stop(): Promise<void>;
}

const MAIL_UID = 65_534;

/** Why the peers cannot run here, or undefined when they can. */
export function peersMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'Postfix and Dovecot are compared only by root';
  if (!existsSync('/usr/sbin/postfix')) return 'Debian package postfix is not installed';
  if (!existsSync('/usr/sbin/dovecot') || !existsSync('/usr/lib/dovecot/lmtp'))
    return 'Debian packages dovecot-core and dovecot-lmtpd are not installed';
  return undefined;
}

/** Starts Dovecot LMTP → maildir (with mail_crypt if asked) and Postfix smtpd in front of it. */
export async function startPeers(options: { readonly domain: string; readonly mailCrypt: boolean }): Promise<Peers> {
  const directory = await mkdtemp('/tmp/siegel-peers-');
  await chmod(directory, 0o755);
  const smtpPort = await freePort();
  const dovecot = await startDovecot(directory, options.mailCrypt);
  await startPostfix(
    directory,
    smtpPort,
    `virtual_mailbox_domains = ${options.domain}
virtual_mailbox_maps = static:all
virtual_transport = lmtp:unix:${join(directory, 'dovecot', 'lmtp')}`,
  );
  const postfixVersion = spawnSync('postconf', ['-h', 'mail_version']).stdout.toString().trim();
  const dovecotVersion = spawnSync('dovecot', ['--version']).stdout.toString().split(' ')[0];
  return {
    smtpPort,
    lmtpSocket: join(directory, 'dovecot', 'lmtp'),
    versions: `Postfix ${postfixVersion}, Dovecot ${dovecotVersion}`,
    countDelivered: () => countMaildirs(join(directory, 'mail')),
    async stop() {
      spawnSync('postfix', ['-c', join(directory, 'postfix'), 'stop']);
      dovecot.kill('SIGTERM');
      await wait(500);
      dovecot.kill('SIGKILL');
      await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

async function startDovecot(directory: string, mailCrypt: boolean): Promise<ChildProcess> {
  const base = join(directory, 'dovecot');
  await mkdir(base);
  await mkdir(join(directory, 'mail'));
  await chown(join(directory, 'mail'), MAIL_UID, MAIL_UID);
  const crypt = mailCrypt ? await cryptSettings(base) : '';
  const config = `
base_dir = ${join(base, 'run')}
state_dir = ${join(base, 'run')}
log_path = ${join(base, 'log')}
protocols = lmtp
ssl = no
first_valid_uid = 1
mail_location = maildir:${join(directory, 'mail')}/%u
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=${MAIL_UID} gid=${MAIL_UID} home=${join(directory, 'mail')}/%u allow_all_users=yes
}
service lmtp {
  unix_listener ${join(base, 'lmtp')} {
    mode = 0666
  }
}
service anvil {
  unix_listener anvil {
    mode = 0600
  }
}
${crypt}
`;
  const path = join(base, 'dovecot.conf');
  await writeFile(path, config);
  const child = spawn('dovecot', ['-F', '-c', path], { stdio: 'ignore' });
  await waitFor(() => existsSync(join(base, 'lmtp')), 'Dovecot did not open its LMTP socket');
  return child;
}

async function cryptSettings(base: string): Promise<string> {
  const run = (command: string): void => {
    spawnSync('sh', ['-c', command], { cwd: base });
  };
  run(
    'openssl ecparam -name prime256v1 -genkey | openssl pkey -out private.pem && openssl pkey -in private.pem -pubout -out public.pem',
  );
  return `
mail_plugins = mail_crypt
plugin {
  mail_crypt_global_private_key = <${join(base, 'private.pem')}
  mail_crypt_global_public_key = <${join(base, 'public.pem')}
  mail_crypt_save_version = 2
}
`;
}

/** A Postfix with its defaults, smtpd on `port`; `settings`: where its letters go. */
export async function startPostfix(directory: string, port: number, settings: string): Promise<void> {
  const base = join(directory, 'postfix');
  await mkdir(base);
  await mkdir(join(directory, 'spool'));
  await mkdir(join(directory, 'state'));
  const [, postfixUid = '0', postfixGid = '0'] =
    /uid=(\d+).*?gid=(\d+)/.exec(spawnSync('id', ['postfix']).stdout.toString()) ?? [];
  await chown(join(directory, 'state'), Number(postfixUid), Number(postfixGid));
  const master = (await readFile('/usr/share/postfix/master.cf.dist', 'utf8'))
    .replace(/^smtp\s+inet.*$/m, `127.0.0.1:${port} inet n - n - - smtpd`)
    .replace(/^(\S+\s+\S+\s+\S+\s+\S+\s+)y/gm, '$1n');
  await writeFile(join(base, 'master.cf'), master);
  const mainCf = `
compatibility_level = 3.6
queue_directory = ${join(directory, 'spool')}
data_directory = ${join(directory, 'state')}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = peer.example
mydestination =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
maillog_file = ${join(directory, 'maillog')}
maillog_file_prefixes = ${directory}
${settings}
`;
  await writeFile(join(base, 'main.cf'), mainCf);
  const started = spawnSync('postfix', ['-c', base, 'start'], { stdio: ['ignore', 'pipe', 'pipe'] });
  if (started.status !== 0) throw new Error(`Postfix did not start: ${started.stderr.toString()}`);
  await waitFor(async () => portAnswers(port), 'Postfix does not answer');
}

async function portAnswers(port: number): Promise<boolean> {
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.end('QUIT\r\n');
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function countMaildirs(directory: string): Promise<number> {
  let count = 0;
  for (const user of await readdir(directory)) {
    for (const part of ['new', 'cur']) count += (await readdir(join(directory, user, part)).catch(() => [])).length;
  }
  return count;
}

async function waitFor(ready: () => boolean | Promise<boolean>, sentence: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await ready()) return;
    await wait(100);
  }
  throw new Error(sentence);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
