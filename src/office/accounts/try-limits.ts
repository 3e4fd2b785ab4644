// How often somebody may try: by network address in memory only, by account with a delay that grows and outlives a restart.

import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';

const MINUTE_MS = 60_000;

export interface PeerLimit {
  /** Milliseconds to wait; 0 when this try may go on. Counts the try. */
  count(peer: string): number;
}

/** At most `perMinute` tries a minute from one network address; addresses live in memory for a minute and nowhere else. */
export function createPeerLimit(clock: Clock, perMinute: number, isUnlimited: (peer: string) => boolean): PeerLimit {
  let counts = new Map<string, number>();
  let windowEndMs = 0;
  return {
    count(peer) {
      if (isUnlimited(peer)) return 0;
      const nowMs = clock.monotonicMs();
      if (nowMs >= windowEndMs || counts.size >= limits.login.peersMax) {
        counts = new Map();
        windowEndMs = nowMs + MINUTE_MS;
      }
      const count = (counts.get(peer) ?? 0) + 1;
      counts.set(peer, count);
      return count > perMinute ? Math.ceil(windowEndMs - nowMs) : 0;
    },
  };
}

/** How long the next try waits after so many without a good login: nothing for five, then doubling up to five minutes. */
export function delayAfterMs(failures: number): number {
  const beyond = failures - limits.login.freeTries;
  return beyond < 0 ? 0 : Math.min(limits.login.delayMaxMs, 1000 * 2 ** Math.min(beyond, 20));
}

export interface TryState {
  readonly failures: number;
  readonly untilMs: number;
}

export interface AccountTries {
  /** The state an account starts with after a restart. Never lowers what memory knows. */
  learn(id: string, persisted: TryState): void;
  /** 0 and the try is counted; or milliseconds to wait, and nothing is counted. */
  begin(id: string): number;
  state(id: string): TryState;
  /** After a good login; whether there was anything worth persisting. */
  succeed(id: string): void;
}

/** Every start of a login is a try: its answer lets a client check one password. Ids of unknown addresses count the same. */
export function createAccountTries(clock: Clock): AccountTries {
  const tries = new Map<string, TryState>();
  const none: TryState = { failures: 0, untilMs: 0 };

  function keep(id: string, state: TryState): void {
    tries.delete(id);
    tries.set(id, state);
    if (tries.size > limits.login.triesKeptMax) {
      for (const oldest of tries.keys()) {
        tries.delete(oldest);
        break;
      }
    }
  }

  return {
    learn(id, persisted) {
      if (persisted.failures > (tries.get(id) ?? none).failures) keep(id, persisted);
    },
    begin(id) {
      const state = tries.get(id) ?? none;
      const nowMs = clock.nowMs();
      if (state.untilMs > nowMs) return state.untilMs - nowMs;
      const failures = state.failures + 1;
      keep(id, { failures, untilMs: nowMs + delayAfterMs(failures) });
      return 0;
    },
    state: (id) => tries.get(id) ?? none,
    succeed: (id) => tries.delete(id),
  };
}
