// A throw-away Postfix that takes letters by SMTP and hands all of them on to one host: the peer of the delivery bench.

import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, startPostfix } from './postfix-dovecot.ts';

export interface PostfixRelay {
  readonly version: string;
  /** Hands letters in with Postfix's own smtp-source, over so many connections. */
  handIn(letters: number, letterBytes: number, connections: number): Promise<void>;
  stop(): Promise<void>;
}

export function relayMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'Postfix is compared only by root';
  const isThere = ['postfix', 'smtp-source'].every((name) => existsSync(`/usr/sbin/${name}`));
  return isThere ? undefined : 'Debian package postfix is not installed';
}

export async function startPostfixRelay(toPort: number): Promise<PostfixRelay> {
  const directory = await mkdtemp('/tmp/siegel-relay-');
  await chmod(directory, 0o755);
  const port = await freePort();
  await startPostfix(
    directory,
    port,
    `relayhost = [127.0.0.1]:${toPort}\nsmtpd_recipient_restrictions = permit_mynetworks,reject`,
  );
  const version = spawnSync('postconf', ['-h', 'mail_version']).stdout.toString().trim();
  return {
    version: `Postfix ${version}`,
    async handIn(letters, letterBytes, connections) {
      const words = ['-s', connections, '-l', letterBytes, '-m', letters, '-f', 'bench@siegel.test'].map(String);
      await promisify(execFile)('/usr/sbin/smtp-source', [...words, '-t', 'ben@sink.test', `127.0.0.1:${port}`]);
    },
    async stop() {
      spawnSync('postfix', ['-c', join(directory, 'postfix'), 'stop']);
      await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
