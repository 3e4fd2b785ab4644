// Draws /status: one sentence, what is open with its timeline and how far it is, the last 90 days. No script, no style of its own, no name.

import { html } from 'hono/html';
import { unreachable } from '#base/assert.ts';
import type { PublicIncident, TimelineEntry } from '#vault/safeguards/incident/public-view.ts';
import { checkMark } from '../check-mark.ts';
import { languageLinks } from '../language-links.ts';
import type { PlainDocument } from '../plain-frame.ts';
import type { Language } from '../trust-facts.ts';
import { numberText, timeText } from '../trust-text.ts';
import { statusWordsDe } from './status-words-de.ts';
import { statusWordsEn, type StatusWords } from './status-words-en.ts';

type Markup = ReturnType<typeof html>;

export interface StatusFacts {
  readonly domain: string;
  readonly nowMs: number;
  readonly works: { readonly takesMail: boolean; readonly showsMail: boolean };
  /** Newest first. */
  readonly incidents: readonly PublicIncident[];
}

interface Page {
  readonly words: StatusWords;
  readonly language: Language;
}

/** The operator’s words are escaped by the template. */
export async function statusDocument(facts: StatusFacts, language: Language): Promise<PlainDocument> {
  const words = language === 'de' ? statusWordsDe : statusWordsEn;
  const page = { words, language };
  const { domain, works, incidents } = facts;
  const open = incidents.filter(({ closedMs }) => closedMs === null);
  const past = incidents.filter(({ closedMs }) => closedMs !== null);
  const working = open.length === 0 ? words.works : words.worksBut;
  const state = !works.takesMail ? words.takesNone : works.showsMail ? working : words.waits;
  const isWell = state === words.works;
  const content = html`<h1 class="title">${words.title}</h1>
    <p class="public-lead status-now">${checkMark(isWell)}<span>${state(domain)}</span></p>
    <section class="public-part">
      <h2 class="section">${open.length === 0 ? words.none : words.open(open.length)}</h2>
      ${open.map((one) => incident(page, one))}
    </section>
    <section class="public-part">
      <h2 class="section">${words.past}</h2>
      ${past.length === 0 ? html`<p class="meta">${words.quiet}</p>` : past.map((one) => incident(page, one))}
    </section>
    <p class="public-foot">
      <a href="/status.json">${words.data}</a> <a href="/trust?lang=${language}">${words.trust}</a>
      <a href="/">${words.signIn}</a>
    </p>`;
  return {
    title: `${words.title} · ${words.productName}`,
    languages: String(await languageLinks(words.languages, language)),
    content: String(await content),
  };
}

function incident({ words, language }: Page, of: PublicIncident): Markup {
  const { title, number, closedMs, openedMs, mailboxes, progress, timeline } = of;
  const isOver = closedMs !== null;
  const count = numberText(language, mailboxes);
  const affected = (isOver ? words.mailboxesWere : words.mailboxes)(count, mailboxes === 1);
  const lasted = isOver ? ` · ${words.lasted(durationText(words, closedMs - openedMs))}` : '';
  return html`<article class="incident" id="incident-${number}">
    <h3 class="incident-title">${title}</h3>
    <p class="meta">${timeText(language, openedMs)} · ${affected}${lasted}</p>
    ${progress === null ? '' : progressLine({ words, language }, progress, isOver)}
    ${isOver ? '' : html`<p class="incident-safe">${progress === null ? words.safeUncounted : words.safe}</p>`}
    <ol class="timeline">
      ${timeline.toReversed().map(
        (entry) =>
          html`<li>
            <time datetime="${new Date(entry.atMs).toISOString()}">${timeText(language, entry.atMs)}</time>
            <span>${said({ words, language }, entry)}</span>
          </li>`,
      )}
    </ol>
  </article>`;
}

function progressLine(
  { words, language }: Page,
  { expected, found, atMs }: NonNullable<PublicIncident['progress']>,
  isOver: boolean,
): Markup {
  const [all, there] = [numberText(language, expected), numberText(language, found)];
  if (isOver) {
    const end = found >= expected ? words.lostNone(all) : words.lost(numberText(language, expected - found), all);
    return html`<p class="incident-safe">${end}</p>`;
  }
  return html`<p class="incident-progress">
    <strong>${words.found(there, all)}</strong> <span class="meta">${words.countedAt(timeText(language, atMs))}</span>
    <meter min="0" max="${Math.max(1, expected)}" value="${found}" aria-label="${words.progress}">
      ${words.found(there, all)}
    </meter>
  </p>`;
}

function said({ words, language }: Page, { what, text = '', change = 0, seconds = 0 }: TimelineEntry): string {
  switch (what) {
    case 'opened':
      return `${words.opened}: ${text}`;
    case 'closed':
      return `${words.closed}: ${text}`;
    case 'update':
      return text;
    case 'changeApplied':
      return words.changeApplied(change);
    case 'changeVerified':
      return words.changeVerified(change);
    case 'changeUndone':
      return words.changeUndone(change, numberText(language, seconds));
    case 'backupVerified':
      return words.backupVerified;
    default:
      return unreachable(what);
  }
}

function durationText({ ages }: StatusWords, ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 120) return ages.minutes(minutes);
  return minutes < 48 * 60 ? ages.hours(Math.round(minutes / 60)) : ages.days(Math.round(minutes / 1_440));
}
