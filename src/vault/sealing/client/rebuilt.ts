// A summary made anew by the reader's own client after opening an end-to-end letter, sealed like the door's (decision 0003 §4).

import { blobPlace, blobAad, BLOB_INFO, encodeSealedBlob, padBlob, provenBytes, type BlobUse } from '../sealed-blob.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { AccountId, LetterId } from '#base/ids.ts';
import { ENC_BYTES } from '#formats/hpke/schedule.ts';
import { deriveKey, hmacSha256, sha256 } from '../derive.ts';
import { encodeSummary, encodeTerms, type Summary, type Terms } from '../summary.ts';
import { hpkeContext, hpkeSeal } from './hpke-box.ts';
import type { AccountKeys } from './root-key.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface RebuiltBlobs {
  readonly summary: Bytes;
  readonly terms: Bytes;
}

/** Only clients of the account hold this key: what carries its HMAC was not made by a server. */
export function rebuiltKey(keys: AccountKeys): Bytes {
  return deriveKey(keys.listsKey, 'siegel/rebuilt-key/v1');
}

/** The present one, and those of former root keys: what they vouched for stays vouched for. */
export function rebuiltKeys(keys: AccountKeys): readonly Bytes[] {
  return [keys.listsKey, ...keys.formerListsKeys].map((listsKey) => deriveKey(listsKey, 'siegel/rebuilt-key/v1'));
}

/** Seals a rebuilt summary and its terms to the account's own summary key. Packet, time and verdict stay the door's. */
export async function sealRebuilt(
  keys: AccountKeys,
  place: { readonly accountId: AccountId; readonly letterId: LetterId },
  to: { readonly summaryKey: Bytes; readonly version: number },
  content: { readonly fromDoor: Summary; readonly facts: object; readonly terms: Terms },
): Promise<Result<RebuiltBlobs, { readonly kind: 'weakKey' }>> {
  const bytes = blobPlace(place.accountId, place.letterId);
  const plainTerms = encodeTerms(content.terms);
  const plainJson = encodeSummary({ ...content.fromDoor, facts: content.facts, termsSha256: sha256(plainTerms) });
  const proof = hmacSha256(rebuiltKey(keys), provenBytes(bytes, 'rebuilt', sha256(plainJson)));
  const aad = blobAad(bytes, 'rebuilt');
  const seal = async (use: BlobUse, plain: Bytes): Promise<Bytes | undefined> => {
    const sealed = await hpkeSeal(to.summaryKey, hpkeContext(BLOB_INFO[use]), aad, plain);
    if (sealed === undefined) return undefined;
    return encodeSealedBlob('rebuilt', to.version, sealed.subarray(0, ENC_BYTES), sealed.subarray(ENC_BYTES));
  };
  const summary = await seal('summary', padBlob('summary', plainJson, proof));
  const terms = await seal('terms', padBlob('terms', plainTerms, new Uint8Array(0)));
  return summary === undefined || terms === undefined ? err({ kind: 'weakKey' }) : ok({ summary, terms });
}
