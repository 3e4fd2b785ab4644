// One section of the report's page: heading, what the figures say, bars, and under them the table with its definitions.

import { html } from 'hono/html';
import type { DefinitionId } from '../report/definitions.ts';
import type { Figures } from '../report/figures.ts';
import { barChart, type Bar } from './bars.ts';
import { figureTable, type TableRow, type Years } from './figure-table.ts';
import { figureText, lengthOf } from './number-text.ts';
import type { PageWords, SectionId } from './words-en.ts';

type Markup = ReturnType<typeof html>;

export interface Section {
  readonly id: SectionId;
  /** Empty ones are left out. */
  readonly sentences: readonly string[];
  readonly rows: readonly TableRow[];
  /** Which rows are left out, because there is nothing in them. */
  readonly nowhere?: string;
  /** Those of the rows that are drawn; undefined: all. */
  readonly drawn?: readonly string[];
  readonly hasShares: boolean;
  readonly definitions: readonly DefinitionId[];
  readonly codes: Readonly<Record<string, string>>;
}

export function drawSection(words: PageWords, years: Years, section: Section): Markup {
  const { id, rows, drawn, hasShares } = section;
  const heading = words.headings[id];
  const { year, before } = years;
  const bars = rows.filter((row) => (drawn?.includes(row.id) ?? true) && hasLength(years, row.id));
  const chart = barChart({
    id,
    title: heading,
    year,
    yearBefore: before === undefined ? undefined : year - 1,
    rows: bars.map((row) => ({
      label: row.label,
      now: barOf(words, years.now, row.id),
      before: before && barOf(words, before, row.id),
    })),
  });
  return html`<section class="public-part report-section" id="${id}">
    <h2 class="section">${heading}</h2>
    ${section.sentences.filter((sentence) => sentence !== '').map((sentence) => html`<p>${sentence}</p>`)}
    ${bars.length === 0 ? '' : chart}
    ${figureTable(words, years, {
      id,
      caption: heading,
      firstColumn: words.firstColumns[id],
      rows,
      hasShares,
      nowhere: section.nowhere ?? '',
      definitions: section.definitions,
      codes: section.codes,
    })}
  </section>`;
}

/** Where nothing is stated, and where there is nothing, there is nothing to draw. */
function hasLength({ now, before }: Years, id: string): boolean {
  return [now[id], before?.[id]].some((figure) => (lengthOf(figure) ?? 0) > 0);
}

function barOf(words: PageWords, figures: Figures, id: string): Bar {
  const figure = figures[id];
  const share = figures[`${id}.share`];
  const number = figureText(words, figure);
  const isShared = share !== undefined && share.value !== null && figure?.value !== 0;
  return { length: lengthOf(figure), text: isShared ? `${number} · ${figureText(words, share)}` : number };
}
