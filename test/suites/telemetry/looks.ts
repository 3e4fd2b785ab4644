// What an attacker looks at in two reports: the transport (everything but question, answer and quarter), the answers, or both.

import { beginOfWeek, dayOf, quarterOf } from '#office/telemetry/report/weeks.ts';
import { REPORT_BYTES } from '#office/telemetry/report/report.ts';
import type { Look, Pair } from './attacker.ts';
import type { SeenReport } from './homes.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
const PERIODS = {
  second: SECOND_MS,
  tenth: 10 * SECOND_MS,
  minute: MINUTE_MS,
  hour: HOUR_MS,
  day: DAY_MS,
  week: WEEK_MS,
};
/** In a report as it is opened: where its kind, its question and its answer stand (report.ts). */
const KIND_AT = 1;
const HASH_AT = 6;
const ANSWER_AT = 38;

/** Time, day, address, length and every byte; not what was asked and answered. */
export const transport: Look = (pair) => [...times(pair), ...days(pair), ...bytes(pair)];

/** The day that a report names, beside that of its arrival. */
export const dates: Look = days;

/** Question, answer, quarter, and that there was none. */
export const answers: Look = ({ first, second }) => {
  const [one, other] = [first, second].map(spoken).toSorted();
  const quarters = quartersBetween(first, second);
  return [
    `said ${kindOf(first)}${kindOf(second)} ${Math.min(quarters, 1)}`,
    `said ${one} ${other} ${quarters === 0 ? 'within' : 'beyond'}`,
    `alike ${one === other && one !== 'cover'} ${asksAlike(first, second)} ${quarters}`,
  ];
};

/** All there is, and what one could tell about the other: which week of a quarter brings which question, answers beside covers. */
export const both: Look = (pair) => {
  const { first, second } = pair;
  const [one, other] = [first, second].map(({ week }) => placeOf(week).nth);
  const quarters = quartersBetween(first, second);
  const kinds = `${kindOf(first)}${kindOf(second)}`;
  const between = (other ?? 0) - (one ?? 0);
  return [
    ...transport(pair),
    ...answers(pair),
    `order ${asksAlike(first, second)} ${Math.min(quarters, 1)} ${between}`,
    `pattern ${kinds} ${Math.min(quarters, 1)} ${between}`,
    `late ${kinds} ${quarters === 0} ${one} ${other}`,
  ];
};

function times({ first, second }: Pair): readonly string[] {
  const apartMs = second.arrivalMs - first.arrivalMs;
  const looks = Object.entries(PERIODS).map(([name, periodMs]) => {
    const past = apartMs - Math.floor(apartMs / periodMs) * periodMs;
    return `${name} ${step(Math.min(past, periodMs - past))}`;
  });
  const weeks = second.week - first.week;
  const [hourOne, hourOther] = [first, second].map(({ arrivalMs }) => Math.floor(arrivalMs / HOUR_MS) % 24);
  const [weekdayOne, weekdayOther] = [first, second].map(({ arrivalMs }) => dayOf(arrivalMs) % 7);
  return [
    ...looks,
    `weeks ${step(weeks)}`,
    `every ${weeks % 2} ${weeks % 4} ${weeks % 13}`,
    `hours ${hourOne} ${hourOther}`,
    `weekdays ${weekdayOne} ${weekdayOther}`,
    `offset ${step(offsetOf(first) - offsetOf(second))}`,
  ];
}

/** Whether the day in the report is that of its arrival. */
function days({ first, second }: Pair): readonly string[] {
  const [one, other] = [first, second].map(({ report, arrivalMs }) => report.day - dayOf(arrivalMs));
  return [`days ${one} ${other}`];
}

function bytes({ first, second }: Pair): readonly string[] {
  const sealedAlike = alikeAt(first.sealed, second.sealed, 0);
  const plainAlike = alikeAt(hideAnswer(first.plain), hideAnswer(second.plain), 1_000);
  const bits = [first, second].map(({ sealed }) => sealed.reduce((sum, byte) => sum + popCount(byte), 0));
  return [
    `address ${first.address === second.address}`,
    `lengths ${first.sealed.length - second.sealed.length} ${first.plain.length - second.plain.length}`,
    `bits ${step((bits[0] ?? 0) - (bits[1] ?? 0))}`,
    `alike ${sealedAlike.length} ${plainAlike.length}`,
    ...sealedAlike.map((at) => `byte ${at}`),
    ...plainAlike.map((at) => `byte ${at}`),
  ];
}

/** Where both have the same byte, unless nothing but zero stands there. */
function alikeAt(one: Uint8Array, other: Uint8Array, from: number): readonly number[] {
  const found: number[] = [];
  for (const [at, byte] of one.entries()) if (byte !== 0 && byte === other[at]) found.push(from + at);
  return found;
}

/** The message with kind, question and answer of the report in it made zero. */
function hideAnswer(plain: Uint8Array): Uint8Array {
  const hidden = Uint8Array.from(plain);
  const at = contentAt(plain);
  hidden.fill(0, at + KIND_AT, at + KIND_AT + 1).fill(0, at + HASH_AT, at + ANSWER_AT + 1);
  return hidden;
}

/** Where the report begins: after its own length, in two bytes (RFC 9292 §3). */
function contentAt(plain: Uint8Array): number {
  for (let at = 2; at < plain.length; at++) if (plain[at - 2] === 0x40 && plain[at - 1] === REPORT_BYTES) return at;
  throw new Error('no report in it');
}

/** Half steps of the logarithm, with sign: near ones are told apart finely, far ones coarsely. */
function step(value: number): number {
  const size = Math.abs(value);
  return Math.sign(value) * (size < 1 ? 0 : 1 + Math.floor(2 * Math.log2(size)));
}

function popCount(byte: number): number {
  let bits = 0;
  for (let left = byte; left > 0; left >>= 1) bits += left & 1;
  return bits;
}

/** Since the Monday of the week it belongs to. */
function offsetOf({ week, arrivalMs }: SeenReport): number {
  return Math.floor((arrivalMs - beginOfWeek(week)) / HOUR_MS);
}

function kindOf({ report }: SeenReport): string {
  return report.kind === 'answer' ? 'a' : '-';
}

function spoken({ report }: SeenReport): string {
  return report.kind === 'answer' ? `${report.question.slice(0, 8)}=${report.answer}` : 'cover';
}

/** Both answer one question, in two quarters: in one quarter no home does. */
export function asksAgain({ first, second }: Pair): boolean {
  return asksAlike(first, second) && quartersBetween(first, second) > 0;
}

function asksAlike({ report: one }: SeenReport, { report: other }: SeenReport): boolean {
  return one.kind === 'answer' && other.kind === 'answer' && one.question === other.question;
}

interface Place {
  /** Since the year 0. */
  readonly quarter: number;
  /** From 0. */
  readonly nth: number;
}

const places = new Map<number, Place>();

function placeOf(week: number): Place {
  const known = places.get(week);
  if (known !== undefined) return known;
  const name = quarterOf(week);
  let nth = 0;
  while (quarterOf(week - nth - 1) === name) nth += 1;
  const place = { quarter: 4 * Number(name.slice(0, 4)) + Number(name.slice(-1)), nth };
  places.set(week, place);
  return place;
}

function quartersBetween(first: SeenReport, second: SeenReport): number {
  return placeOf(second.week).quarter - placeOf(first.week).quarter;
}
