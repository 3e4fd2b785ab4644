// useTask: one running request at a time; the form knows that it runs and what was refused.

import { useState } from 'preact/hooks';
import type { Result } from '#base/result.ts';
import type { EntryRefusal } from '../backend.ts';

export type RefusalKind = EntryRefusal['kind'];

export interface Task {
  readonly running: boolean;
  readonly refused: RefusalKind | undefined;
  /** Runs `ask`; `then` only when it was granted. */
  run<T>(ask: () => Promise<Result<T, EntryRefusal>>, then: (value: T) => void): void;
  clear(): void;
}

export function useTask(): Task {
  const [running, setRunning] = useState(false);
  const [refused, setRefused] = useState<RefusalKind | undefined>(undefined);
  const run = async <T>(ask: () => Promise<Result<T, EntryRefusal>>, then: (value: T) => void): Promise<void> => {
    setRunning(true);
    setRefused(undefined);
    try {
      const result = await ask();
      if (result.ok) then(result.value);
      else setRefused(result.error.kind);
    } catch {
      setRefused('server-unavailable');
    }
    setRunning(false);
  };
  return {
    running,
    refused,
    run: (ask, then) => void run(ask, then),
    clear: () => setRefused(undefined),
  };
}
