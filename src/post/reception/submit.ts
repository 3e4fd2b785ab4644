// Letters born in this house for people of this house: sealed and kept like any other, without asking who sent them (decision 0013).

import type { Clock } from '#base/clock.ts';
import { newId, type AccountId, type LetterId, type MailboxId, type TraceId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Result } from '#base/result.ts';
import { parseAddress } from '#formats/smtp/address.ts';
import { findRecipient, mergeRecipients, type Finder } from './checks/recipient.ts';
import type { LetterJob, ProcessedLetter } from './letter/process-letter.ts';
import type { Recipient, RecipientRefusal } from './neighbours.ts';
import type { LetterRefusal } from './wire/incoming-letter.ts';

/** A letter of one of our accounts, or a notice of the house itself. */
export interface HouseLetter {
  /** Empty: the null sender. */
  readonly mailFrom: string;
  readonly recipients: readonly string[];
  /** Copied: the caller keeps its bytes. */
  readonly plainLetter: Uint8Array;
  readonly by: { readonly accountId: AccountId } | 'house notice';
  /** Since when its text is in memory; left out: since now. */
  readonly plainSinceMs?: number;
  /** The id of each account’s copy; left out: a new one. The caller knows that no letter has it yet. */
  readonly letterIdFor?: (accountId: AccountId) => LetterId;
}

export type SubmitRefusal = RecipientRefusal['kind'] | LetterRefusal['kind'] | 'badAddress' | 'tooLarge';

export interface SubmitOutcome {
  /** As it was given. */
  readonly address: string;
  readonly outcome: 'kept' | SubmitRefusal;
}

/** Refusals after which the same letter may be kept later. */
export const passingRefusals: ReadonlySet<SubmitRefusal> = new Set<SubmitRefusal>([
  'stale',
  'overQuota',
  'notSealed',
  'diskFull',
  'journalFailed',
]);

export interface SubmitWay {
  readonly clock: Clock;
  readonly domain: string;
  readonly find: Finder;
  /** Seals and keeps; tells the trace. */
  readonly seal: (job: LetterJob) => Promise<Result<ProcessedLetter, LetterRefusal>>;
}

/** One outcome for each recipient, in order. `kept` means both lanes of the journal are synced. Rejects only for mistakes of ours. */
export async function submitLetter(way: SubmitWay, letter: HouseLetter): Promise<readonly SubmitOutcome[]> {
  const { recipients, plainLetter } = letter;
  if (plainLetter.length > limits.smtp.letterBytes)
    return recipients.map((address) => ({ address, outcome: 'tooLarge' }));
  const found = await Promise.all(recipients.map((address) => lookUp(way, address)));
  const readers = mergeRecipients(found.map((one) => (typeof one === 'string' ? [] : one)));
  const refused = readers.length === 0 ? undefined : await sealFor(way, letter, readers);
  return recipients.map((address, index) => {
    const one = found[index] ?? 'badAddress';
    return { address, outcome: typeof one === 'string' ? one : (refused ?? 'kept') };
  });
}

async function lookUp({ find, domain }: SubmitWay, text: string): Promise<readonly Recipient[] | SubmitRefusal> {
  const address = parseAddress(text);
  if (!address.ok) return 'badAddress';
  const found = await findRecipient(find, address.value, domain);
  return found.ok ? found.value : found.error.kind;
}

async function sealFor(
  { clock, seal }: SubmitWay,
  { mailFrom, plainLetter, by, plainSinceMs, letterIdFor }: HouseLetter,
  readers: readonly Recipient[],
): Promise<LetterRefusal['kind'] | undefined> {
  const receivedMs = clock.nowMs();
  const sealed = await seal({
    traceId: newId<TraceId>(),
    beganMs: plainSinceMs ?? receivedMs,
    receivedMs,
    plainLetter: new Uint8Array(plainLetter), // a worker takes its buffer away; slice of a Buffer would be no copy
    smtpUtf8: false,
    spf: undefined,
    returnPath: mailFrom,
    protocol: 'house',
    isNotice: by === 'house notice',
    tlsVersion: undefined,
    readers: jobReaders(readers, letterIdFor),
  });
  return sealed.ok ? undefined : sealed.error.kind;
}

/** A letter that one of our accounts sent, for itself alone. */
export interface OwnCopy {
  readonly traceId: TraceId;
  readonly accountId: AccountId;
  readonly letterId: LetterId;
  /** An own address: the envelope's sender. */
  readonly mailFrom: string;
  readonly mailboxId: MailboxId;
  readonly keywords: readonly string[];
  /** Copied: the caller keeps its bytes. */
  readonly plainLetter: Uint8Array;
  readonly plainSinceMs: number;
}

/** Seals a letter with its sender as the only reader. `kept` means both lanes of the journal are synced. */
export async function keepOwnCopy(way: SubmitWay, copy: OwnCopy): Promise<SubmitOutcome['outcome']> {
  const { accountId, letterId, mailFrom, mailboxId, keywords, plainLetter } = copy;
  if (plainLetter.length > limits.smtp.letterBytes) return 'tooLarge';
  const found = await lookUp(way, mailFrom);
  if (typeof found === 'string') return found;
  const own = found.find((recipient) => recipient.accountId === accountId);
  if (own === undefined) return 'overQuota'; // others read this address too, and they have room
  const { keys, inbox, junk } = own;
  const sealed = await way.seal({
    traceId: copy.traceId,
    beganMs: copy.plainSinceMs,
    receivedMs: way.clock.nowMs(),
    plainLetter: new Uint8Array(plainLetter), // a worker takes its buffer away; slice of a Buffer would be no copy
    smtpUtf8: false,
    spf: undefined,
    returnPath: mailFrom,
    protocol: 'house',
    tlsVersion: undefined,
    readers: [{ accountId, letterId, keys, rules: [], inbox, junk, place: { mailboxId, keywords } }],
  });
  return sealed.ok ? 'kept' : sealed.error.kind;
}

/** Recipients with an id for the copy of each. */
export function jobReaders(
  recipients: readonly Recipient[],
  letterIdFor: (accountId: AccountId) => LetterId = () => newId<LetterId>(),
): LetterJob['readers'] {
  return recipients.map(({ accountId, keys, rules, inbox, junk }) => ({
    letterId: letterIdFor(accountId),
    accountId,
    keys,
    rules,
    inbox,
    junk,
  }));
}
