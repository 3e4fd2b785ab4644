// Who is signed in on which connection, how many connections and letters an account has; in memory only.

import type { Clock } from '#base/clock.ts';
import type { AccountId, AppPasswordId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Guest } from '../wire/sockets.ts';
import type { SignedInProgram } from './neighbours.ts';

const MINUTE_MS = 60_000;

export type SeatBounds = Pick<
  { readonly [K in keyof typeof limits.submission]: number },
  'connectionsPerAccountMax' | 'lettersPerMinuteMax'
>;

export interface Seats {
  /** Undefined: the account has too many connections. */
  take(program: SignedInProgram, guest: Guest): Seat | undefined;
  /** Ends connections of an app password, or (undefined) of all of the account. */
  end(accountId: AccountId, id: AppPasswordId | undefined): void;
}

export interface Seat {
  readonly program: SignedInProgram;
  /** Counts a letter; false: too many in this minute. */
  mayHandIn(): boolean;
  leave(): void;
}

interface Account {
  readonly taken: Map<Seat, Guest>;
  letters: number;
  windowEndMs: number;
}

export function createSeats(clock: Clock, bounds: SeatBounds): Seats {
  const accounts = new Map<AccountId, Account>();

  function accountOf(accountId: AccountId): Account {
    const known = accounts.get(accountId);
    if (known !== undefined) return known;
    if (accounts.size >= limits.submission.accountsMax) dropIdle();
    const fresh: Account = { taken: new Map(), letters: 0, windowEndMs: 0 };
    accounts.set(accountId, fresh);
    return fresh;
  }

  function dropIdle(): void {
    const nowMs = clock.monotonicMs();
    for (const [accountId, { taken, windowEndMs }] of accounts)
      if (taken.size === 0 && windowEndMs <= nowMs) accounts.delete(accountId);
  }

  return {
    take(program, guest) {
      const account = accountOf(program.accountId);
      if (account.taken.size >= bounds.connectionsPerAccountMax) return undefined;
      const seat: Seat = {
        program,
        mayHandIn() {
          const nowMs = clock.monotonicMs();
          if (nowMs >= account.windowEndMs) {
            account.windowEndMs = nowMs + MINUTE_MS;
            account.letters = 0;
          }
          account.letters += 1;
          return account.letters <= bounds.lettersPerMinuteMax;
        },
        leave: () => void account.taken.delete(seat),
      };
      account.taken.set(seat, guest);
      return seat;
    },
    end(accountId, id) {
      for (const [seat, guest] of accounts.get(accountId)?.taken ?? [])
        if (id === undefined || seat.program.appPasswordId === id) guest.end('signInEnded');
    },
  };
}
