// What was deleted for good and can still come back, and the way to close the mailbox; each names its dates.

import { useEffect, useState } from 'preact/hooks';
import { limits } from '#base/limits.ts';
import type { Backend, DeletedLetters } from '../backend.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { nowMs } from '../parts/now.ts';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { letterTime, longDate } from '../words/dates.ts';
import { Block } from './block.tsx';
import { useForgettingWords } from './use-own-words.ts';

const DAY_MS = 86_400_000;
const { graceMs, copiesMs } = limits.forgetting;

interface EndProps {
  readonly backend: Backend;
  readonly say: (text: string) => void;
}

export function DeletedBlock({ backend, say }: EndProps) {
  const words = useWords();
  const language = useLanguage();
  const own = useForgettingWords();
  const [found, setFound] = useState<DeletedLetters>({ ids: [], nextPurgeMs: undefined });
  const [asks, setAsks] = useState(false);
  const read = (): void => void backend.deleted().then(setFound);
  useEffect(read, []);
  const { ids, nextPurgeMs } = found;
  const bringBack = async (): Promise<void> => {
    const inbox = (await backend.mailboxes()).find(({ role }) => role === 'inbox');
    const done = inbox && (await backend.bringBack(ids, inbox.id));
    say(done?.ok ? own.broughtBack : words.toasts.failed);
    read();
  };
  const erase = async (): Promise<void> => {
    const done = await backend.destroyNow(ids);
    say(done.ok ? own.erased : words.toasts.failed);
    read();
  };
  const until = nextPurgeMs === undefined ? '' : letterTime(words, language, nextPurgeMs, nowMs());
  return (
    <Block
      title={own.deleted}
      text={nextPurgeMs === undefined ? own.deletedNone : own.deletedLead(ids.length, until)}
      action={
        nextPurgeMs === undefined ? null : (
          <>
            <Button kind="outline" onPress={() => void bringBack()}>
              {own.bringBack}
            </Button>
            <Button kind="link" onPress={() => setAsks(true)}>
              {own.eraseNow}
            </Button>
          </>
        )
      }
    >
      {asks ? (
        <Confirm
          title={own.eraseNowTitle}
          text={own.eraseNowText}
          verb={own.eraseNow}
          onConfirm={() => void erase()}
          onClose={() => setAsks(false)}
        />
      ) : null}
    </Block>
  );
}

export function CloseMailboxBlock({ backend, say }: EndProps) {
  const words = useWords();
  const language = useLanguage();
  const own = useForgettingWords();
  const [asks, setAsks] = useState(false);
  const close = async (): Promise<void> => {
    const done = await backend.closeMailbox();
    if (done.ok) location.replace('/');
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
