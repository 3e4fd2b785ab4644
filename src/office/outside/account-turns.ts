// How often an account may ask in a window of time, and how many of its questions run at once; counted in memory.

import type { Clock } from '#base/clock.ts';
import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';

export interface AccountTurns {
  /** Undefined: not now. Counts the question; the function it gives ends it. */
  begin(accountId: AccountId): (() => void) | undefined;
}

interface Turn {
  count: number;
  readonly sinceMs: number;
  running: number;
}

export function createAccountTurns(clock: Clock, perAccountMax: number): AccountTurns {
  const { windowMs, accountsMax, atOncePerAccount, atOnce } = limits.outside;
  const turns = new Map<AccountId, Turn>();
  let running = 0;

  function turnOf(accountId: AccountId): Turn {
    const nowMs = clock.monotonicMs();
    const known = turns.get(accountId);
    if (known !== undefined && nowMs - known.sinceMs < windowMs) return known;
    const turn = { count: 0, sinceMs: nowMs, running: known?.running ?? 0 };
    turns.delete(accountId);
    for (const oldest of turns.keys()) {
      if (turns.size < accountsMax) break;
      turns.delete(oldest);
    }
    turns.set(accountId, turn);
    return turn;
  }

  return {
    begin(accountId) {
      const turn = turnOf(accountId);
      if (running >= atOnce || turn.running >= atOncePerAccount || turn.count >= perAccountMax) return undefined;
      turn.count += 1;
      turn.running += 1;
      running += 1;
      return () => {
        running -= 1;
        // a window that ended meanwhile has a turn of its own
        const now = turns.get(accountId);
        if (now !== undefined) now.running = Math.max(0, now.running - 1);
      };
    },
  };
}
