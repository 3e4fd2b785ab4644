// How every /set begins: its arguments in their shape, not too many objects, the state the client believes in (RFC 8620 §5.3).

import type * as v from 'valibot';
import { ok, type Result } from '#base/result.ts';
import type { MethodError } from '#formats/jmap/errors.ts';
import { boundSet, readArguments, type SetArguments } from '#formats/jmap/standard-arguments.ts';
import type { AccountStates } from '#vault/database/read-states.ts';
import type { Call, Members } from './method.ts';
import { checkState, requireStates } from './states.ts';

export interface Begun<A> {
  readonly value: A;
  readonly before: AccountStates;
}

/** `stateOf`: the state of the type that is changed. */
export async function beginSet<const A extends SetArguments>(
  shape: v.GenericSchema<unknown, A>,
  args: Members,
  call: Call,
  stateOf: (states: AccountStates) => string,
): Promise<Result<Begun<A>, MethodError>> {
  const read = readArguments(shape, args);
  if (!read.ok) return read;
  const bounded = boundSet(read.value);
  if (!bounded.ok) return bounded;
  const before = await requireStates(call);
  const current = checkState(read.value.ifInState, stateOf(before));
  return current.ok ? ok({ value: read.value, before }) : current;
}
