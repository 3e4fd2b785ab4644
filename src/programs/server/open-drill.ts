// The drill of a running house: replays in a process of its own, by hand or once a week, the result in the book and in the data folder.

import { createHash } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { Clock } from '#base/clock.ts';
import { childEnvironment } from '#base/config/read.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { formatReceiptFile } from '#vault/book/check/receipt.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import { readDrillRecord, writeDrillRecord, type DrillRecord } from '../drill/drill-record.ts';
import { hasPassed, type DrillReport } from '../drill/drill-report.ts';
import { drillShape } from '../methods/drill-methods.ts';
import type { OperatorHandlers, OperatorRefusal, Progress, ResultOf } from '../operator-methods.ts';
import { createRecorder } from './house-book.ts';
import type { Vault } from './open-vault.ts';

export interface DrillParts {
  readonly dataDir: string;
  readonly isWeekly: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly vault: Pick<Vault, 'door' | 'book'>;
}

export interface HouseDrill extends AsyncDisposable {
  /** For the Safety page: the newest one, passed or not. */
  last(): { readonly atMs: number; readonly passed: number; readonly total: number } | undefined;
  run(isFull: boolean, progress?: Progress): Promise<Result<ResultOf<'drill.run'>, OperatorRefusal>>;
  warnings(): readonly string[];
}

const LOOK_MS = 60_000;
const AFTER_START_MS = 3_600_000;
const SCRIPT = fileURLToPath(new URL('../drill/drill.ts', import.meta.url));

export function openHouseDrill(parts: DrillParts): HouseDrill {
  const { dataDir, isWeekly, clock, log } = parts;
  const startedMs = clock.nowMs();
  let newest: DrillRecord | undefined;
  let child: ChildProcess | undefined;
  let triedMs = startedMs - limits.drill.everyMs + AFTER_START_MS;
  const known = readDrillRecord(dataDir).then((found) => (newest ??= found));
  const run: HouseDrill['run'] = async (isFull, progress = () => undefined) => {
    if (child !== undefined) return refuse('under-way', UNDER_WAY);
    triedMs = clock.nowMs();
    child = spawn(process.execPath, [SCRIPT, '--lines', ...(isFull ? ['--full'] : [])], {
      env: childEnvironment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const report = await listen(child, progress);
      if (report === undefined) return refuse('not-run', NOT_RUN);
      const receipt = await record(parts, report);
      newest = { v: 1, report, receipt };
      await writeDrillRecord(dataDir, newest);
      return ok({ ...report, receipt });
    } finally {
      child = undefined;
    }
  };
  const look = async (): Promise<void> => {
    await known;
    const newestMs = Math.max(newest?.report.startedMs ?? 0, triedMs);
    if (!isWeekly || clock.nowMs() - newestMs < limits.drill.everyMs) return;
    const done = await run(false);
    if (!done.ok) log.error('drill.notRun', {});
    else if (!done.value.passed) log.error('drill.failed', {});
  };
  const timer = setInterval(() => void look().catch((cause: unknown) => log.fault('drill.notRun', cause)), LOOK_MS);
  timer.unref();
  return {
    last: () => newest && { atMs: newest.report.startedMs, ...countOf(newest.report) },
    run,
    warnings: () => (newest?.report.passed === false ? [FAILED] : []),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      const running = child;
      if (running === undefined || running.exitCode !== null) return;
      const gone = once(running, 'exit');
      running.kill('SIGTERM');
      await gone;
    },
  };
}

export function createDrillHandlers(drill: HouseDrill): Pick<OperatorHandlers, 'drill.run'> {
  return { 'drill.run': ({ full }, progress) => drill.run(full, progress) };
}

const lineShape = v.object({ done: v.number(), total: v.number() });

/** Each replay as it is done, then all of it. */
async function listen(child: ChildProcess, progress: Progress): Promise<DrillReport | undefined> {
  const { stdout } = child;
  if (stdout === null) return undefined;
  const ended = once(child, 'close').catch(() => undefined);
  let report: DrillReport | undefined;
  for await (const line of createInterface({ input: stdout })) {
    const told = v.safeParse(v.pipe(v.string(), v.parseJson(), lineShape), line);
    if (told.success) progress(told.output.done, told.output.total);
    const whole = v.safeParse(v.pipe(v.string(), v.parseJson(), drillShape), line);
    if (whole.success) report = whole.output;
  }
  await ended;
  return report;
}

function countOf({ replays }: DrillReport): { readonly passed: number; readonly total: number } {
  return { passed: replays.filter(hasPassed).length, total: replays.length };
}

/** What it says is signed and lies in the book; whoever has the file can tell that it is the one. */
async function record({ vault, log }: DrillParts, report: DrillReport): Promise<string | null> {
  const { passed, total } = countOf(report);
  const lettersLost = report.replays.reduce((sum, one) => sum + one.lettersLost, 0);
  const digest = createHash('sha256')
    .update(canonicalBytes(JSON.parse(JSON.stringify(report))))
    .digest('hex');
  const recorded = await createRecorder(
    vault.door,
    vault.book,
  )({
    kind: report.passed ? 'drill-passed' : 'drill-failed',
    facts: { form: report.form, replays: total, passed, lettersLost, seconds: Math.round(report.seconds), digest },
  });
  if (recorded.ok) return formatReceiptFile(recorded.value);
  log.error('drill.noReceipt', {});
  return null;
}

const UNDER_WAY = 'A drill is under way. Nothing was begun. Wait until it is done, then: siegel drill';
const NOT_RUN =
  'The drill did not come to its end; the house was not touched. See why: npm run drill, as a user who may read this program and write to the temporary folder.';
const FAILED = 'The newest drill did not pass: a safeguard did not hold on a scratch house. See which: siegel drill';

function refuse(kind: string, sentence: string): Result<never, OperatorRefusal> {
  return err({ kind, sentence });
}
