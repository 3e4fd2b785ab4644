// Sender names: what readers see beside each of one's own addresses; kept sealed, put into letters only.

import { useEffect, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { useWords } from '../parts/speech.tsx';
import type { SenderIdentity, Writing } from '../writing.ts';
import { Block } from './block.tsx';
import { useAddressWords } from './use-own-words.ts';

interface SenderNamesProps {
  readonly writing: Pick<Writing, 'identities' | 'setIdentityName'>;
  readonly say: (text: string) => void;
}

interface NameProps extends SenderNamesProps {
  readonly identity: SenderIdentity;
  readonly onClose: () => void;
}

const NAME_CHARACTERS = 100;

function NameDialog(of: NameProps) {
  const words = useWords();
  const own = useAddressWords();
  const { id, address } = of.identity;
  const [name, setName] = useState(of.identity.name);
  const save = async (): Promise<void> => {
    const result = await of.writing.setIdentityName(id, name.trim()).catch(() => undefined);
    of.say(result?.ok === true ? own.senderSaved : words.toasts.failed);
    of.onClose();
  };
  return (
    <Dialog label={own.senderTitle} onClose={of.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <h2 class="section">{own.senderTitle}</h2>
        <Field
          label={own.name}
          value={name}
          help={own.senderHelp(address)}
          autocomplete="name"
          maxlength={NAME_CHARACTERS}
          focus
          onInput={setName}
        />
        <div class="dialog-buttons">
          <Button kind="plain" onPress={of.onClose}>
            {words.cancel}
          </Button>
          <Button kind="primary" submits>
            {own.senderSave}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export function SenderNamesBlock(of: SenderNamesProps) {
  const own = useAddressWords();
  const [identities, setIdentities] = useState<readonly SenderIdentity[]>([]);
  const [chosen, setChosen] = useState<SenderIdentity | undefined>(undefined);
  const read = (): void => void of.writing.identities().then(setIdentities, () => undefined);
  useEffect(read, []);
  if (identities.length === 0) return null;
  return (
    <Block title={own.senderTitle} text={own.senderLead}>
      <ul class="lines">
        {identities.map((identity) => (
          <li key={identity.id} class="line">
            <span class="line-text">
              {identity.name || own.senderNone}
              <span class="meta line-more">{identity.address}</span>
            </span>
            <Button kind="link" onPress={() => setChosen(identity)}>
              {own.senderChange}
            </Button>
          </li>
        ))}
      </ul>
      {chosen ? (
        <NameDialog
          {...of}
          identity={chosen}
          onClose={() => {
            setChosen(undefined);
            read();
          }}
        />
      ) : null}
    </Block>
  );
}
