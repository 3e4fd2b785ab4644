// Which sections the report's page has, and what is said in each: everything from the figures, nothing by hand.

import { authorityClasses, channels, instruments, kinds, origins, reasons, urgencies } from '#formats/desk/model.ts';
import { reasonWords } from '../letters/reason-words.ts';
import { outcomeRows, protections } from '../report/count-year.ts';
import type { Figures } from '../report/figures.ts';
import { codesOf, type TableRow, type Years } from './figure-table.ts';
import { countOf, figureText, listText } from './number-text.ts';
import type { Section } from './section.ts';
import type { CodeWords } from './code-words-en.ts';
import type { PageWords, Part, Rejected } from './words-en.ts';

type Group = Exclude<keyof CodeWords, 'phrases' | 'role'>;

/** Without any request in either year there is nothing to divide. */
export function sectionsOf(words: PageWords, years: Years): readonly Section[] {
  const total = count(years.now, 'total');
  const first = totalSection(words, years);
  if (total === 0 && count(years.before ?? {}, 'total') === 0)
    return [{ ...first, sentences: [...first.sentences, words.says.noFilings] }];
  return [
    first,
    ...groupSections(words, years),
    rejectedSection(words, years),
    ...reasonSection(words, years),
    groupOf(words, years, { id: 'outcome', codes: outcomeRows, sentences: [] }),
    timeSection(words, years),
    targetsSection(words, years),
  ];
}

function totalSection({ rows, says }: PageWords, { year, now, before }: Years): Section {
  const counted = { year, total: count(now, 'total'), before: before && count(before, 'total') };
  return {
    id: 'total',
    sentences: [says.total(counted), says.corrections(count(now, 'corrections'))],
    rows: [
      { id: 'total', label: rows.total, definition: 'total' },
      { id: 'corrections', label: rows.corrections, definition: 'corrections' },
    ],
    hasShares: true,
    definitions: ['shareOfTotal'],
    codes: {},
  };
}

function groupSections(words: PageWords, years: Years): readonly Section[] {
  const { says } = words;
  const { now } = years;
  const total = count(now, 'total');
  const parts = (group: 'origin' | 'authority' | 'channel', codes: readonly string[]): string => {
    const found = partsOf(now, group, codes);
    return found.length === 0 ? '' : says.parts(group, found, { total, list: (said) => listText(words, said) });
  };
  // what is not stated stands there too, or the others would seem to be all
  const asked = kinds
    .filter((kind) => now[`kind.${kind}`]?.value !== 0)
    .toSorted((a, b) => (countOf(now[`kind.${b}`]) ?? -1) - (countOf(now[`kind.${a}`]) ?? -1))
    .map((kind) => `${labelOf(words, 'kind', kind)} (${figureText(words, now[`kind.${kind}`])})`);
  const isBand = now['kind.INTERCEPTION']?.rounding === 'band';
  const isLeftOut = kinds.some((kind) => now[`kind.${kind}`]?.rounding === 'leftOut');
  const clear = figureText(words, now['protection.CLEAR.share']);
  return [
    groupOf(words, years, { id: 'origin', codes: origins, sentences: [parts('origin', origins)] }),
    groupOf(words, years, {
      id: 'authority',
      codes: authorityClasses,
      sentences: [parts('authority', authorityClasses)],
    }),
    groupOf(words, years, {
      id: 'kind',
      codes: kinds,
      sentences: [
        asked.length === 0 ? '' : says.kinds(listText(words, asked)),
        isBand ? says.band : '',
        isLeftOut ? says.notStated : '',
      ],
    }),
    groupOf(words, years, { id: 'instrument', codes: instruments, sentences: [] }),
    groupOf(words, years, {
      id: 'urgency',
      codes: urgencies,
      sentences: [total === 0 ? '' : says.emergencies(count(now, 'urgency.EMERGENCY'))],
    }),
    groupOf(words, years, { id: 'channel', codes: channels, sentences: [parts('channel', channels)] }),
    groupOf(words, years, {
      id: 'protection',
      codes: protections,
      sentences: [total === 0 ? '' : says.clear(count(now, 'protection.CLEAR'), total, clear)],
    }),
  ];
}

/** A row for each code; those that are nowhere in either year stand in one sentence. */
function groupOf(
  words: PageWords,
  years: Years,
  {
    id,
    codes,
    sentences,
  }: { readonly id: Group; readonly codes: readonly string[]; readonly sentences: readonly string[] },
): Section {
  const rows = codes.map((code): TableRow => ({ id: `${id}.${code}`, label: labelOf(words, id, code) }));
  const shown = rows.filter((row) => isAnywhere(years, row.id));
  const others = rows.filter((row) => !shown.includes(row)).map(({ label }) => label);
  return {
    id,
    sentences,
    rows: shown,
    nowhere: others.length === 0 ? '' : words.says.nowhere(others.join(', ')),
    hasShares: true,
    definitions: [id, 'shareOfTotal'],
    codes: codesOf(words.codes, 'channel', id),
  };
}

