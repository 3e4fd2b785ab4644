// Days as the policy counts them: real dates, and which day it is in its zone.

import type { CalendarDay } from './model.ts';

/** "2026-11-23"; undefined for what is no day of the calendar. */
export function parseCalendarDay(text: unknown): CalendarDay | undefined {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const at = new Date(`${text}T00:00:00Z`);
  const isReal = !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
  return isReal ? (text as CalendarDay) : undefined;
}

/** Which day a moment falls on, by the clocks of that zone. For many moments: costs little after the first. */
export function calendarOf(zone: string): (ms: number) => CalendarDay {
  const format = new Intl.DateTimeFormat('en-GB-u-ca-gregory-nu-latn', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (ms) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    const text = [parts.get('year')?.padStart(4, '0'), parts.get('month'), parts.get('day')].join('-');
    const day = parseCalendarDay(text);
    if (day === undefined) throw new Error('a moment between the years 0 and 9999');
    return day;
  };
}

export function dayOf(zone: string, ms: number): CalendarDay {
  return calendarOf(zone)(ms);
}

/** Whether a day lies in a time whose ends may be open; both ends count. */
export function isWithin(day: CalendarDay, time: { from: CalendarDay | null; until: CalendarDay | null }): boolean {
  return (time.from === null || time.from <= day) && (time.until === null || day <= time.until);
}
