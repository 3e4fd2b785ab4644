// The words of the report's page in English: every sentence is made from figures, for none, one and many.

import type { RoundingId } from '../report/figure.ts';
import type { TableId } from '../report/tables.ts';
import { codeWordsEn, type CodeWords } from './code-words-en.ts';

export interface Counted {
  readonly year: number;
  readonly total: number;
  /** Undefined: there is no report of the year before. */
  readonly before: number | undefined;
}

export interface Rejected {
  readonly total: number;
  readonly first: number;
  readonly share: string;
  readonly formal: number;
  readonly corrected: number;
  readonly finally: number;
}

/** A number with the words after it, as in "130 from this country". */
export interface Part {
  readonly count: number;
  readonly code: string;
}

export interface PageWords {
  readonly spoken: 'de' | 'en';
  readonly productName: string;
  readonly languages: string;
  readonly title: (year?: number) => string;
  readonly nothing: { readonly sentence: string; readonly says: string };
  readonly lead: (counted: Counted) => string;
  readonly house: (house: string, cutOff: string) => string;
  readonly years: string;
  readonly big: {
    readonly requests: (count: number) => string;
    readonly rejected: (share: string) => string;
    /** Where there is nothing that it could be a share of. */
    readonly rejectedAlone: string;
    readonly of: (part: string, whole: string) => string;
    readonly noneBefore: string;
  };
  readonly signed: (people: number) => string;
  readonly unsigned: string;
  /** Nobody has signed it at all. */
  readonly draft: string;
  readonly check: string;
  readonly columns: { readonly number: string; readonly share: string };
  readonly days: (text: string) => string;
  readonly headings: Readonly<Record<SectionId, string>>;
  readonly firstColumns: Readonly<Record<SectionId, string>>;
  readonly rows: Readonly<
    Record<
      'total' | 'corrections' | 'first' | 'formal' | 'corrected' | 'finally' | 'decided' | 'median' | 'p90' | 'targets',
      string
    >
  >;
  readonly shares: { readonly ofTotal: string; readonly ofRejected: string };
  readonly says: {
    readonly total: (counted: Counted) => string;
    readonly corrections: (count: number) => string;
    readonly noFilings: string;
    readonly parts: (
      group: 'origin' | 'authority' | 'channel',
      parts: readonly Part[],
      of: { readonly total: number; readonly list: (parts: readonly string[]) => string },
    ) => string;
    readonly kinds: (list: string) => string;
    readonly clear: (count: number, total: number, share: string) => string;
    readonly emergencies: (count: number) => string;
    readonly rejected: (rejected: Rejected) => string;
    readonly corrected: (rejected: Rejected) => string;
    readonly reasons: (label: string, count: number, first: number) => string;
    readonly otherReasons: (list: string) => string;
    readonly nowhere: (list: string) => string;
    readonly time: (median: string, p90: string, decided: number) => string;
    readonly noTime: string;
    readonly targets: (count: number, total: number) => string;
    readonly band: string;
    readonly notStated: string;
  };
  readonly cross: {
    readonly heading: string;
    readonly says: string;
    readonly titles: Readonly<Record<TableId, string>>;
    readonly allLeftOut: string;
    readonly banded: string;
    readonly empty: string;
  };
  readonly method: {
    readonly heading: string;
    readonly sentences: readonly string[];
    readonly signs: string;
    readonly roundings: Readonly<Record<RoundingId, string>>;
  };
  readonly proof: {
    readonly heading: string;
    readonly says: string;
    readonly hash: string;
    readonly register: string;
    readonly head: string;
    readonly root: string;
    readonly entries: (count: number, text: string) => string;
    readonly policy: string;
    readonly signatures: string;
    readonly command: string;
    readonly fingerprints: string;
    readonly commandSays: string;
    readonly folder: string;
    readonly recompute: string;
    readonly recomputeSays: string;
    readonly files: string;
    readonly links: Readonly<Record<'json' | 'csv' | 'asc' | 'keys' | 'receipt' | 'log' | 'schema' | 'errata', string>>;
  };
  readonly errata: {
    readonly title: (year: number) => string;
    readonly none: string;
    readonly banner: (nth: number) => string;
    readonly link: string;
    readonly back: string;
    readonly lead: string;
    readonly original: string;
    readonly nth: (nth: number) => string;
    readonly changed: (count: number) => string;
    readonly other: string;
    readonly columns: readonly [string, string, string];
  };
  readonly codes: CodeWords;
}

export const sectionIds = [
  'total',
  'origin',
  'authority',
  'kind',
  'instrument',
  'urgency',
  'channel',
  'protection',
  'rejected',
  'reason',
  'outcome',
  'time',
  'targets',
] as const;
export type SectionId = (typeof sectionIds)[number];

