// The question before letters are deleted for good: it names the day by which no copy on the server holds them.

import { limits } from '#base/limits.ts';
import { Confirm } from '../parts/confirm.tsx';
import { nowMs } from '../parts/now.ts';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { longDate } from '../words/dates.ts';

/** The days of undo, a day for the erasing itself, and as long as the oldest copy lives. */
const GONE_AFTER_MS = limits.letters.undoMs + 86_400_000 + limits.forgetting.copiesMs;

export function DeleteQuestion(of: {
  readonly count: number;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}) {
  const { dialogs } = useWords();
  const language = useLanguage();
  return (
    <Confirm
      title={dialogs.deleteTitle(of.count)}
      text={dialogs.deleteText(longDate(language, nowMs() + GONE_AFTER_MS))}
      verb={dialogs.deleteButton(of.count)}
      onConfirm={of.onConfirm}
      onClose={of.onClose}
    />
  );
}
