// Somebody else's certificate: may a letter be sealed to it now, whose is it, and why not (RFC 9580 §§5.2.3, 10.1).

import type { PublicKey } from 'openpgp';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { dearmor } from '#formats/openpgp/armor.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface Certificate {
  /** Binary, as it is kept. */
  readonly bytes: Bytes;
  /** Lower-case hex of the primary key. */
  readonly fingerprint: string;
  /** Addresses of its user ids, lower case. */
  readonly addresses: readonly string[];
}

export type CertificateRefusal = { readonly kind: 'unreadable' | 'expired' | 'revoked' | 'weak' };

/** Signatures are verified: user ids and subkeys that the primary key did not certify do not count. */
export async function checkCertificate(bytes: Bytes, nowMs: number): Promise<Result<Certificate, CertificateRefusal>> {
  const openpgp = await import('openpgp');
  const binary = binaryOf(bytes);
  if (binary === undefined || bytes.length > limits.openpgp.publicKeyBytes) return err({ kind: 'unreadable' });
  let key: PublicKey;
  try {
    const [first, ...others] = await openpgp.readKeys({ binaryKeys: binary });
    if (first === undefined || others.length > 0 || first.isPrivate()) return err({ kind: 'unreadable' });
    key = first;
  } catch {
    return err({ kind: 'unreadable' });
  }
  const date = new Date(nowMs);
  try {
    if (await key.isRevoked(undefined, undefined, date)) return err({ kind: 'revoked' });
    const expires = await key.getExpirationTime();
    if (expires === null) return err({ kind: 'unreadable' });
    if (expires instanceof Date && expires <= date) return err({ kind: 'expired' });
    const usable = await key.getEncryptionKey(undefined, date).catch(() => undefined);
    if (usable === undefined) return err({ kind: await whyNone(key, date) });
    return ok({ bytes: binary, fingerprint: key.getFingerprint(), addresses: await addressesOf(key, date) });
  } catch {
    return err({ kind: 'unreadable' });
  }
}

function binaryOf(bytes: Bytes): Bytes | undefined {
  if (((bytes[0] ?? 0) & 0x80) !== 0) return bytes;
  const armored = dearmor(new TextDecoder('latin1').decode(bytes));
  return armored.ok && armored.value.kind === 'PGP PUBLIC KEY BLOCK' ? armored.value.bytes : undefined;
}

async function addressesOf(key: PublicKey, date: Date): Promise<readonly string[]> {
  const found: string[] = [];
  for (const user of key.users) {
    const isOwn = await user.verify(date).then(Boolean, () => false);
    const address = user.userID?.email?.toLowerCase();
    if (isOwn && address) found.push(address);
  }
  return found;
}

/** A subkey that ran out is told from one that is too weak, or missing. */
async function whyNone(key: PublicKey, date: Date): Promise<CertificateRefusal['kind']> {
  for (const subkey of key.subkeys) {
    const expires = await subkey.getExpirationTime(date).catch(() => null);
    if (expires instanceof Date && expires <= date) return 'expired';
  }
  return 'weak';
}
