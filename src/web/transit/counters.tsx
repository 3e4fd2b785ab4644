// Counters: how much is under way in the house now, asked anew while somebody looks; counts and sizes, nobody's names.

import { useEffect, useState } from 'preact/hooks';
import { limits } from '#base/limits.ts';
import type { CountersAnswer } from '#formats/transit-wire/drop-frames.ts';
import { sizeText, type Language } from '../words/dates.ts';
import type { TransitWords } from '../words/transit-en.ts';
import { askCounters } from './ask-door.ts';

export interface CountersProps {
  readonly words: TransitWords;
  readonly language: Language;
  readonly reach: typeof fetch;
  readonly code: string | undefined;
  /** Asked at once when it becomes another. */
  readonly turn: number;
}

export function Counters(of: CountersProps) {
  const { words } = of;
  const counted = useCounters(of);
  if (!counted) return null;
  return (
    <section class="counters" aria-label={words.counters}>
      <h2 class="label">{words.counters}</h2>
      <dl class="counters-row">
        <Count value={String(counted.atWork + counted.waiting)} word={words.countJobs} />
        <Count value={String(counted.objects)} word={words.countObjects} />
        <Count value={counted.bytes === 0 ? '0' : sizeText(of.language, counted.bytes)} word={words.countBytes} />
        <Count value={ageText(counted, words)} word={words.countOldest} />
      </dl>
      {counted.alarms > 0 ? (
        <p class="public-warn" role="alert">
          {words.alarm(counted.alarms)}
        </p>
      ) : null}
    </section>
  );
}

function Count({ value, word }: { readonly value: string; readonly word: string }) {
  return (
    <div class="counter">
      <dt class="meta">{word}</dt>
      <dd class="counter-value">{value}</dd>
    </div>
  );
}

function ageText({ objects, oldestMs }: CountersAnswer, words: TransitWords): string {
  if (objects === 0) return words.countNone;
  const seconds = Math.round(oldestMs / 1_000);
  return seconds < 120 ? words.seconds(seconds) : words.minutes(Math.round(seconds / 60));
}

function useCounters({ reach, code, turn }: CountersProps): CountersAnswer | undefined {
  const [counted, setCounted] = useState<CountersAnswer | undefined>(undefined);
  useEffect(() => {
    let isOver = false;
    const look = (): void => {
      if (document.hidden) return;
      void askCounters(reach, code).then((answer) => (isOver ? undefined : setCounted(answer)));
    };
    look();
    const timer = setInterval(look, limits.transit.countersMs);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [reach, code, turn]);
  return counted;
}
