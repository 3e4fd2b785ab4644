// The safety page: one sentence on top, three lines, incidents, changes that wait, history and charts; asked anew while it is looked at.

import { useRef, useState } from 'preact/hooks';
import type { Safety } from '#formats/auth-wire/safety-answers.ts';
import type { MailControl } from '../mail/mail-control.ts';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { useLanguage } from '../parts/speech.tsx';
import { countLedger, type SafetyTrouble } from './ask-safety.ts';
import { QuestionCard } from '../telemetry/question-card.tsx';
import { ChangeCard } from './change-card.tsx';
import { AgesChart, LettersChart } from './charts.tsx';
import { History } from './history.tsx';
import { Incidents } from './incidents.tsx';
import { sentenceOf } from './safety-text.ts';
import { StateLines } from './state-lines.tsx';
import { useSafetyWords } from './use-safety-words.ts';
import { lookAt, useSafetyWatch } from './watch-safety.ts';
import { whatWaits } from './what-waits.ts';

export interface SafetyProps {
  readonly control: MailControl;
}

const EVERY_MS = 30_000;

export function SafetyPage(of: SafetyProps) {
  const own = useSafetyWords();
  const store = of.control.safety;
  const { safety, trouble } = useSafetyWatch(store, EVERY_MS);
  const look = (): Promise<void> => lookAt(store);
  const top = useRef<HTMLElement>(null);
  const say = (text: string): void => of.control.model.say(text);
  return (
    <main class="safety" ref={top}>
      <div class="safety-column">
        <p class="label">{own.title}</p>
        {safety === undefined ? (
          trouble === undefined ? null : (
            <Failed trouble={trouble} onAgain={() => void look()} />
          )
        ) : (
          <>
            {trouble === undefined ? null : (
              <p class="safety-trouble" role="status">
                {troubleText(trouble, own.failed)}
              </p>
            )}
            <Whole safety={safety} say={say} onChanged={look} onFigures={() => of.control.openSettings('figures')} />
          </>
        )}
      </div>
    </main>
  );
}

function troubleText(trouble: SafetyTrouble, sentences: ReturnType<typeof useSafetyWords>['failed']): string {
  return trouble.kind === 'refused' ? trouble.sentence : sentences[trouble.kind];
}

function Failed(of: { readonly trouble: SafetyTrouble; readonly onAgain: () => void }) {
  const own = useSafetyWords();
  const isFinal = of.trouble.kind === 'not-allowed';
  return (
    <Empty drawing="closed" sentence={troubleText(of.trouble, own.failed)}>
      {isFinal ? null : (
        <Button kind="outline" onPress={of.onAgain}>
          {own.again}
        </Button>
      )}
    </Empty>
  );
}

interface WholeProps {
  readonly safety: Safety;
  readonly say: (text: string) => void;
  readonly onChanged: () => Promise<void>;
  readonly onFigures: () => void;
}

function Whole({ safety, say, onChanged, onFigures }: WholeProps) {
  const own = useSafetyWords();
  const language = useLanguage();
  const [isCounting, setCounting] = useState(false);
  const { changes, incidents } = safety;
  const isOpen = incidents.some(({ closedMs }) => closedMs === null);
  const count = async (): Promise<void> => {
    setCounting(true);
    const counted = await countLedger();
    if (!counted.ok) say(troubleText(counted.error, own.failed));
    await onChanged();
    setCounting(false);
  };
  return (
    <>
      <h1 class="title safety-title">{sentenceOf(own, language, whatWaits(safety))}</h1>
      <StateLines
        safety={safety}
        isCounting={isCounting || safety.ledger.isRunning}
        onCount={() => void count()}
        say={say}
      />
      <QuestionCard say={say} onLook={onFigures} />
      {isOpen ? <Incidents incidents={incidents} nowMs={safety.nowMs} /> : null}
      <section class="safety-part" aria-labelledby="safety-waiting">
        <h2 class="section" id="safety-waiting">
          {own.changes.waiting}
        </h2>
        {changes === null || changes.waiting.length === 0 ? (
          <p class="meta safety-none">{changes === null ? own.changes.noneYet : own.changes.none}</p>
        ) : (
          changes.waiting.map((change) => (
            <ChangeCard
              key={change.number}
              change={change}
              you={changes.you}
              nowMs={safety.nowMs}
              say={say}
              onChanged={onChanged}
            />
          ))
        )}
      </section>
      {changes === null ? null : <History history={changes.history} />}
      <div class="safety-charts">
        <AgesChart taken={safety.backup.taken} nowMs={safety.nowMs} />
        <LettersChart taken={safety.backup.taken} nowMs={safety.nowMs} />
      </div>
      {isOpen ? null : <Incidents incidents={incidents} nowMs={safety.nowMs} />}
    </>
  );
}
