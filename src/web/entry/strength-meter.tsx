// Strength: five bars and a word under a new password.

import { useWords } from '../parts/speech.tsx';

export function StrengthMeter({ strength }: { readonly strength: 0 | 1 | 2 | 3 | 4 | 5 }) {
  const words = useWords();
  return (
    <span class="strength">
      {[1, 2, 3, 4, 5].map((bar) => (
        <span key={bar} class="strength-bar" {...(bar <= strength ? { 'data-full': '' } : {})} />
      ))}
      <span class="strength-word" aria-live="polite">
        <span class="unseen">{words.entry.strengthLabel}: </span>
        {words.entry.strength[strength]}
      </span>
    </span>
  );
}
