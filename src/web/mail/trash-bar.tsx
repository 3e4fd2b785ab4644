// The quiet bar at the top of the trash: what was deleted for good and can still come back, and until when.

import { useEffect, useState } from 'preact/hooks';
import type { Backend, DeletedLetters } from '../backend.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { nowMs } from '../parts/now.ts';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { useForgettingWords } from '../parts/use-forgetting-words.ts';
import { letterTime } from '../words/dates.ts';
import { goneDay } from './gone-days.ts';

export interface TrashBarProps {
  readonly backend: Backend;
  readonly say: (text: string) => void;
  /** Another one: something may have been deleted, or come back. */
  readonly turn: unknown;
}

const NONE: DeletedLetters = { ids: [], nextPurgeMs: undefined };

export function TrashBar({ backend, say, turn }: TrashBarProps) {
  const words = useWords();
  const language = useLanguage();
  const own = useForgettingWords();
  const [{ ids, nextPurgeMs }, setFound] = useState(NONE);
  const [asks, setAsks] = useState(false);
  // what is not known is not shown: the bar comes back with the next look
  const read = (): void => void backend.deleted().then(setFound, () => setFound(NONE));
  useEffect(read, [turn]);
  if (nextPurgeMs === undefined) return null;
  const act = async (work: () => ReturnType<Backend['destroyNow']>, done: string): Promise<void> => {
    const result = await work();
    say(result.ok ? done : words.toasts.failed);
    read();
  };
  const bringBack = async (): ReturnType<Backend['bringBack']> => {
    const inbox = (await backend.mailboxes()).find(({ role }) => role === 'inbox');
    return inbox ? backend.bringBack(ids, inbox.id) : { ok: false, error: { kind: 'gone' } };
  };
  return (
    <section class="trash-bar" aria-label={own.deleted}>
      <p class="meta">{own.deletedLead(ids.length, letterTime(words, language, nextPurgeMs, nowMs()))}</p>
      <Button kind="link" onPress={() => void act(bringBack, own.broughtBack)}>
        {own.bringBack}
      </Button>
      <Button kind="link" onPress={() => setAsks(true)}>
        {own.destroyNow}
      </Button>
      {asks ? (
        <Confirm
          title={own.destroyTitle(ids.length)}
          text={own.destroyText(goneDay(language, nowMs(), true))}
          verb={own.destroyButton(ids.length)}
          onConfirm={() => void act(() => backend.destroyNow(ids), words.toasts.destroyed(ids.length))}
          onClose={() => setAsks(false)}
        />
      ) : null}
    </section>
  );
}
