// Letters with an expiry: layout of what wraps their key packet, summary and terms (decision 0003 §5; the chains come with their own issue).

import { idToBytes, type AccountId, type LetterId } from '#base/ids.ts';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ascii, joinBytes, number32, readNumber32 } from './bytes.ts';

export type LetterClass = 'ordinary' | 'mortal';
export type WrappedPart = 'keyPacket' | 'summary' | 'terms';

/** Where a wrapped part belongs; all of it is authenticated. */
export interface MortalPlace {
  readonly accountId: AccountId;
  readonly letterId: LetterId;
  readonly part: WrappedPart;
  /** Days since 1970-01-01 UTC of the arrival: which chain. */
  readonly chainDay: number;
  /** ⌈expiry in hours since 1970⌉. */
  readonly epoch: number;
  /** 0 for the first sealing; raised when the same part is wrapped again, so that no key is used twice. */
  readonly wrapNumber: number;
}

export interface MortalBox {
  readonly chainDay: number;
  readonly epoch: number;
  readonly wrapNumber: number;
  readonly nonce: Uint8Array<ArrayBuffer>;
  readonly ciphertext: Uint8Array<ArrayBuffer>;
}

const FORMAT = 2; // ordinary sealed blobs begin with 1, key packets with 0xc1
const NONCE_BYTES = 12;
const HEAD = 13;
const PART_CODE: Readonly<Record<WrappedPart, number>> = { keyPacket: 1, summary: 2, terms: 3 };

/** K = HKDF-SHA-256(E_g(e), info = "siegel/mortal-key/v1" ‖ 0 ‖ account ‖ letter ‖ part ‖ wrap number), 32 bytes. */
export function mortalKey(epochKey: Uint8Array, place: MortalPlace): Uint8Array<ArrayBuffer> {
  const { accountId, letterId, part, wrapNumber } = place;
  const info = joinBytes(
    ascii('siegel/mortal-key/v1\0'),
    idToBytes(accountId),
    idToBytes(letterId),
    Uint8Array.of(PART_CODE[part]),
    number32(wrapNumber),
  );
  return new Uint8Array(hkdf(sha256, epochKey, new Uint8Array(0), info, 32));
}

/** "siegel/mortal/v1" ‖ 0 ‖ account ‖ letter ‖ part ‖ chain day ‖ epoch ‖ wrap number. */
export function mortalAad(place: MortalPlace): Uint8Array<ArrayBuffer> {
  return joinBytes(
    ascii('siegel/mortal/v1\0'),
    idToBytes(place.accountId),
    idToBytes(place.letterId),
    Uint8Array.of(PART_CODE[place.part]),
    number32(place.chainDay),
    number32(place.epoch),
    number32(place.wrapNumber),
  );
}

/** 0x02 ‖ chain day ‖ epoch ‖ wrap number ‖ nonce ‖ ciphertext ‖ tag. */
export function encodeMortalBox(box: MortalBox): Uint8Array<ArrayBuffer> {
  return joinBytes(
    Uint8Array.of(FORMAT),
    number32(box.chainDay),
    number32(box.epoch),
    number32(box.wrapNumber),
    box.nonce,
    box.ciphertext,
  );
}

/** Undefined when the bytes are not a wrapped part of a mortal letter. */
export function parseMortalBox(bytes: Uint8Array<ArrayBuffer>): MortalBox | undefined {
  if (bytes[0] !== FORMAT || bytes.length < HEAD + NONCE_BYTES + 16) return undefined;
  return {
    chainDay: readNumber32(bytes, 1),
    epoch: readNumber32(bytes, 5),
    wrapNumber: readNumber32(bytes, 9),
    nonce: bytes.subarray(HEAD, HEAD + NONCE_BYTES),
    ciphertext: bytes.subarray(HEAD + NONCE_BYTES),
  };
}
