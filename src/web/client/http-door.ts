// Requests to /auth/*: one JSON body in, one checked JSON body out, refusals by the name the page has a sentence for.

import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { answers, type AnswerBody, type AnswerName } from '#formats/auth-wire/auth-answers.ts';
import { authCalls, type AnswerTo } from '#formats/auth-wire/auth-calls.ts';
import type { RequestBody, RequestName } from '#formats/auth-wire/auth-requests.ts';

export type DoorRefusal = {
  /** The part behind `urn:siegel:problem:`, or one of the last two. */
  readonly kind: string;
  readonly retryAfterMs?: number;
};

export interface HttpDoor {
  call<R extends RequestName>(name: R, body: RequestBody<R>): Promise<Result<AnswerBody<AnswerTo<R>>, DoorRefusal>>;
  /** POST without a body. */
  ask<A extends AnswerName>(path: string, answer: A): Promise<Result<AnswerBody<A>, DoorRefusal>>;
  get<A extends AnswerName>(path: string, answer: A): Promise<Result<AnswerBody<A>, DoorRefusal>>;
  /** GET of a shape that stands apart. */
  read<T>(path: string, shape: v.GenericSchema<unknown, T>): Promise<Result<T, DoorRefusal>>;
}

const PROBLEM_PREFIX = 'urn:siegel:problem:';

export function createHttpDoor(reach: typeof fetch): HttpDoor {
  async function send<T>(
    path: string,
    init: RequestInit,
    shape: v.GenericSchema<unknown, T>,
  ): Promise<Result<T, DoorRefusal>> {
    let status: number;
    let body: unknown;
    try {
      const response = await reach(path, { ...init, credentials: 'same-origin', redirect: 'error' });
      status = response.status;
      body = await response.json();
    } catch {
      return err({ kind: 'no-connection' });
    }
    if (status !== 200) return err(refusalOf(body));
    const parsed = v.safeParse(shape, body);
    return parsed.success ? ok(parsed.output) : err({ kind: 'server-unavailable' });
  }
  const shapeOf = <A extends AnswerName>(answer: A): v.GenericSchema<unknown, AnswerBody<A>> => answers[answer];
  const post = <A extends AnswerName>(path: string, body: unknown, answer: A) =>
    send(
      path,
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
      shapeOf(answer),
    );
  return {
    call: (name, body) => post(authCalls[name].path, body, authCalls[name].answer),
    ask: (path, answer) => post(path, {}, answer),
    get: (path, answer) => send(path, { method: 'GET' }, shapeOf(answer)),
    read: (path, shape) => send(path, { method: 'GET' }, shape),
  };
}

function refusalOf(body: unknown): DoorRefusal {
  const parsed = v.safeParse(answers.problem, body);
  if (!parsed.success || !parsed.output.type.startsWith(PROBLEM_PREFIX)) return { kind: 'server-unavailable' };
  const kind = parsed.output.type.slice(PROBLEM_PREFIX.length);
  const { retryAfterMs } = parsed.output;
  return retryAfterMs === undefined ? { kind } : { kind, retryAfterMs };
}
