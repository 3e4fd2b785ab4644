// Speech: the words and the language of the page, handed down once.

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { wordsOf, type Language, type Words } from '../words/words.ts';

export const Speech = createContext<Language>('en');

export function useLanguage(): Language {
  return useContext(Speech);
}

export function useWords(): Words {
  return wordsOf(useContext(Speech));
}
