// HTML from elsewhere on its way into the editor: through the page's purifier, then tidied; and the two places where HTML enters the document.

import { letterPolicy, purifyLetter } from '../letter/page-walls.ts';
import type { Quote, Written } from './compose-state.ts';
import { plainOf, tidyHtml } from './tidy-html.ts';

/** A document of its own: nothing in it is shown, fetched or run. */
function parsed(plainHtml: string): HTMLElement {
  const { body } = purifyLetter(plainHtml);
  return new DOMParser().parseFromString(letterPolicy.createHTML(body), 'text/html').body;
}

export function tidyLetter(plainHtml: string): Quote {
  const body = parsed(plainHtml);
  return { plainHtml: tidyHtml(body), plainText: plainOf(body) };
}

/** A kept draft: its own text, and the quote at its end folded again. */
export function tidyDraft(plainHtml: string): { readonly first: Written; readonly quote: Quote | undefined } {
  const body = parsed(plainHtml);
  const cited = body.lastElementChild;
  const introduction = cited?.previousElementSibling;
  let quote: Quote | undefined;
  if (cited?.matches('blockquote[type=cite]') && introduction?.matches('p')) {
    const box = body.ownerDocument.createElement('div');
    box.append(introduction, cited);
    quote = { plainHtml: tidyHtml(box), plainText: plainOf(box) };
  }
  return { first: { plainHtml: tidyHtml(body), plainText: plainOf(body) }, quote };
}

/** `plainHtml` is tidied. */
export function putHtml(place: HTMLElement, plainHtml: string): void {
  place.innerHTML = letterPolicy.createHTML(plainHtml);
}

/** At the cursor, and the browser's undo takes it back. `plainHtml` is tidied. */
export function insertHtml(plainHtml: string): void {
  document.execCommand('insertHTML', false, letterPolicy.createHTML(plainHtml));
}
