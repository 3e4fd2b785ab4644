// One person's signature: holds it over exactly these bytes, by this certificate, with a key that was good when it was made (RFC 9580 §5.2)?

import type { PublicKey, SignaturePacket } from 'openpgp';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { readCertificate } from './certificate.ts';
import { loadOpenPgp } from './openpgp.ts';

export interface SignatureFault {
  readonly kind:
    | 'unreadable'
    | 'notOneSignature'
    | 'otherType'
    | 'weakHash'
    | 'expiringSignature'
    | 'otherKey'
    | 'keyNotGoodThen'
    | 'doesNotHold';
}

/** Each follows "the signature": "the signature cannot be read: …". */
export const faultWords: Readonly<Record<SignatureFault['kind'], string>> = {
  unreadable: 'cannot be read: give a detached signature in armor ("-----BEGIN PGP SIGNATURE-----")',
  notOneSignature: 'is more than one: give each on its own',
  otherType: 'is of another type: sign the file as it is, detached',
  weakHash: 'uses a hash that is too weak: sign with SHA-256 or SHA-512',
  expiringSignature: 'would expire: sign without an expiry date',
  otherKey: 'was made with another key',
  keyNotGoodThen: 'was made with a key that had expired, was revoked, not made yet or too weak at that time',
  doesNotHold: 'does not hold: what was signed is not what stands here, to the last byte',
};

/** When it says that it was made. */
export interface Signed {
  readonly signedMs: number;
}

/**
 * Judged at the moment the signature names, so that the answer is the same in ten years. A hard revocation in the certificate
 * counts for all times (RFC 9580 §5.2.3.31).
 */
export async function checkMemberSignature(
  certificate: string,
  bytes: Uint8Array,
  armored: string,
): Promise<Result<Signed, SignatureFault>> {
  const openpgp = await loadOpenPgp();
  const read = await readSignature(armored);
  if (!read.ok) return read;
  const { packet, created } = read.value;
  const key = await readCertificate(certificate);
  if (key.getKeys(packet.issuerKeyID).length === 0) return err({ kind: 'otherKey' });
  const { signatures } = await openpgp.verify({
    message: await openpgp.createMessage({ binary: bytes }),
    signature: await openpgp.readSignature({ armoredSignature: armored }),
    verificationKeys: key,
    date: created,
    format: 'binary',
  });
  const [one] = signatures;
  const holds = (await one?.verified.catch(() => false)) === true;
  if (holds && signatures.length === 1) return ok({ signedMs: created.getTime() });
  return err({ kind: (await isGoodThen(key, packet, created)) ? 'doesNotHold' : 'keyNotGoodThen' });
}

async function readSignature(
  armored: string,
): Promise<Result<{ packet: SignaturePacket; created: Date }, SignatureFault>> {
  const openpgp = await loadOpenPgp();
  const { binary, text } = openpgp.enums.signature;
  if (armored.length > limits.deskPolicy.signatureBytes) return err({ kind: 'unreadable' });
  let packets: readonly SignaturePacket[];
  try {
    packets = (await openpgp.readSignature({ armoredSignature: armored })).packets;
  } catch {
    return err({ kind: 'unreadable' });
  }
  const [packet, ...others] = packets;
  if (others.length > 0) return err({ kind: 'notOneSignature' });
  if (packet === undefined || packet.created === null) return err({ kind: 'unreadable' });
  // canonical JSON has no line ends: as text and as bytes it is the same
  if (packet.signatureType !== binary && packet.signatureType !== text) return err({ kind: 'otherType' });
  const { sha256, sha384, sha512, sha3_256, sha3_512 } = openpgp.enums.hash;
  const isStrong = [sha256, sha384, sha512, sha3_256, sha3_512].some((hash) => hash === packet.hashAlgorithm);
  if (!isStrong) return err({ kind: 'weakHash' });
  if (!packet.signatureNeverExpires) return err({ kind: 'expiringSignature' });
  return ok({ packet, created: packet.created });
}

async function isGoodThen(key: PublicKey, packet: SignaturePacket, created: Date): Promise<boolean> {
  return key.getSigningKey(packet.issuerKeyID, created).then(
    () => true,
    () => false,
  );
}

/** Was it made when the statement says, or within the days after? What was signed before it was made was not read. */
export function isMadeFor(signedAt: string, { signedMs }: Signed): boolean {
  const { clockSlackMs, signWithinMs } = limits.deskReview;
  const afterMs = signedMs - Date.parse(signedAt);
  return afterMs >= -clockSlackMs && afterMs <= signWithinMs;
}

export function otherTime(name: string): string {
  return `The signature of ${name} was not made when the statement was: make the statement anew and sign it within 14 days.`;
}
