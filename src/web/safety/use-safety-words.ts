// The words of this part in the language of the page: the list of letters is shown without them.

import { useLanguage } from '../parts/speech.tsx';
import { safetyDe } from '../words/safety-de.ts';
import { safetyEn, type SafetyWords } from '../words/safety-en.ts';

export function useSafetyWords(): SafetyWords {
  return useLanguage() === 'de' ? safetyDe : safetyEn;
}
