// A JMAP request from bytes: UTF-8, I-JSON, bounded depth, and the three members of RFC 8620 §3.3.

import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { limits } from '#base/limits.ts';
import type { RequestProblem } from './errors.ts';

export interface Invocation {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly callId: string;
}

export interface JmapRequest {
  readonly using: readonly string[];
  readonly methodCalls: readonly Invocation[];
  readonly createdIds: Readonly<Record<string, string>> | undefined;
}

/** JMAP Id: 1–255 characters of the URL-safe base64 alphabet (RFC 8620 §1.2). */
export const idPattern = /^[A-Za-z0-9_-]{1,255}$/;

const plainObject = v.custom<Record<string, unknown>>(isPlainObject, 'object expected');
const requestShape = v.object({
  using: v.array(v.string()),
  methodCalls: v.array(v.strictTuple([v.string(), plainObject, v.string()])),
  createdIds: v.optional(v.record(v.pipe(v.string(), v.regex(idPattern)), v.pipe(v.string(), v.regex(idPattern)))),
});

/** Bytes of a request body → request. Never throws. */
export function parseRequest(bytes: Uint8Array): Result<JmapRequest, RequestProblem> {
  if (bytes.length > limits.jmap.sizeRequestBytes) return err(limitProblem('maxSizeRequest'));
  const json = parseJson(bytes);
  if (!json.ok) return json;
  const shape = v.safeParse(requestShape, json.value);
  if (!shape.success) return err({ kind: 'notRequest', status: 400, detail: describeIssue(shape.issues[0]) });
  const { using, methodCalls, createdIds } = shape.output;
  if (methodCalls.length > limits.jmap.callsInRequest) return err(limitProblem('maxCallsInRequest'));
  if (Object.keys(createdIds ?? {}).length > limits.jmap.objectsInSet) return err(limitProblem('maxObjectsInSet'));
  return ok({
    using,
    methodCalls: methodCalls.map(([name, args, callId]) => ({ name, args, callId })),
    createdIds,
  });
}

/** A request refused because of one of the limits the session object names. */
export function limitProblem(limit: string, status: 400 | 429 = 400): RequestProblem {
  return { kind: 'limit', status, detail: `The request exceeds ${limit}.`, limit };
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(bytes: Uint8Array): Result<unknown, RequestProblem> {
  const refused = err({ kind: 'notJSON', status: 400, detail: 'The body is not UTF-8 text holding one JSON value.' });
  if (isTooDeep(bytes)) return err({ kind: 'notRequest', status: 400, detail: 'The request is nested too deeply.' });
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return ok(value);
  } catch {
    return refused;
  }
}

/** Counts open brackets outside strings: deep nesting would end the stack of whatever walks the value later. */
function isTooDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > limits.jmap.jsonDepthMax) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return false;
}

/** Names the member and what was expected; never repeats what was sent. */
export function describeIssue(issue: v.BaseIssue<unknown>): string {
  return `${v.getDotPath(issue) ?? 'The request'} is not as expected: ${issue.expected ?? issue.type}.`;
}
