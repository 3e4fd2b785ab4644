// Changes that came to their end, newest first: what was predicted against what was, as two bars with their figures.

import type { SafetyChange } from '#formats/auth-wire/safety-answers.ts';
import { useLanguage } from '../parts/speech.tsx';
import type { Language } from '../words/dates.ts';
import type { SafetyWords } from '../words/safety-en.ts';
import { dayText, secondsText } from './safety-text.ts';
import { useSafetyWords } from './use-safety-words.ts';
import { reasonOf } from './what-waits.ts';

export function History({ history }: { readonly history: readonly SafetyChange[] }) {
  const { history: own } = useSafetyWords();
  const longest = Math.max(
    0.001,
    ...history.flatMap(({ predicted, actual }) => [predicted?.seconds ?? 0, actual?.seconds ?? 0]),
  );
  return (
    <section class="safety-part" aria-labelledby="safety-history">
      <h2 class="section" id="safety-history">
        {own.title}
      </h2>
      {history.length === 0 ? (
        <p class="meta safety-none">{own.none}</p>
      ) : (
        <ul class="history">
          {history.map((change) => (
            <Past key={change.number} change={change} longest={longest} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Past({ change, longest }: { readonly change: SafetyChange; readonly longest: number }) {
  const words = useSafetyWords();
  const { history: own } = words;
  const language = useLanguage();
  const { number, predicted, actual } = change;
  const shown = (seconds: number | undefined): string => (seconds === undefined ? '–' : secondsText(language, seconds));
  return (
    <li class="past">
      <div class="past-what">
        <p>
          <strong>#{number}</strong> <span lang="en">{reasonOf(change)}</span>
        </p>
        <p class="meta">{resultText(words, language, change)}</p>
      </div>
      {predicted === null ? null : (
        <div
          class="past-bars"
          role="img"
          aria-label={own.bar(number, shown(predicted.seconds), shown(actual?.seconds))}
        >
          <Bar
            kind="predicted"
            share={predicted.seconds / longest}
            text={`${own.predicted} ${shown(predicted.seconds)}`}
          />
          {actual === null ? null : (
            <Bar kind="actual" share={actual.seconds / longest} text={`${own.actual} ${shown(actual.seconds)}`} />
          )}
        </div>
      )}
    </li>
  );
}

function Bar(of: { readonly kind: 'predicted' | 'actual'; readonly share: number; readonly text: string }) {
  return (
    <span class="past-bar">
      <span class="past-fill" data-kind={of.kind} style={{ width: `${Math.max(1, of.share * 100)}%` }} />
      <span class="past-text">{of.text}</span>
    </span>
  );
}

function resultText(
  { history: own, changes }: SafetyWords,
  language: Language,
  { standing, undone, endedMs, class: risk }: SafetyChange,
): string {
  const day = dayText(language, endedMs ?? 0);
  const result =
    undone !== null
      ? own.undone(day, secondsText(language, undone.seconds))
      : standing === 'verified'
        ? own.verified(day)
        : own.closed(day);
  return `${changes.classes[risk]} · ${result}`;
}
