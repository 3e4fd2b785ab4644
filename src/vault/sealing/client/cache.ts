// Sealed pages of summaries, sealed search segments and the manifest that names them: caches, never a reason to delete anything (decision 0003 §12).

import { idToBytes, type ItemId, type LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import { joinBytes, number32 } from '../bytes.ts';
import { openBox, openOnce, sealBox, sealOnce } from './aead.ts';
import { deflate, inflate } from './deflate.ts';
import { deriveKey, labelled, randomBytes } from '../derive.ts';
import { padToPadme, padToStep, unpad } from './padding.ts';
import type { AccountKeys } from './root-key.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const FORMAT = 1;
const SALT_BYTES = 32;
const PAGE_STEP = 4096;

/** One row of a page: a letter and what the list shows of it. */
export interface PageRow {
  readonly letterId: LetterId;
  readonly facts: unknown;
}

/** Up to 256 opened summaries: canonical JSON, deflated, padded to 4 kB steps. */
export async function sealPage(keys: AccountKeys, blobId: ItemId, plainRows: readonly PageRow[]): Promise<Bytes> {
  return sealBlob(keys, 'page', blobId, padToStep(await deflate(canonicalBytes(plainRows)), PAGE_STEP));
}

export async function openPage(
  keys: AccountKeys,
  blobId: ItemId,
  sealed: Bytes,
): Promise<readonly PageRow[] | undefined> {
  const plain = await openBlob(keys, 'page', blobId, sealed);
  const packed = plain === undefined ? undefined : unpad(plain);
  const json = packed === undefined ? undefined : await inflate(packed, limits.sealing.pageBytesMax);
  return json === undefined ? undefined : parseRows(json);
}

/** A segment as `segment.ts` encodes it, padded to a Padmé size. */
export async function sealSegment(keys: AccountKeys, blobId: ItemId, plainSegment: Bytes): Promise<Bytes> {
  return sealBlob(keys, 'segment', blobId, padToPadme(plainSegment));
}

export async function openSegment(keys: AccountKeys, blobId: ItemId, sealed: Bytes): Promise<Bytes | undefined> {
  const plain = await openBlob(keys, 'segment', blobId, sealed);
  return plain === undefined ? undefined : unpad(plain);
}

export interface CacheManifest {
  /** The server accepts only the next one; each device keeps the highest it has seen. */
  readonly counter: number;
  readonly pages: readonly CacheEntry[];
  readonly segments: readonly CacheEntry[];
}

export interface CacheEntry {
  readonly id: ItemId;
  /** SHA-256 of the sealed blob, base64url. */
  readonly sha256: string;
  readonly letters: readonly LetterId[];
}

/** Sealed under the lists key, which only this account's clients hold: that is its signature. The counter stands in the AAD. */
export async function sealCacheManifest(keys: AccountKeys, manifest: CacheManifest): Promise<Bytes> {
  const plain = padToPadme(await deflate(canonicalBytes({ v: 1, ...manifest })));
  return sealBox(manifestKey(keys), manifestAad(keys, manifest.counter), plain);
}

export async function openCacheManifest(
  keys: AccountKeys,
  counter: number,
  sealed: Bytes,
): Promise<CacheManifest | undefined> {
  const plain = await openBox(manifestKey(keys), manifestAad(keys, counter), sealed);
  const packed = plain === undefined ? undefined : unpad(plain);
  const json = packed === undefined ? undefined : await inflate(packed, limits.sealing.manifestBytesMax);
  if (json === undefined) return undefined;
  const manifest = parseCacheManifest(json);
  return manifest?.counter === counter ? manifest : undefined;
}

/** 0x01 ‖ salt ‖ ciphertext: key = HKDF(lists key, salt, kind ‖ account ‖ blob id), used once. */
async function sealBlob(keys: AccountKeys, kind: 'page' | 'segment', blobId: ItemId, plain: Bytes): Promise<Bytes> {
  const salt = randomBytes(SALT_BYTES);
  const head = joinBytes(Uint8Array.of(FORMAT), salt);
  return joinBytes(head, await sealOnce(blobKey(keys, kind, blobId, salt), head, plain));
}

async function openBlob(
  keys: AccountKeys,
  kind: 'page' | 'segment',
  blobId: ItemId,
  sealed: Bytes,
): Promise<Bytes | undefined> {
  const head = sealed.slice(0, 1 + SALT_BYTES);
  if (head[0] !== FORMAT || head.length < 1 + SALT_BYTES) return undefined;
  return openOnce(blobKey(keys, kind, blobId, head.subarray(1)), head, sealed.subarray(head.length));
}

function blobKey(keys: AccountKeys, kind: 'page' | 'segment', blobId: ItemId, salt: Uint8Array): Bytes {
  const place = joinBytes(idToBytes(keys.rootKey.accountId), idToBytes(blobId));
  return deriveKey(keys.listsKey, `siegel/${kind}/v1`, place, salt);
}

function manifestKey(keys: AccountKeys): Bytes {
  return deriveKey(keys.listsKey, 'siegel/cache-manifest-key/v1');
}

function manifestAad(keys: AccountKeys, counter: number): Bytes {
  return labelled('siegel/cache-manifest/v1', idToBytes(keys.rootKey.accountId), number32(counter));
}

function parseRows(json: Bytes): readonly PageRow[] | undefined {
  const value: unknown = JSON.parse(new TextDecoder().decode(json));
  return Array.isArray(value) ? (value as PageRow[]) : undefined;
}

function parseCacheManifest(json: Bytes): CacheManifest | undefined {
  const value = JSON.parse(new TextDecoder().decode(json)) as CacheManifest & { v: number };
  return value.v === 1 ? value : undefined;
}
