// The receipt as a file: its parts, its one way of being written, and how it is read strictly; runs in a browser (decision 0012).

import { err, ok, type Result } from '#base/result.ts';
import { isId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { canonicalBytes, canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { labelled } from '../../sealing/derive.ts';
import { HASH_BYTES, leafHash, PATH_MAX, type Hash } from '../merkle.ts';

export type Fact = string | number | boolean | null;
export type Facts = Readonly<Record<string, Fact>>;

/** What is promised. Signed, and hashed into the book; the salt keeps the hash from saying anything to others. */
export interface ReceiptBody {
  readonly v: 1;
  readonly kind: string;
  /** Instance id of the house. */
  readonly house: string;
  readonly timeMs: number;
  readonly facts: Facts;
  /** 16 bytes, base64url. */
  readonly salt: string;
}

/** base64url of 32 bytes. */
export type HashText = string;

export interface PathText {
  readonly index: number;
  readonly size: number;
  readonly path: readonly HashText[];
}

export interface SignedHead {
  readonly v: 1;
  readonly house: string;
  /** Entries in the book. */
  readonly size: number;
  readonly root: HashText;
  readonly timeMs: number;
  /** base64url of 64 bytes. */
  readonly signature: string;
}

export interface ReceiptFile {
  readonly receipt: ReceiptBody;
  /** Ed25519 public key, base64url. */
  readonly key: string;
  readonly signature: string;
  /** Where a letter's receipt lies in the tree of its hour, whose root is the receipt that lies in the book. */
  readonly batch?: PathText & { readonly receipt: ReceiptBody };
  /** Where the receipt (or its batch's) lies in the book. */
  readonly proof?: PathText & { readonly head: SignedHead };
}

export type ReadRefusal =
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'notAReceipt' }
  /** Every part is there, but it is not written as it was given out. */
  | { readonly kind: 'rewritten' }
  | { readonly kind: 'newerFormat' };

export const SALT_BYTES = 16;
export const SIGNATURE_BYTES = 64;
const KEY_BYTES = 32;

export function receiptBytes(body: ReceiptBody): Hash {
  return canonicalBytes(body);
}

/** What stands in a tree for this receipt. */
export function receiptLeaf(body: ReceiptBody): Hash {
  return leafHash(receiptBytes(body));
}

export function receiptSignedBytes(body: ReceiptBody): Hash {
  return labelled('siegel/receipt/v1', receiptBytes(body));
}

export function headSignedBytes({ v, house, size, root, timeMs }: Omit<SignedHead, 'signature'>): Hash {
  return labelled('siegel/head/v1', canonicalBytes({ v, house, size, root, timeMs }));
}

/** The one way a receipt file is written: canonical JSON and a line end. */
export function formatReceiptFile(file: ReceiptFile): string {
  return `${canonicalJson(file)}\n`;
}

/** A receipt file, exactly as it was given out; white space around it does not count. */
export function parseReceiptFile(bytes: Uint8Array): Result<ReceiptFile, ReadRefusal> {
  const read = readJson(bytes);
  if (!read.ok) return read;
  const { value, text } = read.value;
  if (isNewer(value)) return err({ kind: 'newerFormat' });
  return isReceiptFile(value) ? exactly(value, text) : err({ kind: 'notAReceipt' });
}

/** The signed head in a file: by itself, as the server tells it, or inside a receipt. Its signature is checked later. */
export function parseHeadFile(bytes: Uint8Array): Result<SignedHead, ReadRefusal> {
  const read = readJson(bytes);
  if (!read.ok) return read;
  const { value } = read.value;
  const proof = isObject(value) ? value['proof'] : undefined;
  const places = [value, isObject(value) ? value['head'] : undefined, isObject(proof) ? proof['head'] : undefined];
  const head = places.find(isSignedHead);
  return head === undefined ? err({ kind: 'notAReceipt' }) : ok(head);
}

/** A signed head that came as JSON from a server. */
export function parseHead(value: unknown): SignedHead | undefined {
  return isSignedHead(value) ? value : undefined;
}

/** The hashes of a path that came as JSON from a server. */
export function parsePath(value: unknown): readonly Hash[] | undefined {
  return isPath(value) ? toHashes(value) : undefined;
}

export function toHashes(path: readonly HashText[]): readonly Hash[] {
  return path.map((text) => fromBase64(text) ?? new Uint8Array(0));
}

function readJson(bytes: Uint8Array): Result<{ readonly value: unknown; readonly text: string }, ReadRefusal> {
  if (bytes.length > limits.book.receiptFileBytes) return err({ kind: 'tooLarge' });
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
    const value: unknown = JSON.parse(text);
    return ok({ value, text });
  } catch {
    return err({ kind: 'notAReceipt' });
  }
}

