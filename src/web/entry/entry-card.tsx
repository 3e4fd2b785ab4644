// The frame of sign-up, sign-in and recovery: wax mark, wordmark, one card, language below.

import type { ComponentChildren } from 'preact';
import { WaxMark } from '../parts/seal-mark.tsx';
import { Icon } from '../parts/icon.tsx';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { statusLink } from '../words/status-link.ts';
import type { Language } from '../words/words.ts';

const languages: readonly Language[] = ['de', 'en'];

export function EntryCard(of: {
  readonly title: string;
  readonly lead?: string;
  readonly wide?: boolean;
  readonly onLanguage: (language: Language) => void;
  readonly children: ComponentChildren;
}) {
  const words = useWords();
  const spoken = useLanguage();
  return (
    <main class="entry">
      <div class="entry-space" />
      <div class="entry-brand">
        <WaxMark size={48} />
        <span class="entry-brand-word">{words.productName}</span>
      </div>
      <section class={of.wide ? 'entry-card entry-card-wide' : 'entry-card'}>
        <h1 class="title">{of.title}</h1>
        {of.lead ? <p class="entry-lead">{of.lead}</p> : null}
        {of.children}
      </section>
      <div class="entry-space-below" />
      <div class="entry-foot" role="group" aria-label={words.language}>
        {languages.map((language) => (
          <button
            key={language}
            type="button"
            lang={language}
            aria-pressed={language === spoken}
            onClick={() => of.onLanguage(language)}
          >
            {words.languageNames[language]}
          </button>
        ))}
      </div>
      <p class="entry-foot entry-links">
        <a href={`/trust?lang=${spoken}`}>{words.entry.toTrust}</a>
        <a href={`/status?lang=${spoken}`}>{statusLink[spoken]}</a>
        <a href={`/check?lang=${spoken}`}>{words.entry.toCheck}</a>
      </p>
    </main>
  );
}

export function EntryError({ text }: { readonly text: string | undefined }) {
  return text ? (
    <div class="entry-error" role="alert">
      <Icon name="triangle-alert" />
      <span>{text}</span>
    </div>
  ) : null;
}
