// Two charts, each with its figures beside the bars: how old the newest backup was, and how many messages each checked one held.

import type { SafetyBackup } from '#formats/auth-wire/safety-answers.ts';
import { useLanguage } from '../parts/speech.tsx';
import { backupAges, backupLetters } from './backup-ages.ts';
import { dayText, numberText } from './safety-text.ts';
import { useSafetyWords } from './use-safety-words.ts';

type Taken = SafetyBackup['taken'];

const DAYS = 30;
/** From here on changes wait. */
const LIMIT_HOURS = 26;

export function AgesChart({ taken, nowMs }: { readonly taken: Taken; readonly nowMs: number }) {
  const { charts: own } = useSafetyWords();
  const language = useLanguage();
  const ages = backupAges(
    taken.map(({ takenMs }) => takenMs),
    nowMs,
    DAYS,
  );
  const known = ages.flatMap(({ hours }) => hours ?? []);
  if (known.length === 0) return <NoChart title={own.ages} text={own.agesNone} />;
  const highest = Math.max(LIMIT_HOURS * 1.25, ...known);
  const shown = (hours: number): string => numberText(language, Math.round(hours));
  const now = known.at(-1) ?? 0;
  return (
    <figure class="chart">
      <figcaption class="chart-title">{own.ages}</figcaption>
      <div class="chart-field" role="img" aria-label={own.agesSummary(shown(now), shown(Math.max(...known)))}>
        <span class="chart-limit" style={{ bottom: `${(LIMIT_HOURS / highest) * 100}%` }}>
          <span>{own.limit}</span>
        </span>
        {ages.map(({ atMs, hours }, index) => (
          <span key={atMs} class="chart-slot">
            {hours === undefined ? null : (
              <span class="chart-bar" style={{ height: `${Math.max(2, (hours / highest) * 100)}%` }}>
                {index === ages.length - 1 ? <span class="chart-value">{own.hours(shown(hours))}</span> : null}
              </span>
            )}
          </span>
        ))}
      </div>
      <Ends fromMs={ages[0]?.atMs ?? nowMs} />
    </figure>
  );
}

export function LettersChart({ taken, nowMs }: { readonly taken: Taken; readonly nowMs: number }) {
  const { charts: own } = useSafetyWords();
  const language = useLanguage();
  const days = backupLetters(taken, nowMs, DAYS);
  const known = days.flatMap(({ letters }) => letters ?? []);
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return <NoChart title={own.letters} text={own.agesNone} />;
  const highest = Math.max(1, ...known) * 1.15;
  const shown = (letters: number): string => numberText(language, letters);
  const lastAt = days.findLastIndex(({ letters }) => letters !== undefined);
  return (
    <figure class="chart">
      <figcaption class="chart-title">{own.letters}</figcaption>
      <div class="chart-field" role="img" aria-label={own.lettersSummary(shown(first), shown(last))}>
        {days.map(({ atMs, letters }, index) => (
          <span key={atMs} class="chart-slot">
            {letters === undefined ? null : (
              <span class="chart-bar" style={{ height: `${Math.max(1, (letters / highest) * 100)}%` }}>
                {index === lastAt ? <span class="chart-value">{shown(letters)}</span> : null}
              </span>
            )}
          </span>
        ))}
      </div>
      <Ends fromMs={days[0]?.atMs ?? nowMs} />
    </figure>
  );
}

function Ends({ fromMs }: { readonly fromMs: number }) {
  const { charts: own } = useSafetyWords();
  const language = useLanguage();
  return (
    <p class="chart-ends meta" aria-hidden="true">
      <span>{dayText(language, fromMs)}</span>
      <span>{own.now}</span>
    </p>
  );
}

function NoChart(of: { readonly title: string; readonly text: string }) {
  return (
    <figure class="chart">
      <figcaption class="chart-title">{of.title}</figcaption>
      <p class="meta safety-none">{of.text}</p>
    </figure>
  );
}