function rejectedSection(words: PageWords, years: Years): Section {
  const { rows, shares, says } = words;
  const { now } = years;
  const told: Rejected = {
    total: count(now, 'total'),
    first: count(now, 'rejected.first'),
    share: figureText(words, now['rejected.first.share']),
    formal: count(now, 'rejected.formal'),
    corrected: count(now, 'rejected.corrected'),
    finally: count(now, 'rejected.finally'),
  };
  return {
    id: 'rejected',
    sentences: told.total === 0 ? [] : [says.rejected(told), says.corrected(told)],
    rows: [
      { id: 'rejected.first', label: rows.first, definition: 'rejectedFirst', more: shares.ofTotal },
      { id: 'rejected.formal', label: rows.formal, definition: 'rejectedFormal', more: shares.ofRejected },
      { id: 'rejected.corrected', label: rows.corrected, definition: 'rejectedCorrected', more: shares.ofRejected },
      { id: 'rejected.finally', label: rows.finally, definition: 'rejectedFinally', more: shares.ofRejected },
    ],
    hasShares: true,
    definitions: [],
    codes: {},
  };
}

/** Only where something was rejected; reasons that were not given in either year stand in one sentence. */
function reasonSection(words: PageWords, years: Years): readonly Section[] {
  const called = reasonWords[words.spoken];
  const given = reasons.filter((reason) => isAnywhere(years, `reason.${reason}`));
  if (given.length === 0) return [];
  const { now } = years;
  const often = given.toSorted((a, b) => count(now, `reason.${b}`) - count(now, `reason.${a}`));
  const [most] = often;
  const first = count(now, 'rejected.first');
  const others = reasons.filter((reason) => !given.includes(reason)).map((reason) => called[reason].label);
  const said = most === undefined || first === 0 ? '' : called[most].label;
  return [
    {
      id: 'reason',
      sentences: [
        most === undefined || said === '' ? '' : words.says.reasons(said, count(now, `reason.${most}`), first),
      ],
      nowhere: others.length === 0 ? '' : words.says.otherReasons(others.join(', ')),
      rows: often.map((reason) => ({
        id: `reason.${reason}`,
        label: called[reason].label,
        more: called[reason].sentence,
      })),
      hasShares: true,
      definitions: ['reason', 'shareOfRejected'],
      codes: {},
    },
  ];
}

function timeSection(words: PageWords, { now }: Years): Section {
  const { rows, says } = words;
  const decided = count(now, 'time.decided');
  const [median, p90] = [figureText(words, now['time.median']), figureText(words, now['time.p90'])];
  return {
    id: 'time',
    sentences: [decided === 0 ? says.noTime : says.time(median, p90, decided)],
    rows: [
      { id: 'time.median', label: rows.median, definition: 'timeMedian' },
      { id: 'time.p90', label: rows.p90, definition: 'timeP90' },
      { id: 'time.decided', label: rows.decided, definition: 'decided' },
    ],
    drawn: ['time.median', 'time.p90'],
    hasShares: false,
    definitions: [],
    codes: {},
  };
}

function targetsSection({ rows, says }: PageWords, { now }: Years): Section {
  const total = count(now, 'total');
  return {
    id: 'targets',
    sentences: total === 0 ? [] : [says.targets(count(now, 'targets'), total)],
    rows: [{ id: 'targets', label: rows.targets, definition: 'targets' }],
    hasShares: false,
    definitions: [],
    codes: {},
  };
}

/** Those that are there, the most frequent first. */
function partsOf(figures: Figures, group: string, codes: readonly string[]): readonly Part[] {
  return codes
    .map((code) => ({ code, count: count(figures, `${group}.${code}`) }))
    .filter((part) => part.count > 0)
    .toSorted((a, b) => b.count - a.count);
}

function labelOf({ codes }: PageWords, group: Group, code: string): string {
  return new Map(Object.entries<string>(codes[group])).get(code) ?? code;
}

function isAnywhere({ now, before }: Years, id: string): boolean {
  return now[id]?.value !== 0 || (before !== undefined && before[id]?.value !== 0);
}

/** What is not stated counts for nothing in a sentence. */
function count(figures: Figures, id: string): number {
  return countOf(figures[id]) ?? 0;
}