const n = (count: number): string => count.toLocaleString('en-GB');
const requests = (count: number): string => (count === 1 ? '1 request' : `${n(count)} requests`);
const was = (count: number): string => (count === 1 ? 'was' : 'were');

export const wordsEn: PageWords = {
  spoken: 'en',
  productName: 'Siegel',
  languages: 'Language',
  title: (year) => (year === undefined ? 'Requests from authorities' : `Requests from authorities ${year}`),
  nothing: {
    sentence: 'No report has been published yet.',
    says: 'Once a year this page says how many requests from authorities came, by which channel, and what became of them.',
  },
  lead: ({ year, total, before }) => {
    const came = total === 0 ? `No authority asked in ${year}` : `${requests(total)} came from authorities in ${year}`;
    if (before === undefined) return `${came}. There is no report of the year before.`;
    if (before === 0) return `${came}; in the year before there ${total === 0 ? 'was none either' : 'was none'}.`;
    return `${came}; in the year before there ${was(before)} ${n(before)}.`;
  },
  house: (house, cutOff) => `${house}, as of ${cutOff}`,
  years: 'Reports',
  big: {
    requests: (count) => (count === 1 ? 'request' : 'requests'),
    rejected: (share) => `rejected (${share})`,
    rejectedAlone: 'rejected',
    of: (part, whole) => `${part} of ${whole}`,
    noneBefore: 'no report of the year before',
  },
  signed: (people) => (people === 2 ? 'Signed by two people' : `Signed by ${n(people)} people`),
  draft: 'This is a draft. Nobody has signed it, and it is not published.',
  unsigned: 'The signatures of this report are not those of two people who may sign it. Do not rely on its figures.',
  check: 'How to check it',
  columns: { number: 'Number', share: 'Share' },
  days: (text) => `${text}\u00A0days`,
  headings: {
    total: 'Total',
    origin: 'Where they came from',
    authority: 'Who asked',
    kind: 'What was asked for',
    instrument: 'By which instrument',
    urgency: 'How urgent',
    channel: 'By which channel',
    protection: 'How the channel was protected',
    rejected: 'Rejected',
    reason: 'Why they were rejected',
    outcome: 'What became of them',
    time: 'Time to a verdict',
    targets: 'Accounts concerned',
  },
  firstColumns: {
    total: 'Requests',
    origin: 'Origin',
    authority: 'Authority',
    kind: 'Kind of data',
    instrument: 'Instrument',
    urgency: 'Urgency',
    channel: 'Channel',
    protection: 'Protection',
    rejected: 'Rejection',
    reason: 'Reason',
    outcome: 'Outcome',
    time: 'Time',
    targets: 'Accounts',
  },
  rows: {
    total: 'All requests',
    corrections: 'of these, corrections of a rejected one',
    first: 'Rejected when first decided',
    formal: 'of these, only because of the channel',
    corrected: 'of these, corrected and filed again',
    finally: 'of these, finally rejected',
    decided: 'Decided, with both times written down',
    median: 'Median: half took at most',
    p90: '90 %: nine of ten took at most',
    targets: 'People or mailboxes asked about',
  },
  shares: { ofTotal: 'Share: of all requests.', ofRejected: 'Share: of those first rejected.' },
  says: {
    total: ({ total, before }) => {
      if (before === undefined) return '';
      if (total === before) return 'That is as many as in the year before.';
      const more = Math.abs(total - before);
      return `That is ${n(more)} ${total > before ? 'more' : 'fewer'} than in the year before.`;
    },
    corrections: (count) =>
      count === 0
        ? ''
        : `${n(count)} of them ${count === 1 ? 'puts' : 'put'} right a request that was rejected before.`,
    noFilings: 'As no request came, there is nothing to divide.',
    parts: (group, parts, { total, list }) => {
      const [only] = parts;
      if (only !== undefined && parts.length === 1 && only.count === total)
        return total === 1
          ? `The one request came ${codeWordsEn.phrases[group](only.code, 1)}.`
          : `All ${n(total)} requests came ${codeWordsEn.phrases[group](only.code, total)}.`;
      const said = list(parts.map(({ count, code }) => `${n(count)} ${codeWordsEn.phrases[group](code, count)}`));
      return `Of ${requests(total)}, ${said.replace(/^(\S+)/, '$1 came')}.`;
    },
    kinds: (list) => `Asked for: ${list}. A request can ask for several kinds.`,
    clear: (count, total, share) =>
      count === 0
        ? 'None came unencrypted.'
        : `${n(count)} of ${n(total)} (${share}) came in clear text: as mail that anybody on the way can read, or by fax.`,
    emergencies: (count) =>
      count === 0
        ? 'None was an emergency.'
        : count === 1
          ? '1 was an emergency, which no machine may refuse.'
          : `${n(count)} were emergencies, which no machine may refuse.`,
    rejected: ({ total, first, share, formal }) => {
      if (first === 0) return 'None was rejected.';
      const only =
        formal === 0
          ? ''
          : `, ${formal === first ? (first === 1 ? 'only' : 'all of them only') : `${n(formal)} of them only`} because of the channel`;
      return `${n(first)} of ${n(total)} ${was(first)} rejected when first decided (${share})${only}.`;
    },
    corrected: ({ first, corrected, finally: last }) => {
      if (first === 0) return '';
      const again =
        corrected === 0 ? 'None was filed again' : `${n(corrected)} ${was(corrected)} corrected and filed again`;
      return last === 0 ? `${again}; none stayed rejected.` : `${again}; ${n(last)} stayed rejected.`;
    },
    reasons: (label, count, first) => `Most often: ${label}, in ${n(count)} of ${n(first)}.`,
    otherReasons: (list) => `Not given: ${list}.`,
    nowhere: (list) => `Without a request: ${list}.`,
    time: (median, p90, decided) =>
      decided === 1
        ? `The one request with a verdict took ${median}.`
        : `Half of the requests took at most ${median} until the verdict, nine of ten at most ${p90}.`,
    noTime: 'No request of this year has a verdict with its times yet.',
    targets: (count, total) =>
      `${requests(total)} asked about ${count === 1 ? '1 person or mailbox' : `${n(count)} people or mailboxes`}.`,
    band: 'Interceptions are stated as a range; how wide it is stands in the signed policy.',
    notStated: 'A line (–) stands where a number is not stated, so that no other can be computed from it.',
  },
  cross: {
    heading: 'Two properties at once',
    says: 'Numbers from 1 to 4 are not stated here, so that nobody is recognised by them; so many others are left out with them that none can be computed. A line (–) stands for both. Rows and columns without any request are not drawn.',
    titles: {
      'kind-channel': 'What was asked for, by channel',
      'kind-outcome': 'What was asked for, by outcome',
      'origin-kind': 'Origin, by what was asked for',
      'channel-outcome': 'Channel, by outcome',
    },
    allLeftOut: 'This table is left out whole: its margins alone would tell a small number.',
    banded: 'This table is left out: what would stand in it is stated as a range.',
    empty: 'There is nothing in this table.',
  },
  method: {
    heading: 'Method and rounding',
    sentences: [
      'Every figure is computed from the register of requests and from nothing else. The register is a chain of entries: a later change of one is found. Two people sign the report.',
      'First rejected, corrected and finally rejected are told apart: a rejected request that the authority corrects counts as rejected, its correction counts as a request of its own.',
    ],
    signs: 'Rounding',
    roundings: {
      exact: 'Numbers',
      percent1: 'Shares',
      days1: 'Times',
      band: 'Ranges',
      leftOut: 'Lines (–)',
    },
  },
  proof: {
    heading: 'How to check it',
    says: 'The report is a file that two people signed, with the state of the register that it was computed from. A later edit of either is found.',
    hash: 'SHA-256 of the file',
    register: 'Register',
    head: 'Head of its chain',
    root: 'Root over its entries',
    entries: (count, text) => (count === 1 ? '1 entry' : `${text} entries`),
    policy: 'Policy',
    signatures: 'Signed by',
    command: 'The signatures',
    fingerprints: 'FINGERPRINTS',
    commandSays: 'Compare the fingerprints with those that you were given on paper or by telephone.',
    folder: 'FOLDER',
    recompute: 'Every figure, from the register',
    recomputeSays:
      'For whoever was given the register, as the house exports it: each entry, each verdict and each report is computed again.',
    files: 'Files',
    links: {
      json: 'Report (JSON, as it was signed)',
      csv: 'Figures (CSV)',
      asc: 'Signatures (OpenPGP)',
      keys: 'Keys of the two (OpenPGP)',
      receipt: 'Receipt: this house promised these figures on that day, and its book cannot be rewritten unseen',
      log: 'Log of the register',
      schema: 'Schema of the report',
      errata: 'Errata',
    },
  },
  errata: {
    title: (year) => `Errata of the report ${year}`,
    none: 'This report has not been corrected.',
    banner: (nth) =>
      nth === 1
        ? 'This report was corrected once. The corrected figures are shown.'
        : `This report was corrected ${n(nth)} times. The figures of the last correction are shown.`,
    link: 'What changed',
    back: 'To the report',
    lead: 'A published report is never changed. What was wrong is put right in a new file, signed like the first; all of them stay.',
    original: 'First version',
    nth: (nth) => `Erratum ${n(nth)}`,
    changed: (count) =>
      count === 0 ? 'No figure changed.' : count === 1 ? '1 figure changed.' : `${n(count)} figures changed.`,
    other: 'changed',
    columns: ['Figure', 'Before', 'Now'],
  },
  codes: codeWordsEn,
};
