// The deletion receipt: a signed statement of what was worked on (as salted hashes), returned and erased; it names nobody.

import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';

/** What the receipt says. Times in milliseconds since 1970. */
export interface ReceiptFacts {
  readonly kind: 'siegel transit deletion receipt';
  readonly version: 1;
  /** 26 characters, chosen by chance. */
  readonly job: string;
  readonly receivedMs: number;
  /** Undefined for what nobody took: it was erased all the same. */
  readonly returnedMs: number | undefined;
  readonly erasedMs: number;
  /** One for each document, in the order of the report: SHA-256 over salt, digest before and digest after, hex. */
  readonly saltedHashes: readonly string[];
  readonly objectsCreated: number;
  readonly objectsErased: number;
  readonly isKeyDestroyed: boolean;
  /** SHA-256 of the self-check that held then, hex. */
  readonly selfCheck: string;
  /** Findings that the operator accepted by name. */
  readonly accepted: readonly string[];
}

export interface DeletionReceipt {
  readonly facts: ReceiptFacts;
  /** Raw Ed25519 public key, base64url. */
  readonly key: string;
  /** Over the canonical JSON of the facts, base64url. */
  readonly signature: string;
}

/** Of a book that keeps no hashes of very many documents: whoever has the answer to the documents has them all, and with them the whole receipt. */
export interface CountedReceipt {
  readonly counted: Omit<ReceiptFacts, 'saltedHashes'>;
  readonly documents: number;
  readonly receiptHash: string;
  readonly key: string;
  readonly signature: string;
}

export type FoundReceipt = DeletionReceipt | CountedReceipt;

/** One for each document, hex; only the person who sent the documents gets them. */
export type FileSalts = readonly string[];

export interface ReceiptSigner {
  /** Raw Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

export function signReceipt(facts: ReceiptFacts, { publicKey, sign }: ReceiptSigner): DeletionReceipt {
  return {
    facts,
    key: Buffer.from(publicKey).toString('base64url'),
    signature: Buffer.from(sign(bytesOf(facts))).toString('base64url'),
  };
}

/** Whether the signature is that of the key it names; whose key that is, the caller knows. */
export function isReceiptGenuine({ facts, key, signature }: DeletionReceipt): boolean {
  const [x, mark] = [Buffer.from(key, 'base64url'), Buffer.from(signature, 'base64url')];
  // several texts mean the same bytes; a receipt is written in one way
  if (x.length !== 32 || x.toString('base64url') !== key || mark.toString('base64url') !== signature) return false;
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' });
  return verifySignature(null, bytesOf(facts), publicKey, mark);
}

/** Joins the book: SHA-256 over the canonical JSON of the whole receipt, hex. */
export function receiptHash(receipt: DeletionReceipt): string {
  return createHash('sha256').update(canonicalJson(receipt)).digest('hex');
}

/** Salt and digests in hex. */
export function saltedHash(salt: string, digestBefore: string, digestAfter: string): string {
  return createHash('sha256')
    .update(Buffer.from(salt, 'hex'))
    .update(Buffer.from(digestBefore, 'hex'))
    .update(Buffer.from(digestAfter, 'hex'))
    .digest('hex');
}

function bytesOf(facts: ReceiptFacts): Uint8Array {
  return Buffer.from(canonicalJson(facts));
}
