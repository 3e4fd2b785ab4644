// Settings, Figures, for the operator: whether this house reports, to whom and what exactly; off with one press.

import { useState } from 'preact/hooks';
import { unreachable } from '#base/assert.ts';
import type { TelemetryAnswer } from '#formats/auth-wire/telemetry-answers.ts';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { SealMark, type SealShape } from '../parts/seal-mark.tsx';
import { useLanguage } from '../parts/speech.tsx';
import { Block } from '../settings/block.tsx';
import { longDate, timeOfDay, type Language } from '../words/dates.ts';
import type { TelemetryWords } from '../words/telemetry-en.ts';
import { Difference } from './difference.tsx';
import { useFigures, useTelemetryWords, type Figures } from './use-figures.ts';
import { Questions, Sent } from './view-data.tsx';

export interface FiguresProps {
  readonly say: (text: string) => void;
}

export function FigureSettings({ say }: FiguresProps) {
  const words = useTelemetryWords();
  const figures = useFigures();
  const { told, trouble } = figures;
  if (told === undefined)
    return trouble === undefined ? null : (
      <Empty drawing="closed" sentence={words.trouble[trouble]}>
        {trouble === 'not-allowed' ? null : (
          <Button kind="outline" onPress={figures.look}>
            {words.again}
          </Button>
        )}
      </Empty>
    );
  if (told.collector === null) return <Block title={words.noCollector} text={words.noCollectorHow} />;
  return (
    <div class="figures">
      <State told={told} figures={figures} say={say} />
      {told.differences.length > 0 ? <Difference told={told} /> : null}
      <Who collector={told.collector} />
      <Rules rules={told.rules} />
      <Questions told={told} />
      <Sent told={told} />
    </div>
  );
}

const marks: Readonly<Record<TelemetryAnswer['consent']['state'], SealShape>> = {
  unasked: 'open',
  off: 'open',
  on: 'checked',
  changed: 'needs-you',
};

export function stateText(words: TelemetryWords, language: Language, told: TelemetryAnswer): string {
  const { state, sinceMs } = told.consent;
  const since = longDate(language, sinceMs ?? 0);
  switch (state) {
    case 'unasked':
      return words.unasked;
    case 'off':
      return words.off(since);
    case 'changed':
      return told.differences.length > 0 ? words.changed : words.noWay;
    case 'on':
      return told.nextMs === null
        ? words.on(since)
        : `${words.on(since)} ${words.next(`${longDate(language, told.nextMs)}, ${timeOfDay(language, told.nextMs)}`)}`;
    default:
      return unreachable(state);
  }
}

interface StateProps extends FiguresProps {
  readonly told: TelemetryAnswer;
  readonly figures: Figures;
}

function State({ told, figures, say }: StateProps) {
  const words = useTelemetryWords();
  const language = useLanguage();
  const [isDirect, setDirect] = useState(told.consent.isDirect);
  const { state } = told.consent;
  const hasRelay = told.collector?.relay !== null;
  const { catalogueHash: hash } = told;
  const mayAgree = !figures.isBusy && hash !== null && (hasRelay || isDirect);
  const agree = async (): Promise<void> => {
    if (hash !== null && (await figures.decide({ choice: 'on', hash, isDirect: !hasRelay }))) say(words.agreed);
  };
  const end = async (): Promise<void> => {
    if (await figures.decide({ choice: 'off' })) say(words.ended);
  };
  return (
    <section class="block figures-state" data-state={state}>
      <h2 class="block-title figures-title">
        <SealMark shape={marks[state]} size={20} />
        {words.title}
      </h2>
      <p role="status">{stateText(words, language, told)}</p>
      {figures.trouble === undefined ? null : (
        <p class="figures-trouble" role="alert">
          {words.trouble[figures.trouble]}
        </p>
      )}
      {state === 'on' || hasRelay ? null : (
        <label class="figures-direct">
          <input type="checkbox" checked={isDirect} onChange={() => setDirect(!isDirect)} />
          <span>
            {words.direct}
            <span class="meta line-more">{words.directMeans}</span>
          </span>
        </label>
      )}
      <div class="figures-buttons">
        {state === 'on' ? null : (
          <Button kind="outline" disabled={!mayAgree} onPress={() => void agree()}>
            {state === 'changed' ? words.agreeAgain : words.agree}
          </Button>
        )}
        {state === 'off' ? null : (
          <Button kind="outline" disabled={figures.isBusy} onPress={() => void end()}>
            {state === 'unasked' ? words.refuse : words.end}
          </Button>
        )}
      </div>
    </section>
  );
}

function Who({ collector }: { readonly collector: NonNullable<TelemetryAnswer['collector']> }) {
  const words = useTelemetryWords();
  const language = useLanguage();
  const lines = [
    [words.operator, collector.operator],
    [words.country, collector.country[language]],
    [words.purpose, collector.purpose[language]],
    [words.published, collector.published[language]],
    [words.place, collector.url],
    [words.relay, collector.relay ?? words.noRelay],
  ] as const;
  return (
    <Block title={words.who}>
      <dl class="told">
        {lines.map(([name, text]) => (
          <>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </>
        ))}
      </dl>
    </Block>
  );
}

function Rules({ rules }: { readonly rules: TelemetryAnswer['rules'] }) {
  const words = useTelemetryWords();
  const language = useLanguage();
  return (
    <Block title={words.rules}>
      <ul class="figures-rules">
        {rules.map((rule) => (
          <li key={rule.en}>{rule[language]}</li>
        ))}
      </ul>
    </Block>
  );
}
