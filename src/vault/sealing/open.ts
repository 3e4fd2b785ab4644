// Opens what the server sealed: summaries, terms, letters. Imported by the page and by user-side programs only (invariant 1).

export {
  checkSummary,
  isOwnLetter,
  openSummary,
  openTerms,
  summaryKeysOf,
  type Altered,
  type LetterPlace,
  type OpenedSummary,
  type OpenError,
  type SummaryKeys,
  type Trusted,
} from './client/open-summary.ts';
export { openLetter, type OpenedLetter, type OpenLetterError, type StoredLetter } from './client/open-letter.ts';
export { decideSign, type Sign, type SignedView } from './client/sign.ts';
