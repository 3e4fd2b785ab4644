// The question, once: a card for the operator while it is open and a collector is configured; answered or put off, it is gone.

import { useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { useFigures, useTelemetryWords } from './use-figures.ts';

/** Put off until the page is loaded anew. */
let isPutOff = false;

export function QuestionCard(of: { readonly say: (text: string) => void; readonly onLook: () => void }) {
  const words = useTelemetryWords();
  const { told, decide, isBusy } = useFigures();
  const [isGone, setGone] = useState(isPutOff);
  if (isGone || told?.collector === undefined || told.collector === null || told.consent.state !== 'unasked')
    return null;
  const { catalogueHash: hash, collector } = told;
  const later = (): void => {
    isPutOff = true;
    setGone(true);
  };
  const yes = async (): Promise<void> => {
    if (hash !== null && (await decide({ choice: 'on', hash, isDirect: false }))) of.say(words.agreed);
  };
  return (
    <section class="figures-card" aria-labelledby="figures-card">
      <h2 class="section" id="figures-card">
        {words.cardTitle}
      </h2>
      <p>{words.cardText(collector.operator, told.questions.length)}</p>
      <div class="figures-buttons">
        {collector.relay === null ? null : (
          <Button kind="outline" disabled={isBusy} onPress={() => void yes()}>
            {words.cardYes}
          </Button>
        )}
        <Button kind="outline" disabled={isBusy} onPress={() => void decide({ choice: 'off' })}>
          {words.cardNo}
        </Button>
        <Button kind="plain" onPress={later}>
          {words.cardLater}
        </Button>
        <Button kind="link" onPress={of.onLook}>
          {words.cardLook}
        </Button>
      </div>
    </section>
  );
}
