// View data: for each question what is true, what would be sent and in which bytes; and everything that was sent.

import type { TelemetryAnswer } from '#formats/auth-wire/telemetry-answers.ts';
import { useLanguage } from '../parts/speech.tsx';
import { Block } from '../settings/block.tsx';
import { longDate } from '../words/dates.ts';
import { exactTime } from '../words/exact-time.ts';
import { useTelemetryWords } from './use-figures.ts';

type Question = TelemetryAnswer['questions'][number];

export function Questions({ told }: { readonly told: TelemetryAnswer }) {
  const words = useTelemetryWords();
  return (
    <Block title={words.questions} text={words.questionsText(told.sealedBytes)}>
      <ul class="lines figures-questions">
        {told.questions.map((question) => (
          <One key={question.hash} question={question} />
        ))}
      </ul>
    </Block>
  );
}

function One({ question }: { readonly question: Question }) {
  const words = useTelemetryWords();
  const language = useLanguage();
  const { truth, randomised, buckets } = question;
  const name = (index: number | null): string =>
    index === null ? words.notMeasured : (buckets[index]?.[language] ?? '');
  return (
    <li class="figure" id={`figure-${question.id}`}>
      <h3 class="figure-text">{question.text[language]}</h3>
      <dl class="figure-answers">
        <div>
          <dt class="meta">{words.truth}</dt>
          <dd>{name(truth)}</dd>
        </div>
        {randomised === null ? null : (
          <div>
            <dt class="meta">{words.randomised}</dt>
            <dd>
              {name(randomised)}
              {randomised === truth ? <span class="meta"> ({words.same})</span> : null}
            </dd>
          </div>
        )}
      </dl>
      {question.isAnswered ? <p class="meta">{words.isAnswered}</p> : null}
      <details class="figure-more">
        <summary>{words.exact}</summary>
        <p class="meta">
          {words.why}: {question.why[language]}
        </p>
        <p class="meta">
          {words.choices}: {buckets.map((bucket) => bucket[language]).join(' · ')}
        </p>
        <Bytes plain={question.plain} sealed={question.sealed} />
      </details>
    </li>
  );
}

function Bytes({ plain, sealed }: { readonly plain: string; readonly sealed: string }) {
  const words = useTelemetryWords();
  return (
    <>
      <p class="meta">{words.before}</p>
      <p class="mono figure-bytes" data-bytes="plain">
        {plain}
      </p>
      <p class="meta">{words.after}</p>
      <p class="mono figure-bytes" data-bytes="sealed">
        {sealed}
      </p>
    </>
  );
}

export function Sent({ told }: { readonly told: TelemetryAnswer }) {
  const words = useTelemetryWords();
  const language = useLanguage();
  const what = ({ question, answer }: TelemetryAnswer['sent'][number]): string => {
    if (question === null || answer === null) return words.cover;
    const known = told.questions.find(({ id }) => id === question);
    return words.answered(known?.text[language] ?? question, known?.buckets[answer]?.[language] ?? String(answer + 1));
  };
  return (
    <Block title={words.sent} text={told.sent.length === 0 ? words.sentNone : words.sentText(told.sent.length)}>
      {told.sent.length === 0 ? null : (
        <ol class="lines figures-sent">
          {told.sent.map((report) => (
            <li key={report.sealed} class="figure">
              <p>{what(report)}</p>
              <p class="meta">
                {longDate(language, report.timeMs)}, {exactTime(language, report.timeMs)} ·{' '}
                {words.outcomes[report.outcome]}
              </p>
              <details class="figure-more">
                <summary>{words.exact}</summary>
                <Bytes plain={report.plain} sealed={report.sealed} />
              </details>
            </li>
          ))}
        </ol>
      )}
    </Block>
  );
}
