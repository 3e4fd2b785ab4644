// When each planned letter arrives: working days counted back from today, today's letters before now, never two at once.

import type { PlannedLetter } from './letter-plan.ts';

export interface DatedLetter {
  readonly letter: PlannedLetter;
  readonly arrivesMs: number;
}

const MINUTE_MS = 60_000;
/** Letters are told apart by their arrival: this far apart at least. */
const APART_MS = 5_000;
/** Today's letters are written between these minutes of the day. */
const DAY_BEGINS = 6 * 60;
const DAY_ENDS = 15 * 60 + 5;
/** Before the day has begun they come in these last hours. */
const EARLY_MS = 3 * 60 * MINUTE_MS;
const NEWEST_MS = 2 * MINUTE_MS;

/** Sorted by arrival; local time of the machine. */
export function arrivalTimes(letters: readonly PlannedLetter[], nowMs: number): readonly DatedLetter[] {
  const dated = letters
    .map((letter) => ({ letter, arrivesMs: letter.day === 0 ? today(letter.time, nowMs) : before(letter, nowMs) }))
    .toSorted((a, b) => a.arrivesMs - b.arrivesMs);
  // From the newest back: the last may not be later than now.
  let latestMs = nowMs - NEWEST_MS;
  const apart: DatedLetter[] = [];
  for (const { letter, arrivesMs } of dated.toReversed()) {
    latestMs = Math.min(arrivesMs, latestMs - APART_MS);
    apart.push({ letter, arrivesMs: latestMs });
  }
  return apart.toReversed();
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function before({ day, time }: PlannedLetter, nowMs: number): number {
  const date = new Date(nowMs);
  for (let left = day; left > 0;) {
    date.setDate(date.getDate() - 1);
    if (date.getDay() !== 0 && date.getDay() !== 6) left -= 1;
  }
  date.setHours(0, minutesOf(time), 0, 0);
  return date.getTime();
}

/** The office's day so far, pressed into what is over of the day; later it fits as it is. */
function today(time: string, nowMs: number): number {
  const midnight = new Date(nowMs);
  midnight.setHours(0, 0, 0, 0);
  const plannedMs = midnight.getTime() + minutesOf(time) * MINUTE_MS;
  const endsMs = nowMs - NEWEST_MS;
  if (midnight.getTime() + DAY_ENDS * MINUTE_MS <= endsMs) return plannedMs;
  const usualMs = midnight.getTime() + DAY_BEGINS * MINUTE_MS;
  const beginsMs = Math.max(midnight.getTime(), Math.min(usualMs, endsMs - EARLY_MS));
  const share = (minutesOf(time) - DAY_BEGINS) / (DAY_ENDS - DAY_BEGINS);
  return Math.round(beginsMs + Math.max(0, Math.min(1, share)) * (endsMs - beginsMs));
}
