// The state of safety at a glance, beside its name in the navigation: checked, needs you, or not checked yet; pointed at, it says the sentence of the page.

import { SealMark, type SealShape } from '../parts/seal-mark.tsx';
import { useLanguage } from '../parts/speech.tsx';
import type { Store } from '../store.ts';
import { sentenceOf } from './safety-text.ts';
import { useSafetyWords } from './use-safety-words.ts';
import { useSafetyWatch, type SafetyLook } from './watch-safety.ts';
import { whatWaits, type Waits } from './what-waits.ts';

export interface SafetyMarkProps {
  readonly store: Store<SafetyLook>;
  /** Another one: letters came, and what happens to the house comes as a letter, too. */
  readonly turn: unknown;
}

const EVERY_MS = 60_000;

/** A change that waits for others keeps nobody here busy. */
const SHAPES: Readonly<Record<Waits['kind'], SealShape>> = {
  well: 'checked',
  others: 'checked',
  backupNowhere: 'open',
  ledgerNever: 'open',
  incident: 'needs-you',
  ledger: 'needs-you',
  backupOld: 'needs-you',
  copiesOld: 'needs-you',
  backupNone: 'needs-you',
  you: 'needs-you',
  apply: 'needs-you',
};

export function SafetyMark({ store, turn }: SafetyMarkProps) {
  const own = useSafetyWords();
  const language = useLanguage();
  const { safety, trouble } = useSafetyWatch(store, EVERY_MS, turn);
  // a tick that nobody answers for any more would be none
  if (safety === undefined || trouble !== undefined) return null;
  const waits = whatWaits(safety);
  return (
    <span class="nav-mark" data-shape={SHAPES[waits.kind]}>
      <SealMark shape={SHAPES[waits.kind]} size={16} label={sentenceOf(own, language, waits)} />
    </span>
  );
}
