// Speech: the words and the language of the page, handed down once; another language comes when it is chosen.

import { createContext, type ComponentChildren } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { fetchWords, type Language, type Words } from '../words/words.ts';

export interface Spoken {
  readonly language: Language;
  readonly words: Words;
}

const SpeechContext = createContext<Spoken | undefined>(undefined);

function useSpoken(): Spoken {
  const spoken = useContext(SpeechContext);
  if (!spoken) throw new Error('nobody said which language is spoken');
  return spoken;
}

export function useLanguage(): Language {
  return useSpoken().language;
}

export function useWords(): Words {
  return useSpoken().words;
}

/** Speaks `first` until the words of `language` are here. */
export function Speech(of: {
  readonly first: Spoken;
  readonly language: Language;
  readonly children: ComponentChildren;
}) {
  const [spoken, setSpoken] = useState(of.first);
  useEffect(() => {
    if (of.language === spoken.language) return;
    void fetchWords(of.language).then((words) => setSpoken({ language: of.language, words }));
  }, [of.language]);
  return <SpeechContext.Provider value={spoken}>{of.children}</SpeechContext.Provider>;
}
