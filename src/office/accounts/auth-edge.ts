// The edge of /auth/*: a body becomes a checked value, a refusal becomes a problem a client and a person can use (RFC 9457).

import type { Context } from 'hono';
import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import type { Log } from '#base/log/log.ts';
import { requests, type RequestBody, type RequestName } from '#formats/auth-wire/auth-requests.ts';
import { authProblems, problemType, type AuthRefusal } from './auth-refusals.ts';

/** The body as the named request; anything else is `badRequest`. */
export async function readRequest<K extends RequestName>(
  context: Context,
  name: K,
): Promise<Result<RequestBody<K>, AuthRefusal>> {
  const schema: v.GenericSchema<unknown, RequestBody<K>> = requestSchema(name);
  const parsed = v.safeParse(schema, await readJson(context));
  return parsed.success ? ok(parsed.output) : err({ kind: 'badRequest' });
}

/** The shapes by name, with the link between name and shape kept for the compiler. */
function requestSchema<K extends RequestName>(name: K): v.GenericSchema<unknown, RequestBody<K>> {
  return requests[name];
}

async function readJson(context: Context): Promise<unknown> {
  if (!/^application\/json\b/i.test(context.req.header('content-type') ?? '')) return undefined;
  try {
    return await context.req.json();
  } catch {
    return undefined;
  }
}

export function problemAnswer(context: Context, refusal: AuthRefusal): Response {
  const { status, title, detail } = authProblems[refusal.kind];
  const body = { type: problemType(refusal.kind), title, detail };
  if (refusal.kind !== 'tooManyTries') return context.json(body, status);
  context.header('Retry-After', String(Math.ceil(refusal.retryAfterMs / 1000)));
  return context.json({ ...body, retryAfterMs: Math.ceil(refusal.retryAfterMs) }, status);
}

export function jsonAnswer(context: Context, result: Result<object | void, AuthRefusal>): Response {
  context.header('Cache-Control', 'no-store');
  return result.ok ? context.json(result.value ?? {}) : problemAnswer(context, result.error);
}

/** Thrown errors are the database being away, or a mistake of ours: nothing was promised, the client may try again. */
export function faultAnswer(context: Context, log: Log, cause: unknown): Response {
  log.fault('accounts.requestFailed', cause);
  return problemAnswer(context, { kind: 'serverUnavailable' });
}
