// The words of this part in the language of the page: the list is shown without them.

import { useLanguage } from '../parts/speech.tsx';
import { outsideDe } from '../words/outside-de.ts';
import { outsideEn, type OutsideWords } from '../words/outside-en.ts';

export function useOutsideWords(): OutsideWords {
  return useLanguage() === 'de' ? outsideDe : outsideEn;
}
