// When the page is told that conversations became others: at once, or once in a while.

import type { PageEvent } from '../backend.ts';
import type { Conversations } from './conversations.ts';

/** `soon` because scrolling opens row after row. */
export function createThreadNews(
  loaded: () => Promise<Conversations> | undefined,
  tell: (event: PageEvent) => void,
): { now(): Promise<void>; soon(): void } {
  let isWaiting = false;
  const now = async (): Promise<void> => {
    const known = await loaded();
    const ids = known?.changed() ?? [];
    if (ids.length > 0) tell({ kind: 'rows', ids });
    if (known?.hasNews()) tell({ kind: 'conversations' });
  };
  return {
    now,
    soon() {
      if (isWaiting) return;
      isWaiting = true;
      setTimeout(() => {
        isWaiting = false;
        void now().catch(() => undefined); // not loaded: nobody asks for conversations either
      }, TELL_AFTER_MS);
    },
  };
}

const TELL_AFTER_MS = 400;
