// Something that came in by itself: opened here, then filed as a request or dismissed with a reason.

import { useState } from 'preact/hooks';
import type { DeskArrival } from '#formats/auth-wire/desk-answers.ts';
import { dismissals, type Dismissal } from '#formats/desk/model.ts';
import type { PlainDocument } from '../desk-work.ts';
import { Button } from '../parts/button.tsx';
import { Select } from '../parts/select.tsx';
import { useLanguage } from '../parts/speech.tsx';
import { openDeskWorker } from '../worker/open-desk-worker.ts';
import { momentWords } from './day-words.ts';
import { troubleText, type OpenedProps, type Trouble } from './desk-place.ts';
import { dismissArrival } from './desk-reads.ts';
import { Documents } from './documents.tsx';
import { useDeskWords } from './use-desk-words.ts';

export interface ArrivalProps extends OpenedProps {
  readonly arrival: DeskArrival;
  /** Numbers of rejected requests: it may put one of them right. */
  readonly rejected: readonly string[];
}

export function ArrivalView({ arrival, rejected, onPlace, onChanged, say }: ArrivalProps) {
  const words = useDeskWords();
  const language = useLanguage();
  const [opened, setOpened] = useState<readonly PlainDocument[] | Trouble | undefined>(undefined);
  const [corrects, setCorrects] = useState('');
  const [why, setWhy] = useState<Dismissal>('NOT_A_REQUEST');
  const open = async (): Promise<void> => {
    const read = await openDeskWorker().openArrival(arrival.file);
    setOpened(read.ok ? read.value : read.error);
  };
  const dismiss = async (): Promise<void> => {
    const done = await dismissArrival(arrival.arrival, why);
    if (!done.ok) return say(troubleText(done.error, words));
    say(words.arrivals.dismissed);
    await onChanged();
    onPlace({ at: 'list' });
  };
  return (
    <>
      <Button kind="link" onPress={() => onPlace({ at: 'list' })}>
        {words.back}
      </Button>
      <h1 class="title safety-title">
        {words.channels[arrival.channel]}, {momentWords(language, arrival.receivedMs)}
      </h1>
      <p class="desk-says">
        <code>{arrival.arrival}</code> · {words.arrivals.says}
        {arrival.isAnswered ? ` ${words.arrivals.answered}` : null}
      </p>
      {opened === undefined ? (
        <div class="desk-do">
          <Button kind="outline" onPress={() => void open()}>
            {words.arrivals.open}
          </Button>
        </div>
      ) : null}
      {opened !== undefined && 'kind' in opened ? (
        <p class="safety-trouble" role="alert">
          {troubleText(opened, words)}
        </p>
      ) : null}
      {opened !== undefined && !('kind' in opened) ? (
        <section class="desk-part" aria-labelledby="desk-arrived">
          <h2 class="section" id="desk-arrived">
            {words.caseFile.title}
          </h2>
          <ul class="desk-case">
            <Documents documents={opened} />
          </ul>
        </section>
      ) : null}
      <div class="desk-do">
        {rejected.length === 0 ? null : (
          <Select
            label={words.arrivals.corrects}
            value={corrects}
            options={[
              { value: '', word: words.arrivals.isNew },
              ...rejected.map((value) => ({ value, word: words.arrivals.putsRight(value) })),
            ]}
            onChoose={setCorrects}
          />
        )}
        <Button
          kind="primary"
          onPress={() => onPlace({ at: 'form', corrects: corrects === '' ? null : corrects, arrival })}
        >
          {words.arrivals.file}
        </Button>
      </div>
      <div class="desk-do">
        <Select
          label={words.arrivals.why}
          value={why}
          options={dismissals.map((value) => ({ value, word: words.arrivals.whys[value] }))}
          onChoose={setWhy}
        />
        <Button kind="outline" onPress={() => void dismiss()}>
          {words.arrivals.dismiss}
        </Button>
      </div>
    </>
  );
}
