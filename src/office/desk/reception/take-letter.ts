// One letter to the desk's address: whether it goes round in circles or its domain disowns it, by which way it came; sealed, kept as an arrival, perhaps answered.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { sealCaseFile } from '#formats/desk/case-file.ts';
import type { ArrivalId } from '#formats/desk/model.ts';
import type { Policy } from '#formats/desk/policy-shape.ts';
import { readLetter, type LetterView } from '#formats/message/letter-view.ts';
import type { Address } from '#formats/smtp/address.ts';
import { classifyLetter } from '../classify/classify-letter.ts';
import type { Classified } from '../classify/facts.ts';

export interface DeskLetter {
  readonly plainLetter: Uint8Array;
  readonly receivedMs: number;
  /** Undefined: the null sender. */
  readonly sender: Address | undefined;
  /** Of our own networks, or by somebody who signed in: nobody asks who sent it, and nothing is answered. */
  readonly isTrusted: boolean;
}

/** What the door finds out about its origin (RFC 8601). */
export interface FoundOrigin {
  /** The value of Authentication-Results, folded. */
  readonly results: string;
  /** The domain of From asks to refuse it, and nothing aligned passed. */
  readonly isDisowned: boolean;
  readonly isProven: boolean;
}

export interface DeskLetterRefusal {
  readonly kind: 'loop' | 'dmarcReject' | 'deskTooLarge' | 'deskFull' | 'deskClosed';
}

export interface DeskLetterNeighbours {
  /** Who says so in Authentication-Results. */
  readonly domain: string;
  /** Of a letter that is not trusted. */
  readonly findOrigin: (view: LetterView) => Promise<FoundOrigin>;
  /** The checked policy in force; undefined: there is none, or nobody can ask. */
  readonly policy: () => Promise<Policy | undefined>;
  readonly arrive: (
    channel: Classified['channel'],
    receivedMs: number,
    sealed: Uint8Array,
  ) => Promise<Result<ArrivalId, DeskLetterRefusal>>;
}

export interface TakenLetter {
  readonly arrival: ArrivalId;
  readonly channel: Classified['channel'];
  readonly policy: Policy;
  readonly origin: FoundOrigin | undefined;
  readonly view: LetterView;
}

/** The name under which a letter stands in its case file. */
export const LETTER_FILE = 'letter.eml';

/** Resolves when the register has it. */
export async function takeDeskLetter(
  letter: DeskLetter,
  { domain, findOrigin, policy: findPolicy, arrive }: DeskLetterNeighbours,
): Promise<Result<TakenLetter, DeskLetterRefusal>> {
  const { plainLetter, receivedMs } = letter;
  if (plainLetter.length > limits.deskArrival.letterBytes) return err({ kind: 'deskTooLarge' });
  const view = readLetter(plainLetter);
  if (view.findFields('received').length >= limits.smtp.receivedHopsMax) return err({ kind: 'loop' });
  const origin = letter.isTrusted ? undefined : await findOrigin(view);
  if (origin?.isDisowned === true) return err({ kind: 'dmarcReject' });
  const policy = await findPolicy();
  if (policy === undefined) return err({ kind: 'deskClosed' });
  const { channel } = classifyLetter(plainLetter);
  const bytes = withResults(plainLetter, origin?.results ?? `${domain}; none`);
  const sealed = await sealCaseFile({ targets: [], documents: [{ name: LETTER_FILE, bytes }] }, policy.roster);
  bytes.fill(0);
  if (sealed.length > limits.deskFiling.caseFileBytes) return err({ kind: 'deskTooLarge' });
  const arrived = await arrive(channel, receivedMs, sealed);
  return arrived.ok ? ok({ arrival: arrived.value, channel, policy, origin, view }) : arrived;
}

/** What the door vouches for stands before the letter, always: a field that the letter brings along is never the first. */
function withResults(plainLetter: Uint8Array, results: string): Uint8Array {
  return Buffer.concat([Buffer.from(`Authentication-Results: ${results}\r\n`, 'utf8'), plainLetter]);
}
