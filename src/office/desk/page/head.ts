// The top of the report's page: what is said in one sentence, the two big figures, who signed, which years there are.

import { html } from 'hono/html';
import { countOf, figureText, numberText } from './number-text.ts';
import type { Years } from './figure-table.ts';
import type { PageWords } from './words-en.ts';

type Markup = ReturnType<typeof html>;

/** "133 requests" and "45 rejected (33.8 %)", and under each of what, and how it was the year before. */
export function bigFigures(words: PageWords, { year, now, before }: Years): Markup {
  const { big } = words;
  const total = countOf(now['total']) ?? 0;
  const first = countOf(now['rejected.first']) ?? 0;
  const [wasTotal, wasFirst] = [before?.['total'], before?.['rejected.first']].map(countOf);
  const beforeText = (said: string): string => `${year - 1}: ${said}`;
  const hadBefore = wasTotal !== undefined && wasFirst !== undefined;
  const share = now['rejected.first.share'];
  return html`<div class="report-big">
    ${bigFigure(numberText(words, total), big.requests(total), [
      hadBefore ? beforeText(numberText(words, wasTotal)) : big.noneBefore,
    ])}
    ${bigFigure(
      numberText(words, first),
      share?.value === null || share === undefined ? big.rejectedAlone : big.rejected(figureText(words, share)),
      [
        big.of(numberText(words, first), numberText(words, total)),
        ...(hadBefore ? [beforeText(big.of(numberText(words, wasFirst), numberText(words, wasTotal)))] : []),
      ],
    )}
  </div>`;
}

function bigFigure(value: string, word: string, under: readonly string[]): Markup {
  return html`<p class="figure">
    <span class="figure-value">${value} <span class="report-word">${word}</span></span>
    <span class="meta">${under.join(' · ')}</span>
  </p>`;
}

/** Newest first. */
export function yearLinks(words: PageWords, years: readonly number[], shown: number): Markup {
  return html`<nav class="report-years" aria-label="${words.years}">
    ${years.map((year) =>
      year === shown
        ? html`<a href="/transparency/${year}?lang=${words.spoken}" aria-current="page">${year}</a> `
        : html`<a href="/transparency/${year}?lang=${words.spoken}">${year}</a> `,
    )}
  </nav>`;
}

/** The ring with the tick: this was checked. */
export function checkedMark(): Markup {
  return html`<svg class="seal-mark" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
    <circle cx="12" cy="12" r="8" fill="none" stroke="currentColor" stroke-width="2" />
    <path
      d="M8 12.5l2.7 2.7L16.2 9.6"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>`;
}
