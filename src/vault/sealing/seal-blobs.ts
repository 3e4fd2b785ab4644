// Seals a summary and its terms to a reader's summary key with HPKE (RFC 9180 §5, base mode; decision 0003 §3).

import { createCipheriv, createSecretKey, encapsulate, hash } from 'node:crypto';
import { AES_256_GCM, keyAndNonce, scheduleContext, type KeyAndNonce } from '#formats/hpke/schedule.ts';
import type { ReaderKeys } from './reader-keys.ts';
import { importPoint } from './seal-packet.ts';
import {
  BLOB_INFO,
  blobAad,
  encodeSealedBlob,
  padBlob,
  type BlobPlace,
  type BlobUse,
  type SummaryKind,
} from './sealed-blob.ts';

const BLOCK = 64;
const EMPTY = new Uint8Array(0);
const contexts = {
  summary: scheduleContext(hmacSha256, AES_256_GCM, BLOB_INFO.summary),
  terms: scheduleContext(hmacSha256, AES_256_GCM, BLOB_INFO.terms),
};

export interface BlobContent {
  readonly plainJson: Uint8Array;
  readonly proof: Uint8Array;
}

/**
 * Sealed summary and sealed terms of one reader's letter. Both use one encapsulation, made fresh for this letter and
 * reader: their infos differ, so keys and nonces are independent, and an X25519 exchange is saved.
 */
export function sealBlobs(
  place: BlobPlace,
  kind: SummaryKind,
  reader: ReaderKeys,
  content: { readonly summary: BlobContent; readonly plainTermsJson: Uint8Array | undefined },
): { readonly summary: Uint8Array<ArrayBuffer>; readonly terms: Uint8Array<ArrayBuffer> } {
  // The platform's KEM for X25519 keys is DHKEM(X25519, HKDF-SHA256) of RFC 9180; open-blobs.ts computes the same by hand.
  const { ciphertext: enc, sharedKey: secret } = encapsulate(importPoint(reader.summaryKey));
  const aad = blobAad(place, kind);
  const seal = (use: BlobUse, plainJson: Uint8Array, proof: Uint8Array): Uint8Array<ArrayBuffer> => {
    const { ciphertext, tag } = encryptGcm(
      keyAndNonce(hmacSha256, AES_256_GCM, secret, contexts[use]),
      aad,
      padBlob(use, plainJson, proof),
    );
    return encodeSealedBlob(kind, reader.version, enc, ciphertext, tag);
  };
  const { summary, plainTermsJson } = content;
  return {
    summary: seal('summary', summary.plainJson, summary.proof),
    terms: plainTermsJson === undefined ? EMPTY : seal('terms', plainTermsJson, EMPTY),
  };
}

function encryptGcm(
  { key, nonce }: KeyAndNonce,
  aad: Uint8Array,
  plain: Uint8Array,
): { readonly ciphertext: Uint8Array; readonly tag: Uint8Array } {
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(key), nonce);
  cipher.setAAD(aad);
  const ciphertext = cipher.update(plain);
  cipher.final();
  return { ciphertext, tag: cipher.getAuthTag() };
}

/**
 * HMAC by two one-shot hashes that come as text: createHmac costs ten times as much for inputs this short, and a hash as
 * Buffer thrice as much (measured). Keys here are at most 32 bytes.
 */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  if (key.length > BLOCK) throw new Error('HMAC keys of this room fit one block');
  const inner = new Uint8Array(BLOCK + data.length).fill(0x36, 0, BLOCK);
  const outer = Buffer.allocUnsafe(BLOCK + 32).fill(0x5c, 0, BLOCK);
  for (let i = 0; i < key.length; i++) {
    inner[i] = 0x36 ^ (key[i] ?? 0);
    outer[i] = 0x5c ^ (key[i] ?? 0);
  }
  inner.set(data, BLOCK);
  outer.write(hash('sha256', inner, 'binary'), BLOCK, 'latin1');
  return Buffer.from(hash('sha256', outer, 'binary'), 'latin1');
}
