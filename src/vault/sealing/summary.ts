// What a summary and a term list say, and their JSON inside the seal (decision 0003 §4).

import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import { err, ok, type Result } from '#base/result.ts';

/** So many bytes of the sealed letter, standing before byte `offset` of the original, are not the original's. In order; our block is the first. */
export interface InsertedSpan {
  readonly offset: number;
  readonly length: number;
}

export interface Original {
  readonly sha256: Uint8Array<ArrayBuffer>;
  readonly sizeBytes: number;
  readonly insertions: readonly InsertedSpan[];
}

export interface Summary {
  /** First 8 bytes of SHA-256 of the door's public key, for summaries made at the door. */
  readonly doorKeyId: string | undefined;
  /** SHA-256 of the data packet, header included. */
  readonly packetSha256: Uint8Array<ArrayBuffer>;
  readonly receivedMs: number;
  readonly verdict: unknown;
  readonly provenance: unknown;
  readonly original: Original;
  /** SHA-256 of the terms' JSON, if there are terms. */
  readonly termsSha256: Uint8Array<ArrayBuffer> | undefined;
  /** From, subject, snippet … as `formats/message` makes them; for kind outer only what the envelope shows. */
  readonly facts: object;
}

/** Canonical JSON of a summary: the bytes that are signed and sealed. */
export function encodeSummary(summary: Summary): Uint8Array<ArrayBuffer> {
  const { original } = summary;
  return canonicalBytes({
    v: 1,
    door: summary.doorKeyId,
    packet: toBase64Url(summary.packetSha256),
    received: summary.receivedMs,
    verdict: summary.verdict,
    provenance: summary.provenance,
    original: {
      sha256: toBase64Url(original.sha256),
      size: original.sizeBytes,
      inserted: original.insertions.map(({ offset, length }) => [offset, length]),
    },
    terms: summary.termsSha256 === undefined ? undefined : toBase64Url(summary.termsSha256),
    facts: summary.facts,
  });
}

export type SummaryError = { readonly kind: 'notASummary' } | { readonly kind: 'notTerms' };

/** Reads what encodeSummary wrote. Facts, verdict and provenance are handed on as they are: their makers' parsers know them. */
export function parseSummary(plainJson: Uint8Array): Result<Summary, SummaryError> {
  const json = parseJson(plainJson);
  const original = json === undefined ? undefined : parseOriginal(json['original']);
  const packet = digestOf(json?.['packet']);
  const received = json?.['received'];
  if (json === undefined || json['v'] !== 1 || original === undefined || packet === undefined) {
    return err({ kind: 'notASummary' });
  }
  const { door, terms, facts } = json;
  const termsSha256 = digestOf(terms);
  if (typeof received !== 'number' || !isObject(facts)) return err({ kind: 'notASummary' });
  if ((door !== undefined && typeof door !== 'string') || (terms !== undefined && termsSha256 === undefined)) {
    return err({ kind: 'notASummary' });
  }
  const { verdict = null, provenance = null } = json;
  return ok({
    doorKeyId: door,
    packetSha256: packet,
    receivedMs: received,
    verdict,
    provenance,
    original,
    termsSha256,
    facts,
  });
}

export interface Terms {
  /** Version of the tokeniser that made the words. */
  readonly tokeniser: number;
  /** Sorted by code unit, each once. */
  readonly words: readonly string[];
}

/** Canonical JSON of terms. Written out: JSON.stringify of a list of well-formed strings is canonical already, and ten times faster. */
export function encodeTerms(terms: Terms): Uint8Array<ArrayBuffer> {
  const words = JSON.stringify(terms.words);
  if (!terms.words.every((word) => word.isWellFormed())) throw new Error('terms hold well-formed text only');
  return new TextEncoder().encode(`{"tokeniser":${terms.tokeniser},"v":1,"words":${words}}`);
}

export function parseTerms(plainJson: Uint8Array): Result<Terms, SummaryError> {
  const json = parseJson(plainJson);
  const tokeniser = json?.['tokeniser'];
  const words = json?.['words'];
  if (json?.['v'] !== 1 || typeof tokeniser !== 'number' || !isList(words)) return err({ kind: 'notTerms' });
  const texts = words.filter((word) => typeof word === 'string');
  return texts.length === words.length ? ok({ tokeniser, words: texts }) : err({ kind: 'notTerms' });
}

type Members = Readonly<Record<string, unknown>>;

function parseOriginal(value: unknown): Original | undefined {
  if (!isObject(value)) return undefined;
  const sha256 = digestOf(value['sha256']);
  const sizeBytes = value['size'];
  const inserted = value['inserted'];
  if (sha256 === undefined || !isCount(sizeBytes) || !isList(inserted)) return undefined;
  const insertions: InsertedSpan[] = [];
  let last = 0;
  for (const span of inserted) {
    if (!isList(span)) return undefined;
    const [offset, length] = span;
    if (!isCount(offset) || !isCount(length) || offset < last || offset > sizeBytes) return undefined;
    last = offset;
    insertions.push({ offset, length });
  }
  return { sha256, sizeBytes, insertions };
}

function digestOf(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  const bytes = typeof value === 'string' ? fromBase64(value) : undefined;
  return bytes?.length === 32 ? bytes : undefined;
}

function parseJson(plainJson: Uint8Array): Members | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plainJson));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
