// The receipt of a publication: what it says in flat facts, signed, with its place in the collector's own book; in the house's common format.

import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import {
  headSignedBytes,
  receiptLeaf,
  receiptSignedBytes,
  SALT_BYTES,
  toHashes,
  type Facts,
  type ReceiptBody,
  type ReceiptFile,
  type SignedHead,
} from '#vault/book/check/receipt.ts';
import { buildLevels, fillPlan, inclusionPlan, isIncluded, rootOf, type Hash } from '#vault/book/merkle.ts';
import type { Publication, PublishedQuestion } from './publication.ts';

export const PUBLICATION_KIND = 'telemetry-published';

export interface PublicationSigner {
  /** Id of the collector, made from its key. */
  readonly house: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

/** `leaves`: of the receipts that stand in the book before it. */
export function makePublicationReceipt(
  publication: Publication,
  leaves: readonly Hash[],
  { signer, nowMs }: { readonly signer: PublicationSigner; readonly nowMs: number },
): ReceiptFile {
  const receipt: ReceiptBody = {
    v: 1,
    kind: PUBLICATION_KIND,
    house: signer.house,
    timeMs: nowMs,
    facts: factsOf(publication),
    salt: toBase64Url(randomBytes(SALT_BYTES)),
  };
  const all = [...leaves, receiptLeaf(receipt)];
  const levels = buildLevels(all);
  const [index, size] = [leaves.length, all.length];
  const path = fillPlan(levels, inclusionPlan(index, size)).map(toBase64Url);
  const unsigned = { v: 1, house: signer.house, size, root: toBase64Url(rootOf(levels)), timeMs: nowMs } as const;
  const head: SignedHead = { ...unsigned, signature: toBase64Url(signer.sign(headSignedBytes(unsigned))) };
  return {
    receipt,
    key: toBase64Url(signer.publicKey),
    signature: toBase64Url(signer.sign(receiptSignedBytes(receipt))),
    proof: { index, size, path, head },
  };
}

/** Whether the receipt is signed, says what the publication says, and lies behind those leaves in the book. */
export function isPublicationReceipt(publication: Publication, file: ReceiptFile, leaves: readonly Hash[]): boolean {
  const { receipt, key, signature, proof } = file;
  if (receipt.kind !== PUBLICATION_KIND || receipt.facts['figuresHash'] !== figuresHash(publication)) return false;
  if (!isSignedBy(key, signature, receiptSignedBytes(receipt))) return false;
  if (proof?.index !== leaves.length || proof.head.size !== proof.size || proof.size !== leaves.length + 1)
    return false;
  if (proof.head.house !== receipt.house || !isSignedBy(key, proof.head.signature, headSignedBytes(proof.head)))
    return false;
  const root = rootOf(buildLevels([...leaves, receiptLeaf(receipt)]));
  const inclusion = { index: proof.index, size: proof.size, path: toHashes(proof.path) };
  return toBase64Url(root) === proof.head.root && isIncluded(receiptLeaf(receipt), inclusion, root);
}

/** SHA-256 of the publication as /figures.json tells it, in canonical JSON; hex. */
export function figuresHash(publication: Publication): string {
  return createHash('sha256').update(canonicalBytes(publication)).digest('hex');
}

function factsOf(publication: Publication): Facts {
  const { quarter, questions, withheld, mailbox } = publication;
  return {
    quarter,
    figuresHash: figuresHash(publication),
    ...Object.fromEntries(questions.map((one) => [one.question.id, factOf(one)])),
    ...(withheld.length === 0 ? {} : { notPublished: withheld.join(', ') }),
    ...(mailbox === null ? {} : { averageMailbox: `${mailbox.meanMb} MB ± ${mailbox.errorMb}` }),
  };
}

function factOf({ question, reports, answers }: PublishedQuestion): string {
  const percent = (share: number): string => (share * 100).toFixed(1);
  const said = answers.map(
    ({ share, error }, nth) => `${question.buckets[nth]?.en ?? nth}: ${percent(share)} % ± ${percent(error)}`,
  );
  return `${reports} reports; ${said.join('; ')}`;
}

/** DER of SPKI in front of the 32 bytes (RFC 8410 §4). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

function isSignedBy(key: string, signature: string, bytes: Uint8Array): boolean {
  const [keyBytes, signatureBytes] = [fromBase64(key), fromBase64(signature)];
  if (keyBytes?.length !== 32 || signatureBytes === undefined) return false;
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI_HEAD, keyBytes]), format: 'der', type: 'spki' });
  return verify(null, bytes, publicKey, signatureBytes);
}
