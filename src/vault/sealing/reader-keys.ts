// The public halves that the server needs to seal a letter for one account; plain values, so that they cross to worker threads.

import { findEncryptionKey, parsePublicKey, type PublicKeyError } from '#formats/openpgp/public-key.ts';
import { KDF_CIPHER_KEY_LENGTH, KDF_HASH } from '#formats/openpgp/pkesk.ts';
import { isLowOrder } from '#formats/hpke/low-order.ts';
import { err, ok, type Result } from '#base/result.ts';

export interface ReaderKeys {
  readonly openpgp: {
    /** Fingerprint (20 bytes) and key id (8) of the encryption subkey, not of the primary key. */
    readonly fingerprint: Uint8Array<ArrayBuffer>;
    readonly keyId: Uint8Array<ArrayBuffer>;
    /** X25519 public key, 32 bytes, without the 0x40 prefix. */
    readonly point: Uint8Array<ArrayBuffer>;
    readonly kdfHash: number;
    readonly kdfCipher: number;
  };
  /** X25519 public key for summaries and terms, 32 bytes. */
  readonly summaryKey: Uint8Array<ArrayBuffer>;
  /** Version of the summary key; written into each sealed blob. */
  readonly version: number;
}

export type ReaderKeysError =
  | PublicKeyError
  | { readonly kind: 'noEncryptionKey' }
  | { readonly kind: 'unsupportedKdf' }
  | { readonly kind: 'weakKey' }
  | { readonly kind: 'badSummaryKey' };

/**
 * Reader keys from a certificate (binary or armored, v4 with a Curve25519Legacy subkey) and a summary public key.
 * Everything that would make sealing fail later is refused here, when the account hands its keys in.
 */
export function readerKeysFromPublic(
  publicKeyBytes: Uint8Array<ArrayBuffer>,
  summaryKey: Uint8Array<ArrayBuffer>,
  at: { readonly version: number; readonly nowMs: number },
): Result<ReaderKeys, ReaderKeysError> {
  const certificate = parsePublicKey(publicKeyBytes);
  if (!certificate.ok) return certificate;
  const subkey = findEncryptionKey(certificate.value, at.nowMs);
  if (subkey?.curve25519 === undefined) return err({ kind: 'noEncryptionKey' });
  const { point, kdfHash, kdfCipher } = subkey.curve25519;
  const hash = KDF_HASH[kdfHash];
  const wrapKeyLength = KDF_CIPHER_KEY_LENGTH[kdfCipher];
  if (hash === undefined || wrapKeyLength === undefined) return err({ kind: 'unsupportedKdf' });
  if (isLowOrder(point)) return err({ kind: 'weakKey' });
  if (summaryKey.length !== 32 || isLowOrder(summaryKey)) return err({ kind: 'badSummaryKey' });
  return ok({
    openpgp: { fingerprint: subkey.fingerprint, keyId: subkey.keyId, point, kdfHash, kdfCipher },
    summaryKey: Uint8Array.from(summaryKey),
    version: at.version,
  });
}
