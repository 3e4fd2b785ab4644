// A collector or a relay as a process of its own, in a folder of its own: started, killed, started again; and reports sent to it by hand.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { parseCard, type KnownCollector } from '#office/telemetry/catalogue/card.ts';
import { hashQuestion } from '#office/telemetry/catalogue/question.ts';
import { questions } from '#office/telemetry/catalogue/questions.ts';
import { parseTally } from '#office/telemetry/collector/tally.ts';
import { TALLY_FILE } from '#office/telemetry/collector/tally-file.ts';
import { openAnswer, SEALED_ANSWER_BYTES, sealReport, type SealedReport } from '#office/telemetry/report/envelope.ts';
import type { Report } from '#office/telemetry/report/report.ts';
import { freePort } from '../free-port.ts';
import { projectDir } from '../running-program.ts';

const PROGRAM = new URL('collector-program.ts', import.meta.url).pathname;
const READY_WAIT_MS = 180_000;

export interface Life {
  readonly folder: string;
  readonly url: string;
  readonly pid: number;
  readonly environment: Readonly<Record<string, string>>;
  /** All it wrote to standard output and standard error, over all its lives. */
  said(): string;
  kill(): Promise<void>;
  /** The exit code. */
  stop(): Promise<number | null>;
  start(more?: Readonly<Record<string, string>>): Promise<void>;
}

/** `words`: of the command; undefined: the program of the twins, with these flags. */
export async function openLife(
  t: TestContext,
  {
    words,
    flags = [],
    more = {},
  }: {
    readonly words?: readonly string[];
    readonly flags?: readonly string[];
    readonly more?: Readonly<Record<string, string>>;
  },
): Promise<Life> {
  const above = mkdtempSync(join(tmpdir(), 'siegel-collector-'));
  chmodSync(above, 0o755); // started by root, it becomes somebody else
  const folder = join(above, 'collector');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const environment = {
    PATH: process.env['PATH'] ?? '',
    SIEGEL_COLLECTOR_DIR: folder,
    SIEGEL_HTTP_PORT: String(port),
    SIEGEL_COLLECTOR_OPERATOR: 'Kanzlei Brandt, post@brandt.test',
    SIEGEL_COLLECTOR_COUNTRY: 'Deutschland | Germany',
    ...more,
  };
  let said = '';
  let child: ChildProcess | undefined;
  const command =
    words === undefined
      ? [process.execPath, PROGRAM, ...flags]
      : [process.execPath, join(projectDir, 'src/programs/siegel.ts'), ...words, '--json'];
  const start = async (further: Readonly<Record<string, string>> = {}): Promise<void> => {
    const started = spawn('/bin/sh', ['-c', 'ulimit -S -c 0; exec "$0" "$@"', ...command], {
      env: { ...environment, ...further },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    started.stderr.on('data', (part: Buffer) => (said += part.toString()));
    await new Promise<void>((resolve, reject) => {
      const fail = (): void => reject(new Error(`it did not start:\n${said}`));
      const timer = setTimeout(fail, READY_WAIT_MS);
      started.once('exit', fail);
      createInterface({ input: started.stdout }).on('line', (line) => {
        said += `${line}\n`;
        clearTimeout(timer);
        resolve();
      });
    });
  };
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exited = new Promise((resolve) => child?.once('exit', resolve));
    child.kill(signal);
    await exited;
    return child.exitCode;
  };
  t.after(async () => {
    await end('SIGKILL');
    rmSync(above, { recursive: true, force: true });
  });
  await start();
  return {
    folder,
    url,
    environment,
    get pid() {
      return child?.pid ?? 0;
    },
    said: () => said,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    start,
  };
}

export function siegel(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): { readonly code: number | null; readonly output: string; readonly error: string } {
  const ran = spawnSync(
    '/bin/sh',
    ['-c', 'ulimit -S -c 0; exec "$0" "$@"', process.execPath, join(projectDir, 'src/programs/siegel.ts'), ...words],
    { env: { ...environment }, encoding: 'utf8' },
  );
  return { code: ran.status, output: ran.stdout, error: ran.stderr };
}

export async function askCard(url: string): Promise<KnownCollector> {
  const card = parseCard(await (await fetch(`${url}/card.json`)).text());
  if (!card.ok) throw new Error(card.error.sentence);
  return card.value;
}

/** The nth of many: all questions and answers in turn. */
export function someReport(nth: number, day: number): Report {
  const question = questions[nth % questions.length] ?? questions[0];
  return { kind: 'answer', day, question: hashQuestion(question), answer: nth % question.buckets.length };
}

export function seal(report: Report, { key, authority }: KnownCollector): SealedReport {
  return sealReport(report, key, authority);
}

export interface Sent {
  /** What the sealed answer says; undefined: the other side went away, or refused in the clear. */
  readonly status: number | undefined;
}

/** Each over one of so many connections, in turn; ends when all were answered or the other side is gone. */
export async function sendAll(
  url: string,
  reports: readonly SealedReport[],
  {
    connections = 16,
    from,
    onAnswer,
  }: { readonly connections?: number; readonly from?: string; readonly onAnswer?: (answered: number) => void } = {},
): Promise<readonly Sent[]> {
  const { hostname, port } = new URL(url);
  const sent: Sent[] = reports.map(() => ({ status: undefined }));
  let next = 0;
  let answered = 0;
  const work = (): Promise<void> =>
    new Promise((resolve) => {
      const place = from === undefined ? {} : { localAddress: from };
      const socket = createConnection({ host: hostname, port: Number(port), noDelay: true, ...place });
      let nth = -1;
      let heard = Buffer.alloc(0);
      const send = (): void => {
        nth = next++;
        const report = reports[nth];
        if (report === undefined) return void socket.end();
        const head = `POST /report HTTP/1.1\r\nhost: collector\r\ncontent-type: message/ohttp-req\r\ncontent-length: ${report.bytes.length}\r\n\r\n`;
        socket.write(Buffer.concat([Buffer.from(head), report.bytes]));
      };
      socket.on('connect', send);
      socket.on('error', () => undefined);
      socket.on('close', () => resolve());
      socket.on('data', (part) => {
        heard = Buffer.concat([heard, part]);
        const end = heard.indexOf('\r\n\r\n');
        if (end < 0 || heard.length < end + 4 + SEALED_ANSWER_BYTES) return;
        const report = reports[nth];
        const status = report && openAnswer(report.exchange, Uint8Array.from(heard.subarray(end + 4)));
        sent[nth] = { status };
        heard = Buffer.alloc(0);
        answered += 1;
        onAnswer?.(answered);
        send();
      });
    });
  await Promise.all(Array.from({ length: connections }, work));
  return sent;
}

export async function countedOnDisk(folder: string): Promise<number> {
  const tally = parseTally(await readFile(join(folder, TALLY_FILE), 'utf8').catch(() => ''));
  const rows = Object.values(tally?.quarters ?? {}).flatMap((counts) => Object.values(counts));
  return rows.flat().reduce((sum, count) => sum + count, 0);
}
