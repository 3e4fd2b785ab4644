// Layout of a sealed summary and of sealed terms: header, AAD, padding, signed bytes (decision 0003 §3).

import { idToBytes, type AccountId, type LetterId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { ENC_BYTES, TAG_BYTES } from '#formats/hpke/schedule.ts';
import { ascii, joinBytes, number32, readNumber32 } from './bytes.ts';

/** Who made it: the door from a clear letter; the door from the envelope of an encrypted one; the sender's client; the reader's client. */
export type SummaryKind = 'door' | 'outer' | 'claimed' | 'rebuilt';
export type BlobUse = 'summary' | 'terms';

export const BLOB_INFO: Readonly<Record<BlobUse, Uint8Array<ArrayBuffer>>> = {
  summary: ascii('siegel/summary/v1'),
  terms: ascii('siegel/terms/v1'),
};
const KINDS: readonly SummaryKind[] = ['door', 'outer', 'claimed', 'rebuilt'];
const KIND_BYTES: Readonly<Record<SummaryKind, Uint8Array<ArrayBuffer>>> = {
  door: ascii('door'),
  outer: ascii('outer'),
  claimed: ascii('claimed'),
  rebuilt: ascii('rebuilt'),
};
/** Behind the JSON of a summary stands what proves its maker: an Ed25519 signature of the door key, or an HMAC of the reader's client. */
export const PROOF_BYTES: Readonly<Record<SummaryKind, number>> = { door: 64, outer: 64, claimed: 0, rebuilt: 32 };

const FORMAT = 1;
const SUMMARY_STEP = 256;
const HEAD = 6;
const DOOR_CONTEXT = joinBytes(ascii('siegel/door/v1'), Uint8Array.of(0));
const REBUILT_CONTEXT = joinBytes(ascii('siegel/rebuilt/v1'), Uint8Array.of(0));

/** Account and letter as 16 bytes each. */
export interface BlobPlace {
  readonly account: Uint8Array;
  readonly letter: Uint8Array;
}

export interface SealedBlob {
  readonly kind: SummaryKind;
  /** Which of the reader's summary keys opens it. */
  readonly keyVersion: number;
  readonly enc: Uint8Array<ArrayBuffer>;
  readonly ciphertext: Uint8Array<ArrayBuffer>;
}

export function blobPlace(accountId: AccountId, letterId: LetterId): BlobPlace {
  return { account: idToBytes(accountId), letter: idToBytes(letterId) };
}

/** account ‖ letter ‖ kind: a blob opens only where it belongs. */
export function blobAad(place: BlobPlace, kind: SummaryKind): Uint8Array<ArrayBuffer> {
  return joinBytes(place.account, place.letter, KIND_BYTES[kind]);
}

/** What the door key signs (Ed25519), and what a rebuilding client authenticates (HMAC): place, digest of the summary's JSON, kind. */
export function provenBytes(place: BlobPlace, kind: SummaryKind, jsonSha256: Uint8Array): Uint8Array<ArrayBuffer> {
  const context = kind === 'rebuilt' ? REBUILT_CONTEXT : DOOR_CONTEXT;
  return joinBytes(context, place.account, place.letter, jsonSha256, KIND_BYTES[kind]);
}

/** version ‖ kind ‖ key version ‖ enc ‖ ciphertext and tag. */
export function encodeSealedBlob(
  kind: SummaryKind,
  keyVersion: number,
  enc: Uint8Array,
  ...ciphertext: readonly Uint8Array[]
): Uint8Array<ArrayBuffer> {
  return joinBytes(Uint8Array.of(FORMAT, KINDS.indexOf(kind)), number32(keyVersion), enc, ...ciphertext);
}

export type BlobError = { readonly kind: 'notASealedBlob' };

export function parseSealedBlob(bytes: Uint8Array<ArrayBuffer>): Result<SealedBlob, BlobError> {
  const kind = KINDS[bytes[1] ?? KINDS.length];
  if (bytes[0] !== FORMAT || kind === undefined || bytes.length < HEAD + ENC_BYTES + TAG_BYTES) {
    return err({ kind: 'notASealedBlob' });
  }
  return ok({
    kind,
    keyVersion: readNumber32(bytes, 2),
    enc: bytes.subarray(HEAD, HEAD + ENC_BYTES),
    ciphertext: bytes.subarray(HEAD + ENC_BYTES),
  });
}

/** What is encrypted: length of the JSON ‖ JSON ‖ proof ‖ zeros; summaries in steps of 256 bytes, terms in Padmé sizes. */
export function padBlob(use: BlobUse, plainJson: Uint8Array, proof: Uint8Array): Uint8Array<ArrayBuffer> {
  const used = 4 + plainJson.length + proof.length;
  const padded = use === 'summary' ? Math.ceil(used / SUMMARY_STEP) * SUMMARY_STEP : padmeLength(used);
  const bytes = new Uint8Array(padded);
  bytes.set(number32(plainJson.length));
  bytes.set(plainJson, 4);
  bytes.set(proof, 4 + plainJson.length);
  return bytes;
}

/** Undoes padBlob. The padding must be zeros and exactly as long as the rule says: one content, one form. */
export function unpadBlob(
  use: BlobUse,
  plainPadded: Uint8Array<ArrayBuffer>,
  proofBytes: number,
): Result<{ readonly plainJson: Uint8Array<ArrayBuffer>; readonly proof: Uint8Array<ArrayBuffer> }, BlobError> {
  const length = readNumber32(plainPadded, 0);
  const used = 4 + length + proofBytes;
  if (used > plainPadded.length) return err({ kind: 'notASealedBlob' });
  const expected = use === 'summary' ? Math.ceil(used / SUMMARY_STEP) * SUMMARY_STEP : padmeLength(used);
  if (expected !== plainPadded.length) return err({ kind: 'notASealedBlob' });
  for (let i = used; i < plainPadded.length; i++) if (plainPadded[i] !== 0) return err({ kind: 'notASealedBlob' });
  return ok({ plainJson: plainPadded.subarray(4, 4 + length), proof: plainPadded.subarray(4 + length, used) });
}

/** Padmé (Nikitin et al. 2019): a length keeps about log2(log2 L) significant bits, so it tells little and costs ≤ 12 %, about 1.5 % in the mean. */
export function padmeLength(length: number): number {
  if (length < 2) return length;
  const exponent = Math.floor(Math.log2(length));
  const bits = Math.floor(Math.log2(exponent)) + 1;
  const step = 2 ** Math.max(0, exponent - bits);
  return Math.ceil(length / step) * step;
}
