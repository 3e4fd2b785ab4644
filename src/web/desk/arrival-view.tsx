// Something that came in by itself: opened here, then filed as a request or dismissed with a reason.

import { useState } from 'preact/hooks';
import type { DeskArrival } from '#formats/auth-wire/desk-answers.ts';
import { dismissals, type Dismissal } from '#formats/desk/model.ts';
import type { PlainDocument } from '../desk-work.ts';
import { Button } from '../parts/button.tsx';
import { saveBytes } from '../parts/save-bytes.ts';
import { Select } from '../parts/select.tsx';
import { useLanguage } from '../parts/speech.tsx';
import { openDeskWorker } from '../worker/open-desk-worker.ts';
import { momentWords } from './day-words.ts';
import { troubleText, type OpenedProps, type Trouble } from './desk-place.ts';
import { dismissArrival } from './desk-reads.ts';
import { useDeskWords } from './use-desk-words.ts';

/** Of its text, as much as a form can hold. */
const SHOWN_BYTES = 64 * 1024;

export function ArrivalView(of: OpenedProps & { readonly arrival: DeskArrival }) {
  const { arrival, onPlace, onChanged, say } = of;
  const words = useDeskWords();
  const language = useLanguage();
  const [opened, setOpened] = useState<readonly PlainDocument[] | Trouble | undefined>(undefined);
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
      {opened !== undefined && !('kind' in opened) ? <Documents documents={opened} /> : null}
      <div class="desk-do">
        <Button kind="primary" onPress={() => onPlace({ at: 'form', corrects: null, arrival })}>
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

/** The form's own text is shown; everything else is saved. */
function Documents({ documents }: { readonly documents: readonly PlainDocument[] }) {
  const words = useDeskWords();
  const form = documents.find(({ name, bytes }) => name === 'form.txt' && bytes.length <= SHOWN_BYTES);
  return (
    <section class="desk-part" aria-labelledby="desk-arrived">
      <h2 class="section" id="desk-arrived">
        {words.caseFile.title}
      </h2>
      {form === undefined ? null : <pre class="desk-plain">{new TextDecoder().decode(form.bytes)}</pre>}
      <ul class="desk-case">
        {documents.map(({ name, bytes }, at) => (
          <li key={at}>
            {name}{' '}
            <Button kind="link" onPress={() => saveBytes(name, bytes)}>
              {words.caseFile.save}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
