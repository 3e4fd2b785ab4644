// One letter with documents, from whichever door: who wrote it, may they, is it proven; then the work, and what the client hears.

import { err, ok, type Result } from '#base/result.ts';
import { formatAddress, normaliseAddress } from '#formats/smtp/address.ts';
import type { AnswerRefusal } from '../control/transit-letter.ts';
import type { WireRefusal } from '../../wire/conduct.ts';
import type { RefusalKind } from '../../wire/refusals.ts';
import type { HandedIn, TransitNeighbours } from './neighbours.ts';
import { profileOf } from './place.ts';
import { readTransitLetter } from './read-letter.ts';

export interface TakeOptions {
  readonly domain: string;
  /** Where a person hands documents in by browser; undefined: nowhere. */
  readonly pageUrl: string | undefined;
}

const heard: Readonly<Record<AnswerRefusal['kind'], RefusalKind>> = {
  overBudget: 'transitOverBudget',
  tooLongForProgram: 'transitTooLong',
  noRoom: 'transitNoRoom',
  crashed: 'transitCrashed',
  outboundLater: 'transitOutLater',
  outboundRefused: 'transitOutRefused',
  closed: 'transitClosed',
};

/** Resolves with what stands behind 250 once the result is taken and everything is erased. */
export async function takeDocuments(
  letter: HandedIn,
  { domain, pageUrl }: TakeOptions,
  neighbours: TransitNeighbours,
): Promise<Result<string, WireRefusal>> {
  const profile = profileOf(letter.recipient, domain);
  if (profile === undefined || profile === 'unknown') return err({ kind: 'unknown' });
  const read = readTransitLetter(letter.plainLetter);
  if (!read.ok) return read;
  const refusal = letter.isSignedIn ? undefined : await checkAuthor(letter, read.value.sender, neighbours);
  if (refusal !== undefined) return err({ kind: refusal });
  const answer = await neighbours.take({ ...read.value, profile, comesAgain: !letter.isSignedIn });
  if (answer.ok) return ok(`processed, returned, erased; receipt=${answer.value.receipt}`);
  const kind = heard[answer.error.kind];
  return err(kind === 'transitTooLong' && pageUrl !== undefined ? { kind, where: pageUrl } : { kind });
}

/** The author, not the envelope: that is who the domain stands behind, and who gets the answer. */
async function checkAuthor(
  letter: HandedIn,
  author: string,
  neighbours: TransitNeighbours,
): Promise<RefusalKind | undefined> {
  const isSame = formatAddress(normaliseAddress(letter.sender)) === author;
  const registered = isSame ? 'yes' : await neighbours.maySend(author);
  if (registered !== 'yes') return registered === 'no' ? 'transitUnregistered' : 'transitClosed';
  const proven = await neighbours.proveOrigin(letter);
  if (proven === 'yes') return undefined;
  return proven === 'no' ? 'transitUnproven' : 'transitProofLater';
}
