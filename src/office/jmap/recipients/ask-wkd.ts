// Asks a domain's Web Key Directory for the key of one address: advanced method, then direct (draft-koch-openpgp-webkey-service §3.1).

import type { OutgoingAnswer, OutgoingRefusal } from '#base/outgoing/outgoing.ts';
import type { Result } from '#base/result.ts';
import type { Address } from '#formats/smtp/address.ts';
import { formatAddress } from '#formats/smtp/address.ts';
import { certificateFor } from '#formats/openpgp/certificate-for.ts';
import { wkdUrls } from '#formats/openpgp/wkd-address.ts';

/** One GET through the house's outgoing door. */
export type AskWkd = (url: string) => Promise<Result<OutgoingAnswer, OutgoingRefusal>>;

export type WkdAnswer =
  | { readonly source: 'wkd'; readonly certificate: Uint8Array<ArrayBuffer> }
  /** Their directory says that there is none, or there is no directory. */
  | { readonly source: 'none' }
  /** Nobody knows: ask again later. */
  | { readonly source: 'unreachable' };

/**
 * The direct method follows whenever the advanced one brought no usable key: many domains answer for every name below them
 * without serving a directory there.
 */
export async function findByWkd(ask: AskWkd, address: Address, nowMs: number): Promise<WkdAnswer> {
  let isOpen = false;
  for (const url of wkdUrls(address)) {
    const answer = await ask(url);
    if (answer.ok && answer.value.status === 200) {
      const certificate = certificateFor(formatAddress(address), Uint8Array.from(answer.value.body), nowMs);
      if (certificate !== undefined) return { source: 'wkd', certificate };
    } else if (mayChange(answer)) isOpen = true;
  }
  return { source: isOpen ? 'unreachable' : 'none' };
}

/** Whether the same question may be answered in a while. A host without a web server has no directory. */
function mayChange(answer: Result<OutgoingAnswer, OutgoingRefusal>): boolean {
  if (answer.ok) return answer.value.status >= 500 || answer.value.status === 429;
  return answer.error.kind === 'timeout' || answer.error.kind === 'noAnswer';
}
