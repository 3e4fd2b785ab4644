// Asks the desk's server; a refusal of the register comes with its sentence.

import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { deskAnswers } from '#formats/auth-wire/desk-answers.ts';
import type { DeskRefused, DeskTrouble } from '../../desk-work.ts';

export type Asked<T> = Promise<Result<T, DeskTrouble | DeskRefused>>;

const TROUBLES: Readonly<Record<number, DeskTrouble['kind']>> = { 401: 'signed-out', 403: 'not-allowed', 404: 'gone' };

/** `body` undefined: reading. */
export async function askDesk<T>(
  reach: typeof fetch,
  path: string,
  shape: v.GenericSchema<unknown, T>,
  body?: object,
): Asked<T> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  let response: Response;
  let answer: unknown;
  try {
    const init = { credentials: 'same-origin', redirect: 'error', cache: 'no-store' } as const;
    response = await reach(path, body === undefined ? init : { ...post, ...init });
    answer = await response.json();
  } catch {
    return err({ kind: 'no-connection' });
  }
  if (response.status === 200) {
    const read = v.safeParse(shape, answer);
    return read.success ? ok(read.output) : err({ kind: 'server-unavailable' });
  }
  const refused = v.safeParse(deskAnswers.refused, answer);
  if (response.status === 409 && refused.success) return err({ kind: 'refused', sentence: refused.output.sentence });
  return err({ kind: TROUBLES[response.status] ?? 'server-unavailable' });
}

/** Where the register itself decides nothing. */
export function asTrouble<T>(asked: Result<T, DeskTrouble | DeskRefused>): Result<T, DeskTrouble> {
  if (asked.ok) return asked;
  return asked.error.kind === 'refused' ? err({ kind: 'policy-altered' }) : err({ kind: asked.error.kind });
}
