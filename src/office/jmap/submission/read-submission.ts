// What an EmailSubmission create says: whose letter, to whom, when; nothing of it is kept in clear (RFC 8621 §7.5, RFC 4865).

import * as v from 'valibot';
import type { LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { SetError } from '#formats/jmap/errors.ts';
import { idOrReference, idText, unsignedInt } from '#formats/jmap/standard-arguments.ts';
import { parseUtcDate } from '#formats/jmap/utc-date.ts';
import type { LetterView } from '#formats/message/letter-view.ts';
import { readOutgoing } from '#formats/message/outgoing-letter.ts';
import { formatAddress, normaliseAddress, parseAddress } from '#formats/smtp/address.ts';
import { ownAddressTest } from '#formats/smtp/own-address.ts';
import type { Members } from '../method.ts';
import { readObject } from '../sealed/read-sealed.ts';

export interface NewSubmission {
  readonly letterId: LetterId | null;
  /** The own address of the identity. */
  readonly identity: string;
  readonly mailFrom: string;
  /** Each once. */
  readonly recipients: readonly string[];
  readonly plainLetter: Uint8Array;
  /** 0: at once. */
  readonly dueMs: number;
}

export interface SubmissionFacts {
  readonly nowMs: number;
  /** Identity id → own address. */
  readonly identities: ReadonlyMap<string, string>;
  /** undefined: no such letter, or of somebody else. */
  readonly findLetter: (idOrReference: string) => LetterId | undefined;
  readonly findUpload: (blobId: string) => Uint8Array | undefined;
  /** A letter created in the clear a moment ago. */
  readonly findDraft: (letterId: LetterId | null) => Uint8Array | undefined;
}

const envelopeAddress = v.strictObject({
  email: v.pipe(v.string(), v.maxLength(limits.message.addressCharacters)),
  parameters: v.optional(v.nullable(v.record(v.string(), v.nullable(v.string())))),
});
const shape = v.strictObject({
  identityId: idText,
  emailId: v.nullable(idOrReference),
  transitBlobId: v.optional(v.nullable(idText)),
  envelope: v.optional(v.nullable(v.strictObject({ mailFrom: envelopeAddress, rcptTo: v.array(envelopeAddress) }))),
  undoMs: v.optional(v.pipe(unsignedInt, v.maxValue(limits.jmap.undoSendMs)), 0),
  sendAt: v.optional(v.nullable(v.string())),
});
type Create = v.InferOutput<typeof shape>;

const noTransitLetter: SetError = {
  kind: 'forbiddenToSend',
  description:
    'The letter is sealed and cannot be read here: upload it as it shall leave and name it in transitBlobId, or create it anew and send it within a quarter of an hour.',
};

export function readSubmission(members: Members, facts: SubmissionFacts): Result<NewSubmission, SetError> {
  const read = readObject(shape, members);
  if (!read.ok) return read;
  const { value } = read;
  const identity = facts.identities.get(value.identityId);
  if (identity === undefined) return invalid('identityId', 'There is no such identity.');
  const letterId = value.emailId === null ? null : facts.findLetter(value.emailId);
  if (letterId === undefined) return invalid('emailId', 'There is no such letter.');
  const { transitBlobId = null } = value;
  const upload = transitBlobId === null ? facts.findDraft(letterId) : facts.findUpload(transitBlobId);
  if (upload === undefined) {
    return err(transitBlobId === null ? noTransitLetter : { kind: 'blobNotFound', notFound: [transitBlobId] });
  }
  const isOwn = ownAddressTest([...facts.identities.values()]);
  const letter = readTransitLetter(upload, isOwn);
  if (!letter.ok) return letter;
  const mailFrom = readSender(value.envelope?.mailFrom.email ?? identity, isOwn);
  if (!mailFrom.ok) return mailFrom;
  const named = value.envelope?.rcptTo.map(({ email }) => email) ?? recipientsOf(letter.value.view);
  const recipients = readRecipients(named);
  if (!recipients.ok) return recipients;
  const dueMs = readDue(value, facts.nowMs);
  if (!dueMs.ok) return dueMs;
  const { bytes } = letter.value;
  const envelope = { mailFrom: mailFrom.value, recipients: recipients.value };
  return ok({ letterId, identity, plainLetter: bytes, ...envelope, dueMs: dueMs.value });
}

function readTransitLetter(
  upload: Uint8Array,
  isOwn: (address: string) => boolean,
): Result<{ readonly bytes: Uint8Array; readonly view: LetterView }, SetError> {
  if (upload.length > limits.smtp.letterBytes) return err({ kind: 'tooLarge', maxSize: limits.smtp.letterBytes });
  const letter = readOutgoing(upload, isOwn);
  if (letter.ok) return letter;
  if (letter.error.kind === 'notALetter') return err({ kind: 'invalidEmail', properties: letter.error.fields });
  return err({ kind: 'forbiddenFrom', description: 'From and Sender of the letter must be own addresses.' });
}

function readSender(email: string, isOwn: (address: string) => boolean): Result<string, SetError> {
  const address = parseAddress(email);
  if (address.ok && isOwn(email)) return ok(formatAddress(address.value));
  return err({ kind: 'forbiddenMailFrom', description: 'The envelope names a sender that is not your own address.' });
}

/** Without an envelope: everybody the letter names. Bcc is read here and does not leave. */
function recipientsOf(view: LetterView): readonly string[] {
  return [...view.to, ...view.cc, ...view.bcc].map(({ address }) => address).filter((address) => address !== '');
}

function readRecipients(emails: readonly string[]): Result<readonly string[], SetError> {
  if (emails.length === 0) return err({ kind: 'noRecipients' });
  const maxRecipients = limits.queue.recipientsMax;
  if (emails.length > maxRecipients) return err({ kind: 'tooManyRecipients', maxRecipients });
  const recipients = new Map<string, string>();
  const invalidRecipients: string[] = [];
  for (const email of emails) {
    const address = parseAddress(email);
    if (!address.ok) invalidRecipients.push(email);
    // nobody tells cases apart, but the spelling that leaves is the one given
    else recipients.set(formatAddress(normaliseAddress(address.value)), formatAddress(address.value));
  }
  return invalidRecipients.length > 0
    ? err({ kind: 'invalidRecipients', invalidRecipients })
    : ok([...recipients.values()]);
}

/** The latest of undo, sendAt, HOLDUNTIL and HOLDFOR; 0 when nothing asks to wait. */
function readDue({ undoMs, sendAt = null, envelope }: Create, nowMs: number): Result<number, SetError> {
  const times = [undoMs === 0 ? 0 : nowMs + undoMs];
  if (sendAt !== null) times.push(parseUtcDate(sendAt) ?? NaN);
  for (const [name, value] of Object.entries(envelope?.mailFrom.parameters ?? {})) {
    const parameter = name.toUpperCase();
    if (parameter === 'HOLDFOR') times.push(/^\d{1,9}$/.test(value ?? '') ? nowMs + Number(value) * 1000 : NaN);
    else if (parameter === 'HOLDUNTIL') times.push(parseUtcDate(value ?? '') ?? NaN);
    else if (!PASSED_OVER.has(parameter)) return invalid('envelope', 'A parameter of mailFrom is not supported.');
  }
  const dueMs = Math.max(...times);
  if (Number.isNaN(dueMs)) return invalid(sendAt === null ? 'envelope' : 'sendAt', 'Not a time.');
  if (dueMs > nowMs + limits.queue.aheadMs)
    return invalid(sendAt === null ? 'envelope' : 'sendAt', 'At most 30 days ahead.');
  return ok(dueMs <= nowMs ? 0 : dueMs);
}

/** The queue sees to these itself: size and character set are those of the letter. */
const PASSED_OVER: ReadonlySet<string> = new Set(['SIZE', 'BODY', 'SMTPUTF8']);

function invalid(property: string, description: string): Result<never, SetError> {
  return err({ kind: 'invalidProperties', properties: [property], description });
}
