// A request by clear mail and the letters about it, for tests: every reason in both languages, and one with all of them.

import { parseDigest } from '#formats/desk/digest.ts';
import type { CalendarDay, FilingNumber } from '#formats/desk/model.ts';
import { reasons } from '#formats/desk/model.ts';
import { fillTemplate } from '../policy/test-policy.ts';
import { draftLetter, type LetterWish } from './draft-letter.ts';
import type { LetterRow } from './norms-of-reason.ts';

export const TARGET = parseDigest('ee'.repeat(32));
export const TODAY = '2026-11-24' as CalendarDay;

export function sampleRow(changes: Partial<LetterRow> = {}): LetterRow {
  const item = { from: null, until: null, target: TARGET };
  return {
    filing: '2026-0007' as FilingNumber,
    receivedOn: '2026-11-23' as CalendarDay,
    origin: 'HOME',
    channel: 'PLAIN_MAIL',
    instrument: 'PROSECUTOR_ORDER',
    items: [
      { ...item, kind: 'SUBSCRIBER', basis: 'ttdsg-22' },
      { ...item, kind: 'TRAFFIC', basis: null },
    ],
    outcome: null,
    reviews: [],
    ...changes,
  };
}

/** Name of the golden file → what should stand in it. */
export function sampleLetters(): ReadonlyMap<string, string> {
  const made = new Map<string, string>();
  for (const language of ['de', 'en'] as const) {
    const put = (name: string, wish: Pick<LetterWish, 'letterKind' | 'reasons'>): void => {
      const { subject, text } = draftLetter({
        policy: fillTemplate([]),
        row: sampleRow(),
        language,
        today: TODAY,
        ...wish,
      });
      made.set(`${name}-${language}.txt`, `${subject}\n\n${text}`);
    };
    for (const reason of reasons) {
      put(reason.toLowerCase().replaceAll('_', '-'), { letterKind: 'REJECTION', reasons: [reason] });
    }
    put('correction-of-all', { letterKind: 'CORRECTION', reasons });
  }
  return made;
}
