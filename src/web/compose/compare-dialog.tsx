// Compare: the fingerprint of until now and the new one, in groups as they are read aloud; sending waits until it is decided.

import { useState } from 'preact/hooks';
import type { Person } from '../backend.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { useWords } from '../parts/speech.tsx';
import type { RecipientState } from '../writing.ts';
import { fingerprintGroups } from '../parts/fingerprint.ts';

function Fingerprint({ name, hex }: { readonly name: string; readonly hex: string }) {
  return (
    <div class="fingerprint">
      <dt class="label">{name}</dt>
      <dd class="mono">
        {fingerprintGroups(hex).map((group, index) => (
          <span key={index}>{group}</span>
        ))}
      </dd>
    </div>
  );
}

export function CompareDialog(of: {
  readonly person: Person;
  readonly state: RecipientState;
  readonly onTrust: (fingerprint: string, how: 'compared' | 'accepted') => Promise<void>;
  readonly onClose: () => void;
}) {
  const words = useWords();
  const [isBusy, setBusy] = useState(false);
  const { fingerprint, formerFingerprint } = of.state;
  const name = of.person.name || of.person.address;
  const trust = (how: 'compared' | 'accepted') => (): void => {
    setBusy(true);
    void of.onTrust(fingerprint ?? '', how).finally(of.onClose);
  };
  return (
    <Dialog label={words.compose.compareTitle(name)} onClose={of.onClose}>
      <h2 class="section">{words.compose.compareTitle(name)}</h2>
      <p class="dialog-text">{fingerprint ? words.compose.compareLead : words.compose.noNewKey}</p>
      <dl class="fingerprints">
        {formerFingerprint ? <Fingerprint name={words.compose.formerKey} hex={formerFingerprint} /> : null}
        {fingerprint ? <Fingerprint name={words.compose.newKey} hex={fingerprint} /> : null}
      </dl>
      <div class="compare-buttons">
        {fingerprint ? (
          <Button kind="primary" disabled={isBusy} onPress={trust('compared')}>
            {words.compose.compared}
          </Button>
        ) : null}
        <Button kind="danger" disabled={isBusy} onPress={trust('accepted')}>
          {fingerprint ? words.compose.useNewKey : words.compose.goOnWithout}
        </Button>
        <Button kind="plain" onPress={of.onClose} focus>
          {words.cancel}
        </Button>
      </div>
    </Dialog>
  );
}
