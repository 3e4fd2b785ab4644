// Draws the collector's page: the derived figure, each published quarter as bars with their errors, how sure it is, who runs it. No script.

import { html } from 'hono/html';
import type { CollectorCard } from '../catalogue/card.ts';
import type { Question } from '../catalogue/question.ts';
import { MAILBOX_BOUNDS_MB } from '../catalogue/questions.ts';
import { shareBar } from './figures-bar.ts';
import { figuresWordsDe } from './figures-words-de.ts';
import { figuresWordsEn, type FiguresWords } from './figures-words-en.ts';
import type { MailboxAverage } from './mailbox-average.ts';
import type { Publication, PublishedQuestion } from './publication.ts';

type Markup = ReturnType<typeof html>;

export interface PublishedQuarter {
  readonly publication: Publication;
  readonly publishedMs: number;
}

export interface FiguresFacts {
  /** Newest first. */
  readonly published: readonly PublishedQuarter[];
  /** Undefined: the operator has not said enough for one. */
  readonly card: CollectorCard | undefined;
  /** For the names of those that are not published. */
  readonly questions: readonly Question[];
}

export interface FiguresDocument {
  readonly title: string;
  readonly languages: string;
  readonly content: string;
}

/** Everything from the operator is escaped by the template. `languages`: the label of the language links. */
export async function figuresDocument(facts: FiguresFacts, language: 'de' | 'en'): Promise<FiguresDocument> {
  const words = language === 'de' ? figuresWordsDe : figuresWordsEn;
  const newest = facts.published.find(({ publication }) => publication.mailbox !== null)?.publication;
  const content = html`<h1 class="title">${words.title}</h1>
    <p class="public-lead">${words.lead}</p>
    ${newest?.mailbox ? average(words, newest.quarter, newest.mailbox) : ''}
    ${facts.published.length === 0 ? empty(words) : facts.published.map((one, nth) => quarter(words, one, { isNewest: nth === 0, known: facts.questions }))}
    <section class="public-part">
      <h2 class="section">${words.sure.heading}</h2>
      ${words.sure.sentences.map((sentence) => html`<p>${sentence}</p>`)}
    </section>
    ${runs(words, facts.card)}
    <p class="public-foot">
      <a href="/figures.json">${words.foot.figures}</a>
      ${facts.card === undefined ? '' : html`<a href="/card.json">${words.foot.card}</a>`}
    </p>`;
  return { title: `${words.title} · ${words.productName}`, languages: words.languages, content: String(await content) };
}

function average(words: FiguresWords, of: string, mailbox: MailboxAverage): Markup {
  const { meanMb, errorMb, atLeastMb, atMostMb } = mailbox;
  const open = sizeText(words, MAILBOX_BOUNDS_MB.at(-1) ?? 0);
  const range = { least: sizeText(words, atLeastMb), most: sizeText(words, atMostMb), open };
  return html`<section class="public-part figures-average">
    <h2 class="section">${words.average.heading(quarterText(words, of))}</h2>
    <p class="figure">
      <span class="figure-value">${sizeText(words, meanMb)}</span>
      <span class="figures-error">${words.average.says(sizeText(words, errorMb, meanMb))}</span>
    </p>
    <p class="meta">${words.averageWhat(range)}</p>
  </section>`;
}

/** Those before the newest are folded away. */
function quarter(
  words: FiguresWords,
  { publication, publishedMs }: PublishedQuarter,
  { isNewest, known }: { readonly isNewest: boolean; readonly known: readonly Question[] },
): Markup {
  const { quarter: name, questions, withheld } = publication;
  const scale = scaleOf(questions);
  const title = (id: string): string => known.find((question) => question.id === id)?.text[words.spoken] ?? id;
  const content = html`<p class="meta">
      ${words.published(dayText(words, publishedMs))} <a href="/receipts/${name}.json">${words.receipt}</a>
    </p>
    ${questions.map((one) => questionTable(words, one, scale))}
    ${withheld.map(
      (id) =>
        html`<div class="figures-withheld">
          <h3>${title(id)}</h3>
          <p class="meta">${words.withheld}</p>
        </div>`,
    )}`;
  const heading = html`<h2 class="section">${quarterText(words, name)}</h2>`;
  return isNewest
    ? html`<section class="public-part figures-quarter" id="${name}">${heading} ${content}</section>`
    : html`<details class="public-part figures-quarter" id="${name}">
        <summary>${heading}</summary>
        ${content}
      </details>`;
}

