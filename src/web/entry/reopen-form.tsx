// A mailbox that was closed, at its door: until when it can be opened again, and the button that does it.

import { Button } from '../parts/button.tsx';
import { nowMs } from '../parts/now.ts';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { letterTime } from '../words/dates.ts';
import type { PageEntry, PageStep } from '../worker/page-entry.ts';
import { EntryError } from './entry-card.tsx';
import { useTask } from './use-task.ts';

export function ReopenForm(of: {
  readonly entry: PageEntry;
  readonly untilMs: number;
  readonly onStep: (step: PageStep) => void;
}) {
  const words = useWords();
  const language = useLanguage();
  const task = useTask();
  return (
    <>
      <p class="entry-lead">{words.entry.closedLead(letterTime(words, language, of.untilMs, nowMs()))}</p>
      <EntryError text={task.refused ? words.entry.refusals[task.refused] : undefined} />
      <Button
        kind="primary"
        wide
        tall
        disabled={task.running}
        onPress={() => task.run(() => of.entry.reopen(), of.onStep)}
      >
        {task.running ? words.working : words.entry.reopen}
      </Button>
    </>
  );
}
