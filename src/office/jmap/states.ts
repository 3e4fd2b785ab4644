// The state of each data type of an account, and whether a client's state still holds.

import { err, ok, type Result } from '#base/result.ts';
import type { MethodError } from '#formats/jmap/errors.ts';
import { sinceState, stateAt, type State } from '#formats/jmap/state.ts';
import { readStates, type AccountStates, type Snapshot } from '#vault/database/read-states.ts';
import type { Call } from './method.ts';

export type { AccountStates };

/** States of the caller's account; an account that is signed in and not there is a mistake of ours. */
export async function requireStates(call: Call, db: Snapshot = call.house.reader.db): Promise<AccountStates> {
  const states = await readStates(db, call.accountId);
  if (states === undefined) throw new Error('the account of a live session has no row');
  return states;
}

export const emailState = (states: AccountStates): string => stateAt(states.era, states.emailModseq);
export const mailboxState = (states: AccountStates): string => stateAt(states.era, states.mailboxModseq);
export const itemState = (states: AccountStates): string => stateAt(states.era, states.itemModseq);

export const submissionState = (states: AccountStates): string => stateAt(states.era, states.submissionModseq);

/** The state to tell changes from, or cannotCalculateChanges when it is none of this era's or too old. */
export function changesSince(text: string, era: number, modseq: number, floor = 0): Result<State, MethodError> {
  const since = sinceState(text, era, modseq);
  if (since === undefined || since.base < floor) return err({ kind: 'cannotCalculateChanges' });
  return ok(since);
}

/** ifInState of a /set: refused when the client's picture is not the newest. */
export function checkState(ifInState: string | null | undefined, state: string): Result<void, MethodError> {
  if (ifInState === null || ifInState === undefined || ifInState === state) return ok(undefined);
  return err({ kind: 'stateMismatch' });
}
