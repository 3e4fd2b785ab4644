// Who brought the first policy into force is compared once by a person; everything after that the account checks by itself.

import { useEffect, useState } from 'preact/hooks';
import type { DeskPerson } from '../desk-work.ts';
import { Button } from '../parts/button.tsx';
import { openDeskWorker } from '../worker/open-desk-worker.ts';
import { groupedFingerprint } from '../parts/fingerprint.ts';
import { troubleText, type Trouble } from './desk-place.ts';
import { useDeskWords } from './use-desk-words.ts';

export function Founders({ onConfirmed }: { readonly onConfirmed: () => Promise<void> }) {
  const words = useDeskWords();
  const [founders, setFounders] = useState<readonly DeskPerson[] | Trouble | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  useEffect(
    () =>
      void openDeskWorker()
        .deskFounders()
        .then((read) => setFounders(read.ok ? read.value : read.error)),
    [],
  );
  if (founders === undefined) return <p class="meta desk-part">{words.waiting}</p>;
  if ('kind' in founders)
    return (
      <p class="safety-trouble" role="alert">
        {troubleText(founders, words)}
      </p>
    );
  const confirm = async (): Promise<void> => {
    setBusy(true);
    const done = await openDeskWorker().confirmDeskFounders(founders.map(({ fingerprint }) => fingerprint));
    setBusy(false);
    if (done.ok) await onConfirmed();
    else setFounders(done.error);
  };
  return (
    <>
      <h1 class="title safety-title">{words.founders.title}</h1>
      <p class="desk-says">{words.founders.says}</p>
      <dl class="desk-people">
        {founders.map(({ name, role, fingerprint }) => (
          <div key={fingerprint}>
            <dt>
              {name} <span class="meta">{words.roles[role]}</span>
            </dt>
            <dd>
              <code class="desk-fingerprint">{groupedFingerprint(fingerprint)}</code>
            </dd>
          </div>
        ))}
      </dl>
      <div class="desk-do">
        <Button kind="primary" disabled={isBusy} onPress={() => void confirm()}>
          {words.founders.confirm}
        </Button>
      </div>
      <p class="meta desk-says">{words.founders.otherwise}</p>
    </>
  );
}
