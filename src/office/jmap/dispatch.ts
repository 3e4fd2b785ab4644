// Runs the calls of one request in order: references, capabilities, the account, then the method (RFC 8620 §3).

import { err, ok, type Result } from '#base/result.ts';
import type { AccountId, SessionId } from '#base/ids.ts';
import { capabilities } from '#formats/jmap/capabilities.ts';
import { errorObject, type MethodError, type RequestProblem } from '#formats/jmap/errors.ts';
import type { Invocation, JmapRequest } from '#formats/jmap/request.ts';
import { resolveReferences } from '#formats/jmap/result-references.ts';
import { isUnavailable } from '#vault/database/session.ts';
import { methods } from './methods.ts';
import { heldAccount } from './held-account.ts';
import type { Call, House, Members, Method, MethodResult } from './method.ts';

export interface Caller {
  readonly accountId: AccountId;
  readonly sessionId: SessionId;
}

export interface JmapAnswer {
  readonly methodResponses: readonly (readonly [string, Members, string])[];
  readonly createdIds?: Readonly<Record<string, string>>;
}

export async function runRequest(
  house: House,
  caller: Caller,
  request: JmapRequest,
): Promise<Result<JmapAnswer, RequestProblem>> {
  const unknown = request.using.find((capability) => !capabilities.includes(capability));
  if (unknown !== undefined) {
    return err({ kind: 'unknownCapability', status: 400, detail: 'A capability in using is not known here.' });
  }
  const call: Call = {
    house,
    ...caller,
    using: new Set(request.using),
    createdIds: new Map(Object.entries(request.createdIds ?? {})),
    following: [],
  };
  const responses: Invocation[] = [];
  for (const invocation of request.methodCalls) {
    const { callId } = invocation;
    for (let next: Invocation | undefined = invocation; next !== undefined; next = nextOf(call, callId)) {
      const result = await runInvocation(next, call, responses);
      const answer = result.ok
        ? { name: next.name, args: result.value }
        : { name: 'error', args: errorObject(result.error) };
      responses.push({ ...answer, callId });
    }
  }
  return ok({
    methodResponses: responses.map(({ name, args, callId }) => [name, args, callId] as const),
    ...(request.createdIds === undefined ? {} : { createdIds: Object.fromEntries(call.createdIds) }),
  });
}

function nextOf(call: Call, callId: string): Invocation | undefined {
  const next = call.following.shift();
  return next === undefined ? undefined : { ...next, callId };
}

async function runInvocation(
  { name, args }: Invocation,
  call: Call,
  earlier: readonly Invocation[],
): Promise<MethodResult> {
  const method = methods.get(name);
  if (method === undefined || !call.using.has(method.capability)) return err({ kind: 'unknownMethod' });
  const resolved = resolveReferences(args, earlier);
  if (!resolved.ok) return resolved;
  if (!method.hasAccount) return method.run(resolved.value, call);
  const { accountId, ...rest } = resolved.value;
  if (typeof accountId !== 'string') return err({ kind: 'invalidArguments', arguments: ['accountId'] });
  const ofAccount = await callFor(accountId, call);
  if (!ofAccount.ok) return ofAccount;
  const result = await runMethod(method, rest, ofAccount.value);
  return result.ok ? ok({ accountId, ...result.value }) : result;
}

/** The session's own account, or one its person holds: asked anew each time, so that whoever is removed is out at once. */
async function callFor(accountId: string, call: Call): Promise<Result<Call, MethodError>> {
  if (accountId === call.accountId) return ok(call);
  const held = await heldAccount(call.house, call.accountId, accountId);
  if (held === undefined) return err({ kind: 'accountNotFound' });
  const settled = await call.house.door.settled(held);
  return settled.ok
    ? ok({ ...call, accountId: held })
    : err({ kind: 'serverUnavailable', description: 'The database is behind; try again in a few seconds.' });
}

async function runMethod(method: Method, args: Members, call: Call): Promise<MethodResult> {
  const { house, accountId } = call;
  try {
    return method.isChange
      ? await house.queue.run(accountId, () => method.run(args, call))
      : await method.run(args, call);
  } catch (cause) {
    house.log.fault('jmap.methodFailed', cause);
    return err(faultOf(cause));
  }
}

function faultOf(cause: unknown): MethodError {
  return isUnavailable(cause)
    ? { kind: 'serverUnavailable', description: 'The database is away; try again in a few seconds.' }
    : { kind: 'serverFail', description: 'Something went wrong here; the operator can see it in the log.' };
}
