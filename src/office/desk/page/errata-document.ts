// Draws /transparency/YEAR/errata: every version of a report with its hash and files, and what changed from one to the next.

import { html } from 'hono/html';
import { compareReports } from '../report/compare-reports.ts';
import type { Figure } from '../report/figure.ts';
import { reportDigest, type Report } from '../report/report.ts';
import { figureName } from './figure-name.ts';
import { dayText, figureText, groupedHex, NOT_STATED } from './number-text.ts';
import type { PublishedReport, PublishedYear } from './published.ts';
import { wordsOf, type PageDocument } from './transparency-document.ts';
import type { PageWords } from './words-en.ts';

type Markup = ReturnType<typeof html>;

export async function errataDocument({ year, versions }: PublishedYear, language: 'de' | 'en'): Promise<PageDocument> {
  const words = wordsOf(language);
  const { errata } = words;
  const title = errata.title(year);
  const newestFirst = versions.map((version, nth) => ({ version, before: versions[nth - 1] })).toReversed();
  const content = html`<h1 class="title">${title}</h1>
    <p class="public-lead">${errata.lead}</p>
    ${versions.length === 1 ? html`<p class="public-lead">${errata.none}</p>` : ''}
    ${newestFirst.map(({ version, before }) => versionPart(words, version, before))}
    <p class="public-foot"><a href="/transparency/${year}?lang=${language}">${errata.back}</a></p>`;
  return { title: `${title} · ${words.productName}`, languages: words.languages, content: String(await content) };
}

function versionPart(words: PageWords, { report, text }: PublishedReport, before: PublishedReport | undefined): Markup {
  const { errata, proof } = words;
  const { year, erratum } = report;
  return html`<section class="public-part report-section" id="erratum-${erratum}">
    <h2 class="section">${erratum === 0 ? errata.original : errata.nth(erratum)}</h2>
    <p class="meta">${dayText(words, Date.parse(report.generatedAt))}</p>
    ${before === undefined ? '' : changesPart(words, before.report, report)}
    <dl class="public-pairs report-proof">
      <dt>${proof.hash}</dt>
      <dd class="mono">${groupedHex(reportDigest(text))}</dd>
    </dl>
    <ul class="report-files">
      <li><a href="/transparency/${year}.json?erratum=${erratum}">${proof.links.json}</a></li>
      <li><a href="/transparency/${year}.asc?erratum=${erratum}">${proof.links.asc}</a></li>
    </ul>
  </section>`;
}

/** Those that a reader can see: where only what a share is of has changed, and not what is shown, nothing is said. */
function changesPart(words: PageWords, before: Report, after: Report): Markup {
  const { errata } = words;
  const rows = compareReports(before, after).flatMap(({ id }) => {
    const [was, is] = [figureAt(before, id), figureAt(after, id)].map((figure) => saidOf(words, figure));
    return was !== undefined && was === is ? [] : [{ id, was, is }];
  });
  if (rows.length === 0) return html`<p>${errata.changed(0)}</p>`;
  return html`<p>${errata.changed(rows.length)}</p>
    <table class="report-table report-plain" id="changes-${after.erratum}">
      <caption class="unseen">
        ${errata.link}
      </caption>
      <thead>
        <tr>
          ${errata.columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => changeRow(words, after.year, row))}
      </tbody>
    </table>`;
}

interface ChangeRow {
  readonly id: string;
  readonly was: string | undefined;
  readonly is: string | undefined;
}

/** Of a table and of words it is said that they are others; both files hold them whole. */
function changeRow(words: PageWords, year: number, { id, was, is }: ChangeRow): Markup {
  const cells =
    was === undefined && is === undefined
      ? html`<td colspan="2">${words.errata.other}</td>`
      : html`<td>${was ?? NOT_STATED}</td>
          <td>${is ?? NOT_STATED}</td>`;
  const name = figureName(words, year, id);
  const more = name === id ? '' : html` <span class="report-more mono">${id}</span>`;
  return html`<tr>
    <th scope="row">${name}${more}</th>
    ${cells}
  </tr>`;
}

function saidOf(words: PageWords, figure: Figure | undefined): string | undefined {
  return figure && figureText(words, figure);
}

/** "figures.total", "before.targets" */
function figureAt({ figures, before }: Report, id: string): Figure | undefined {
  const [part = '', ...rest] = id.split('.');
  const name = rest.join('.');
  if (part === 'figures') return figures[name];
  return part === 'before' ? before?.figures[name] : undefined;
}
