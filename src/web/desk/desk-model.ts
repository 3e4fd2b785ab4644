// What the desk's page concludes: what waits, in which order, what a verdict lacks, what the clerk's form becomes. Pure.

import type { DeskFiling, DeskListed, DeskLook } from '#formats/auth-wire/desk-answers.ts';
import type { AuthorityClass, Channel, Instrument, Kind, Reason, Verdict } from '#formats/desk/model.ts';
import type { PlainDocument, PlainVerdict } from '../desk-work.ts';

export type Me = NonNullable<DeskLook['me']>;

export type Waits =
  | { readonly kind: 'nothing'; readonly filing?: undefined }
  | { readonly kind: 'arrivals'; readonly count: number; readonly filing?: undefined }
  | { readonly kind: 'emergency' | 'verdicts' | 'letters'; readonly count: number; readonly filing: string };

/** The one thing that comes first: an emergency, then verdicts; for the clerk what came in by itself, then letters that are to be written. */
export function whatWaits(filings: readonly DeskListed[], me: Me, arrivals = 0): Waits {
  const mine = filings.filter(({ waitsForMe }) => waitsForMe);
  const urgent = mine.filter(({ urgency }) => urgency === 'EMERGENCY');
  for (const [kind, found] of [['emergency', urgent] as const, ['verdicts', mine] as const]) {
    const [first] = inOrder(found);
    if (first !== undefined) return { kind, count: found.length, filing: first.filing };
  }
  if (me.role === 'CLERK' && arrivals > 0) return { kind: 'arrivals', count: arrivals };
  const letters = me.role === 'CLERK' ? filings.filter(({ state }) => REJECTED.has(state)) : [];
  const [letter] = inOrder(letters);
  return letter === undefined ? { kind: 'nothing' } : { kind: 'letters', count: letters.length, filing: letter.filing };
}

const REJECTED: ReadonlySet<string> = new Set(['REJECTED_FORMAL', 'REJECTED']);

/** What waits for me first, emergencies before all; then what is due, then the newest. */
export function inOrder(filings: readonly DeskListed[]): readonly DeskListed[] {
  const rank = ({ waitsForMe, urgency }: DeskListed): number =>
    (waitsForMe ? 0 : 2) - (waitsForMe && urgency === 'EMERGENCY' ? 1 : 0);
  return filings.toSorted(
    (one, other) =>
      rank(one) - rank(other) ||
      (one.waitsForMe ? (one.dueMs ?? Infinity) - (other.dueMs ?? Infinity) || 0 : 0) ||
      other.filing.localeCompare(one.filing, 'en', { numeric: true }),
  );
}

export interface VerdictDraft {
  readonly verdict: Verdict | undefined;
  readonly reasons: readonly Reason[];
  readonly items: readonly number[];
}
export const emptyVerdict: VerdictDraft = { verdict: undefined, reasons: [], items: [] };

/** Undefined: it can be signed. */
export function verdictFault(
  draft: VerdictDraft,
  filing: Pick<DeskFiling, 'items'>,
): 'verdict' | 'reasons' | 'items' | undefined {
  const { verdict, reasons, items } = draft;
  if (verdict === undefined) return 'verdict';
  if (verdict === 'REJECT' && reasons.length === 0) return 'reasons';
  const isPart = items.length > 0 && items.length < filing.items.length;
  return verdict === 'NARROW' && !isPart ? 'items' : undefined;
}

/** Exactly what is signed: only what belongs to the verdict. */
export function toVerdict(filing: string, { verdict = 'REJECT', reasons, items }: VerdictDraft): PlainVerdict {
  return {
    filing,
    verdict,
    reasons: verdict === 'ADMIT' ? [] : reasons,
    items: verdict === 'NARROW' ? items.toSorted((one, other) => one - other) : null,
  };
}

export interface FilingDraft {
  readonly received: string;
  readonly authority: AuthorityClass;
  readonly country: string;
  readonly channel: Channel;
  readonly instrument: Instrument;
  readonly kinds: readonly Kind[];
  /** Empty: none was named. */
  readonly basis: string;
  readonly from: string;
  readonly until: string;
  readonly plainTarget: string;
  readonly answerBy: string;
  readonly isEmergency: boolean;
  readonly documents: readonly PlainDocument[];
}

export function emptyFiling(today: string, country: string): FilingDraft {
  return {
    received: today,
    authority: 'PROSECUTION',
    country,
    channel: 'FAX',
    instrument: 'REQUEST',
    kinds: ['SUBSCRIBER'],
    basis: '',
    from: '',
    until: '',
    plainTarget: '',
    answerBy: '',
    isEmergency: false,
    documents: [],
  };
}

export type FilingFault = 'received' | 'country' | 'kinds' | 'period' | 'answerBy';

export function filingFault(draft: FilingDraft, today: string): FilingFault | undefined {
  const { received, country, kinds, from, until, answerBy } = draft;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(received) || received > today) return 'received';
  if (!/^[A-Za-z]{2}$/.test(country)) return 'country';
  if (kinds.length === 0) return 'kinds';
  if (from !== '' && until !== '' && until < from) return 'period';
  return answerBy !== '' && answerBy < received ? 'answerBy' : undefined;
}

/** As the server's reader wants it; whom it is about is filled in where it is sealed. */
export function toGiven(draft: FilingDraft, corrects: string | null): object {
  const { received, authority, country, channel, instrument, kinds, basis, from, until, answerBy, isEmergency } = draft;
  const orNull = (text: string): string | null => (text === '' ? null : text);
  return {
    corrects,
    received,
    authority: { class: authority, country: country.toUpperCase() },
    channel,
    instrument,
    urgency: isEmergency ? 'EMERGENCY' : 'NORMAL',
    items: kinds.map((kind) => ({
      kind,
      basis: orNull(basis),
      from: orNull(from),
      until: orNull(until),
      target: null,
    })),
    targets: 1,
    ...(answerBy !== '' && { answerBy }),
  };
}
