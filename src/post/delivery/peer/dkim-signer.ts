// Signs a letter that leaves, with each key of the house that may sign now; RSA off the main thread (RFC 6376, RFC 8463).

import { createHash, hash, sign, type KeyObject } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Clock } from '#base/clock.ts';
import { canonicalBody } from '#formats/dkim/canonical-body.ts';
import { signedField, unsignedField } from '#formats/dkim/dkim-signing.ts';
import { rawFields } from '#formats/dkim/raw-fields.ts';
import { parseAddresses } from '#formats/message/addresses.ts';
import { fieldText, readHeaderSection, type HeaderField } from '#formats/message/header-fields.ts';
import { parseDomain } from '#formats/smtp/address.ts';
import { signingKeysAt, type DkimKeyPair } from '#vault/keykit/dkim-keys.ts';

/** The fields to be put in front of the letter, whose lines must end in CRLF; empty where nothing signs. */
export type Sign = (plainLetter: Uint8Array) => Promise<Uint8Array>;

export interface SignerOptions {
  readonly clock: Clock;
  /** Asked for each letter, so that a rotation counts at once. */
  readonly keys: () => readonly DkimKeyPair[];
  readonly isOwnDomain: (domain: string) => boolean;
  /** Signs for letters whose From is in no domain of ours. */
  readonly mainDomain: string;
}

export function createDkimSigner({ clock, keys, isOwnDomain, mainDomain }: SignerOptions): Sign {
  return async (plainLetter) => {
    const nowMs = clock.nowMs();
    const { fields, bodyOffset } = readHeaderSection(plainLetter);
    const bodyHash = await hashOfBody(plainLetter.subarray(bodyOffset));
    const raw = rawFields({ bytes: plainLetter, fields });
    const from = fromDomain(fields);
    const domain = from !== undefined && isOwnDomain(from) ? from : mainDomain;
    const signed = signingKeysAt(keys(), nowMs).map(async ({ selector, algorithm, privateKey }) => {
      const signedAtSeconds = Math.floor(nowMs / 1_000);
      const unsigned = unsignedField(raw, { algorithm, domain, selector, signedAtSeconds, bodyHash });
      const input = Buffer.from(unsigned.input, 'latin1');
      return signedField(
        unsigned,
        algorithm === 'rsa-sha256' ? await signRsa(input, privateKey) : signEd25519(input, privateKey),
      );
    });
    return Buffer.from((await Promise.all(signed)).join(''), 'latin1');
  };
}

const STEP_BYTES = 4 * 1024 * 1024;
const signOff = promisify<string, Uint8Array, KeyObject, Buffer>(sign);

/** A millisecond of work: on a thread of the pool. */
function signRsa(input: Uint8Array, key: KeyObject): Promise<Uint8Array> {
  return signOff('sha256', input, key);
}

/** Faster than handing it to another thread. */
function signEd25519(input: Uint8Array, key: KeyObject): Uint8Array {
  return sign(null, hash('sha256', input, 'buffer'), key);
}

/** A large letter is hashed in steps, so that others are served in between. */
async function hashOfBody(plainBody: Uint8Array): Promise<Uint8Array> {
  const hasher = createHash('sha256');
  if (plainBody.length > STEP_BYTES) await setImmediate();
  for (const piece of canonicalBody(plainBody, 'relaxed').pieces) {
    for (let at = 0; at < piece.length; at += STEP_BYTES) {
      if (at > 0) await setImmediate();
      hasher.update(piece.subarray(at, at + STEP_BYTES));
    }
  }
  return hasher.digest();
}

function fromDomain(fields: readonly HeaderField[]): string | undefined {
  const from = fields.find(({ name }) => name === 'from');
  const address = from === undefined ? undefined : parseAddresses(fieldText(from))[0]?.address;
  return address === undefined ? undefined : parseDomain(address.slice(address.lastIndexOf('@') + 1));
}
