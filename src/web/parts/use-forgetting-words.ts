// The words of what was deleted for good, and of closing a mailbox, in the language of the page: the list is shown without them.

import { forgettingDe } from '../words/forgetting-de.ts';
import { forgettingEn, type ForgettingWords } from '../words/forgetting-en.ts';
import { useLanguage } from './speech.tsx';

export function useForgettingWords(): ForgettingWords {
  return useLanguage() === 'de' ? forgettingDe : forgettingEn;
}
