// An invented register of two years with the figures of a real report: 55 filings in 2022, 133 in 2023; always the same; authorities by class and country alone.

import { requireValue } from '#base/assert.ts';
import { sha256 } from '#office/desk/register/chain.ts';
import { parseDigest } from '#formats/desk/digest.ts';
import type { DeskEvent, Past } from '#office/desk/register/event.ts';
import { stepFiling, type FilingRow } from '#office/desk/register/fold.ts';
import type {
  AuthorityClass,
  CalendarDay,
  Channel,
  Digest,
  Filing,
  FilingItem,
  FilingNumber,
  Instrument,
  Kind,
  Origin,
  Outcome,
  Reason,
} from '#formats/desk/model.ts';

export interface SampleFiling {
  readonly filing: Filing;
  readonly past: Past;
}

/** What one filing is to be; the rest follows from its place. */
export interface SampleWish {
  readonly year: number;
  readonly channel: Channel;
  readonly outcome: Outcome | null;
  readonly reasons: readonly Reason[];
  readonly kinds: readonly Kind[];
  readonly class: AuthorityClass;
  readonly country: string;
  readonly targets: number;
  readonly isEmergency: boolean;
  /** Which of the year's rejected ones it puts right, counted from 0 over all years. */
  readonly corrects: number | null;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Oldest first; a filing that puts another right stands after it. */
export function sampleFilings(): readonly SampleFiling[] {
  return filingsOf([...wishesOf2022(), ...wishesOf2023()]);
}

/** The events by which a register takes them over, at the end of 2023. */
export function sampleEvents(filings = sampleFilings()): readonly DeskEvent[] {
  return filings.flatMap(({ filing, past }): DeskEvent[] => [
    { kind: 'IMPORTED', filing, past },
    ...(filing.corrects === null
      ? []
      : [{ kind: 'CORRECTED', filing: filing.corrects, correctedBy: filing.filing } as const]),
  ]);
}

/** The rows that follow from the events, in the order they were filed. */
export function sampleRows(filings = sampleFilings()): readonly FilingRow[] {
  const rows = new Map<FilingNumber, FilingRow>();
  for (const [nth, event] of sampleEvents(filings).entries()) {
    if (event.kind !== 'IMPORTED' && event.kind !== 'CORRECTED') continue;
    const number = event.kind === 'IMPORTED' ? event.filing.filing : event.filing;
    const next = stepFiling(rows.get(number), event, { nth, atMs: Date.UTC(2023, 11, 31, 12) });
    if (!next.ok) throw new Error(`${number}: ${next.error.kind}`);
    rows.set(number, next.value);
  }
  return [...rows.values()];
}

/** Any register: numbers, days and times follow from the order. */
export function filingsOf(wishes: readonly SampleWish[]): readonly SampleFiling[] {
  const made: SampleFiling[] = [];
  const rejected: FilingNumber[] = [];
  for (const wish of wishes) {
    const before = made.filter(({ filing }) => filing.receivedOn.startsWith(String(wish.year))).length;
    const inYear = wishes.filter(({ year }) => year === wish.year).length;
    const one = filingOf(likeCorrected(wish, made, rejected), { nth: before, of: inYear, rejected });
    if (wish.outcome === 'REJECTED' || wish.outcome === 'REJECTED_FORMAL') rejected.push(one.filing.filing);
    made.push(one);
  }
  return made;
}

/** Who puts a filing right asks for the same, of the same. */
function likeCorrected(of: SampleWish, made: readonly SampleFiling[], rejected: readonly FilingNumber[]): SampleWish {
  const before = made.find(({ filing }) => of.corrects !== null && filing.filing === rejected[of.corrects])?.filing;
  if (before === undefined) return of;
  const { authority, items, targets } = before;
  return { ...of, class: authority.class, country: authority.country, kinds: items.map(({ kind }) => kind), targets };
}

/** Usual: subscriber data asked for by a public prosecutor, answered. */
export function wish(year: number, more: Partial<SampleWish> = {}): SampleWish {
  return {
    year,
    channel: 'ESB',
    outcome: 'DISCLOSED',
    reasons: [],
    kinds: ['SUBSCRIBER'],
    class: 'PROSECUTION',
    country: 'DE',
    targets: 1,
    isEmergency: false,
    corrects: null,
    ...more,
  };
}

function filingOf(
  of: SampleWish,
  place: { readonly nth: number; readonly of: number; readonly rejected: readonly FilingNumber[] },
): SampleFiling {
  const number = filingNumber(of.year, place.nth + 1);
  const receivedMs = workingTime(of.year, place.nth, place.of);
  const days = of.isEmergency ? 0 : 1 + ((place.nth * 7) % 11);
  const decidedMs = of.outcome === null ? null : receivedMs + days * DAY_MS + (1 + (place.nth % 5)) * HOUR_MS;
  const filing: Filing = {
    filing: number,
    corrects: of.corrects === null ? null : requireValue(place.rejected[of.corrects], 'a rejected filing before it'),
    receivedMs,
    receivedOn: calendarDay(receivedMs),
    authority: { class: of.class, country: of.country },
    origin: originOf(of.country),
    channel: of.channel,
    instrument: instrumentOf(of),
    urgency: of.isEmergency ? 'EMERGENCY' : 'NORMAL',
    items: of.kinds.map((kind, nth) => itemOf(kind, { number, nth, receivedMs })),
    targets: of.targets,
  };
  return { filing, past: { outcome: of.outcome, reasons: of.reasons, decidedMs } };
}

function itemOf(
  kind: Kind,
  at: { readonly number: FilingNumber; readonly nth: number; readonly receivedMs: number },
): FilingItem {
  const isOverTime = kind === 'TRAFFIC' || kind === 'INTERCEPTION';
  return {
    kind,
    basis: null,
    from: isOverTime ? calendarDay(at.receivedMs - 30 * DAY_MS) : null,
    until: isOverTime ? calendarDay(at.receivedMs - DAY_MS) : null,
    target: commitment(`${at.number} ${at.nth}`),
  };
}

function instrumentOf({ kinds, country }: SampleWish): Instrument {
  if (originOf(country) !== 'HOME') return 'MUTUAL_ASSISTANCE';
  if (kinds.some((kind) => kind === 'SEIZURE' || kind === 'TRAFFIC' || kind === 'INTERCEPTION')) return 'COURT_ORDER';
  return kinds.includes('PRESERVATION') ? 'PROSECUTOR_ORDER' : 'REQUEST';
}

function originOf(country: string): Origin {
  if (country === 'DE') return 'HOME';
  return ['AT', 'FR', 'NL', 'PL'].includes(country) ? 'EU' : 'OTHER';
}

/** On working days between 8 and 15 o'clock UTC, spread over the year, rising. */
function workingTime(year: number, nth: number, of: number): number {
  const first = Date.UTC(year, 0, 3, 8);
  const at = first + Math.floor((nth * 355) / of) * DAY_MS + ((nth * 5) % 7) * HOUR_MS;
  const weekday = new Date(at).getUTCDay();
  return weekday === 0 ? at + DAY_MS : weekday === 6 ? at - DAY_MS : at;
}

function calendarDay(ms: number): CalendarDay {
  return new Date(ms).toISOString().slice(0, 10) as CalendarDay;
}

function filingNumber(year: number, nth: number): FilingNumber {
  return `${year}-${String(nth).padStart(4, '0')}` as FilingNumber;
}

/** Of nobody: the target that it hides is a number. */
function commitment(of: string): Digest {
  return parseDigest(sha256(Buffer.from(`sample ${of}`)));
}

function many(count: number, year: number, more: Partial<SampleWish>): readonly SampleWish[] {
  return Array.from({ length: count }, () => wish(year, more));
}

/** Plain mail and fax were still admissible: nobody was rejected for them. */
function wishesOf2022(): readonly SampleWish[] {
  const rejected = [
    ...many(5, 2022, { channel: 'PLAIN_MAIL', outcome: 'REJECTED', reasons: ['WRONG_OR_REPEALED_NORM'] }),
    ...many(3, 2022, { channel: 'FAX', outcome: 'REJECTED', reasons: ['NO_COURT_ORDER'], kinds: ['TRAFFIC'] }),
    ...many(2, 2022, { channel: 'POST', outcome: 'REJECTED', reasons: ['INCOMPLETE', 'NO_LEGAL_BASIS'] }),
    ...many(2, 2022, { channel: 'PLAIN_MAIL', outcome: 'REJECTED', reasons: ['WRONG_ADDRESSEE'] }),
    ...many(1, 2022, { channel: 'PLAIN_MAIL', outcome: 'REJECTED', reasons: ['OVERBROAD'], kinds: ['SEIZURE'] }),
    ...many(1, 2022, {
      channel: 'PLAIN_MAIL',
      outcome: 'REJECTED',
      reasons: ['NOT_VIA_MUTUAL_ASSISTANCE'],
      country: 'US',
    }),
  ];
  const others = [
    ...many(14, 2022, { channel: 'PLAIN_MAIL' }),
    ...many(6, 2022, { channel: 'FAX' }),
    ...many(5, 2022, { channel: 'POST' }),
    ...many(2, 2022, { channel: 'POST', kinds: ['SEIZURE'] }),
    ...many(3, 2022, { channel: 'PGP', kinds: ['SUBSCRIBER', 'TRAFFIC'], outcome: 'NARROWED' }),
    ...many(2, 2022, { channel: 'PGP', kinds: ['INTERCEPTION'], outcome: 'NO_DATA_HELD' }),
    ...many(1, 2022, { country: 'FR', outcome: 'NO_DATA_HELD' }),
    ...many(3, 2022, { outcome: 'NO_DATA_HELD' }),
  ];
  const corrections = [0, 1, 2, 5, 8].map((nth) => wish(2022, { channel: 'PGP', corrects: nth }));
  return [...mixed(rejected, others), ...corrections];
}

/** From 2023-01-01 plain mail and fax are rejected, unless somebody is in danger. */
function wishesOf2023(): readonly SampleWish[] {
  const channel = ['INADMISSIBLE_CHANNEL'] as const;
  const rejected = [
    ...many(24, 2023, { channel: 'PLAIN_MAIL', outcome: 'REJECTED_FORMAL', reasons: channel }),
    ...many(5, 2023, { channel: 'PLAIN_MAIL', outcome: 'REJECTED_FORMAL', reasons: channel, kinds: ['SEIZURE'] }),
    ...many(7, 2023, { channel: 'FAX', outcome: 'REJECTED_FORMAL', reasons: channel, targets: 2 }),
    ...many(3, 2023, {
      channel: 'PLAIN_MAIL',
      outcome: 'REJECTED',
      reasons: ['INADMISSIBLE_CHANNEL', 'NO_COURT_ORDER'],
      kinds: ['TRAFFIC'],
    }),
    ...many(1, 2023, {
      channel: 'PLAIN_MAIL',
      outcome: 'REJECTED',
      reasons: ['INADMISSIBLE_CHANNEL', 'NOT_VIA_MUTUAL_ASSISTANCE'],
      country: 'US',
    }),
    ...many(2, 2023, { channel: 'POST', outcome: 'REJECTED', reasons: ['WRONG_OR_REPEALED_NORM'] }),
    ...many(1, 2023, { channel: 'POST', outcome: 'REJECTED', reasons: ['WRONG_ADDRESSEE'] }),
    ...many(1, 2023, { outcome: 'REJECTED', reasons: ['OVERBROAD'], kinds: ['SEIZURE', 'TRAFFIC'] }),
    ...many(1, 2023, { channel: 'PGP', outcome: 'REJECTED', reasons: ['INCOMPLETE', 'UNKNOWN_TARGET_FORM'] }),
  ];
  const others = [
    ...many(3, 2023, { channel: 'PLAIN_MAIL', isEmergency: true }),
    ...many(1, 2023, { channel: 'FAX', isEmergency: true, outcome: 'NO_DATA_HELD' }),
    ...many(24, 2023, {}),
    ...many(7, 2023, { outcome: 'NO_DATA_HELD' }),
    ...many(8, 2023, { channel: 'PGP' }),
    ...many(3, 2023, { channel: 'PGP', kinds: ['SUBSCRIBER', 'TRAFFIC'], outcome: 'NARROWED' }),
    ...many(4, 2023, { channel: 'POST', kinds: ['SEIZURE'], targets: 3 }),
    ...many(3, 2023, { channel: 'POST' }),
    ...many(3, 2023, { channel: 'PGP', kinds: ['INTERCEPTION'], outcome: 'NO_DATA_HELD' }),
    ...many(2, 2023, { kinds: ['PRESERVATION'], outcome: 'NO_DATA_HELD' }),
    ...many(2, 2023, { country: 'AT' }),
  ];
  // the last of 2022 that was put right came with the new year
  const late = wish(2023, { corrects: 3 });
  const corrections = Array.from({ length: 27 }, (_, nth) =>
    wish(2023, { channel: nth % 3 === 0 ? 'PGP' : 'ESB', corrects: 14 + nth + (nth > 20 ? 4 : 0) }),
  );
  return [late, ...mixed(rejected, others), ...corrections];
}

/** One of these, one of those, then what is left. */
function mixed(some: readonly SampleWish[], others: readonly SampleWish[]): readonly SampleWish[] {
  return Array.from({ length: Math.max(some.length, others.length) }, (_, nth) => [some[nth], others[nth]])
    .flat()
    .filter((one) => one !== undefined);
}
