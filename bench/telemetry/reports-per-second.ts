// How many reports a second a collector takes on one core: the real program, real HTTP, every one counted on the disk before its answer.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseTally } from '#office/telemetry/collector/tally.ts';
import { TALLY_FILE } from '#office/telemetry/collector/tally-file.ts';
import { freePort } from '../../test/free-port.ts';

const REPORTS = 30_000;
const CONNECTIONS = 128;
const COVER_SHARE = 1 / 5;
const root = join(import.meta.dirname, '..', '..');

export interface ReportsPerSecond {
  /** Median of whole seconds but the first. */
  readonly reportsPerSecond: number;
  readonly seconds: readonly number[];
  readonly reports: number;
  readonly connections: number;
  /** Whether the collector had one core and the senders another. */
  readonly isPinned: boolean;
}

export async function measureReportsPerSecond(reports = REPORTS): Promise<ReportsPerSecond> {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-collector-bench-'));
  const isPinned = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;
  const on = (core: string, words: readonly string[]): readonly string[] =>
    isPinned ? ['taskset', '-c', core, ...words] : words;
  const port = await freePort();
  const [first = '', ...rest] = on('0', [join(root, 'siegel'), 'collector', 'start', '--json']);
  const collector = spawn(first, rest, {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      SIEGEL_COLLECTOR_DIR: join(folder, 'collector'),
      SIEGEL_COLLECTOR_OPERATOR: 'bench',
      SIEGEL_COLLECTOR_COUNTRY: 'hier | here',
      SIEGEL_HTTP_PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => collector.once('exit', resolve));
  try {
    await firstLine(collector.stdout);
    const said = await send(on('1', [process.execPath, join(import.meta.dirname, 'send-reports.ts')]), [
      `http://127.0.0.1:${port}`,
      String(reports),
      String(CONNECTIONS),
    ]);
    if (said.wrong > 0 || said.taken !== reports) throw new Error(`${said.taken} of ${reports} taken`);
    const answers = Math.round(reports * (1 - COVER_SHARE));
    const counted = await countOnDisk(join(folder, 'collector', TALLY_FILE));
    if (counted !== answers) throw new Error(`${counted} of ${answers} answers on the disk`);
    const whole = said.perSecond.slice(1);
    return { reportsPerSecond: median(whole), seconds: whole, reports, connections: CONNECTIONS, isPinned };
  } finally {
    collector.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

async function countOnDisk(path: string): Promise<number> {
  const tally = parseTally(await readFile(path, 'utf8'));
  const rows = Object.values(tally?.quarters ?? {}).flatMap((questions) => Object.values(questions));
  return rows.flat().reduce((sum, count) => sum + count, 0);
}

interface Said {
  readonly perSecond: readonly number[];
  readonly taken: number;
  readonly wrong: number;
}

async function send([first = '', ...rest]: readonly string[], words: readonly string[]): Promise<Said> {
  const sender = spawn(first, [...rest, ...words], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let last = '';
  for await (const line of createInterface({ input: sender.stdout })) last = line;
  const said: Said = JSON.parse(last);
  return said;
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line;
  throw new Error('the collector ended');
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await measureReportsPerSecond())}\n`);
