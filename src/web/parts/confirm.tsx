// Confirm: a question with its exact verb; nothing happens unless it is pressed.

import type { ComponentChildren } from 'preact';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { useWords } from './speech.tsx';

export function Confirm(of: {
  readonly title: string;
  /** Read out again when it changes. */
  readonly text: string;
  readonly verb: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  /** What can be chosen, between the text and the buttons. */
  readonly children?: ComponentChildren;
}) {
  const words = useWords();
  return (
    <Dialog label={of.title} onClose={of.onClose}>
      <h2 class="section">{of.title}</h2>
      <p class="dialog-text" aria-live="polite">
        {of.text}
      </p>
      {of.children}
      <div class="dialog-buttons">
        <Button kind="plain" onPress={of.onClose} focus>
          {words.cancel}
        </Button>
        <Button
          kind="danger"
          onPress={() => {
            of.onClose();
            of.onConfirm();
          }}
        >
          {of.verb}
        </Button>
      </div>
    </Dialog>
  );
}
