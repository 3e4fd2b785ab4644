// Draws /trust: five answers, the declared place, the key, what the operator sees, every connection. No script, no style of its own.

import { html } from 'hono/html';
import {
  connectionFacts,
  connectionKinds,
  isKindBuilt,
  type ConnectionFacts,
  type ConnectionKind,
} from '#base/outgoing/egress.ts';
import { connectionsDe } from './connections-de.ts';
import { languageLinks } from './language-links.ts';
import type { PlainDocument } from './plain-frame.ts';
import { groupedFingerprint, ageText, numberText, timeText } from './trust-text.ts';
import type { BookFacts, Language, TrustFacts } from './trust-facts.ts';
import { trustWordsDe } from './trust-words-de.ts';
import { trustWordsEn, type TrustWords } from './trust-words-en.ts';

type Markup = ReturnType<typeof html>;

interface Page {
  readonly facts: TrustFacts;
  readonly words: TrustWords;
  readonly language: Language;
}

/** Everything from the operator or the table is escaped by the template. */
export async function trustDocument(facts: TrustFacts, language: Language): Promise<PlainDocument> {
  const words = language === 'de' ? trustWordsDe : trustWordsEn;
  const page = { facts, words, language };
  const content = html`<h1 class="title">${words.title}</h1>
    <p class="public-lead">${words.lead(facts.domain)}</p>
    ${facts.book === undefined ? html`<p class="public-warn">${words.bookClosed}</p>` : ''}
    <ol class="answers">
      ${answers(page).map(answer)}
    </ol>
    ${place(page)} ${facts.book === undefined ? '' : houseKey(page, facts.book)} ${told(page)} ${connections(page)}
    <p class="public-foot">
      <a href="/status?lang=${language}">${words.status}</a> <a href="/check">${words.check}</a>
      <a href="/">${words.signIn}</a>
    </p>`;
  return {
    title: `${words.title} · ${words.productName}`,
    languages: String(await languageLinks(words.languages, language)),
    content: String(await content),
  };
}

interface Answer {
  readonly key: string;
  readonly question: string;
  readonly sentence: string;
  /** Undefined: the room is not built. */
  readonly figure: { readonly value: string; readonly says: string } | undefined;
  readonly check: { readonly href: string; readonly text: string } | undefined;
  readonly words: TrustWords;
}

function answers({ facts, words, language }: Page): readonly Answer[] {
  const { book, told } = facts;
  const until = book?.lettersUntilMs === undefined ? undefined : timeText(language, book.lettersUntilMs);
  const letters = numberText(language, book?.letters ?? 0);
  return [
    {
      key: 'read',
      question: words.read.question,
      sentence: told.find(({ key }) => key === 'contents')?.operatorSees[language] ?? '',
      figure: book && { value: letters, says: words.read.figure(until) },
      check: book && { href: `/check?lang=${language}`, text: words.read.check },
      words,
    },
    lose({ facts, words, language }),
    { key: 'complete', ...words.complete, figure: undefined, check: undefined, words },
    requests({ facts, words, language }),
    {
      key: 'keep',
      question: words.keep.question,
      sentence: words.keep.sentence(facts.operator.country),
      figure: { value: numberText(language, told.length), says: words.keep.figure },
      check: { href: '/api/disclosure', text: words.keep.check },
      words,
    },
  ];
}

/** From the ledger where it was compared; until then from the book. */
function lose({ facts: { book, kept, nowMs }, words, language }: Page): Answer {
  const { backup, ledger } = kept;
  const ago = (ms: number): string => ageText(words, kept.atMs - ms);
  const { backups } = words.lose;
  const said =
    backup === undefined
      ? backups.noPlace
      : backup.verifiedMs === undefined
        ? backups.none
        : backups.verified(ago(backup.verifiedMs));
  const counted = ledger && {
    value: numberText(language, ledger.missing),
    says: words.lose.missing(numberText(language, ledger.letters), ago(ledger.atMs), ledger.isEqual),
  };
  const headed = book && {
    value: numberText(language, book.heads),
    says: words.lose.figure(ageText(words, nowMs - book.newestHeadMs)),
  };
  return {
    key: 'lose',
    question: words.lose.question,
    sentence: `${words.lose.sentence} ${said}`,
    figure: counted ?? headed,
    check: book && { href: '/book/head', text: words.lose.check },
    words,
  };
}

function requests({ facts: { requests: told }, words, language }: Page): Answer {
  const { question, sentence, none, figure, check } = words.answer;
  const way = `/transparency?lang=${language}`;
  const said = { key: 'answer', question, words };
  if (told === undefined) return { ...said, sentence: none, figure: undefined, check: { href: way, text: check.none } };
  return {
    ...said,
    sentence,
    figure: {
      value: numberText(language, told.requests),
      says: figure(told.year, numberText(language, told.rejected)),
    },
    check: { href: way, text: check.report },
  };
}

