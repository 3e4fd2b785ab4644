// The key of the authority: one public key that can be sealed to now, and nobody’s of the roster.

import type { PublicKey } from 'openpgp';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { readCertificate } from '#formats/desk/certificate.ts';
import type { Fingerprint } from '#formats/desk/model.ts';
import type { Policy } from '#formats/desk/policy-shape.ts';

export interface RecipientRefusal {
  readonly kind: 'recipient';
  readonly why: 'unreadable' | 'secret' | 'revoked' | 'expired' | 'signsOnly' | 'ofRoster';
  /** A sentence. */
  readonly what: string;
}

export interface Recipient {
  readonly fingerprint: Fingerprint;
  readonly key: PublicKey;
}

export async function checkRecipient(
  armored: string,
  { roster }: Pick<Policy, 'roster'>,
  nowMs: number,
): Promise<Result<Recipient, RecipientRefusal>> {
  if (armored.includes('PGP PRIVATE KEY BLOCK'))
    return refuse('secret', 'The key of the authority is a secret key: ask for the public one.');
  let key: PublicKey;
  try {
    if (armored.length > limits.deskFulfilment.certificateBytes) throw new Error('too long');
    key = await readCertificate(armored);
  } catch {
    return refuse('unreadable', 'The key of the authority cannot be read: give one public key in armor.');
  }
  const at = new Date(nowMs);
  if (await key.isRevoked(undefined, undefined, at))
    return refuse('revoked', 'The key of the authority is revoked: ask for the new one.');
  const expires = await key.getExpirationTime().catch(() => null);
  if (expires === null || (expires instanceof Date && expires <= at))
    return refuse('expired', 'The key of the authority has expired: ask for the new one.');
  const seals = await key.getEncryptionKey(undefined, at).then(
    () => true,
    () => false,
  );
  if (!seals)
    return refuse('signsOnly', 'The key of the authority cannot be sealed to: it has no good key for encryption.');
  const own = await Promise.all(roster.map(({ certificate }) => readCertificate(certificate)));
  const known = new Set(own.flatMap(fingerprintsOf));
  if (fingerprintsOf(key).some((one) => known.has(one)))
    return refuse(
      'ofRoster',
      'That key belongs to somebody of the roster: what is handed over is sealed to the authority.',
    );
  return ok({ fingerprint: key.getFingerprint() as Fingerprint, key });
}

/** Of the primary key and its subkeys. */
function fingerprintsOf(key: PublicKey): readonly string[] {
  return key.getKeys().map((one) => one.getFingerprint());
}

function refuse(why: RecipientRefusal['why'], what: string): Result<never, RecipientRefusal> {
  return err({ kind: 'recipient', why, what });
}
