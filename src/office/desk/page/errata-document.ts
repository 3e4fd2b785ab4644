// Draws /transparency/YEAR/errata: every version of a report with its hash and files, and what changed from one to the next.

import { html } from 'hono/html';
import { compareReports, type Change } from '../report/compare-reports.ts';
import type { Figure } from '../report/figure.ts';
import { reportDigest, type Report } from '../report/report.ts';
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

function changesPart(words: PageWords, before: Report, after: Report): Markup {
  const changes = compareReports(before, after);
  const { errata } = words;
  if (changes.length === 0) return html`<p>${errata.changed(0)}</p>`;
  return html`<p>${errata.changed(changes.length)}</p>
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
        ${changes.map((change) => changeRow(words, change, { before, after }))}
      </tbody>
    </table>`;
}

/** Of a table and of words it is said that they are others; both files hold them whole. */
function changeRow(
  words: PageWords,
  { id }: Change,
  { before, after }: { readonly before: Report; readonly after: Report },
): Markup {
  const [was, is] = [figureAt(before, id), figureAt(after, id)];
  const said = (figure: Figure | undefined): string => (figure === undefined ? NOT_STATED : figureText(words, figure));
  const cells =
    was === undefined && is === undefined
      ? html`<td colspan="2">${words.errata.other}</td>`
      : html`<td>${said(was)}</td>
          <td>${said(is)}</td>`;
  return html`<tr>
    <th scope="row" class="mono">${id}</th>
    ${cells}
  </tr>`;
}

/** "figures.total", "before.targets" */
function figureAt({ figures, before }: Report, id: string): Figure | undefined {
  const [part = '', ...rest] = id.split('.');
  const name = rest.join('.');
  if (part === 'figures') return figures[name];
  return part === 'before' ? before?.figures[name] : undefined;
}
