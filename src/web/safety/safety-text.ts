// Numbers, ages, times and the one sentence of the safety page as people read them. Pure: now is a parameter.

import { unreachable } from '#base/assert.ts';
import type { Language } from '../words/dates.ts';
import type { SafetyWords } from '../words/safety-en.ts';
import type { Waits } from './what-waits.ts';

const MINUTE_MS = 60_000;
const locale = (language: Language): string => (language === 'de' ? 'de-DE' : 'en-GB');

export function numberText(language: Language, value: number): string {
  return value.toLocaleString(locale(language), { maximumFractionDigits: 1 });
}

/** 12 minutes ago, yesterday: what is older than an hour in hours, than two days in days. */
export function ageText(language: Language, timeMs: number, nowMs: number): string {
  const relative = new Intl.RelativeTimeFormat(locale(language), { numeric: 'always' });
  const minutes = Math.max(0, Math.round((nowMs - timeMs) / MINUTE_MS));
  if (minutes === 0) return new Intl.RelativeTimeFormat(locale(language), { numeric: 'auto' }).format(0, 'second');
  if (minutes < 90) return relative.format(-minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return hours < 48 ? relative.format(-hours, 'hour') : relative.format(-Math.round(hours / 24), 'day');
}

/** 22 Nov, 03:12; today only the time. */
export function momentText(language: Language, timeMs: number, nowMs: number): string {
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  const isToday = new Date(timeMs).toDateString() === new Date(nowMs).toDateString();
  return new Intl.DateTimeFormat(locale(language), isToday ? time : { day: 'numeric', month: 'short', ...time }).format(
    timeMs,
  );
}

export function dayText(language: Language, timeMs: number): string {
  return new Intl.DateTimeFormat(locale(language), { day: 'numeric', month: 'short' }).format(timeMs);
}

/** 0.4 s, 41 s, 12 min. */
export function secondsText(language: Language, seconds: number): string {
  const digits = seconds < 1 ? 2 : 1;
  if (seconds < 10) return `${seconds.toLocaleString(locale(language), { maximumFractionDigits: digits })} s`;
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** What waits, as the page's heading says it. */
export function sentenceOf({ waits: own }: SafetyWords, language: Language, waits: Waits): string {
  const shown = (value: number): string => numberText(language, value);
  switch (waits.kind) {
    case 'incident': {
      const { count, found, expected } = waits;
      return own.incident(
        count,
        found === undefined ? found : shown(found),
        expected === undefined ? expected : shown(expected),
      );
    }
    case 'ledger':
      return own.ledger(shown(waits.missing), shown(waits.mailboxes));
    case 'backupOld':
      return own.backupOld(shown(waits.hours));
    case 'backupNone':
    case 'backupNowhere':
    case 'copiesOld':
    case 'ledgerNever':
    case 'well':
      return own[waits.kind];
    case 'you':
    case 'others':
    case 'apply':
      return own[waits.kind](waits.count);
    default:
      return unreachable(waits);
  }
}
