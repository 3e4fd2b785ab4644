// The bytes that leave: a draft as one group of its recipients gets it, and as its writer keeps it.

import { err, ok, type Result } from '#base/result.ts';
import { limits } from '#base/limits.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import type { AnswerPlace } from '#formats/compose/answer.ts';
import { outerFields, sealedLetter } from '#formats/compose/sealed-letter.ts';
import { writeLetter, type LetterFields } from '#formats/compose/write-letter.ts';
import { encryptLetter, ownCertificate } from '#vault/sealing/client/encrypt-letter.ts';
import type { Keyring } from '#vault/sealing/client/keyring.ts';
import { randomBytes } from '#vault/sealing/derive.ts';
import type { Draft, SenderIdentity } from '../../writing.ts';
import type { Recipients } from './outgoing.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface OutgoingLetter {
  readonly draft: Draft;
  readonly from: SenderIdentity;
  readonly recipients: Recipients;
  readonly messageId: string;
  readonly dateMs: number;
  readonly place: AnswerPlace;
}

export type TransitRefusal = { readonly kind: 'unknown-recipients'; readonly addresses: readonly string[] };

/** In the clear, with the writer's certificate so that the answer can be sealed. */
export async function clearLetter(letter: OutgoingLetter, keyring: Keyring): Promise<Result<Bytes, TransitRefusal>> {
  return write(fieldsOf(letter), letter.draft, {
    isProtected: false,
    autocrypt: await ownCertificate(keyring),
    outerFields: [],
    // sent again after a lost answer it is the same letter to the byte, and is known as one where nothing is kept of it
    boundarySeed: letter.messageId.replaceAll(/[^A-Za-z0-9]/g, 'x').slice(0, 24),
  });
}

/** Signed, encrypted to these certificates, its subject and names inside. */
export async function sealedTransit(
  letter: OutgoingLetter,
  keyring: Keyring,
  certificates: readonly Bytes[],
  nowMs: number,
): Promise<Result<Bytes, TransitRefusal>> {
  const fields = fieldsOf(letter);
  const outer = outerFields(fields);
  if (!outer.ok) return badAddress(outer.error.address);
  const frame = { isProtected: true, autocrypt: await ownCertificate(keyring), outerFields: outer.value.lines };
  const inner = write(fields, letter.draft, frame);
  if (!inner.ok) return inner;
  const message = await encryptLetter(inner.value, keyring, certificates, nowMs);
  return ok(sealedLetter(outer.value, message, randomSeed()));
}

/** The Sent copy: hidden copies are named here only. */
export function sentCopy(letter: OutgoingLetter): Result<Bytes, TransitRefusal> {
  const fields = { ...fieldsOf(letter), bcc: letter.recipients.bcc };
  return write(fields, letter.draft, { isProtected: false, autocrypt: undefined, outerFields: [] });
}

/** Base64 makes four of three, twice where it is sealed, and lines end. */
export function isTooLarge(draft: Draft, isSealed: boolean): boolean {
  const plain = draft.plainText.length * 3 + (draft.plainHtml?.length ?? 0) * 3;
  const files = draft.files.reduce((sum, file) => sum + file.bytes.length * 1.37 + 1_000, 0);
  const clear = 20_000 + plain + files;
  return (isSealed ? clear * 1.37 : clear) > limits.http.uploadBytes;
}

function fieldsOf({ draft, from, recipients, messageId, dateMs, place }: OutgoingLetter): LetterFields {
  return {
    from: { name: from.name, address: from.address },
    to: recipients.to,
    cc: recipients.cc,
    bcc: [],
    subject: draft.subject,
    dateMs,
    messageId,
    ...place,
  };
}

type WholeFrame = Parameters<typeof writeLetter>[2];
type Frame = Omit<WholeFrame, 'boundarySeed'> & Partial<Pick<WholeFrame, 'boundarySeed'>>;

function write(fields: LetterFields, draft: Draft, frame: Frame): Result<Bytes, TransitRefusal> {
  const body = { plainText: draft.plainText, plainHtml: draft.plainHtml, files: draft.files };
  const written = writeLetter(fields, body, { boundarySeed: randomSeed(), ...frame });
  return written.ok ? ok(written.value.plainBytes) : badAddress(written.error.address);
}

function badAddress(address: string): Result<never, TransitRefusal> {
  return err({ kind: 'unknown-recipients', addresses: [address] });
}

function randomSeed(): string {
  return toBase64Url(randomBytes(12)).replaceAll(/[_-]/g, 'x');
}
