// RCPT: who gets a letter to this address: itself, without its +suffix, postmaster and abuse, the domain's catch-all.

import { normaliseAddress, splitSuffix, type Address } from '#formats/smtp/address.ts';
import type { Found, Recipient } from '../neighbours.ts';

export type Finder = (address: Address) => Found | Promise<Found>;

/** Answers at once when the directory does. */
export function findRecipient(
  find: Finder,
  recipient: Address | 'postmaster',
  ourDomain: string,
): Found | Promise<Found> {
  const wanted = recipient === 'postmaster' ? { local: 'postmaster', domain: ourDomain } : normaliseAddress(recipient);
  return tryNext(find, candidatesOf(wanted), 0);
}

/** In the order in which they are tried; `*@domain` is how a catch-all stands in the directory. */
function candidatesOf(wanted: Address): readonly Address[] {
  const { base, suffix } = splitSuffix(wanted.local);
  const candidates = [wanted];
  if (suffix !== undefined) candidates.push({ local: base, domain: wanted.domain });
  // RFC 5321 §4.5.1, RFC 2142 §4: always there; abuse@ that nobody owns is read by whoever is postmaster
  if (base === 'abuse') candidates.push({ local: 'postmaster', domain: wanted.domain });
  candidates.push({ local: '*', domain: wanted.domain });
  return candidates;
}

function tryNext(find: Finder, candidates: readonly Address[], at: number): Found | Promise<Found> {
  const candidate = candidates[at];
  if (candidate === undefined) return { ok: false, error: { kind: 'unknown' } };
  const found = find(candidate);
  const settle = (answer: Found): Found | Promise<Found> =>
    !answer.ok && answer.error.kind === 'unknown' ? tryNext(find, candidates, at + 1) : answer;
  return found instanceof Promise ? found.then(settle) : settle(found);
}

/** One copy for each account, however many of its addresses were named. */
export function mergeRecipients(lists: readonly (readonly Recipient[])[]): readonly Recipient[] {
  const byAccount = new Map<string, Recipient>();
  for (const list of lists)
    for (const recipient of list)
      if (!byAccount.has(recipient.accountId)) byAccount.set(recipient.accountId, recipient);
  return [...byAccount.values()];
}
