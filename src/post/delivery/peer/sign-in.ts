// Sign-in at a smarthost: PLAIN or LOGIN, over TLS with a proven name only (RFC 4954, RFC 4616).

import { err, ok, type Result } from '#base/result.ts';
import type { SessionRefusal } from './session.ts';
import type { Wire } from './wire.ts';

export interface Credentials {
  readonly user: string;
  readonly plainPassword: string;
}

export async function signIn(
  wire: Wire,
  { user, plainPassword }: Credentials,
  mechanisms: readonly string[],
  waitMs: number,
): Promise<Result<void, SessionRefusal>> {
  const steps = mechanisms.includes('PLAIN')
    ? [`AUTH PLAIN ${base64(`\0${user}\0${plainPassword}`)}`]
    : mechanisms.includes('LOGIN')
      ? ['AUTH LOGIN', base64(user), base64(plainPassword)]
      : undefined;
  if (steps === undefined) return err({ kind: 'signInImpossible' });
  for (const [index, step] of steps.entries()) {
    wire.write([`${step}\r\n`]);
    const answer = await wire.reply(waitMs);
    if (!answer.ok) return err({ kind: 'fault', during: 'signIn', fault: answer.error });
    const wanted = index === steps.length - 1 ? 235 : 334;
    if (answer.value.code !== wanted) return err({ kind: 'signInRefused', reply: answer.value });
  }
  return ok(undefined);
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
