// Other people's OpenPGP programs that open a stored letter with the account's key: gpg and sq, when they are installed.

import { execFile, spawnSync } from 'node:child_process';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PLAIN_BYTES_MAX = 256 * 1024 * 1024;
const AT_ONCE = 4;

export interface OpenOrder {
  /** Empty, for the program's own files. */
  readonly folder: string;
  readonly keyFile: string;
  /** Letters as `user export --format pgp` wrote them. */
  readonly paths: readonly string[];
}

export interface Opener {
  readonly program: string;
  /** Path → what came out; no entry for what did not open. */
  open(order: OpenOrder): Promise<ReadonlyMap<string, Buffer>>;
}

const gpg: Opener = {
  program: 'gpg',
  async open({ folder, keyFile, paths }) {
    const common = ['--homedir', folder, '--batch', '--quiet'];
    const letters = join(folder, 'letters');
    await mkdir(letters);
    // gpg writes beside its input, under the name without .pgp
    for (const [n, path] of paths.entries()) await copyFile(path, join(letters, `${n}.pgp`));
    try {
      await run('gpg', [...common, '--import', keyFile]);
      const names = paths.map((_, n) => `${n}.pgp`);
      await run('gpg', [...common, '--multifile', '--decrypt', ...names], { cwd: letters }).catch(() => undefined);
    } finally {
      await run('gpgconf', ['--homedir', folder, '--kill', 'all']).catch(() => undefined);
    }
    return collect(paths, (_, n) => readFile(join(letters, String(n))));
  },
};

const sq: Opener = {
  program: 'sq',
  async open({ keyFile, paths }) {
    const options = { encoding: 'buffer', maxBuffer: PLAIN_BYTES_MAX } as const;
    return collect(
      paths,
      async (path) => (await run('sq', ['decrypt', '--recipient-key', keyFile, path], options)).stdout,
    );
  },
};

export function installedOpeners(): readonly Opener[] {
  return [gpg, sq].filter(({ program }) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0);
}

async function collect(
  paths: readonly string[],
  open: (path: string, n: number) => Promise<Buffer>,
): Promise<ReadonlyMap<string, Buffer>> {
  const opened = new Map<string, Buffer>();
  const waiting = paths.entries();
  const work = async (): Promise<void> => {
    for (const [n, path] of waiting) {
      const plain = await open(path, n).catch(() => undefined);
      if (plain) opened.set(path, plain);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return opened;
}
