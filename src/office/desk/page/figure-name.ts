// What a figure is called on the page, from its id: "2023 · Channel: Fax, share".

import { reasonWords } from '../letters/reason-words.ts';
import { tableIds } from '../report/tables.ts';
import type { PageWords } from './words-en.ts';

/** What has no name on the page says its id. */
export function figureName(words: PageWords, year: number, id: string): string {
  const [part = '', ...rest] = id.split('.');
  if (part === 'tables') {
    const table = tableIds.find((one) => one === rest[0]);
    return table === undefined ? id : words.cross.titles[table];
  }
  if (part !== 'figures' && part !== 'before') return id;
  const isShare = rest.at(-1) === 'share';
  const name = namesOf(words).get((isShare ? rest.slice(0, -1) : rest).join('.'));
  if (name === undefined) return id;
  return `${part === 'figures' ? year : year - 1} · ${name}${isShare ? `, ${words.columns.share}` : ''}`;
}

const groups = ['origin', 'authority', 'kind', 'instrument', 'urgency', 'channel', 'protection', 'outcome'] as const;

function namesOf({ codes, firstColumns, rows, spoken }: PageWords): ReadonlyMap<string, string> {
  const { total, corrections, first, formal, corrected, finally: last, decided, median, p90, targets } = rows;
  return new Map([
    ...groups.flatMap((group) =>
      Object.entries<string>(codes[group]).map(
        ([code, label]) => [`${group}.${code}`, `${firstColumns[group]}: ${label}`] as const,
      ),
    ),
    ...Object.entries(reasonWords[spoken]).map(
      ([reason, { label }]) => [`reason.${reason}`, `${firstColumns.reason}: ${label}`] as const,
    ),
    ['total', total],
    ['corrections', corrections],
    ['rejected.first', first],
    ['rejected.formal', formal],
    ['rejected.corrected', corrected],
    ['rejected.finally', last],
    ['time.decided', decided],
    ['time.median', median],
    ['time.p90', p90],
    ['targets', targets],
  ]);
}
