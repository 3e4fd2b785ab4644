// The words of this part in the language of the page: the list of letters is shown without them.

import { useLanguage } from '../parts/speech.tsx';
import { contactsDe } from '../words/contacts-de.ts';
import { contactsEn, type ContactsWords } from '../words/contacts-en.ts';

export function useContactWords(): ContactsWords {
  return useLanguage() === 'de' ? contactsDe : contactsEn;
}
