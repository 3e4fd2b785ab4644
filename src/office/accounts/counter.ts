// What the functions of this room share: made once per program, handed to each as its first argument.

import type { AccountId, SessionId } from '#base/ids.ts';
import { Mutexes } from '#base/mutexes.ts';
import { limits } from '#base/limits.ts';
import { createHandles, type Handles } from './handles.ts';
import type { AccountsOptions, House } from './house.ts';
import { createOneUse, type OneUse } from './one-use.ts';
import { createOpaqueServer, type LoginState, type OpaqueServer } from './opaque-server.ts';
import { createSessions, type LiveSession, type Sessions } from './sessions.ts';
import { inSlots } from './time-slots.ts';
import { createAccountTries, type AccountTries } from './try-limits.ts';

/** Both answers of a started login; memory only, because whoever has a state can answer it. */
export interface StartedLogin {
  readonly accountId: AccountId;
  readonly places: readonly [LoginPlace, LoginPlace];
}
export interface LoginPlace {
  readonly state: LoginState;
  readonly version: number | undefined;
}

export interface StartedSignUp {
  readonly accountId: AccountId;
  readonly address: string;
  readonly code: string;
  readonly setupId: string;
}

export interface StartedReset {
  readonly accountId: AccountId;
  readonly code: string;
  readonly setupId: string;
}

export interface Counter {
  readonly house: House;
  readonly options: AccountsOptions;
  readonly opaque: OpaqueServer;
  /** Runs what must not tell by its time whether an address is known. */
  readonly pace: <T>(work: () => Promise<T>) => Promise<T>;
  readonly sessions: Sessions;
  readonly handles: Handles;
  readonly tries: AccountTries;
  /** Accounts whose tries are about to be journalled. */
  readonly triesToKeep: Set<AccountId>;
  /** One change of an account at a time: what was checked is still true when it is committed. */
  readonly queue: Mutexes<string>;
  readonly logins: OneUse<StartedLogin>;
  readonly signUps: OneUse<StartedSignUp>;
  /** Challenges for signed changes, each for one session. */
  readonly challenges: OneUse<SessionId>;
  readonly resetLinks: OneUse<AccountId>;
  readonly resets: OneUse<StartedReset>;
}

export async function openCounter(house: House, options: AccountsOptions): Promise<Counter> {
  const { clock } = house;
  const { stateWaitMs, handleWaitMs, pendingMax, resetWaitMs, slotMs } = limits.login;
  return {
    house,
    options,
    opaque: await createOpaqueServer(house.kit),
    pace: (work) => (options.isUnpaced === true ? work() : inSlots(clock, slotMs, work)),
    sessions: createSessions(house),
    handles: createHandles(clock),
    tries: createAccountTries(clock),
    triesToKeep: new Set(),
    queue: new Mutexes<string>(),
    logins: createOneUse(clock, stateWaitMs, pendingMax),
    signUps: createOneUse(clock, handleWaitMs, pendingMax),
    challenges: createOneUse(clock, handleWaitMs, pendingMax),
    resetLinks: createOneUse(clock, resetWaitMs, pendingMax),
    resets: createOneUse(clock, handleWaitMs, pendingMax),
  };
}

/** A session was opened; the route turns it into a cookie and the account's keys. */
export interface SignedInStep {
  readonly step: 'done';
  readonly accountId: AccountId;
  /** The credential whose wrap the client gets; 0 when none opened. */
  readonly version: number;
  readonly token: string;
  readonly session: LiveSession;
}

interface HeldStep<S> {
  readonly step: S;
  readonly accountId: AccountId;
  readonly handle: string;
  readonly version: number;
}

export type LoginStep =
  | SignedInStep
  | { readonly step: 'code'; readonly accountId: AccountId; readonly handle: string }
  | HeldStep<'prove'>
  | HeldStep<'fresh'>
  | { readonly step: 'phrase'; readonly accountId: AccountId; readonly handle: string }
  | { readonly step: 'wait'; readonly untilMs: number }
  | { readonly step: 'closed'; readonly handle: string; readonly reopenUntilMs: number };
