// The whole program as a child process in a folder of its own, as a person starts it; for journeys, soak and benches.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';

export const projectDir = fileURLToPath(new URL('..', import.meta.url));

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProgram {
  readonly dataDir: string;
  readonly smtpPort: number;
  readonly httpPort: number;
  readonly url: string;
  readonly env: NodeJS.ProcessEnv;
  readonly pid: number;
  /** What it printed so far. */
  output(): string;
  /** Runs `./siegel …` against it. */
  siegel(words: readonly string[], input?: string): Promise<CommandResult>;
  /** An invitation and a sign-up; returns the address. */
  signUp(name: string, password: string): Promise<string>;
  kill(): Promise<void>;
  /** Starts again on the same folder and ports. */
  restart(): Promise<RunningProgram>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly directory?: string;
  readonly readyWaitMs?: number;
  /** Another main file instead of `./siegel start`: a twin. */
  readonly script?: string;
  /** It has a certificate and serves HTTPS; this process must trust it. */
  readonly isSecure?: boolean;
  /** Words before the main file's command: what watches it, ending with its own process id. */
  readonly under?: readonly string[];
  readonly ports?: { readonly smtp: number; readonly http: number };
}

export async function startProgram(options: ProgramOptions = {}): Promise<RunningProgram> {
  const ownDirectory = options.directory === undefined;
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'siegel-program-')));
  const { smtp: smtpPort, http: httpPort } = options.ports ?? { smtp: await freePort(), http: await freePort() };
  const env: NodeJS.ProcessEnv = {
    ...withoutTestOptions(process.env),
    SIEGEL_DATA_DIR: join(directory, 'data'),
    SIEGEL_SMTP_PORT: String(smtpPort),
    SIEGEL_HTTP_PORT: String(httpPort),
    ...options.env,
  };
  return launch({
    env,
    smtpPort,
    httpPort,
    directory,
    ownDirectory,
    script: options.script,
    scheme: options.isSecure === true ? 'https' : 'http',
    under: options.under ?? [],
    // a bound for what hangs, not for what is slow: on a machine with much to do a start takes half a minute
    readyWaitMs: options.readyWaitMs ?? 180_000,
  });
}

/** Names that steer tests; the program refuses options it does not know. */
const TEST_OPTIONS = new Set([
  'SIEGEL_LONG',
  'SIEGEL_SLOW',
  'SIEGEL_KILLS',
  'SIEGEL_POWER_LOSSES',
  'SIEGEL_TEST_PG_BIN',
]);

function withoutTestOptions(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !TEST_OPTIONS.has(name)));
}

interface Launch {
  readonly env: NodeJS.ProcessEnv;
  readonly smtpPort: number;
  readonly httpPort: number;
  readonly directory: string;
  readonly ownDirectory: boolean;
  readonly readyWaitMs: number;
  readonly script: string | undefined;
  readonly scheme: 'http' | 'https';
  readonly under: readonly string[];
}

async function launch(order: Launch): Promise<RunningProgram> {
  const { env, smtpPort, httpPort, directory } = order;
  const [program, words] =
    order.script === undefined
      ? [join(projectDir, 'siegel'), ['start']]
      : ['/bin/sh', ['-c', 'ulimit -c 0; exec "$@"', 'sh', ...order.under, process.execPath, order.script]];
  const child = spawn(program, words, { env, cwd: projectDir, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const url = `${order.scheme}://127.0.0.1:${httpPort}`;
  await waitUntilReady(child, url, order.readyWaitMs, () => printed);
  const siegel = (words: readonly string[], input = ''): Promise<CommandResult> => runSiegel(words, input, env);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  };
  const stop = async (): Promise<void> => {
    await end('SIGTERM');
    if (order.ownDirectory) await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  return {
    dataDir: join(directory, 'data'),
    smtpPort,
    httpPort,
    url,
    env,
    pid: child.pid ?? 0,
    output: () => printed,
    siegel,
    async signUp(name, password) {
      const invite = parse(await siegel(['invite', 'create', '--json']));
      const words = [
        'user',
        'signup',
        '--invite',
        String(invite['code']),
        '--address',
        name,
        '--password-stdin',
        '--json',
      ];
      return String(parse(await siegel(words, password))['address']);
    },
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGTERM');
      return launch(order);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function parse(result: CommandResult): Record<string, unknown> {
  if (result.code !== 0) throw new Error(`the command ended with ${result.code}: ${result.stdout}${result.stderr}`);
  const value: unknown = JSON.parse(result.stdout);
  if (typeof value !== 'object' || value === null) throw new Error('the command printed no object');
  return value as Record<string, unknown>;
}

async function waitUntilReady(child: ChildProcess, url: string, waitMs: number, printed: () => string): Promise<void> {
  const until = performance.now() + waitMs;
  while (performance.now() < until) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the program ended with ${child.exitCode ?? child.signalCode}:\n${printed()}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 200) return;
    await wait(50);
  }
  child.kill('SIGKILL');
  throw new Error(`the program was not ready after ${waitMs} ms:\n${printed()}`);
}

/** Runs `./siegel …` with an environment. */
export function runSiegel(words: readonly string[], input: string, env: NodeJS.ProcessEnv): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(projectDir, 'siegel'), words, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
    child.stdin.on('error', () => undefined); // a command that refuses may not read its input
    child.stdin.end(input);
  });
}

export { freePort };
