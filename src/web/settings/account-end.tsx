// The way to close one's own mailbox: it names its dates, and what stands against it.

import { useState } from 'preact/hooks';
import { limits } from '#base/limits.ts';
import type { Backend } from '../backend.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { nowMs } from '../parts/now.ts';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { useForgettingWords } from '../parts/use-forgetting-words.ts';
import { longDate } from '../words/dates.ts';
import { Block } from './block.tsx';

const DAY_MS = 86_400_000;
const { graceMs, copiesMs } = limits.forgetting;

interface EndProps {
  readonly backend: Backend;
  readonly say: (text: string) => void;
}

export function CloseMailboxBlock({ backend, say }: EndProps) {
  const words = useWords();
  const language = useLanguage();
  const own = useForgettingWords();
  const [asks, setAsks] = useState(false);
  const [isLast, setLast] = useState(false);
  const close = async (): Promise<void> => {
    const done = await backend.closeMailbox();
    if (done.ok) location.replace('/');
    else if (done.error.kind === 'last-holder') setLast(true);
    else say(words.toasts.failed);
  };
  const day = (afterMs: number): string => longDate(language, nowMs() + afterMs);
  return (
    <Block
      title={own.close}
      text={own.closeLead}
      action={
        <Button kind="danger" onPress={() => setAsks(true)}>
          {own.close}
        </Button>
      }
    >
      {isLast ? (
        <p class="block-none" role="alert">
          {own.closeLastHolder}
        </p>
      ) : null}
      {asks ? (
        <Confirm
          title={own.closeTitle}
          text={own.closeText(day(graceMs), day(graceMs + DAY_MS + copiesMs))}
          verb={own.close}
          onConfirm={() => void close()}
          onClose={() => setAsks(false)}
        />
      ) : null}
    </Block>
  );
}
