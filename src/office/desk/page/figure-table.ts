// The table under a chart: each row with its number and share, this year and the year before, and what the numbers mean.

import { html } from 'hono/html';
import type { DefinitionId } from '../report/definitions.ts';
import type { Report } from '../report/report.ts';
import type { Figure } from '../report/figure.ts';
import type { Figures } from '../report/figures.ts';
import type { CodeWords } from './code-words-en.ts';
import { figureText } from './number-text.ts';
import type { PageWords } from './words-en.ts';

type Markup = ReturnType<typeof html>;

export interface Years {
  readonly year: number;
  readonly now: Figures;
  /** Undefined: there is no report of the year before. */
  readonly before: Figures | undefined;
  /** As the report gives them. */
  readonly definitions: Report['definitions'];
}

export interface TableRow {
  readonly label: string;
  /** What the label means, where it needs saying. */
  readonly more?: string;
  /** Of this row alone. */
  readonly definition?: DefinitionId;
  /** Id of the figure; its share is `<id>.share`. */
  readonly id: string;
}

export interface FigureTable {
  readonly id: string;
  readonly caption: string;
  readonly firstColumn: string;
  readonly rows: readonly TableRow[];
  readonly hasShares: boolean;
  readonly definitions: readonly DefinitionId[];
  /** Which rows are left out, because there is nothing in them; or empty. */
  readonly nowhere: string;
  /** Whose codes the definitions name. */
  readonly codes: Readonly<Record<string, string>>;
}

export function figureTable(words: PageWords, years: Years, table: FigureTable): Markup {
  const { hasShares } = table;
  const shown = years.before === undefined ? [years.now] : [years.now, years.before];
  const cells = (row: TableRow): readonly Markup[] =>
    shown.flatMap((figures) => [
      html`<td>${figureText(words, figures[row.id])}</td>`,
      ...(hasShares ? [html`<td class="report-share">${shareText(words, figures[`${row.id}.share`])}</td>`] : []),
    ]);
  const said = table.definitions.map((id) => spellOut(years.definitions[id][words.spoken], table.codes)).join(' ');
  return html`<table class="report-table ${hasShares ? 'report-shares' : 'report-plain'}" id="${table.id}-table">
      <caption class="unseen">
        ${table.caption}
      </caption>
      <thead>
        ${headRows(words, years, table)}
      </thead>
      <tbody>
        ${table.rows.map(
          (row) =>
            html`<tr>
              <th scope="row">${row.label} ${moreOf(words, years, row)}</th>
              ${cells(row)}
            </tr>`,
        )}
      </tbody>
    </table>
    <div class="report-definitions">
      ${[said, table.nowhere].filter((text) => text !== '').map((text) => html`<p>${text}</p>`)}
    </div>`;
}

function headRows(words: PageWords, { year, before }: Years, { firstColumn, hasShares }: FigureTable): Markup {
  const shown = before === undefined ? [year] : [year, year - 1];
  if (!hasShares)
    return html`<tr>
      <th scope="col">${firstColumn}</th>
      ${shown.map((one) => html`<th scope="col">${one}</th>`)}
    </tr>`;
  return html`<tr>
      <th scope="col" rowspan="2">${firstColumn}</th>
      ${shown.map((one) => html`<th scope="colgroup" colspan="2">${one}</th>`)}
    </tr>
    <tr>
      ${shown.map(
        () =>
          html`<th scope="col">${words.columns.number}</th>
            <th scope="col">${words.columns.share}</th>`,
      )}
    </tr>`;
}

function moreOf({ spoken }: PageWords, { definitions }: Years, { definition, more }: TableRow): Markup | string {
  const said = [definition && definitions[definition][spoken], more].filter((text) => text !== undefined);
  return said.length === 0 ? '' : html`<span class="report-more">${said.join(' ')}</span>`;
}

/** The total has no share of itself. */
function shareText(words: PageWords, share: Figure | undefined): string {
  return share === undefined ? '' : figureText(words, share);
}

/** The codes in a definition as the page calls them; in brackets behind their own meaning they are dropped. */
export function spellOut(definition: string, codes: Readonly<Record<string, string>>): string {
  return definition
    .replaceAll(/ \(([A-Z_]+)\)/g, (whole, code: string) => (codes[code] === undefined ? whole : ''))
    .replaceAll(/\b[A-Z][A-Z_]+\b/g, (code) => codes[code] ?? code);
}

/** All words by code, for a text that names several kinds of them. */
export function codesOf(
  words: CodeWords,
  ...groups: readonly Exclude<keyof CodeWords, 'phrases'>[]
): Readonly<Record<string, string>> {
  return Object.fromEntries(groups.flatMap((group) => Object.entries(words[group])));
}
