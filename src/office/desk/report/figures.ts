// From counts to figures: each with numerator, denominator, definition and rounding.

import type { YearCount } from './count-year.ts';
import type { DefinitionId } from './definitions.ts';
import { bandOf, daysOf, exactly, leftOut, percentOf, type Figure } from './figure.ts';

/** By id: "total", "channel.FAX", "channel.FAX.share", "rejected.first", "time.median" … */
export type Figures = Readonly<Record<string, Figure>>;

/** Of the policy: how interceptions are said. */
export interface Bands {
  readonly bands: readonly number[] | null;
}

const groups = ['origin', 'authority', 'channel', 'protection', 'instrument', 'urgency', 'outcome'] as const;

export function figuresOf(count: YearCount, interceptions: Bands): Figures {
  const all: [string, Figure][] = [
    ['total', exactly(count.total, 'total')],
    ...counted('corrections', { part: count.corrections, of: count.total }, 'corrections'),
    ['targets', exactly(count.targets, 'targets')],
    ...groups.flatMap((group) =>
      [...count[group]].flatMap(([word, part]) => counted(`${group}.${word}`, { part, of: count.total }, group)),
    ),
    ...kindFigures(count, interceptions),
    ...rejectionFigures(count),
    ...timeFigures(count.spansMs),
  ];
  return Object.fromEntries(all);
}

/** The kinds of which no exact number may be said: interceptions, and what they could be computed from. */
export function hiddenKinds({ kind, total }: YearCount, { bands }: Bands): readonly string[] {
  if (bands === null) return [];
  const interceptions = kind.get('INTERCEPTION') ?? 0;
  const upper = bands.toSorted((a, b) => a - b).find((band) => interceptions <= band) ?? total;
  const others = [...kind].filter(([word]) => word !== 'INTERCEPTION').toSorted(([, a], [, b]) => a - b);
  // who takes every request for one kind only subtracts the kinds shown from the total: what is left must fill the band
  const enough = others.find(([, count]) => count + interceptions >= upper);
  return ['INTERCEPTION', ...(enough ? [enough[0]] : others.map(([word]) => word))];
}

function kindFigures(count: YearCount, interceptions: Bands): [string, Figure][] {
  const hidden = hiddenKinds(count, interceptions);
  return [...count.kind].flatMap(([word, part]) => {
    if (!hidden.includes(word)) return counted(`kind.${word}`, { part, of: count.total }, 'kind');
    const isBand = word === 'INTERCEPTION' && interceptions.bands !== null;
    return [
      [`kind.${word}`, isBand ? bandOf(part, interceptions.bands, 'kind') : leftOut('kind')],
      [`kind.${word}.share`, leftOut('shareOfTotal')],
    ];
  });
}

function rejectionFigures(count: YearCount): [string, Figure][] {
  const { total, rejectedFirst: first, rejectedFormal: formal, rejectedCorrected: corrected } = count;
  return [
    ...counted('rejected.first', { part: first, of: total }, 'rejectedFirst'),
    ...counted('rejected.formal', { part: formal, of: first }, 'rejectedFormal', 'shareOfRejected'),
    ...counted('rejected.corrected', { part: corrected, of: first }, 'rejectedCorrected', 'shareOfRejected'),
    ...counted('rejected.finally', { part: first - corrected, of: first }, 'rejectedFinally', 'shareOfRejected'),
    ...[...count.reason].flatMap(([word, part]) =>
      counted(`reason.${word}`, { part, of: first }, 'reason', 'shareOfRejected'),
    ),
  ];
}

function timeFigures(spansMs: readonly number[]): [string, Figure][] {
  const rising = Float64Array.from(spansMs).sort();
  return [
    ['time.decided', exactly(rising.length, 'decided')],
    ['time.median', daysOf(nearestRank(rising, 5), 'timeMedian')],
    ['time.p90', daysOf(nearestRank(rising, 9), 'timeP90')],
  ];
}

/** The value at place ⌈tenths/10 · n⌉, counted from 1. */
export function nearestRank(rising: Float64Array, tenths: number): number | null {
  return rising[Math.ceil((tenths * rising.length) / 10) - 1] ?? null;
}

/** The number, and its share beside it. */
function counted(
  id: string,
  { part, of }: { readonly part: number; readonly of: number },
  definition: DefinitionId,
  share: DefinitionId = 'shareOfTotal',
): [string, Figure][] {
  return [
    [id, exactly(part, definition)],
    [`${id}.share`, percentOf(part, of, share)],
  ];
}
