// What the receipt of an erasure proves to whoever has the answer to the documents: signed, said by this house, about these documents, everything erased.

import * as v from 'valibot';
import { fromBase64 } from '#formats/base64/base64.ts';
import { canonicalBytes, canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { verifyBytes } from '#vault/sealing/curve-keys.ts';
import { joinBytes } from '#vault/sealing/bytes.ts';
import { sha256 } from '#vault/sealing/derive.ts';
import { fingerprintOf } from './judge-receipt.ts';
import type { Answer, AnsweredDocument } from './read-answer.ts';

const hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const time = v.pipe(v.number(), v.integer());
const counted = {
  kind: v.literal('siegel transit deletion receipt'),
  version: v.literal(1),
  job: v.string(),
  receivedMs: time,
  returnedMs: v.optional(time),
  erasedMs: time,
  objectsCreated: time,
  objectsErased: time,
  isKeyDestroyed: v.boolean(),
  selfCheck: v.string(),
  accepted: v.array(v.string()),
};
const signed = { key: v.string(), signature: v.string() };
const wholeShape = v.strictObject({
  facts: v.strictObject({ ...counted, saltedHashes: v.array(hex) }),
  ...signed,
});
/** Of very many documents the book keeps the number only. */
const countedShape = v.object({ counted: v.strictObject(counted), ...signed });

type Whole = v.InferOutput<typeof wholeShape>;

export interface Erasure {
  readonly facts: Whole['facts'];
  /** SHA-256 of the key, hex in groups of four. */
  readonly fingerprint: string;
}

export type ErasureFault =
  /** The house has no such receipt · another house says where it is · nobody could be asked. */
  | 'notFound'
  | 'elsewhere'
  | 'notAsked'
  | 'notSigned'
  /** What was brought is not what the house says. */
  | 'notTheHouses'
  | 'otherDocuments'
  | 'notErased';

/** `house`: this house says the same now; `unknown`: it is signed, and nobody could be asked whose key that is. */
export type ErasureJudgement =
  | { readonly kind: 'house' | 'unknown'; readonly erasure: Erasure; readonly documents: number | undefined }
  | { readonly kind: 'refused'; readonly why: ErasureFault; readonly url: string | undefined };

export type AskReceipt = (job: string) => Promise<unknown>;

/** Of the page's own house; undefined: it has none. Rejects when it cannot be asked. */
export function askErasure(reach: typeof fetch): AskReceipt {
  return async (job) => {
    const answer = await reach(`/transit/receipts/${job}`, {
      headers: { accept: 'application/json' },
      redirect: 'error',
    });
    if (answer.ok) return answer.json();
    if (answer.status === 404) return undefined;
    throw new Error('the house has no answer now');
  };
}

export async function judgeErasure(answer: Answer, ask: AskReceipt, origin: string): Promise<ErasureJudgement> {
  const refuse = (why: ErasureFault): ErasureJudgement => ({ kind: 'refused', why, url: answer.url });
  if (answer.url !== undefined && !answer.url.startsWith(`${origin}/`)) return refuse('elsewhere');
  const asked = await ask(answer.job).then(
    (receipt) => ({ receipt }),
    () => undefined,
  );
  const found = asked?.receipt ?? (asked === undefined ? answer.receipt : undefined);
  if (found === undefined) return refuse(asked === undefined ? 'notAsked' : 'notFound');
  const receipt = wholeOf(found, answer);
  if (receipt === undefined || receipt.facts.job !== answer.job || !(await isSigned(receipt)))
    return refuse('notSigned');
  if (answer.receipt !== undefined && !isSame(answer.receipt, receipt)) return refuse('notTheHouses');
  const { facts, key } = receipt;
  const brought = answer.documents?.map(hashOf) ?? [];
  const isTwice = new Set(brought).size < brought.length;
  if (isTwice || !brought.every((hash) => facts.saltedHashes.includes(hash))) return refuse('otherDocuments');
  if (facts.objectsCreated !== facts.objectsErased || !facts.isKeyDestroyed) return refuse('notErased');
  const erasure = { facts, fingerprint: fingerprintOf(key) };
  return { kind: asked === undefined ? 'unknown' : 'house', erasure, documents: answer.documents?.length };
}

/** What the book only counts is made whole by what was brought. */
function wholeOf(found: unknown, { documents, receipt }: Answer): Whole | undefined {
  const whole = v.safeParse(wholeShape, found);
  if (whole.success) return whole.output;
  const part = v.safeParse(countedShape, found);
  const own = v.safeParse(wholeShape, receipt);
  const saltedHashes = documents?.map(hashOf) ?? (own.success ? own.output.facts.saltedHashes : undefined);
  if (!part.success || saltedHashes === undefined) return undefined;
  const { key, signature } = part.output;
  return { facts: { ...part.output.counted, saltedHashes }, key, signature };
}

async function isSigned({ facts, key, signature }: Whole): Promise<boolean> {
  const [keyBytes, signatureBytes] = [fromBase64(key), fromBase64(signature)];
  return (
    keyBytes !== undefined &&
    signatureBytes !== undefined &&
    verifyBytes(keyBytes, signatureBytes, canonicalBytes(facts))
  );
}

function isSame(brought: unknown, receipt: Whole): boolean {
  const parsed = v.safeParse(wholeShape, brought);
  return parsed.success && canonicalJson(parsed.output) === canonicalJson(receipt);
}

/** SHA-256 over salt, hash before and hash now. */
function hashOf({ salt, digestBefore, digestAfter }: AnsweredDocument): string {
  const bytes = [salt, digestBefore, digestAfter].map((digits) =>
    Uint8Array.from(digits.match(/../g) ?? [], (two) => Number.parseInt(two, 16)),
  );
  return Array.from(sha256(joinBytes(...bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
