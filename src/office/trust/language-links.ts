// de|en of public pages: links, because nothing there runs a script.

import { html } from 'hono/html';
import type { Language } from './trust-facts.ts';

type Markup = ReturnType<typeof html>;

export function languageLinks(label: string, spoken: Language): Markup {
  const names = { de: 'Deutsch', en: 'English' } as const;
  const link = (language: Language): Markup =>
    language === spoken
      ? html`<a href="?lang=${language}" lang="${language}" hreflang="${language}" aria-current="true"
          >${names[language]}</a
        >`
      : html`<a href="?lang=${language}" lang="${language}" hreflang="${language}">${names[language]}</a>`;
  return html`<nav class="public-languages" aria-label="${label}">${link('de')} ${link('en')}</nav>`;
}
