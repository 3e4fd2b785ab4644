// What was last heard of the house's safety, asked anew while somebody looks at it; the page and its mark in the navigation share it.

import { useEffect } from 'preact/hooks';
import type { Safety } from '#formats/auth-wire/safety-answers.ts';
import { nowMs } from '../parts/now.ts';
import { useStore } from '../parts/use-store.ts';
import type { Store } from '../store.ts';
import { readSafety, type SafetyTrouble } from './ask-safety.ts';

export interface SafetyLook {
  readonly safety: Safety | undefined;
  /** Why the last look was none; `safety` is what was seen before. */
  readonly trouble: SafetyTrouble | undefined;
  readonly atMs: number;
}

/** Two that watch ask once. */
const FRESH_MS = 2_000;

export async function lookAt(store: Store<SafetyLook>): Promise<void> {
  const read = await readSafety();
  const atMs = nowMs();
  store.update(read.ok ? { safety: read.value, trouble: undefined, atMs } : { trouble: read.error, atMs });
}

/** Looks at once, then as often as said, not while the page is out of sight; and when `turn`, where there is one, becomes another. */
export function useSafetyWatch(store: Store<SafetyLook>, everyMs: number, turn?: unknown): SafetyLook {
  useEffect(() => {
    const look = (): void => {
      if (!document.hidden && nowMs() - store.get().atMs >= FRESH_MS) void lookAt(store);
    };
    if (turn === undefined) void lookAt(store);
    else look();
    const timer = setInterval(look, everyMs);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [store, turn]);
  return useStore(store);
}
