// Debian's rspamd for tests: its own folder, an unprivileged user, no name server, only the test patterns that it always knows.

import { spawn, spawnSync } from 'node:child_process';
import { chmod, chown, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { LocalService } from '#base/config/values.ts';

export const rspamdSkip = spawnSync('rspamd', ['--version']).status !== 0 && 'rspamd is not installed';

export interface TestRspamd extends AsyncDisposable {
  readonly byPort: LocalService;
  readonly bySocket: LocalService;
  /** Ends it, and tells which of the texts stand in anything it wrote: logs, and the history that it writes at its end. */
  findWritten(needles: readonly string[]): Promise<readonly string[]>;
}

const NOBODY = 65_534;
const READY_WAIT_MS = 20_000;

/** `logLevel` warning is what the recipe in docs/guide/rspamd.md says. */
export async function startRspamd(logLevel: 'warning' | 'info' = 'warning'): Promise<TestRspamd> {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-rspamd-'));
  const socketPath = join(folder, 's');
  const port = await freePort();
  await writeFile(join(folder, 'tld'), 'test\ncom\n');
  await writeFile(join(folder, 'conf'), configText(folder, port, logLevel));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(folder, NOBODY, NOBODY);
  await chmod(folder, 0o755);
  const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const child = spawn('rspamd', ['-f', '-c', join(folder, 'conf')], { ...user, cwd: folder, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const untilMs = performance.now() + READY_WAIT_MS;
  while (
    !(await fetch(`http://127.0.0.1:${port}/ping`).then(
      (answer) => answer.ok,
      () => false,
    ))
  ) {
    if (performance.now() > untilMs || child.exitCode !== null) throw new Error('rspamd did not start');
    await wait(100);
  }
  return {
    byPort: { origin: `http://127.0.0.1:${port}`, socketPath: undefined },
    bySocket: { origin: 'http://127.0.0.1', socketPath },
    async findWritten(needles) {
      child.kill('SIGTERM');
      await ended;
      const names = await readdir(folder, { recursive: true, withFileTypes: true });
      const found: string[] = [];
      for (const { parentPath, name } of names.filter((entry) => entry.isFile())) {
        const bytes = await readFile(join(parentPath, name));
        for (const needle of needles) if (bytes.includes(needle)) found.push(`${needle} in ${name}`);
      }
      return found;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await Promise.race([ended, wait(5_000).then(() => child.kill('SIGKILL'))]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configText(folder: string, port: number, logLevel: string): string {
  return `
options {
  filters = ""; url_tld = "${folder}/tld"; disable_hyperscan = true;
  cache_file = "${folder}/cache"; history_file = "${folder}/history"; hs_cache_dir = "${folder}"; tempdir = "${folder}";
  enable_test_patterns = true; gtube_patterns = "all"; pidfile = false;
  dns { nameserver = ["127.0.0.1:1"]; timeout = 0.1s; retransmits = 1; }
  local_addrs = [];
}
logging { type = "file"; filename = "${folder}/log"; level = "${logLevel}"; }
worker { normal { type = normal; count = 1; bind_socket = "127.0.0.1:${port}"; bind_socket = "${folder}/s mode=0666"; } }
actions { reject = 15; add_header = 6; greylist = 4; }
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === 'object' && address !== null ? address.port : 0;
}