function questionTable(words: FiguresWords, { question, reports, answers }: PublishedQuestion, scale: number): Markup {
  return html`<table class="figures">
    <caption>
      <span class="figures-question">${question.text[words.spoken]}</span>
      <span class="meta">${words.reports(numberText(words, reports))}</span>
    </caption>
    <thead>
      <tr>
        <th scope="col">${words.columns.answer}</th>
        <th scope="col" colspan="2">${words.columns.share}</th>
      </tr>
    </thead>
    <tbody>
      ${answers.map(
        (answer, nth) =>
          html`<tr>
            <th scope="row">${question.buckets[nth]?.[words.spoken] ?? nth}</th>
            <td class="figures-bar">${shareBar(answer, scale)}</td>
            <td class="figures-share">
              <strong>${percentText(words, answer.share)} %</strong> ± ${percentText(words, answer.error)}
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** One for the whole quarter, so that its bars can be compared: the next tenth above the longest line. */
function scaleOf(questions: readonly PublishedQuestion[]): number {
  const ends = questions.flatMap(({ answers }) => answers.flatMap(({ share, raw, error }) => [share, raw + error]));
  return Math.min(1, Math.max(0.1, Math.ceil(Math.max(...ends) * 10) / 10));
}

function runs(words: FiguresWords, card: CollectorCard | undefined): Markup {
  const { runs: says, spoken } = words;
  if (card === undefined)
    return html`<section class="public-part">
      <h2 class="section">${says.heading}</h2>
      <p class="meta">${says.undeclared}</p>
    </section>`;
  const rows = [
    [says.operator, card.operator],
    [says.country, card.country[spoken]],
    [says.purpose, card.purpose[spoken]],
    [says.published, card.published[spoken]],
    [says.reports, card.url],
  ] as const;
  return html`<section class="public-part">
    <h2 class="section">${says.heading}</h2>
    <dl class="public-pairs">
      ${rows.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
  </section>`;
}

function empty(words: FiguresWords): Markup {
  return html`<section class="public-part figures-empty">
    <svg width="64" height="64" viewBox="0 0 64 64" aria-hidden="true">
      <path
        d="M10 54h44M16 54V38h8v16M28 54V26h8v28M40 54V32h8v22M32 20v-8M29 12h6M29 20h6"
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
    <h2 class="section">${words.empty.sentence}</h2>
    <p class="meta">${words.empty.says}</p>
  </section>`;
}

function quarterText(words: FiguresWords, name: string): string {
  const [year = '', nth = ''] = name.split('-Q');
  return words.quarter(nth, year);
}

const LOCALES = { de: 'de-DE', en: 'en-GB' } as const;

function numberText({ spoken }: FiguresWords, value: number): string {
  return value.toLocaleString(LOCALES[spoken]);
}

function percentText({ spoken }: FiguresWords, share: number): string {
  return (share * 100).toLocaleString(LOCALES[spoken], { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

/** In the unit that fits `beside`. */
function sizeText({ spoken }: FiguresWords, mb: number, beside = mb): string {
  if (beside < 1000) return `${mb} MB`;
  return `${(mb / 1000).toLocaleString(LOCALES[spoken], { maximumFractionDigits: 1 })} GB`;
}

function dayText({ spoken }: FiguresWords, ms: number): string {
  const form = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(LOCALES[spoken], form).format(new Date(ms));
}
