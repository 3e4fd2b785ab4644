// A letter of rejection or correction, drafted from the reasons and the policy. It names nobody and says nothing of what is held.

import { decideAdmissibility } from '../policy/admissibility.ts';
import type { Norm, Policy } from '#formats/desk/policy-shape.ts';
import { inOrder } from '../register/fold.ts';
import { channels, type CalendarDay, type Channel, type Reason } from '#formats/desk/model.ts';
import { letterWords, type DraftKind } from './letter-words.ts';
import { normsOfReason, type LetterRow } from './norms-of-reason.ts';
import { reasonWords, type Language } from './reason-words.ts';

export interface LetterWish {
  readonly policy: Policy;
  readonly row: LetterRow;
  readonly letterKind: DraftKind;
  readonly language: Language;
  /** At least one. */
  readonly reasons: readonly Reason[];
  /** Which ways are open is said as of this day. */
  readonly today: CalendarDay;
}

export interface Letter {
  readonly subject: string;
  /** Paragraphs with an empty line between, each on one line. */
  readonly text: string;
}

export function draftLetter(wish: LetterWish): Letter {
  const { policy, row, letterKind, language } = wish;
  const words = letterWords[language];
  const reasons = inOrder(wish.reasons);
  if (reasons.length === 0) throw new Error('a letter names at least one reason');
  const ways = waysOpen(wish);
  const opening = [words.received(dayText(row.receivedOn, language), row.filing)];
  if (letterKind === 'REJECTION' && row.outcome !== null && row.reviews.length === 2) opening.push(words.byTwo);
  const paragraphs = [
    `${words.greeting},`,
    [...opening, words.opening[letterKind]].join(' '),
    ...reasons.map((reason, at) => `${at + 1}. ${paragraphOf(reason, wish)}`),
    ...(ways.length === 0
      ? [words.noWay]
      : [[words.again[letterKind], ...ways.map((way) => `- ${words.ways[way](policy.house.replyTo)}`)].join('\n')]),
    words.number(row.filing),
    words.silence,
    words.closing,
    `${policy.house.name}\n${policy.house.replyTo}`,
  ];
  return { subject: words.subject[letterKind](row.filing), text: `${paragraphs.join('\n\n')}\n` };
}

/** Reason, norm, what is missing, how to correct. */
function paragraphOf(reason: Reason, { policy, row, language }: LetterWish): string {
  const { label, sentence, missing, correct } = reasonWords[language][reason];
  const words = letterWords[language];
  const norms = normsOfReason(policy, row, reason);
  const cites = norms.map((norm) => citeOf(norm, language)).join('; ');
  return [`${label}.`, sentence, norms.length === 0 ? words.noNorm : words.norm(cites), missing, correct].join(' ');
}

/** "§ 22 TTDSG (in force from 1 December 2021 to 13 May 2024)" */
export function citeOf({ cite, from, until }: Norm, language: Language): string {
  if (from === null && until === null) return cite;
  const [since, last] = [from, until].map((day) => (day === null ? null : dayText(day, language)));
  return `${cite} (${letterWords[language].inForce(since ?? null, last ?? null)})`;
}

/** Ways that the policy admits that day for all that is asked for, without asking a person. */
function waysOpen({ policy, row: { items, instrument }, today }: LetterWish): readonly Channel[] {
  const kinds = items.map(({ kind }) => kind);
  return channels.filter((channel) => {
    const asked = { channel, kinds, instrument, urgency: 'NORMAL', receivedOn: today } as const;
    return decideAdmissibility(policy, asked).decision === 'ADMIT';
  });
}

/** "1. Januar 2023", "1 January 2023" */
function dayText(day: CalendarDay, language: Language): string {
  const format = new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' });
  return format.format(new Date(`${day}T00:00:00Z`));
}
