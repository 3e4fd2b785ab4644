// What a reporting machine remembers: its seed, the weeks and questions that had their report, and everything it sent.

import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { SEED_BYTES, type Seed } from '../report/chance.ts';
import { forgetAnswers, NOTHING_ANSWERED, type Answered } from '../report/plan.ts';
import { quarterOf, weekOf } from '../report/weeks.ts';
import { jsonOf } from './consent.ts';
import { SENT_FILE, STATE_FILE, type TelemetryFiles } from './files.ts';

const stateShape = v.object({
  v: v.literal(1),
  seed: v.string(),
  answered: v.object({
    lastWeek: v.number(),
    quarter: v.string(),
    questions: v.array(v.string()),
    quietQuarter: v.exactOptional(v.string()),
  }),
});

const hex = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{2})+$/));
const sentShape = v.object({
  timeMs: v.number(),
  kind: v.picklist(['answer', 'cover']),
  question: v.nullable(v.string()),
  answer: v.nullable(v.number()),
  plain: hex,
  sealed: hex,
});
const outcomeShape = v.object({ of: v.number(), outcome: v.picklist(['taken', 'refused', 'noAnswer']) });

export type SentReport = Readonly<v.InferOutput<typeof sentShape>>;
export type Outcome = v.InferOutput<typeof outcomeShape>['outcome'];

export interface Remembered {
  readonly seed: Seed;
  readonly answered: Answered;
}

/**
 * At first a seed is made. Where what was kept cannot be read nobody knows what was answered in this quarter: then it has no
 * answers to give any more, and this week no report.
 */
export async function openMemory(files: TelemetryFiles, nowMs: number): Promise<Remembered> {
  const text = await files.read(STATE_FILE).catch(() => '');
  const read = v.safeParse(stateShape, jsonOf(text ?? ''));
  const seed = read.success ? fromBase64(read.output.seed) : undefined;
  if (read.success && seed?.length === SEED_BYTES) return { seed, answered: read.output.answered };
  const week = weekOf(nowMs);
  const answered: Answered =
    text === undefined
      ? NOTHING_ANSWERED
      : { lastWeek: week, quarter: '', questions: [], quietQuarter: quarterOf(week) };
  const made = { seed: Uint8Array.from(randomBytes(SEED_BYTES)), answered };
  await writeMemory(files, made);
  return made;
}

export function writeMemory(files: Pick<TelemetryFiles, 'write'>, { seed, answered }: Remembered): Promise<void> {
  return files.write(STATE_FILE, JSON.stringify({ v: 1, seed: toBase64Url(seed), answered }));
}

/** All that was sent goes, and of what was answered all but that it was. */
export async function forget(files: TelemetryFiles, { seed, answered }: Remembered): Promise<Remembered> {
  await files.remove(SENT_FILE);
  const left = { seed, answered: forgetAnswers(answered) };
  await writeMemory(files, left);
  return left;
}

/** Before it leaves. Resolves with its number. */
export async function noteSent(files: TelemetryFiles, sent: SentReport): Promise<number> {
  const before = await readSent(files);
  await files.append(SENT_FILE, JSON.stringify(sent));
  return before.length;
}

export function noteOutcome(files: Pick<TelemetryFiles, 'append'>, of: number, outcome: Outcome): Promise<void> {
  return files.append(SENT_FILE, JSON.stringify({ of, outcome }));
}

export interface SentLine extends SentReport {
  readonly outcome: Outcome;
}

/** In the order they were sent. A line that a fall tore is passed over: its report never left. */
export async function readSent(files: Pick<TelemetryFiles, 'read'>): Promise<readonly SentLine[]> {
  const text = (await files.read(SENT_FILE).catch(() => undefined)) ?? '';
  const sent: SentLine[] = [];
  for (const line of text.split('\n')) {
    const value = jsonOf(line);
    const report = v.safeParse(sentShape, value);
    if (report.success) sent.push({ ...report.output, outcome: 'noAnswer' });
    const outcome = v.safeParse(outcomeShape, value);
    const known = outcome.success ? sent[outcome.output.of] : undefined;
    if (outcome.success && known !== undefined) sent[outcome.output.of] = { ...known, outcome: outcome.output.outcome };
  }
  return sent;
}
