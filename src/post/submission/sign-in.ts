// AUTH PLAIN and AUTH LOGIN (RFC 4954): only over TLS, three tries a connection, a wrong one answered later and later.

import { setTimeout as wait } from 'node:timers/promises';
import { limits } from '#base/limits.ts';
import { decodeSaslLine, parseSaslPlain, type PlainCredentials } from '#formats/smtp/sasl.ts';
import { parseAppSecret } from '#vault/sealing/app-secret.ts';
import type { LetterSource, MaybeSoon, SignIn, SignInStep } from '../wire/conduct.ts';
import type { RefusalKind } from '../wire/refusals.ts';
import type { SignedInProgram, SubmissionNeighbours } from './neighbours.ts';

const ASK_NAME = Buffer.from('Username:').toString('base64');
const ASK_PASSWORD = Buffer.from('Password:').toString('base64');

/** What the client owes us next. */
type Awaited = { readonly kind: 'plain' | 'name' } | { readonly kind: 'password'; readonly name: string };

export interface SignInDoor {
  /** Loopback without a certificate, for tests: then passwords may come in the clear. */
  readonly mayBeClear: boolean;
  /** A seat for the account; false: it has too many. */
  readonly onSignedIn: (program: SignedInProgram) => boolean;
  readonly onForgotten: () => void;
}

export function createSignIn(neighbours: Pick<SubmissionNeighbours, 'signIn'>, door: SignInDoor): SignIn {
  let awaited: Awaited | undefined;
  let tries = 0;

  async function check({ name, plainPassword }: PlainCredentials): Promise<SignInStep> {
    const plainSecret = parseAppSecret(plainPassword);
    const answer = await neighbours.signIn(name, plainSecret);
    if (answer.ok) return door.onSignedIn(answer.value) ? { kind: 'done' } : refused('tooManyOfAccount');
    if (answer.error.kind === 'unavailable') return refused('signInLater');
    // cut off when the house closes: a timer must not hold it
    await wait(answer.error.waitMs, undefined, { ref: false });
    tries += 1;
    if (tries >= limits.submission.signInTriesMax) return refused('tooManySignIns');
    // by its form alone, whoever it is from: it tells nothing about the account
    return refused(plainSecret === undefined ? 'needsAppPassword' : 'wrongSignIn');
  }

  function take(line: string, asked: Awaited): MaybeSoon<SignInStep> {
    awaited = undefined;
    if (line === '*') return refused('signInCancelled');
    const text = line.length > limits.submission.loginBytesMax ? undefined : decodeSaslLine(line);
    if (text === undefined) return refused('badSignIn');
    if (asked.kind === 'plain') {
      const credentials = parseSaslPlain(text);
      return credentials === undefined ? refused('badSignIn') : check(credentials);
    }
    if (asked.kind === 'password') return check({ name: asked.name, plainPassword: text });
    awaited = { kind: 'password', name: text };
    return { kind: 'ask', challenge: ASK_PASSWORD };
  }

  return {
    begin(mechanism: string, initial: string | undefined, source: LetterSource): MaybeSoon<SignInStep> {
      if (source.tlsVersion === undefined && !door.mayBeClear) return refused('needsTlsToSignIn');
      if (mechanism !== 'PLAIN' && mechanism !== 'LOGIN') return refused('unknownMechanism');
      const asked: Awaited = { kind: mechanism === 'PLAIN' ? 'plain' : 'name' };
      if (initial !== undefined) return take(initial, asked);
      awaited = asked;
      return { kind: 'ask', challenge: mechanism === 'PLAIN' ? '' : ASK_NAME };
    },
    go: (line) => (awaited === undefined ? refused('badSignIn') : take(line, awaited)),
    forget() {
      awaited = undefined;
      door.onForgotten();
    },
  };
}

function refused(refusal: RefusalKind): SignInStep {
  return { kind: 'refused', refusal };
}
