// Seals a letter at the door: one data packet, and for each reader key packet, summary and terms. The server has no way to open any of them.

import { hash, randomBytes } from 'node:crypto';
import type { AccountId, LetterId } from '#base/ids.ts';
import { KEY_PACKET_BYTES } from '#formats/openpgp/pkesk.ts';
import { signAtDoor, type DoorKey } from './door-key.ts';
import type { ReaderKeys } from './reader-keys.ts';
import { RENDER_VERSION, renderedSizeBytes } from './render.ts';
import { sealBlobs } from './seal-blobs.ts';
import { sealDataPacket, sealSessionKey, type Insertion } from './seal-packet.ts';
import { blobPlace, provenBytes } from './sealed-blob.ts';
import { encodeSummary, encodeTerms, type Terms } from './summary.ts';

export interface Reader {
  readonly accountId: AccountId;
  readonly letterId: LetterId;
  readonly keys: ReaderKeys;
}

export interface LetterToSeal {
  /** Return-Path, Received, Authentication-Results, HP-Outer …: goes before the letter. */
  readonly plainBlock: Uint8Array;
  /** The letter exactly as SMTP brought it. */
  readonly plainOriginal: Uint8Array;
  /** What `protectInsertions` asks for, in order of offset; our block is not among them. */
  readonly insertions: readonly Insertion[];
  readonly receivedMs: number;
  readonly verdict: unknown;
  readonly provenance: unknown;
  readonly facts: object;
  /** None for letters whose inside the door cannot read. */
  readonly terms: Terms | undefined;
  /** door: made from a clear letter. outer: the letter came encrypted, facts hold only what its envelope shows. */
  readonly kind: 'door' | 'outer';
  readonly readers: readonly Reader[];
}

export interface SealedCopy {
  readonly accountId: AccountId;
  readonly letterId: LetterId;
  readonly keyPacket: Uint8Array<ArrayBuffer>;
  readonly summary: Uint8Array<ArrayBuffer>;
  /** Empty when there are none. */
  readonly terms: Uint8Array<ArrayBuffer>;
  readonly renderVersion: number;
  readonly renderSizeBytes: number;
}

export interface SealedLetter {
  readonly packet: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the whole packet. */
  readonly packetDigest: Uint8Array<ArrayBuffer>;
  readonly copies: readonly SealedCopy[];
}

/** Seals one letter for its readers. Synchronous and free of I/O: made for worker threads. Throws only on mistakes of ours. */
export function sealLetter(letter: LetterToSeal, doorKey: DoorKey): SealedLetter {
  if (letter.kind === 'outer' && letter.terms !== undefined) throw new Error('an encrypted letter has no terms');
  const insertions: Insertion[] = [{ offset: 0, bytes: letter.plainBlock }, ...letter.insertions];
  const random = randomBytes(48);
  const packet = sealDataPacket(letter.plainOriginal, insertions, random);
  const packetDigest = sha256(packet);
  const plainTermsJson = letter.terms === undefined ? undefined : encodeTerms(letter.terms);
  const plainJson = encodeSummary({
    doorKeyId: doorKey.keyId,
    packetSha256: packetDigest,
    receivedMs: letter.receivedMs,
    verdict: letter.verdict,
    provenance: letter.provenance,
    original: {
      sha256: sha256(letter.plainOriginal),
      sizeBytes: letter.plainOriginal.length,
      insertions: insertions.map(({ offset, bytes }) => ({ offset, length: bytes.length })),
    },
    termsSha256: plainTermsJson === undefined ? undefined : sha256(plainTermsJson),
    facts: letter.facts,
  });
  const jsonSha256 = sha256(plainJson);
  const renderSizeBytes = renderedSizeBytes(RENDER_VERSION, KEY_PACKET_BYTES, packet.length);
  const copies = letter.readers.map(({ accountId, letterId, keys }): SealedCopy => {
    const place = blobPlace(accountId, letterId);
    const proof = signAtDoor(doorKey, provenBytes(place, letter.kind, jsonSha256));
    const keyPacket = sealSessionKey(random.subarray(0, 32), keys.openpgp);
    const blobs = sealBlobs(place, letter.kind, keys, { summary: { plainJson, proof }, plainTermsJson });
    return { accountId, letterId, keyPacket, ...blobs, renderVersion: RENDER_VERSION, renderSizeBytes };
  });
  random.fill(0);
  return { packet, packetDigest, copies };
}

function sha256(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hash('sha256', bytes, 'buffer'));
}
