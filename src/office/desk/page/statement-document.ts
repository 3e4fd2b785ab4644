// Draws /transparency/statement: what two people signed, until when it is fresh, what it can mean, and how to check it; no script.

import { html } from 'hono/html';
import type { CalendarDay } from '#formats/desk/model.ts';
import type { PublishedStatement } from '../statement/read-statements.ts';
import { isOver, statementDigest } from '../statement/statement.ts';
import { checkedMark } from './head.ts';
import { dayText, groupedHex } from './number-text.ts';
import { statementWords, type StatementWords } from './statement-words.ts';
import { wordsOf, type PageDocument } from './transparency-document.ts';
import type { PageWords } from './words-en.ts';

type Markup = ReturnType<typeof html>;

/** `today`: in the zone of the policy it was made under. */
export async function statementDocument(
  of: { readonly published: PublishedStatement; readonly today: CalendarDay } | undefined,
  language: 'de' | 'en',
): Promise<PageDocument> {
  const words = wordsOf(language);
  const said = statementWords[language];
  const content = html`<h1 class="title">${said.title}</h1>
    ${
      of === undefined
        ? html`<p class="public-lead">${said.none}</p>
            <p class="meta">${said.noneSays}</p>`
        : whole(words, said, of)
    }
    ${meaning(said)}
    <p class="public-foot"><a href="/transparency?lang=${language}">${said.back}</a></p>`;
  return { title: `${said.title} · ${words.productName}`, languages: words.languages, content: String(await content) };
}

function whole(
  words: PageWords,
  said: StatementWords,
  { published, today }: { readonly published: PublishedStatement; readonly today: CalendarDay },
): Markup {
  const { statement, signers } = published;
  const { house, dated, until, says, fact } = statement;
  return html`${isOver(statement, today) ? html`<p class="public-warn" role="status"><strong>${said.over(dayWords(words, until))}</strong> ${said.overSays}</p>` : ''}
    ${signers.length < 2 ? html`<p class="public-warn" role="alert">${said.unsigned}</p>` : ''}
    <p class="public-lead">${said.lead(house, dayWords(words, dated))}</p>
    <ul class="report-never statement-says">
      ${says[words.spoken].map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
    <div class="report-line">
      ${signers.length < 2 ? '' : html`<span class="report-signed">${checkedMark()} ${said.signed(signers.length)}</span>`}
      ${isOver(statement, today) ? '' : html`<span>${said.fresh(dayWords(words, until))}</span>`}
    </div>
    <dl class="public-pairs">
      <dt>${said.fact}</dt>
      <dd>${fact}<br /><span class="meta">${said.factSays}</span></dd>
    </dl>
    ${checkPart(words, said, published)}`;
}

function meaning({ meaning: { heading, says } }: StatementWords): Markup {
  return html`<section class="public-part report-section" id="meaning">
    <h2 class="section">${heading}</h2>
    ${says.map((sentence) => html`<p>${sentence}</p>`)}
  </section>`;
}

function checkPart({ proof, codes }: PageWords, said: StatementWords, { text, signers }: PublishedStatement): Markup {
  const file = (ending: string, name: string, type: string): Markup =>
    html`<li><a href="/transparency/statement.${ending}" type="${type}">${name}</a></li>`;
  return html`<section class="public-part report-section" id="check">
    <h2 class="section">${said.check}</h2>
    <dl class="public-pairs report-proof">
      <dt>${proof.hash}</dt>
      <dd class="mono">${groupedHex(statementDigest(text))}</dd>
      ${signers.length === 0 ? '' : html`<dt>${proof.signatures}</dt>`}
      ${signers.map(
        ({ name, role, fingerprint }) =>
          html`<dd class="report-signer">
            ${name}, ${codes.role[role]} <span class="mono">${groupedHex(fingerprint)}</span>
          </dd>`,
      )}
    </dl>
    <ul class="report-files">
      ${file('json', said.files.json, 'application/json')} ${file('asc', said.files.asc, 'application/pgp-signature')}
      ${signers.length === 0 ? '' : file('keys', said.files.keys, 'application/pgp-keys')}
      ${file('receipt', said.files.receipt, 'application/json')}
    </ul>
    <p class="report-command mono">
      gpg --import statement.keys<br />
      gpg --verify statement.asc statement.json
    </p>
    <p class="meta">${said.checkSays}</p>
  </section>`;
}

function dayWords(words: PageWords, day: CalendarDay): string {
  return dayText(words, Date.parse(`${day}T12:00:00Z`));
}
