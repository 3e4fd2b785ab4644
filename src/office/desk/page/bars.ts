// Bars of the report's page: one drawing for each row, this year above the year before, each with its number at its end; widths in per cent, no script.

import { html } from 'hono/html';

type Markup = ReturnType<typeof html>;

export interface Bar {
  /** Null: not stated, so that nothing is drawn; the text stands alone. */
  readonly length: number | null;
  readonly text: string;
}

export interface BarRow {
  readonly label: string;
  readonly now: Bar;
  readonly before: Bar | undefined;
}

export interface BarChart {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly year: number;
  /** The year before, where it is shown. */
  readonly yearBefore: number | undefined;
  readonly rows: readonly BarRow[];
}

/** Where no style is loaded. */
const BARE = { now: 'black', before: 'gray' } as const;
const BAR_PX = 24;
const GAP_PX = 4;
/** The middle of the line of text in a bar. */
const BASE_PX = 17;

export function barChart(chart: BarChart): Markup {
  const { id, title, year, yearBefore, rows } = chart;
  const longest = Math.max(0, ...rows.flatMap(({ now, before }) => [now.length ?? 0, before?.length ?? 0]));
  return html`<figure class="report-chart" aria-labelledby="${id}-chart">
    <figcaption class="report-legend">
      <span id="${id}-chart" class="unseen">${title}</span>
      <span class="report-key">${swatch('now')} ${year}</span>
      ${yearBefore === undefined ? '' : html`<span class="report-key">${swatch('before')} ${yearBefore}</span>`}
    </figcaption>
    <ul class="report-rows">
      ${rows.map(
        (row, nth) =>
          html`<li class="report-row">
            <div class="report-label" aria-hidden="true">${row.label}</div>
            ${drawing(chart, row, { id: `${id}-${nth}`, longest })}
          </li>`,
      )}
    </ul>
  </figure>`;
}

function swatch(which: 'now' | 'before'): Markup {
  return html`<svg class="report-swatch" width="12" height="12" aria-hidden="true">
    <rect class="report-${which}" fill="${BARE[which]}" width="12" height="12" rx="2" />
  </svg>`;
}

function drawing(
  { year, yearBefore }: BarChart,
  { label, now, before }: BarRow,
  { id, longest }: { readonly id: string; readonly longest: number },
): Markup {
  const said = [`${year}: ${now.text}`, ...(before === undefined ? [] : [`${yearBefore}: ${before.text}`])];
  const height = before === undefined ? BAR_PX : 2 * BAR_PX + GAP_PX;
  return html`<svg
    class="report-bars"
    role="img"
    width="70%"
    overflow="visible"
    height="${height}"
    aria-labelledby="${id}-t ${id}-d"
  >
    <title id="${id}-t">${label}</title>
    <desc id="${id}-d">${said.join('; ')}</desc>
    ${bar(now, { y: 0, longest, which: 'now' })}
    ${before === undefined ? '' : bar(before, { y: BAR_PX + GAP_PX, longest, which: 'before' })}
  </svg>`;
}

function bar(
  { length, text }: Bar,
  { y, longest, which }: { readonly y: number; readonly longest: number; readonly which: 'now' | 'before' },
): Markup {
  const width = length === null || longest === 0 ? 0 : Math.round((length / longest) * 10_000) / 100;
  return html`${width === 0 ? '' : html`<rect class="report-${which}" fill="${BARE[which]}" y="${y}" width="${width}%" height="${BAR_PX}" />`}<text
      class="report-value-${which}"
      x="${width}%"
      dx="${width === 0 ? 0 : 8}"
      y="${y + BASE_PX}"
      >${text}</text
    >`;
}
