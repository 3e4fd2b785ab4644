// What stands between a right password or phrase and a session: in memory, five minutes.

import type { Clock } from '#base/clock.ts';
import type { AccountId, SessionId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { createOneUse, type OneUse } from './one-use.ts';

/** Which credential opened; a pending one has still to be proven. */
export interface OpenedBy {
  readonly version: number;
  readonly isPending: boolean;
}

export type Handle =
  /** Password or phrase was right, the code is missing. */
  | {
      readonly stage: 'code';
      readonly accountId: AccountId;
      readonly opened: OpenedBy | 'phrase';
      readonly triesLeft: number;
    }
  /** Password and code were right, the account is closed and may be reopened. */
  | { readonly stage: 'reopen'; readonly accountId: AccountId; readonly opened: OpenedBy }
  /** The pending credential's password was right: the client must show that its wrap opens. */
  | { readonly stage: 'prove'; readonly accountId: AccountId; readonly version: number }
  /** May set a new credential: after the old password within a session, or after the phrase. */
  | {
      readonly stage: 'change';
      readonly accountId: AccountId;
      readonly by: SessionId | 'phrase';
      readonly setupId: string | undefined;
      readonly version: number | undefined;
    };

export type HandleOf<S extends Handle['stage']> = Extract<Handle, { readonly stage: S }>;

export interface Handles {
  put(handle: Handle): string;
  /** Uses it up. */
  take<S extends Handle['stage']>(token: string, stage: S): HandleOf<S> | undefined;
  /** Looks without using it up; `replace` keeps name and age. */
  peek<S extends Handle['stage']>(token: string, stage: S): HandleOf<S> | undefined;
  replace(token: string, handle: Handle): void;
}

export function createHandles(clock: Clock): Handles {
  const kept: OneUse<{ handle: Handle }> = createOneUse(clock, limits.login.handleWaitMs, limits.login.pendingMax);

  function isAt<S extends Handle['stage']>(handle: Handle, stage: S): handle is HandleOf<S> {
    return handle.stage === stage;
  }

  return {
    put: (handle) => kept.put({ handle }),
    take(token, stage) {
      const handle = kept.peek(token)?.handle;
      if (!handle || !isAt(handle, stage)) return undefined;
      kept.take(token);
      return handle;
    },
    peek(token, stage) {
      const handle = kept.peek(token)?.handle;
      return handle && isAt(handle, stage) ? handle : undefined;
    },
    replace(token, handle) {
      const box = kept.peek(token);
      if (box) box.handle = handle;
    },
  };
}

/** The right to set a new credential: within a session after a fresh login, or after the phrase. */
export function changeHandle(accountId: AccountId, by: SessionId | 'phrase'): HandleOf<'change'> {
  return { stage: 'change', accountId, by, setupId: undefined, version: undefined };
}
