// The words of this part in the language of the page.

import { useLanguage } from '../parts/speech.tsx';
import { deskDe } from '../words/desk-de.ts';
import { deskEn, type DeskWords } from '../words/desk-en.ts';

export function useDeskWords(): DeskWords {
  return useLanguage() === 'de' ? deskDe : deskEn;
}
