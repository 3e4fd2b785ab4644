// What a receipt file proves to a person: signed by this house, by another, by nobody known, or forged; and how it fits a head kept earlier.

import { toBase64Url } from '#formats/base64/base64.ts';
import {
  areHeadsConsistent,
  checkReceipt,
  isHeadSigned,
  type CheckedReceipt,
  type CheckRefusal,
} from '#vault/book/check/check-receipt.ts';
import { receiptLeaf, type SignedHead } from '#vault/book/check/receipt.ts';
import { sha256 } from '#vault/sealing/derive.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import type { Hash } from '#vault/book/merkle.ts';

/** The key this page's own server signs with; undefined: it could not be asked. */
export interface HouseKey {
  readonly house: string;
  /** base64url */
  readonly key: string;
}

export interface SignedReceipt {
  /** house: this house's key · unknown: nobody could be asked · other: another house's, or a key made for the purpose. */
  readonly kind: 'house' | 'unknown' | 'other';
  readonly checked: CheckedReceipt;
  /** What stands in the book for it, base64url. */
  readonly leaf: string;
  /** SHA-256 of the key, hex in groups of four. */
  readonly fingerprint: string;
}

export type Judgement = SignedReceipt | { readonly kind: 'refused'; readonly why: CheckRefusal['kind'] };

export async function judgeReceipt(bytes: Uint8Array, house: HouseKey | undefined): Promise<Judgement> {
  const checked = await checkReceipt(bytes);
  if (!checked.ok) return { kind: 'refused', why: checked.error.kind };
  const { key, receipt } = checked.value;
  const isOwn = house?.key === key && house.house === receipt.house;
  return {
    kind: house === undefined ? 'unknown' : isOwn ? 'house' : 'other',
    checked: checked.value,
    leaf: toBase64Url(receiptLeaf(receipt)),
    fingerprint: fingerprintOf(key),
  };
}

/** Hex in groups of four: what two people read to each other. /trust writes it the same way. */
export function fingerprintOf(key: string): string {
  const hash = sha256(fromBase64(key) ?? new Uint8Array(0));
  const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.match(/.{1,4}/g)?.join(' ') ?? hex;
}

export type Comparison =
  | { readonly kind: 'one-book'; readonly with: SignedHead }
  /** The server has to be asked for the path between two sizes. */
  | { readonly kind: 'needs-proof'; readonly from: number; readonly to: number }
  | { readonly kind: 'refused'; readonly why: CheckRefusal['kind'] };

/** Whether the receipt's book and that of a head kept earlier (or a newer one) are one. */
export async function compareWithHead(
  { checked }: SignedReceipt,
  kept: SignedHead,
  proof: readonly Hash[] | undefined,
): Promise<Comparison> {
  const { head, key } = checked;
  if (head === undefined) return { kind: 'refused', why: 'nothingToCompare' };
  if (head.house !== kept.house) return { kind: 'refused', why: 'otherHouse' };
  if (!(await isHeadSigned(key, kept))) return { kind: 'refused', why: 'earlierHeadNotSigned' };
  const found = areHeadsConsistent(kept, head, proof);
  if (found.ok) return { kind: 'one-book', with: kept };
  if (found.error.kind === 'bookRewritten') return { kind: 'refused', why: 'bookRewritten' };
  return { kind: 'needs-proof', from: Math.min(kept.size, head.size), to: Math.max(kept.size, head.size) };
}
