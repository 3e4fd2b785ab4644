// Sign-in with address and password: OPAQUE against both answers of the server, then code or session.

import { err, ok, type Result } from '#base/result.ts';
import type { Step } from '#formats/auth-wire/auth-answers.ts';
import type { EntryRefusal } from '../backend.ts';
import { entryRefusal } from './entry-refusal.ts';
import type { Outcome } from './entry-step.ts';
import type { HttpDoor } from './http-door.ts';
import { startLoggingIn } from './opaque-client.ts';

export interface PasswordOpened {
  readonly step: Step;
  readonly exportKey: Uint8Array<ArrayBuffer>;
}

/** `change`: within a session, to set a new password. */
export async function signInWithPassword(
  door: HttpDoor,
  of: { readonly address: string; readonly plainPassword: string },
  purpose: 'session' | 'change',
): Outcome<PasswordOpened> {
  const login = await startLoggingIn(of.plainPassword);
  const started = await door.call('loginStart', {
    address: of.address,
    startLoginRequest: login.startLoginRequest,
  });
  if (!started.ok) return err(entryRefusal(started.error));
  const { loginId, candidates } = started.value;
  // The second place is a pending credential's, or made up: a password change that was cut off opens here.
  for (const place of [0, 1] as const) {
    const { loginResponse, stretching } = candidates[place];
    const finished = login.finish(loginResponse, started.value, stretching);
    if (!finished) continue;
    const { finishLoginRequest, exportKey } = finished;
    const step = await door.call('loginFinish', { loginId, candidate: place, finishLoginRequest, purpose });
    return step.ok ? ok({ step: step.value, exportKey }) : err(entryRefusal(step.error));
  }
  return wrongCredentials();
}

function wrongCredentials(): Result<never, EntryRefusal> {
  return err({ kind: 'wrong-credentials' });
}
