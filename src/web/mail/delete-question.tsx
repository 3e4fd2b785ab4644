// The question before letters are deleted for good: until when they can come back, and that they can be destroyed at once.

import { useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { nowMs } from '../parts/now.ts';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { useForgettingWords } from '../parts/use-forgetting-words.ts';
import { backUntilDay, goneDay } from './gone-days.ts';

export function DeleteQuestion(of: {
  readonly count: number;
  readonly onConfirm: (isNow: boolean) => void;
  readonly onClose: () => void;
}) {
  const words = useWords();
  const own = useForgettingWords();
  const language = useLanguage();
  const [isNow, setNow] = useState(false);
  const gone = goneDay(language, nowMs(), isNow);
  const text = isNow ? own.destroyText(gone) : own.deleteText(backUntilDay(language, nowMs()), gone);
  return (
    <Dialog label={own.deleteTitle(of.count)} onClose={of.onClose}>
      <h2 class="section">{own.deleteTitle(of.count)}</h2>
      <p class="dialog-text" aria-live="polite">
        {text}
      </p>
      <label class="dialog-tick">
        <input type="checkbox" checked={isNow} onChange={(event) => setNow(event.currentTarget.checked)} />
        {own.destroyAsk}
      </label>
      <div class="dialog-buttons">
        <Button kind="plain" onPress={of.onClose} focus>
          {words.cancel}
        </Button>
        <Button
          kind="danger"
          onPress={() => {
            of.onClose();
            of.onConfirm(isNow);
          }}
        >
          {isNow ? own.destroyButton(of.count) : own.deleteButton(of.count)}
        </Button>
      </div>
    </Dialog>
  );
}
