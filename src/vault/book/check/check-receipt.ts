// The one verifier: what a receipt file says, who signed it, and whether it lies in the book; for the command line and the page (decision 0012).

import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { verifyBytes } from '../../sealing/curve-keys.ts';
import { isConsistent, isIncluded, rootFromPath, type Hash, type TreeHead } from '../merkle.ts';
import {
  headSignedBytes,
  parseReceiptFile,
  receiptLeaf,
  receiptSignedBytes,
  toHashes,
  type PathText,
  type ReadRefusal,
  type ReceiptBody,
  type ReceiptFile,
  type SignedHead,
} from './receipt.ts';

export interface CheckOptions {
  /** The house's book key as it is known from elsewhere, base64url. */
  readonly knownKey?: string | undefined;
  /** A head kept from earlier (or newer than the receipt's). */
  readonly earlierHead?: SignedHead | undefined;
  /** Path of GET /book/consistency between the two heads' sizes; not needed when the sizes are equal. */
  readonly consistency?: readonly Hash[] | undefined;
}

export type CheckRefusal =
  | ReadRefusal
  | { readonly kind: 'otherKey' }
  | { readonly kind: 'notSigned' }
  | { readonly kind: 'otherHouse' }
  | { readonly kind: 'notInBatch' }
  | { readonly kind: 'notInBook' }
  | { readonly kind: 'headNotSigned' }
  /** There is a head to compare with, but the receipt holds none. */
  | { readonly kind: 'nothingToCompare' }
  | { readonly kind: 'earlierHeadNotSigned' }
  | { readonly kind: 'consistencyMissing' }
  /** The two heads are of two different books: one of them was rewritten. */
  | { readonly kind: 'bookRewritten' };

export interface CheckedReceipt {
  readonly receipt: ReceiptBody;
  readonly key: string;
  /** Whether the key was compared with a known one. Without that, anybody could have made receipt and key. */
  readonly isKeyKnown: boolean;
  /** `signed`: a promise that is signed, without its place in the book yet. */
  readonly standing: 'signed' | 'in-book';
  readonly head: SignedHead | undefined;
  /** Number of the entry in the book, from 0. */
  readonly entry: number | undefined;
  /** How many letters share that entry, for a letter's receipt. */
  readonly lettersInEntry: number | undefined;
  /** The earlier head that the receipt's book begins with (or is the beginning of). */
  readonly comparedWith: SignedHead | undefined;
}

/** What the file says, if it is true; or the first thing that is wrong. */
export async function checkReceipt(
  bytes: Uint8Array,
  options: CheckOptions = {},
): Promise<Result<CheckedReceipt, CheckRefusal>> {
  const parsed = parseReceiptFile(bytes);
  if (!parsed.ok) return parsed;
  const file = parsed.value;
  const { receipt, key, batch, proof } = file;
  if (options.knownKey !== undefined && options.knownKey !== key) return err({ kind: 'otherKey' });
  if (!(await isSignedBy(key, file.signature, receiptSignedBytes(receipt)))) return err({ kind: 'notSigned' });
  const placed = await checkPlace(file);
  if (!placed.ok) return placed;
  const compared = await compareHeads(file, options);
  if (!compared.ok) return compared;
  return ok({
    receipt,
    key,
    isKeyKnown: options.knownKey !== undefined,
    standing: proof === undefined ? 'signed' : 'in-book',
    head: proof?.head,
    entry: proof?.index,
    lettersInEntry: batch?.size,
    comparedWith: options.earlierHead,
  });
}

async function checkPlace({ receipt, key, batch, proof }: ReceiptFile): Promise<Result<void, CheckRefusal>> {
  const houses = [batch?.receipt.house, proof?.head.house].filter((house) => house !== undefined);
  if (houses.some((house) => house !== receipt.house)) return err({ kind: 'otherHouse' });
  if (batch !== undefined && !isInBatch(receipt, batch)) return err({ kind: 'notInBatch' });
  if (proof === undefined) return ok(undefined);
  if (!(await isHeadSigned(key, proof.head))) return err({ kind: 'headNotSigned' });
  const leaf = receiptLeaf(batch?.receipt ?? receipt);
  const isThere = proof.size === proof.head.size && isIncluded(leaf, pathOf(proof), treeHead(proof.head).root);
  return isThere ? ok(undefined) : err({ kind: 'notInBook' });
}

/** The letter's leaf leads to the root that the batch's own receipt names. */
function isInBatch(receipt: ReceiptBody, batch: PathText & { readonly receipt: ReceiptBody }): boolean {
  const { facts, kind } = batch.receipt;
  if (kind !== 'letters-sealed' || facts['count'] !== batch.size) return false;
  const root = rootFromPath(receiptLeaf(receipt), pathOf(batch));
  return root !== undefined && toBase64Url(root) === facts['root'];
}

async function compareHeads(
  { key, proof }: ReceiptFile,
  { earlierHead, consistency }: CheckOptions,
): Promise<Result<void, CheckRefusal>> {
  if (earlierHead === undefined) return ok(undefined);
  if (proof === undefined) return err({ kind: 'nothingToCompare' });
  if (earlierHead.house !== proof.head.house) return err({ kind: 'otherHouse' });
  if (!(await isHeadSigned(key, earlierHead))) return err({ kind: 'earlierHeadNotSigned' });
  return areHeadsConsistent(earlierHead, proof.head, consistency);
}

/** Whether two heads are of one book. Signatures are checked before; the order of the two does not matter. */
export function areHeadsConsistent(
  a: SignedHead,
  b: SignedHead,
  path: readonly Hash[] | undefined,
): Result<void, { readonly kind: 'consistencyMissing' } | { readonly kind: 'bookRewritten' }> {
  const [earlier, later] = a.size <= b.size ? [a, b] : [b, a];
  const isPathNeeded = earlier.size > 0 && earlier.size < later.size;
  if (isPathNeeded && path === undefined) return err({ kind: 'consistencyMissing' });
  const isOne = isConsistent(treeHead(earlier), treeHead(later), isPathNeeded ? (path ?? []) : []);
  return isOne ? ok(undefined) : err({ kind: 'bookRewritten' });
}

export function isHeadSigned(key: string, head: SignedHead): Promise<boolean> {
  return isSignedBy(key, head.signature, headSignedBytes(head));
}

async function isSignedBy(key: string, signature: string, bytes: Hash): Promise<boolean> {
  const [keyBytes, signatureBytes] = [fromBase64(key), fromBase64(signature)];
  return keyBytes !== undefined && signatureBytes !== undefined && verifyBytes(keyBytes, signatureBytes, bytes);
}

function pathOf({ index, size, path }: PathText): { index: number; size: number; path: readonly Hash[] } {
  return { index, size, path: toHashes(path) };
}

function treeHead({ size, root }: SignedHead): TreeHead {
  return { size, root: fromBase64(root) ?? new Uint8Array(0) };
}
