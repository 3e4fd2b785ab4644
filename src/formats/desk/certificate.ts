// A member's certificate: is it what the roster says, can it sign and can case files be sealed to it (RFC 9580 §10.1).

import type { PublicKey } from 'openpgp';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { CalendarDay, Fingerprint } from './model.ts';
import { loadOpenPgp } from './openpgp.ts';

export interface CertificateFault {
  readonly kind: 'certificate';
  readonly what: string;
}

export interface MemberCertificate {
  /** Of the primary key and of all its subkeys. */
  readonly fingerprints: readonly string[];
}

/** Throws for what is no armored public key. */
export async function readCertificate(armored: string): Promise<PublicKey> {
  const openpgp = await loadOpenPgp();
  const [first, ...others] = await openpgp.readKeys({ armoredKeys: armored });
  if (first === undefined || others.length > 0) throw new Error('not one key');
  if (first.isPrivate()) throw new Error('a secret key');
  return first;
}

/**
 * Judged at the end of the policy's day, or when its newest part was made if that is later: a policy of some year is
 * read the same way ten years on, when the key has long expired.
 */
export async function checkCertificate(
  { fingerprint, certificate }: { readonly fingerprint: Fingerprint; readonly certificate: string },
  dated: CalendarDay,
): Promise<Result<MemberCertificate, CertificateFault>> {
  if (certificate.includes('PGP PRIVATE KEY BLOCK'))
    return fault('is a secret key. Put only the public key here, and make a new key: this one has been shown');
  if (certificate.length > limits.openpgp.publicKeyBytes)
    return fault('is too long: export it without pictures and without signatures of others');
  let key: PublicKey;
  try {
    key = await readCertificate(certificate);
  } catch {
    return fault('cannot be read: put one public key here, in armor ("-----BEGIN PGP PUBLIC KEY BLOCK-----")');
  }
  if (key.getFingerprint() !== fingerprint)
    return fault(`is not the one whose fingerprint stands beside it: its own is ${key.getFingerprint()}`);
  const at = new Date(Math.max(Date.parse(`${dated}T23:59:59Z`), ...momentsOf(key)));
  if (await key.isRevoked(undefined, undefined, at)) return fault('is revoked: put the new key of this person here');
  const signs = await key.getSigningKey(undefined, at).then(
    () => true,
    () => false,
  );
  if (!signs)
    return fault('cannot sign on the day of this policy: it has expired, is too weak or has no key for signing');
  const seals = await key.getEncryptionKey(undefined, at).then(
    () => true,
    () => false,
  );
  if (!seals)
    return fault(
      'cannot be sealed to on the day of this policy: it has expired, is too weak or has no key for encryption',
    );
  return ok({ fingerprints: [fingerprint, ...key.subkeys.map((subkey) => subkey.getFingerprint())] });
}

/** When the key, its subkeys and what binds them were made. */
function momentsOf(key: PublicKey): readonly number[] {
  const made = [key, ...key.subkeys].map((part) => part.getCreationTime().getTime());
  const bound = [
    ...key.users.flatMap(({ selfCertifications }) => selfCertifications),
    ...key.subkeys.flatMap(({ bindingSignatures }) => bindingSignatures),
  ];
  return [...made, ...bound.map(({ created }) => created?.getTime() ?? 0)];
}

function fault(what: string): Result<MemberCertificate, CertificateFault> {
  return err({ kind: 'certificate', what });
}