function answer({ key, question, sentence, figure, check, words }: Answer): Markup {
  const shown = figure
    ? html`<p class="figure">
        <span class="figure-value">${figure.value}</span> <span class="meta">${figure.says}</span>
      </p>`
    : html`<p class="figure"><span class="figure-value figure-none">${words.notYet}</span></p>`;
  const way = check
    ? html`<a href="${check.href}">${check.text}</a>`
    : html`<span class="meta">${words.nothingToCheck}</span>`;
  return html`<li class="answer" id="${key}">
    <h2 class="section">${question}</h2>
    <p class="answer-sentence">${sentence}</p>
    ${shown}
    <p class="answer-check">${way}</p>
  </li>`;
}

function place({ facts, words: { place: words } }: Page): Markup {
  const { name, country, machine } = facts.operator;
  const line = (label: string, said: string | undefined): Markup =>
    html`<dt>${label}</dt>
      <dd>${said ?? html`<span class="meta">${words.notDeclared}</span>`}</dd>`;
  return html`<section class="public-part" id="place">
    <h2 class="section">${words.title}</h2>
    <dl class="public-pairs">
      ${line(words.operator, name)} ${line(words.country, country)} ${line(words.machine, machine)}
    </dl>
    <p class="meta">${words.note}</p>
  </section>`;
}

function houseKey({ words: { key: words } }: Page, book: BookFacts): Markup {
  return html`<section class="public-part" id="key">
    <h2 class="section">${words.title}</h2>
    <dl class="public-pairs">
      <dt>${words.fingerprint}</dt>
      <dd class="mono">${groupedFingerprint(book.fingerprint)}</dd>
      <dt>${words.key}</dt>
      <dd class="mono">${book.key}</dd>
    </dl>
    <p class="meta">${words.note} <a href="/.well-known/siegel-book">${words.source}</a></p>
  </section>`;
}

function told({ facts, words: { told: words }, language }: Page): Markup {
  return html`<section class="public-part" id="kept">
    <h2 class="section">${words.title}</h2>
    <table class="public-table public-told">
      <thead>
        <tr>
          <th scope="col">${words.what}</th>
          <th scope="col">${words.sees}</th>
        </tr>
      </thead>
      <tbody>
        ${facts.told.map(
          (row) =>
            html`<tr>
              <th scope="row">${row.what[language]}</th>
              <td>${row.operatorSees[language]}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function connections({ facts, words: { connections: words }, language }: Page): Markup {
  const { atMs, made } = facts.connections;
  const on = connectionKinds.filter((kind) => isKindBuilt(kind) && facts.isOn(kind));
  const sum = [...made.values()].reduce((total, count) => total + count, 0);
  const note = words.note(on.length, numberText(language, sum), timeText(language, atMs));
  const rows = (direction: ConnectionFacts['direction']): readonly Markup[] =>
    connectionKinds
      .filter((kind) => connectionFacts(kind).direction === direction)
      .map((kind) => connection(kind, { facts, words, language }));
  return html`<section class="public-part" id="connections">
    <h2 class="section">${words.title}</h2>
    <p>${note}</p>
    <p class="meta">${words.source}</p>
    <table class="public-table public-connections">
      <thead>
        <tr>
          ${words.columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th class="public-group" scope="rowgroup" colspan="4">${words.out}</th>
        </tr>
        ${rows('out')}
      </tbody>
      <tbody>
        <tr>
          <th class="public-group" scope="rowgroup" colspan="4">${words.in}</th>
        </tr>
        ${rows('in')}
      </tbody>
    </table>
  </section>`;
}

function connection(
  kind: ConnectionKind,
  {
    facts,
    words,
    language,
  }: { readonly facts: TrustFacts; readonly words: TrustWords['connections']; readonly language: Language },
): Markup {
  const { by, ...inEnglish } = connectionFacts(kind);
  const { purpose, sends, when } = language === 'de' ? connectionsDe[kind] : inEnglish;
  const count = facts.connections.made.get(kind);
  const isOn = isKindBuilt(kind) && facts.isOn(kind);
  const often = isOn
    ? count === undefined
      ? words.notCounted
      : numberText(language, count)
    : isKindBuilt(kind)
      ? words.off
      : words.notBuilt;
  const label = (at: number): string => words.columns[at] ?? '';
  return html`<tr id="connection-${kind}" class="${isOn ? 'public-on' : 'public-off'}">
    <th scope="row">${purpose} <span class="meta">${by}</span></th>
    <td data-label="${label(1)}">${sends}</td>
    <td data-label="${label(2)}">${when}</td>
    <td data-label="${label(3)}" class="public-often">${often}</td>
  </tr>`;
}
