// PublicPage: the head that public pages have in common, one column below it, and both languages at a press.

import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { storeLanguage } from '../look/choices.ts';
import type { Language } from '../words/dates.ts';
import { WaxMark } from './seal-mark.tsx';

const languages = { de: 'Deutsch', en: 'English' } as const;

export function PublicPage(of: {
  readonly words: {
    readonly title: string;
    readonly lead: string;
    readonly productName: string;
    readonly language: string;
  };
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
  readonly children: ComponentChildren;
}) {
  const { words, language } = of;
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = `${words.title} · ${words.productName}`;
  }, [language]);
  return (
    <>
      <header class="public-head">
        <a class="public-brand" href="/">
          <WaxMark size={28} />
          <span>{words.productName}</span>
        </a>
        <div class="public-languages" role="group" aria-label={words.language}>
          {(['de', 'en'] as const).map((name) => (
            <button
              key={name}
              type="button"
              lang={name}
              aria-pressed={name === language}
              onClick={() => {
                storeLanguage(name);
                of.onLanguage(name);
              }}
            >
              {languages[name]}
            </button>
          ))}
        </div>
      </header>
      <main class="public">
        <h1 class="title">{words.title}</h1>
        <p class="public-lead">{words.lead}</p>
        {of.children}
      </main>
    </>
  );
}