/** JSON has many ways to say one thing and some to say two (doubled members): only ours is taken. */
function exactly<T>(value: T, text: string): Result<T, ReadRefusal> {
  return canonicalJson(value) === text ? ok(value) : err({ kind: 'rewritten' });
}

function isNewer(value: unknown): boolean {
  const version = isObject(value) && isObject(value['receipt']) ? value['receipt']['v'] : undefined;
  return typeof version === 'number' && version > 1;
}

function isReceiptFile(value: unknown): value is ReceiptFile {
  if (!hasOnly(value, ['receipt', 'key', 'signature'], ['batch', 'proof'])) return false;
  const { receipt, key, signature, batch, proof } = value;
  return (
    isBody(receipt) &&
    isBytes(key, KEY_BYTES) &&
    isBytes(signature, SIGNATURE_BYTES) &&
    (batch === undefined || isBatch(batch)) &&
    (proof === undefined || isProof(proof))
  );
}

function isBody(value: unknown): value is ReceiptBody {
  if (!hasOnly(value, ['v', 'kind', 'house', 'timeMs', 'facts', 'salt'])) return false;
  const { v, kind, house, timeMs, facts, salt } = value;
  const isNamed = typeof kind === 'string' && isKind(kind) && typeof house === 'string' && isId(house);
  return v === 1 && isNamed && isCount(timeMs) && isFacts(facts) && isBytes(salt, SALT_BYTES);
}

/** Kinds are our own words: lower-case letters and hyphens. */
export function isKind(text: string): boolean {
  return /^[a-z][a-z-]{1,39}$/.test(text);
}

/** Flat, so that a person can read them as a list. */
export function isFacts(value: unknown): value is Facts {
  if (!isObject(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= limits.book.factsMax && entries.every(([name, fact]) => name.length <= 64 && isFact(fact));
}

function isFact(value: unknown): value is Fact {
  if (typeof value === 'string') return value.length <= limits.book.factCharacters && value.isWellFormed();
  return value === null || typeof value === 'boolean' || Number.isSafeInteger(value);
}

function isBatch(value: unknown): boolean {
  if (!hasOnly(value, ['receipt', 'index', 'size', 'path'])) return false;
  return isBody(value['receipt']) && isPlaced(value);
}

function isProof(value: unknown): boolean {
  if (!hasOnly(value, ['index', 'size', 'path', 'head'])) return false;
  return isSignedHead(value['head']) && isPlaced(value);
}

function isPlaced(value: Readonly<Record<string, unknown>>): boolean {
  return isCount(value['index']) && isCount(value['size']) && isPath(value['path']);
}

function isPath(value: unknown): value is readonly HashText[] {
  return Array.isArray(value) && value.length <= PATH_MAX && value.every((hash) => isBytes(hash, HASH_BYTES));
}

function isSignedHead(value: unknown): value is SignedHead {
  if (!hasOnly(value, ['v', 'house', 'size', 'root', 'timeMs', 'signature'])) return false;
  const { v, house, size, root, timeMs, signature } = value;
  const isPlace = v === 1 && typeof house === 'string' && isId(house) && isCount(size) && isCount(timeMs);
  return isPlace && isBytes(root, HASH_BYTES) && isBytes(signature, SIGNATURE_BYTES);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);
}

/** base64url in its one form. */
function isBytes(value: unknown, length: number): value is string {
  const bytes = typeof value === 'string' ? fromBase64(value) : undefined;
  return bytes?.length === length && toBase64Url(bytes) === value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasOnly(
  value: unknown,
  needed: readonly string[],
  optional: readonly string[] = [],
): value is Readonly<Record<string, unknown>> {
  if (!isObject(value)) return false;
  const names = Object.keys(value);
  return needed.every((name) => names.includes(name)) && names.every((name) => [...needed, ...optional].includes(name));
}
