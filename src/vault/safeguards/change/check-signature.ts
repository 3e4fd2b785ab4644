// Whether an SSH signature holds: the right namespace, the right key, these exact bytes (OpenSSH PROTOCOL.sshsig, PROTOCOL.u2f).

import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { unreachable } from '#base/assert.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import type { SshKey } from '#formats/sshsig/ssh-key.ts';
import { parseSshSignature, sshSignedBytes, type SshSignature } from '#formats/sshsig/ssh-signature.ts';
import { err, ok, type Result } from '#base/result.ts';

export type SignatureRefusal =
  | { readonly kind: 'notASignature' }
  /** Made for something else: a signature of the procedure approves no change. */
  | { readonly kind: 'otherNamespace'; readonly namespace: string }
  /** It does not hold: other bytes were signed, or it was altered. */
  | { readonly kind: 'forged' };

const USER_PRESENT = 1;

/** The blob of the key that signed exactly these bytes in this namespace. Whether anybody knows the key is for the caller. */
export function checkSignature(
  text: string,
  { namespace, bytes }: { readonly namespace: string; readonly bytes: Uint8Array },
): Result<{ readonly keyBlob: Uint8Array }, SignatureRefusal> {
  const parsed = parseSshSignature(text);
  if (!parsed.ok) return err({ kind: 'notASignature' });
  const signature = parsed.value;
  if (signature.namespace !== namespace) return err({ kind: 'otherNamespace', namespace: signature.namespace });
  return holds(signature, bytes) ? ok({ keyBlob: signature.publicKey.blob }) : err({ kind: 'forged' });
}

function holds(signature: SshSignature, bytes: Uint8Array): boolean {
  const signed = sshSignedBytes(signature, createHash(signature.hash).update(bytes).digest());
  const { value } = signature;
  const { key } = signature.publicKey;
  try {
    switch (value.kind) {
      case 'ed25519':
        return verify(null, signed, nodeKey(key), value.signature);
      case 'sk-ed25519':
        if (key.kind !== 'sk-ed25519' || (value.flags & USER_PRESENT) === 0) return false;
        return verify(null, heldBy(key.application, value, signed), nodeKey(key), value.signature);
      case 'ecdsa-p256':
        return verify('sha256', signed, { key: nodeKey(key), dsaEncoding: 'ieee-p1363' }, value.signature);
      case 'rsa':
        return verify(value.hash, signed, nodeKey(key), value.signature);
      default:
        return unreachable(value);
    }
  } catch {
    return false; // a point that lies on no curve, a modulus that is none
  }
}

/** What a security key signs: its application, that somebody touched it, its counter, and the digest. */
function heldBy(
  application: Uint8Array,
  { flags, counter }: { readonly flags: number; readonly counter: number },
  signed: Uint8Array,
): Uint8Array {
  const middle = Buffer.alloc(5);
  middle.writeUInt8(flags, 0);
  middle.writeUInt32BE(counter, 1);
  const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
  return Buffer.concat([digest(application), middle, digest(signed)]);
}

function nodeKey(key: SshKey): KeyObject {
  switch (key.kind) {
    case 'ed25519':
    case 'sk-ed25519':
      return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(key.point) }, format: 'jwk' });
    case 'ecdsa-p256':
      return createPublicKey({
        key: { kty: 'EC', crv: 'P-256', x: toBase64Url(key.x), y: toBase64Url(key.y) },
        format: 'jwk',
      });
    case 'rsa':
      return createPublicKey({
        key: { kty: 'RSA', n: toBase64Url(key.modulus), e: toBase64Url(key.exponent) },
        format: 'jwk',
      });
    default:
      return unreachable(key);
  }
}
