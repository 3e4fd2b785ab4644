// The whole disclosure table, and single sentences of it where they belong: none is written by hand.

import type { Disclosure } from '../backend.ts';
import { useLanguage, useWords } from '../parts/speech.tsx';
import type { Language } from '../words/words.ts';
import { Block } from './block.tsx';

/** What the operator sees of one thing, in one sentence; undefined while the table is not here. */
export function toldAbout(disclosure: Disclosure | undefined, key: string, language: Language): string | undefined {
  return disclosure?.rows.find((row) => row.key === key)?.operatorSees[language];
}

export function DisclosureSettings({ disclosure }: { readonly disclosure: Disclosure | undefined }) {
  const words = useWords();
  const language = useLanguage();
  return (
    <Block title={words.provenance.title} text={disclosure ? undefined : words.disclosureMissing}>
      <dl class="told panel-text">
        {disclosure?.rows.flatMap((row) => [
          <dt key={`${row.key}-what`}>{row.what[language]}</dt>,
          <dd key={row.key}>{row.operatorSees[language]}</dd>,
        ])}
      </dl>
    </Block>
  );
}
