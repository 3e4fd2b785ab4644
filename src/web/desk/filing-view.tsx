// One request: what is known of it, its case file once opened, the verdicts, and what this person can do now.

import { useEffect, useState } from 'preact/hooks';
import type { DeskFiling, DeskLook } from '#formats/auth-wire/desk-answers.ts';
import { Button } from '../parts/button.tsx';
import { useLanguage } from '../parts/speech.tsx';
import { CaseFileView } from './case-file-view.tsx';
import { dayWords, momentWords } from './day-words.ts';
import type { Me } from './desk-model.ts';
import { troubleText, type OpenedProps, type Trouble } from './desk-place.ts';
import { closeFiling, readFiling } from './desk-reads.ts';
import { FilingFacts } from './filing-facts.tsx';
import { LetterForm } from './letter-form.tsx';
import { useDeskWords } from './use-desk-words.ts';
import { VerdictForm } from './verdict-form.tsx';

export interface FilingViewProps extends OpenedProps {
  readonly filing: string;
  readonly me: Me;
  readonly policy: NonNullable<DeskLook['policy']>;
}

const CLOSABLE: ReadonlySet<string> = new Set([
  'REJECTED_FORMAL',
  'REJECTED',
  'CORRECTED',
  'DISCLOSED',
  'NO_DATA_HELD',
]);

export function FilingView(of: FilingViewProps) {
  const { filing, policy, onPlace, onChanged } = of;
  const words = useDeskWords();
  const [shown, setShown] = useState<DeskFiling | Trouble | undefined>(undefined);
  const look = async (): Promise<void> => {
    const read = await readFiling(filing);
    setShown(read.ok ? read.value : read.error);
  };
  useEffect(() => void look(), [filing]);
  const changed = async (): Promise<void> => {
    await look();
    await onChanged();
  };
  return (
    <>
      <Button kind="link" onPress={() => onPlace({ at: 'list' })}>
        {words.back}
      </Button>
      {shown === undefined ? <p class="meta desk-part">{words.waiting}</p> : null}
      {shown !== undefined && 'kind' in shown ? (
        <p class="safety-trouble" role="alert">
          {troubleText(shown, words)}
        </p>
      ) : null}
      {shown !== undefined && !('kind' in shown) ? (
        <>
          <h1 class="title safety-title">
            {filing} · {words.states[shown.state]}
          </h1>
          <FilingFacts shown={shown} policy={policy} onPlace={onPlace} />
          <CaseFileView shown={shown} say={of.say} onChanged={changed} />
          <Reviews shown={shown} />
          {shown.mayReview ? <VerdictForm shown={shown} onSigned={changed} /> : null}
          {!shown.mayReview && of.me.role !== 'CLERK' && shown.outcome === null && shown.mayNotWhy !== null ? (
            <p class="meta desk-part">{shown.mayNotWhy}</p>
          ) : null}
          <Next {...of} shown={shown} onDone={changed} />
          <Events shown={shown} />
        </>
      ) : null}
    </>
  );
}

function Reviews({ shown }: { readonly shown: DeskFiling }) {
  const words = useDeskWords();
  const language = useLanguage();
  if (shown.reviews.length === 0) return null;
  return (
    <section class="desk-part" aria-labelledby="desk-reviews">
      <h2 class="section" id="desk-reviews">
        {words.filing.reviews}
      </h2>
      <ul class="desk-reviews">
        {shown.reviews.map((one) => (
          <li key={one.role}>
            <p>
              <strong>{one.name}</strong> <span class="meta">{words.roles[one.role]}</span>:{' '}
              {words.verdicts[one.verdict]}
            </p>
            <p class="meta">
              {one.reasons.map((reason) => words.reasons[reason].label).join(', ')}
              {one.items === null ? '' : words.filing.onlyItems(one.items.map((item) => item + 1).join(', '))}
              {one.reasons.length > 0 || one.items !== null ? ' · ' : ''}
              {momentWords(language, Date.parse(one.signedAt))}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** After the verdict: the letter, the correction, the end. */
function Next(of: FilingViewProps & { readonly shown: DeskFiling; readonly onDone: () => Promise<void> }) {
  const { shown, filing, say, onDone, onPlace } = of;
  const words = useDeskWords();
  const isRejected = shown.outcome === 'REJECTED' || shown.outcome === 'REJECTED_FORMAL';
  const close = async (): Promise<void> => {
    const closed = await closeFiling(filing);
    if (closed.ok) await onDone();
    else say(troubleText(closed.error, words));
  };
  return (
    <>
      {isRejected && shown.state !== 'CLOSED' ? <LetterForm shown={shown} say={say} onNoted={onDone} /> : null}
      <div class="desk-do">
        {isRejected && shown.correctedBy === null ? (
          <Button kind="outline" onPress={() => onPlace({ at: 'form', corrects: filing })}>
            {words.filing.correct}
          </Button>
        ) : null}
        {CLOSABLE.has(shown.state) ? (
          <Button kind="outline" onPress={() => void close()}>
            {words.filing.close}
          </Button>
        ) : null}
      </div>
    </>
  );
}

function Events({ shown }: { readonly shown: DeskFiling }) {
  const words = useDeskWords();
  const language = useLanguage();
  const names: Readonly<Record<string, string>> = words.events;
  return (
    <details class="desk-part desk-events">
      <summary>{words.filing.events(shown.events.length)}</summary>
      <ol>
        {shown.events.map(({ nth, atMs, kind }) => (
          <li key={nth}>
            <span class="meta">{momentWords(language, atMs)}</span> {names[kind] ?? kind}
          </li>
        ))}
      </ol>
      <p class="meta">{words.filing.received(dayWords(language, shown.receivedOn))}</p>
    </details>
  );
}
