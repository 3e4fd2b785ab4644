// The question before letters are deleted for good: until when they can come back, and that they can be destroyed at once.

import { useState } from 'preact/hooks';
import { Confirm } from '../parts/confirm.tsx';
import { nowMs } from '../parts/now.ts';
import { useLanguage } from '../parts/speech.tsx';
import { useForgettingWords } from '../parts/use-forgetting-words.ts';
import { backUntilDay, goneDay } from './gone-days.ts';

export function DeleteQuestion(of: {
  readonly count: number;
  readonly onConfirm: (isNow: boolean) => void;
  readonly onClose: () => void;
}) {
  const own = useForgettingWords();
  const language = useLanguage();
  const [isNow, setNow] = useState(false);
  const gone = goneDay(language, nowMs(), isNow);
  return (
    <Confirm
      title={own.deleteTitle(of.count)}
      text={isNow ? own.destroyText(gone) : own.deleteText(backUntilDay(language, nowMs()), gone)}
      verb={isNow ? own.destroyButton(of.count) : own.deleteButton(of.count)}
      onConfirm={() => of.onConfirm(isNow)}
      onClose={of.onClose}
    >
      <label class="dialog-tick">
        <input type="checkbox" checked={isNow} onChange={(event) => setNow(event.currentTarget.checked)} />
        {own.destroyAsk}
      </label>
    </Confirm>
  );
}
