// The other messages of the open letter's conversation, newest first: asked once it is open, and again when it grew.

import { useEffect, useState } from 'preact/hooks';
import type { LetterId } from '#base/ids.ts';
import type { Backend, ListRow } from '../backend.ts';
import type { MailModel } from './mail-model.ts';
import type { MailState } from './mail-state.ts';

export function useThread(backend: Backend, model: MailModel, state: MailState): readonly ListRow[] {
  const [thread, setThread] = useState<{ readonly of: LetterId; readonly ids: readonly LetterId[] } | undefined>(
    undefined,
  );
  const { opened, rows } = state;
  const isShown = state.letter?.ok === true;
  const group = opened ? state.groups.get(opened) : undefined;
  const count = group?.whole ?? (opened ? rows.get(opened)?.threadCount : undefined);
  useEffect(() => {
    if (!opened || !isShown) return undefined;
    let current = true;
    const show = (ids: readonly LetterId[]): void => {
      model.need(ids);
      if (current) setThread({ of: opened, ids });
    };
    if (group) show(group.whole);
    else void backend.thread(opened).then(show, () => undefined); // without it the letter stands alone
    return () => {
      current = false;
    };
  }, [opened, isShown, count]);
  if (!thread || thread.of !== opened) return [];
  return thread.ids
    .flatMap((id) => (id === opened ? [] : (rows.get(id) ?? [])))
    .toSorted((a, b) => b.receivedMs - a.receivedMs);
}

/** Once the first list stands, the newest summaries are opened in the background. */
export function useLearning(backend: Backend, state: MailState): void {
  const isListed = state.ids !== undefined;
  useEffect(() => {
    if (!isListed) return undefined;
    const timer = setTimeout(() => void backend.learnThreads().catch(() => undefined), LEARN_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isListed]);
}

const LEARN_AFTER_MS = 1_500;
