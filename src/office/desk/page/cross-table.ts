// A two-way table of the report's page: small numbers are not in it, a line stands for them; what is empty all through is not drawn.

import { html } from 'hono/html';
import type { Table } from '../report/tables.ts';
import { NOT_STATED, numberText } from './number-text.ts';
import type { PageWords } from './words-en.ts';

type Markup = ReturnType<typeof html>;
type Labels = Readonly<Record<string, string>>;

export interface CrossTable {
  readonly id: string;
  readonly title: string;
  readonly table: Table;
  readonly rowLabels: Labels;
  readonly columnLabels: Labels;
  /** What stands over the rows. */
  readonly corner: string;
}

export function crossTable(
  words: PageWords,
  { id, title, table, rowLabels, columnLabels, corner }: CrossTable,
): Markup {
  const { cells } = table;
  if (cells === null) return titled(title, html`<p class="meta">${words.cross.allLeftOut}</p>`);
  if (table.rows.length === 0 || table.columns.length === 0)
    return titled(title, html`<p class="meta">${words.cross.banded}</p>`);
  const rows = table.rows.flatMap((row, at) => (cells[at]?.some((cell) => cell !== 0) ? [{ row, at }] : []));
  const columns = table.columns.flatMap((column, at) => (cells.some((line) => line[at] !== 0) ? [{ column, at }] : []));
  if (rows.length === 0) return titled(title, html`<p class="meta">${words.cross.empty}</p>`);
  const label = (at: number): string => columnLabels[table.columns[at] ?? ''] ?? '';
  const said = (cell: number | null | undefined): string =>
    cell === null || cell === undefined ? NOT_STATED : numberText(words, cell);
  return html`<table class="report-table report-cross" id="${id}-table">
    <caption>
      ${title}
    </caption>
    <thead>
      <tr>
        <th scope="col">${corner}</th>
        ${columns.map(({ at }) => html`<th scope="col">${label(at)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ row, at }) =>
          html`<tr>
            <th scope="row">${rowLabels[row]}</th>
            ${columns.map((column) => html`<td data-label="${label(column.at)}">${said(cells[at]?.[column.at])}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function titled(title: string, content: Markup): Markup {
  return html`<div class="report-cross-none">
    <h3 class="report-caption">${title}</h3>
    ${content}
  </div>`;
}
