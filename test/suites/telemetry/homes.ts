// Many homes over many weeks, by the real plan, chance and sealing: every report as the collector and a watcher of its wire see it. The same each run.

import { createHash, generateKeyPairSync } from 'node:crypto';
import { throwDice, type Dice } from '../../../bench/transit/dice.ts';
import { requireValue } from '#base/assert.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import { hashQuestion, isAsked } from '#office/telemetry/catalogue/question.ts';
import { questions as catalogue } from '#office/telemetry/catalogue/questions.ts';
import type { Seed } from '#office/telemetry/report/chance.ts';
import { sealReport } from '#office/telemetry/report/envelope.ts';
import {
  dueAt,
  forgetAnswers,
  momentOf,
  noteReport,
  NOTHING_ANSWERED,
  questionOf,
  type Answered,
} from '#office/telemetry/report/plan.ts';
import { randomise } from '#office/telemetry/report/randomise.ts';
import type { Report } from '#office/telemetry/report/report.ts';
import { dayOf, quarterOf, weekOf } from '#office/telemetry/report/weeks.ts';

export const COLLECTOR = 'count.example.org';
/** 2027-01-04, a Monday that begins a quarter. */
export const FIRST_WEEK = weekOf(Date.UTC(2027, 0, 4));

export interface Asked {
  readonly id: string;
  readonly hash: string;
  readonly buckets: number;
}

/** The compiled-in catalogue, as the collector counts it. */
export const asked: readonly Asked[] = catalogue
  .filter((question) => isAsked(question, quarterOf(FIRST_WEEK)))
  .map((question) => ({ id: question.id, hash: hashQuestion(question), buckets: question.buckets.length }));

const HASHES = asked.map(({ hash }) => hash);

export interface SeenReport {
  readonly home: number;
  readonly week: number;
  /** By the collector's clock. */
  readonly arrivalMs: number;
  /** Whom the collector sees: the relay, number 0; without one the home. */
  readonly address: number;
  /** As it passed the wire. */
  readonly sealed: Uint8Array;
  /** As the collector opens it. */
  readonly plain: Uint8Array;
  readonly report: Report;
}

/** What a saboteur changes; nothing in the honest world. */
export interface Sabotage {
  readonly momentOf?: (seed: Seed, week: number) => number;
  readonly questionOf?: typeof questionOf;
  /** Whether the machine is switched on at this moment of its own clock. */
  readonly isRunning?: (home: number, momentMs: number) => boolean;
  /** Changes what leaves: the bytes may be written to. */
  readonly mark?: (home: number, bytes: { readonly sealed: Uint8Array; readonly plain: Uint8Array }) => void;
  readonly isDirect?: boolean;
  /** How wrong this home's clock is all the time, in ms. */
  readonly clockErrorMs?: (home: number) => number;
}

export interface World extends Sabotage {
  readonly homes: number;
  readonly weeks: number;
  /** Number of the first home: others than those from 0. */
  readonly from?: number;
}

/** A home's own secret, the same in every run. */
export function seedOf(home: number): Seed {
  return createHash('sha256').update(`home ${home}`).digest();
}

/** Of the collector; another one each run, as the key of each report is. */
export function newKey() {
  const { x = '' } = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' });
  return { keyId: 1, publicKey: requireValue(fromBase64(x), 'a key') };
}

/** In the order of homes, then of weeks. */
export function simulate(world: World): readonly SeenReport[] {
  const key = newKey();
  const first = world.from ?? 0;
  return Array.from({ length: world.homes }, (_, nth) => liveOf(world, first + nth, key)).flat();
}

function liveOf(world: World, home: number, key: ReturnType<typeof newKey>): readonly SeenReport[] {
  const dice = throwDice(home * 7919 + 17);
  const seed = seedOf(home);
  const truths = drawTruths(dice);
  const errorMs = world.clockErrorMs?.(home) ?? drawClockError(dice);
  const latencyMs = 5 + 60 * dice.next() ** 3 * 10;
  const pause = drawPause(dice, world.weeks);
  const seen: SeenReport[] = [];
  let answered: Answered = NOTHING_ANSWERED;
  for (let nth = 0; nth < world.weeks; nth++) {
    const week = FIRST_WEEK + nth;
    if (dice.next() < 0.15) moveTruth(truths, dice);
    if (nth === pause.from) answered = forgetAnswers(answered);
    const isAway = (nth >= pause.from && nth < pause.to) || dice.next() < 0.03;
    if (isAway) continue;
    const momentMs = (world.momentOf ?? momentOf)(seed, week); // by this home's clock
    if (world.momentOf === undefined && dueAt(seed, answered, momentMs) !== 'now') continue;
    if (world.isRunning?.(home, momentMs) === false) continue;
    const hash = (world.questionOf ?? questionOf)(seed, answered, week, HASHES);
    answered = noteReport(answered, week, hash);
    const report = reportOf(seed, truths, hash, dayOf(momentMs));
    const { bytes: sealed, plainBytes: plain } = sealReport(report, key, COLLECTOR);
    world.mark?.(home, { sealed, plain });
    const jitterMs = -4 * Math.log(1 - dice.next());
    const arrivalMs = momentMs - errorMs + latencyMs + jitterMs;
    seen.push({ home, week, arrivalMs, address: world.isDirect === true ? home + 1 : 0, sealed, plain, report });
  }
  return seen;
}

function reportOf(seed: Seed, truths: readonly number[], hash: string | undefined, day: number): Report {
  const nth = asked.findIndex((question) => question.hash === hash);
  const question = asked[nth];
  if (question === undefined) return { kind: 'cover', day };
  const truth = requireValue(truths[nth], 'a truth');
  return { kind: 'answer', day, question: question.hash, answer: randomise(seed, { ...question, truth }) };
}

/** Answers of one home hang together: large houses have many letters and large mailboxes. */
function drawTruths(dice: Dice): number[] {
  const size = dice.next();
  return asked.map(({ buckets }) => {
    const place = 0.6 * size + 0.4 * dice.next();
    return Math.min(buckets - 1, Math.floor(place ** 1.5 * buckets));
  });
}

function moveTruth(truths: number[], dice: Dice): void {
  const nth = Math.floor(dice.next() * truths.length);
  const buckets = requireValue(asked[nth], 'a question').buckets;
  const moved = (truths[nth] ?? 0) + (dice.next() < 0.7 ? 1 : -1);
  truths[nth] = Math.max(0, Math.min(buckets - 1, moved));
}

/** Most have the time from the net; some are seconds wrong, a few minutes, for as long as nobody looks. */
function drawClockError(dice: Dice): number {
  const kind = dice.next();
  const widthMs = kind < 0.9 ? 20 : kind < 0.98 ? 5_000 : 600_000;
  return widthMs * dice.bell();
}

/** One of ten switches it off and on again. */
function drawPause(dice: Dice, weeks: number): { readonly from: number; readonly to: number } {
  if (dice.next() > 0.1) return { from: -1, to: -1 };
  const from = Math.floor(dice.next() * weeks);
  return { from, to: from + 1 + Math.floor(dice.next() * 8) };
}
