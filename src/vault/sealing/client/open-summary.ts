// Opens summaries and terms that the door or a client of the account sealed, and checks who vouches for them (decision 0003 §4).

import { idToBytes, type AccountId, type LetterId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { exchangeKey, type ExchangeKey, verifyBytes } from '../curve-keys.ts';
import { hmacSha256, sha256 } from '../derive.ts';
import { joinBytes, sameBytes, sameSecret } from '../bytes.ts';
import { hpkeContext, hpkeOpen } from './hpke-box.ts';
import type { Keyring } from './keyring.ts';
import { rebuiltKeys } from './rebuilt.ts';
import type { AccountKeys } from './root-key.ts';
import {
  BLOB_INFO,
  blobAad,
  parseSealedBlob,
  PROOF_BYTES,
  provenBytes,
  unpadBlob,
  type BlobPlace,
  type BlobUse,
  type SummaryKind,
} from '../sealed-blob.ts';
import { parseSummary, parseTerms, type Summary, type Terms } from '../summary.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** The keys that open summaries, by version. Made once per session: importing them costs more than using them. */
export type SummaryKeys = ReadonlyMap<number, ExchangeKey>;

export interface LetterPlace {
  readonly accountId: AccountId;
  readonly letterId: LetterId;
}

/** The one answer to everything that does not fit: keys, place, signature, digest. */
export type Altered = { readonly kind: 'alteredInStorage' };
export type OpenError = Altered | { readonly kind: 'noSuchKey' };

export interface OpenedSummary {
  readonly place: LetterPlace;
  readonly kind: SummaryKind;
  readonly summary: Summary;
  /** SHA-256 of the JSON: what the proof covers. */
  readonly jsonSha256: Bytes;
  readonly proof: Bytes;
}

export async function summaryKeysOf(keyring: Keyring): Promise<SummaryKeys> {
  const keys = new Map<number, ExchangeKey>();
  for (const { version, seed } of keyring.summary) keys.set(version, await exchangeKey(seed));
  return keys;
}

/** A summary sealed for this letter of this account. Not yet checked: see checkSummary. */
export async function openSummary(
  sealed: Bytes,
  place: LetterPlace,
  keys: SummaryKeys,
): Promise<Result<OpenedSummary, OpenError>> {
  const opened = await openBlob('summary', sealed, place, keys);
  if (!opened.ok) return opened;
  const { kind, plainJson, proof } = opened.value;
  const summary = parseSummary(plainJson);
  if (!summary.ok) return err({ kind: 'alteredInStorage' });
  return ok({ place, kind, summary: summary.value, jsonSha256: sha256(plainJson), proof });
}

/** The search words of a letter, if they are those its summary names. */
export async function openTerms(
  sealed: Bytes,
  opened: OpenedSummary,
  keys: SummaryKeys,
): Promise<Result<Terms, OpenError>> {
  const blob = await openBlob('terms', sealed, opened.place, keys);
  if (!blob.ok) return blob;
  const { termsSha256 } = opened.summary;
  const isNamed = termsSha256 !== undefined && sameBytes(sha256(blob.value.plainJson), termsSha256);
  const terms = parseTerms(blob.value.plainJson);
  return isNamed && blob.value.kind === opened.kind && terms.ok ? terms : err({ kind: 'alteredInStorage' });
}

/** What a summary is checked against. */
export interface Trusted {
  /** Public door keys by key id, as pinned by this client. */
  readonly doorKeys: ReadonlyMap<string, Bytes>;
  /** For summaries rebuilt by a client of this account. */
  readonly accountKeys: AccountKeys;
}

/**
 * Whether the door (or a client of this account) vouched for this summary, and whether it belongs to this data packet.
 * `packetSha256`: digest of the packet as the server keeps it; left out while only the list is shown.
 */
export async function checkSummary(
  opened: OpenedSummary,
  trusted: Trusted,
  packetSha256?: Bytes,
): Promise<Result<void, Altered>> {
  const isProven = await proves(opened, trusted);
  const fits = packetSha256 === undefined || sameBytes(packetSha256, opened.summary.packetSha256);
  return isProven && fits ? ok(undefined) : err({ kind: 'alteredInStorage' });
}

async function proves({ place, kind, summary, jsonSha256, proof }: OpenedSummary, trusted: Trusted): Promise<boolean> {
  const proven = provenBytes(blobPlaceOf(place), kind, jsonSha256);
  if (kind === 'claimed') return false; // nobody vouches for it: never shown
  if (kind === 'rebuilt') {
    return rebuiltKeys(trusted.accountKeys).some((key) => sameSecret(hmacSha256(key, proven), proof));
  }
  const doorKey = trusted.doorKeys.get(summary.doorKeyId ?? '');
  return doorKey !== undefined && verifyBytes(doorKey, proof, proven);
}

/**
 * Whether a client of this account wrote the letter itself: it never passed the door, which always names its key. Of a
 * checked summary only.
 */
export function isOwnLetter({ kind, summary }: OpenedSummary): boolean {
  return kind === 'rebuilt' && summary.doorKeyId === undefined;
}

interface OpenedBlob {
  readonly kind: SummaryKind;
  readonly plainJson: Bytes;
  readonly proof: Bytes;
}

const contexts = { summary: hpkeContext(BLOB_INFO.summary), terms: hpkeContext(BLOB_INFO.terms) };

async function openBlob(
  use: BlobUse,
  sealed: Bytes,
  place: LetterPlace,
  keys: SummaryKeys,
): Promise<Result<OpenedBlob, OpenError>> {
  const blob = parseSealedBlob(sealed);
  if (!blob.ok) return err({ kind: 'alteredInStorage' });
  const { kind, keyVersion, enc, ciphertext } = blob.value;
  const key = keys.get(keyVersion);
  if (key === undefined) return err({ kind: 'noSuchKey' });
  const aad = blobAad(blobPlaceOf(place), kind);
  const padded = await hpkeOpen(key, contexts[use], aad, joinBytes(enc, ciphertext));
  const content = padded === undefined ? undefined : unpadBlob(use, padded, use === 'summary' ? PROOF_BYTES[kind] : 0);
  return content?.ok === true ? ok({ kind, ...content.value }) : err({ kind: 'alteredInStorage' });
}

function blobPlaceOf({ accountId, letterId }: LetterPlace): BlobPlace {
  return { account: idToBytes(accountId), letter: idToBytes(letterId) };
}
