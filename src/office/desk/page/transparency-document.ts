// Draws /transparency: a report of a year with its bars and tables, all words from its figures, no script, no style of its own.

import { html } from 'hono/html';
import { tableIds, type TableId } from '../report/tables.ts';
import type { Report } from '../report/report.ts';
import { reportDigest } from '../report/report.ts';
import { crossTable } from './cross-table.ts';
import type { Years } from './figure-table.ts';
import { bigFigures, checkedMark, yearLinks } from './head.ts';
import { countOf, dayText } from './number-text.ts';
import { methodPart, proofPart } from './proof.ts';
import { matrixWords } from './matrix-words.ts';
import { statementWords } from './statement-words.ts';
import { newestOf, type PublishedReport, type PublishedYear } from './published.ts';
import { drawSection } from './section.ts';
import { sectionsOf } from './sections.ts';
import { wordsDe } from './words-de.ts';
import { wordsEn, type PageWords } from './words-en.ts';

type Markup = ReturnType<typeof html>;

export interface PageDocument {
  readonly title: string;
  /** The label of the language links. */
  readonly languages: string;
  readonly content: string;
}

export function wordsOf(language: 'de' | 'en'): PageWords {
  return language === 'de' ? wordsDe : wordsEn;
}

/** `years`: all that are published, newest first; undefined when none is. What the report says is escaped by the template. */
export async function transparencyDocument(
  of: { readonly shown: PublishedYear; readonly years: readonly number[] } | undefined,
  language: 'de' | 'en',
): Promise<PageDocument> {
  const words = wordsOf(language);
  const title = words.title(of?.shown.year);
  const content = of === undefined ? nothing(words) : whole(words, of.shown, of.years);
  const all = html`${content} ${furtherLinks(language)}`;
  return { title: `${title} · ${words.productName}`, languages: words.languages, content: String(await all) };
}

/** Also where no report is published yet. */
function furtherLinks(language: 'de' | 'en'): Markup {
  return html`<p class="public-foot">
    <a href="/transparency/matrix?lang=${language}">${matrixWords[language].title}</a> ·
    <a href="/transparency/statement?lang=${language}">${statementWords[language].title}</a>
  </p>`;
}

function whole(words: PageWords, shown: PublishedYear, allYears: readonly number[]): Markup {
  const published = newestOf(shown);
  const { report } = published;
  const { year, figures, before, definitions } = report;
  const years: Years = { year, now: figures, before: before?.figures, definitions };
  const total = countOf(figures['total']) ?? 0;
  return html`<h1 class="title">${words.title(year)}</h1>
    <p class="public-lead">
      ${words.lead({ year, total, before: before ? countOf(before.figures['total']) : undefined })}
    </p>
    <p class="meta report-house">${words.house(report.house, dayText(words, Date.parse(report.generatedAt)))}</p>
    ${report.erratum === 0 ? '' : corrected(words, report)} ${bigFigures(words, years)}
    ${standing(words, published, allYears)}
    ${sectionsOf(words, years).map((section) => drawSection(words, years, section))}
    ${total === 0 ? '' : crossPart(words, report)} ${methodPart(words, report)} ${proof(words, published)}`;
}

function corrected(words: PageWords, { year, erratum }: Report): Markup {
  return html`<p class="report-erratum">
    ${words.errata.banner(erratum)}
    <a href="/transparency/${year}/errata?lang=${words.spoken}">${words.errata.link}</a>
  </p>`;
}

/** Who signed, how to check it, the same as data, the other years. */
function standing(words: PageWords, published: PublishedReport, years: readonly number[]): Markup {
  const { year } = published.report;
  const { signers } = published;
  const signed =
    signers.length < 2
      ? html`<p class="public-warn">${warningOf(words, published)}</p>`
      : html`<span class="report-signed">${checkedMark()} ${words.signed(signers.length)}</span>`;
  return html`<div class="report-line">
    ${signed} <a href="#check">${words.check}</a> <a href="/transparency/${year}.csv">CSV</a>
    <a href="/transparency/${year}.json">JSON</a> ${years.length === 1 ? '' : yearLinks(words, years, year)}
  </div>`;
}

function warningOf(words: PageWords, { signatures }: PublishedReport): string {
  return signatures.length === 0 ? words.draft : words.unsigned;
}

const axes: Readonly<Record<TableId, readonly ['kind' | 'origin' | 'channel', 'channel' | 'outcome' | 'kind']>> = {
  'kind-channel': ['kind', 'channel'],
  'kind-outcome': ['kind', 'outcome'],
  'origin-kind': ['origin', 'kind'],
  'channel-outcome': ['channel', 'outcome'],
};

function crossPart(words: PageWords, { tables }: Report): Markup {
  const { codes, cross, firstColumns } = words;
  return html`<section class="public-part report-section" id="cross">
    <h2 class="section">${cross.heading}</h2>
    <p>${cross.says}</p>
    ${tableIds.map((id) => {
      const [rows, columns] = axes[id];
      return crossTable(words, {
        id: `cross-${id}`,
        title: cross.titles[id],
        table: tables[id],
        rowLabels: codes[rows],
        columnLabels: codes[columns],
        corner: firstColumns[rows],
      });
    })}
  </section>`;
}

function proof(words: PageWords, published: PublishedReport): Markup {
  const { report, text, signers } = published;
  const { year, register, policy } = report;
  const warning = signers.length < 2 ? warningOf(words, published) : undefined;
  return proofPart(words, { year, sha256: reportDigest(text), signers, register, policy, warning });
}

function nothing(words: PageWords): Markup {
  return html`<h1 class="title">${words.title()}</h1>
    <section class="public-part report-empty">
      <svg width="64" height="64" viewBox="0 0 64 64" aria-hidden="true">
        <path
          d="M16 8h22l10 10v38H16zM38 8v10h10M24 46v-8M32 46V30M40 46v-4"
          fill="none"
          stroke="currentColor"
          stroke-width="1.5"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      </svg>
      <h2 class="section">${words.nothing.sentence}</h2>
      <p class="meta">${words.nothing.says}</p>
    </section>`;
}
