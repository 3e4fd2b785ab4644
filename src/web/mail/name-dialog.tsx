// Asks for one name: a new folder, or a new name for one.

import { useState } from 'preact/hooks';
import { limits } from '#base/limits.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { useWords } from '../parts/speech.tsx';

export function NameDialog(of: {
  readonly title: string;
  readonly verb: string;
  readonly first: string;
  readonly onName: (name: string) => void;
  readonly onClose: () => void;
}) {
  const words = useWords();
  const [name, setName] = useState(of.first);
  const clean = name.trim();
  const fits = clean !== '' && new TextEncoder().encode(clean).length <= limits.account.folderNameBytes;
  return (
    <Dialog label={of.title} onClose={of.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!fits) return;
          of.onClose();
          of.onName(clean);
        }}
      >
        <h2 class="section dialog-title">{of.title}</h2>
        <Field label={words.dialogs.folderName} value={name} focus onInput={setName} />
        <div class="dialog-buttons">
          <Button kind="plain" onPress={of.onClose}>
            {words.cancel}
          </Button>
          <Button kind="primary" submits disabled={!fits}>
            {of.verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
