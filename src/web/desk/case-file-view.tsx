// The case file: closed until somebody of the roster opens it here, in this browser; documents are saved, more can be added.

import { useState } from 'preact/hooks';
import type { DeskFiling } from '#formats/auth-wire/desk-answers.ts';
import type { PlainCase } from '../desk-work.ts';
import { Button } from '../parts/button.tsx';
import { DropPlace } from '../parts/drop-place.tsx';
import { openDeskWorker } from '../worker/open-desk-worker.ts';
import { troubleText, type Trouble } from './desk-place.ts';
import { Documents } from './documents.tsx';
import { readDocuments } from './read-documents.ts';
import { useDeskWords } from './use-desk-words.ts';

export interface CaseFileProps {
  readonly shown: DeskFiling;
  readonly say: (text: string) => void;
  readonly onChanged: () => Promise<void>;
}

export function CaseFileView({ shown, say, onChanged }: CaseFileProps) {
  const words = useDeskWords();
  const [opened, setOpened] = useState<PlainCase | Trouble | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const { filing, caseFiles, state } = shown;
  const open = async (): Promise<void> => {
    setBusy(true);
    const read = await openDeskWorker().openCase(filing);
    setOpened(read.ok ? read.value : read.error);
    setBusy(false);
  };
  const add = async (files: readonly File[]): Promise<void> => {
    const added = await openDeskWorker().addToCase(filing, await readDocuments(files));
    if (!added.ok) return say(troubleText(added.error, words));
    setOpened(undefined);
    say(words.caseFile.added);
    await onChanged();
  };
  return (
    <section class="desk-part" aria-labelledby="desk-case">
      <h2 class="section" id="desk-case">
        {words.caseFile.title}
      </h2>
      {caseFiles.length === 0 ? <p class="meta">{words.caseFile.none}</p> : null}
      {caseFiles.length > 0 && opened === undefined ? (
        <>
          <p class="meta desk-says">{words.caseFile.sealed}</p>
          <Button kind="outline" disabled={isBusy} onPress={() => void open()}>
            {isBusy ? words.caseFile.opening : words.caseFile.open}
          </Button>
        </>
      ) : null}
      {opened !== undefined && 'kind' in opened ? (
        <p class="safety-trouble" role="alert">
          {troubleText(opened, words)}
        </p>
      ) : null}
      {opened !== undefined && !('kind' in opened) ? <Plain opened={opened} /> : null}
      {state === 'CLOSED' ? null : (
        <details>
          <summary>{words.caseFile.add}</summary>
          <DropPlace
            class="desk-drop"
            kind="outline"
            label={words.caseFile.choose}
            choose={words.caseFile.choose}
            multiple
            onFiles={(files) => void add(files)}
            above={<p class="meta">{words.caseFile.addMeans}</p>}
          />
        </details>
      )}
    </section>
  );
}

function Plain({ opened }: { readonly opened: PlainCase }) {
  const words = useDeskWords();
  return (
    <ul class="desk-case">
      {opened.targets.map(({ target, isCommitted }) => (
        <li key={target}>
          <strong>{target}</strong>{' '}
          <span class="meta">{isCommitted ? words.caseFile.committed : words.caseFile.notCommitted}</span>
        </li>
      ))}
      <Documents documents={opened.documents} />
    </ul>
  );
}
