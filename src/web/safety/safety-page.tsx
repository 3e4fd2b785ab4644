// The safety page: one sentence on top, three lines, incidents, changes that wait, history and charts; asked anew while it is looked at.

import { useEffect, useRef, useState } from 'preact/hooks';
import { unreachable } from '#base/assert.ts';
import type { Safety } from '#formats/auth-wire/safety-answers.ts';
import type { MailControl } from '../mail/mail-control.ts';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { useLanguage } from '../parts/speech.tsx';
import { countLedger, readSafety, type SafetyTrouble } from './ask-safety.ts';
import { ChangeCard } from './change-card.tsx';
import { AgesChart, LettersChart } from './charts.tsx';
import { History } from './history.tsx';
import { Incidents } from './incidents.tsx';
import { numberText } from './safety-text.ts';
import { StateLines } from './state-lines.tsx';
import { useSafetyWords } from './use-safety-words.ts';
import { whatWaits } from './what-waits.ts';

export interface SafetyProps {
  readonly control: MailControl;
}

const EVERY_MS = 30_000;

function useSafety(): {
  readonly safety: Safety | undefined;
  readonly trouble: SafetyTrouble | undefined;
  readonly look: () => Promise<void>;
} {
  const [safety, setSafety] = useState<Safety | undefined>(undefined);
  const [trouble, setTrouble] = useState<SafetyTrouble | undefined>(undefined);
  const look = async (): Promise<void> => {
    const read = await readSafety();
    if (read.ok) setSafety(read.value);
    setTrouble(read.ok ? undefined : read.error);
  };
  useEffect(() => {
    void look();
    const timer = setInterval(() => (document.hidden ? undefined : void look()), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return { safety, trouble, look };
}

export function SafetyPage(of: SafetyProps) {
  const own = useSafetyWords();
  const { safety, trouble, look } = useSafety();
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
            <Whole safety={safety} say={say} onChanged={look} />
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
}

function Whole({ safety, say, onChanged }: WholeProps) {
  const own = useSafetyWords();
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
      <h1 class="title safety-title">
        <Sentence safety={safety} />
      </h1>
      <StateLines
        safety={safety}
        isCounting={isCounting || safety.ledger.isRunning}
        onCount={() => void count()}
        say={say}
      />
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

/** The page’s heading; whoever listens hears it again when it changes. */
function Sentence({ safety }: { readonly safety: Safety }) {
  const { waits: own } = useSafetyWords();
  const language = useLanguage();
  const waits = whatWaits(safety);
  const shown = (value: number): string => numberText(language, value);
  switch (waits.kind) {
    case 'incident': {
      const { count, found, expected } = waits;
      return (
        <>
          {own.incident(
            count,
            found === undefined ? found : shown(found),
            expected === undefined ? expected : shown(expected),
          )}
        </>
      );
    }
    case 'ledger':
      return <>{own.ledger(shown(waits.missing), shown(waits.mailboxes))}</>;
    case 'backupOld':
      return <>{own.backupOld(shown(waits.hours))}</>;
    case 'backupNone':
    case 'backupNowhere':
    case 'ledgerNever':
    case 'well':
      return <>{own[waits.kind]}</>;
    case 'you':
    case 'others':
    case 'apply':
      return <>{own[waits.kind](waits.count)}</>;
    default:
      return unreachable(waits);
  }
}
