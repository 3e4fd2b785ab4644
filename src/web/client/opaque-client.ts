// The client's half of OPAQUE (RFC 9807). Only here is the 150 kB of WebAssembly loaded, where a password is typed.

import { client, ready } from '@serenity-kit/opaque';
import { requireValue } from '#base/assert.ts';
import type { AccountId, InstanceId } from '#base/ids.ts';
import type { Stretching } from '#formats/auth-wire/auth-shapes.ts';
import { fromBase64 } from '#formats/base64/base64.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** What a server may ask: below the floor a stolen record is cheap to guess, above the ceiling it stops the device. */
const FLOOR = { iterations: 3, memoryKib: 65_536, parallelism: 1 };
const CEILING = { iterations: 10, memoryKib: 1_048_576, parallelism: 4 };

export interface Identity {
  readonly accountId: AccountId;
  readonly instanceId: InstanceId;
}

export interface Registering {
  readonly registrationRequest: string;
  /** Undefined when the stretching asked for is out of bounds. Takes about 0.2 s. */
  finish(
    registrationResponse: string,
    identity: Identity,
    stretching: Stretching,
  ): { readonly record: string; readonly exportKey: Bytes } | undefined;
}

export async function startRegistering(plainPassword: string): Promise<Registering> {
  await ready;
  const password = normalise(plainPassword);
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  return {
    registrationRequest,
    finish(registrationResponse, identity, stretching) {
      if (!isWithinBounds(stretching)) return undefined;
      const { registrationRecord, exportKey } = client.finishRegistration({
        clientRegistrationState,
        registrationResponse,
        password,
        identifiers: identifiersOf(identity),
        keyStretching: keyStretchingOf(stretching),
      });
      return { record: registrationRecord, exportKey: bytesOf(exportKey) };
    },
  };
}

export interface LoggingIn {
  readonly startLoginRequest: string;
  /** Undefined for a wrong password, a made-up answer, or stretching out of bounds. Takes about 0.2 s. */
  finish(
    loginResponse: string,
    identity: Identity,
    stretching: Stretching,
  ): { readonly finishLoginRequest: string; readonly exportKey: Bytes } | undefined;
}

export async function startLoggingIn(plainPassword: string): Promise<LoggingIn> {
  await ready;
  const password = normalise(plainPassword);
  const { clientLoginState, startLoginRequest } = client.startLogin({ password });
  return {
    startLoginRequest,
    finish(loginResponse, identity, stretching) {
      if (!isWithinBounds(stretching)) return undefined;
      const finished = client.finishLogin({
        clientLoginState,
        loginResponse,
        password,
        identifiers: identifiersOf(identity),
        keyStretching: keyStretchingOf(stretching),
      });
      if (!finished) return undefined;
      return { finishLoginRequest: finished.finishLoginRequest, exportKey: bytesOf(finished.exportKey) };
    },
  };
}

/** The same password from every keyboard (RFC 8265 §4.2: NFC). */
function normalise(plainPassword: string): string {
  return plainPassword.normalize('NFC');
}

export function isWithinBounds({ iterations, memoryKib, parallelism }: Stretching): boolean {
  return (
    iterations >= FLOOR.iterations &&
    iterations <= CEILING.iterations &&
    memoryKib >= FLOOR.memoryKib &&
    memoryKib <= CEILING.memoryKib &&
    parallelism >= FLOOR.parallelism &&
    parallelism <= CEILING.parallelism
  );
}

function keyStretchingOf({ iterations, memoryKib, parallelism }: Stretching) {
  return { 'argon2id-custom': { iterations, memory: memoryKib, parallelism } };
}

function identifiersOf({ accountId, instanceId }: Identity) {
  return { client: accountId, server: instanceId };
}

function bytesOf(text: string): Bytes {
  return requireValue(fromBase64(text), 'bytes of OPAQUE');
}
