// What the room publishes for people, without any script: what the machine was checked for, and the receipt of one piece of work.

import { html } from 'hono/html';
import { isReceiptGenuine, type FoundReceipt } from '#post/transit/report/receipt.ts';
import { isOpen, type Finding, type OfficeCheck, type SelfCheck } from '#post/transit/report/self-check.ts';
import { checkMark } from '../trust/check-mark.ts';
import { languageLinks } from '../trust/language-links.ts';
import type { PlainDocument } from '../trust/plain-frame.ts';
import type { Language } from '../trust/trust-facts.ts';
import { timeText } from '../trust/trust-text.ts';
import { transitPagesDe } from './transit-pages-de.ts';
import { transitPagesEn, type TransitPagesWords } from './transit-pages-en.ts';

type Markup = ReturnType<typeof html>;

function wordsOf(language: Language): TransitPagesWords {
  return language === 'de' ? transitPagesDe : transitPagesEn;
}

/** Without a finding the room was never started. */
export async function selfCheckDocument(check: SelfCheck, language: Language): Promise<PlainDocument> {
  const words = wordsOf(language).check;
  const { findings, sandbox, office, store, checkedMs } = check;
  const lead = findings.length === 0 ? words.none : isOpen(check) ? words.lead : words.shut;
  const cell = sandbox && { name: words.sandbox.name, says: words.sandbox[sandbox], isWell: true };
  const desk = office && { name: words.office.name, says: officeText(office, words), isWell: true };
  const waiting = store && { name: words.store.name, says: words.store.says(store.version), isWell: true };
  return plainDocument(
    language,
    words.title,
    html`<p class="${isOpen(check) ? 'public-lead' : 'public-warn'}">${lead}</p>
      <ul class="looks">
        ${[...findings.map((finding) => lookOf(finding, words)), ...(cell ? [cell] : []), ...(desk ? [desk] : []), ...(waiting ? [waiting] : [])].map(lookItem)}
      </ul>
      ${
        findings.length === 0
          ? ''
          : html`<p class="meta looks-end">${words.checkedAt(timeText(language, checkedMs))} ${words.limits}</p>`
      }`,
  );
}

function officeText(office: OfficeCheck, { office: words }: TransitPagesWords['check']): string {
  return 'version' in office ? words.ready(office.version) : words.why[office.why];
}

interface Look {
  readonly name: string;
  readonly says: string;
  readonly isWell: boolean;
}

function lookOf({ kind, isMet, isAccepted }: Finding, { findings, accepted }: TransitPagesWords['check']): Look {
  const { name, met, unmet, whatToDo } = findings[kind];
  return { name, says: isMet ? met : `${unmet} ${isAccepted ? accepted : whatToDo}`, isWell: isMet };
}

function lookItem({ name, says, isWell }: Look): Markup {
  return html`<li class="look">
    ${checkMark(isWell)}
    <div>
      <h2 class="section">${name}</h2>
      <p>${says}</p>
    </div>
  </li>`;
}

export async function receiptDocument(receipt: FoundReceipt, language: Language): Promise<PlainDocument> {
  const words = wordsOf(language).receipt;
  const facts = 'counted' in receipt ? receipt.counted : receipt.facts;
  const documents = 'counted' in receipt ? receipt.documents : receipt.facts.saltedHashes.length;
  const { receivedMs, returnedMs, erasedMs, objectsCreated, objectsErased } = facts;
  // of a receipt without its hashes nothing can be checked here, and the page says so
  const isSigned = 'counted' in receipt || isReceiptGenuine(receipt);
  const isGood = isSigned && objectsCreated === objectsErased && facts.isKeyDestroyed;
  const lead = isGood ? words.good(documents, timeText(language, erasedMs)) : words.bad;
  return plainDocument(
    language,
    words.title,
    html`<p class="public-lead status-now">${checkMark(isGood)}<span>${lead}</span></p>
      <dl class="public-pairs">
        ${pair(words.came, timeText(language, receivedMs))}
        ${pair(words.went, returnedMs === undefined ? words.taken : timeText(language, returnedMs))}
        ${pair(words.erased, words.objects(objectsErased, objectsCreated, facts.isKeyDestroyed))}
        ${facts.accepted.length === 0 ? '' : pair(words.accepted, acceptedText(facts.accepted, language))}
        ${pair(words.job, html`<code class="mono">${facts.job}</code>`)}
      </dl>
      ${documentsPart(receipt, language)}
      <section class="public-part">
        <h2 class="section">${words.signature}</h2>
        <p>${'counted' in receipt ? words.signedCounted : words.signed}</p>
        <p><code class="mono">${receipt.key}</code></p>
      </section>`,
  );
}

function documentsPart(receipt: FoundReceipt, language: Language): Markup | '' {
  const words = wordsOf(language).receipt;
  if ('counted' in receipt)
    return html`<section class="public-part">
      <h2 class="section">${words.documents}</h2>
      <p>${words.counted(receipt.documents)}</p>
      <p><a href="/check?lang=${language}">${words.checkAnswer}</a></p>
    </section>`;
  const { saltedHashes } = receipt.facts;
  if (saltedHashes.length === 0) return '';
  return html`<section class="public-part">
    <h2 class="section">${words.documents}</h2>
    <p>${words.hashes}</p>
    <ol class="hashes">
      ${saltedHashes.map((hash) => html`<li><code class="mono">${hash}</code></li>`)}
    </ol>
  </section>`;
}

function pair(name: string, says: string | Markup): Markup {
  return html`<dt>${name}</dt>
    <dd>${says}</dd>`;
}

/** What the operator let pass, as the self-check calls it. */
function acceptedText(accepted: readonly string[], language: Language): string {
  const findings: Readonly<Record<string, { readonly unmet: string } | undefined>> = wordsOf(language).check.findings;
  return accepted.map((kind) => findings[kind]?.unmet ?? kind).join(' ');
}

async function plainDocument(language: Language, title: string, content: Markup): Promise<PlainDocument> {
  const words = wordsOf(language);
  const page = html`<h1 class="title">${title}</h1>
    ${content}
    <p class="public-foot"><a href="/transit?lang=${language}">${words.back}</a></p>`;
  return {
    title: `${title} · ${words.productName}`,
    languages: String(await languageLinks(words.languages, language)),
    content: String(await page),
  };
}
