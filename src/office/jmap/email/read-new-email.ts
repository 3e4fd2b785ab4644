// An Email that a stock client creates, as the letter it means: addresses, text, HTML, files (RFC 8621 §4.6).

import * as v from 'valibot';
import { newId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { writeLetter, type LetterFile } from '#formats/compose/write-letter.ts';
import type { SetError } from '#formats/jmap/errors.ts';
import { idText } from '#formats/jmap/standard-arguments.ts';
import type { Members } from '../method.ts';
import { readObject } from '../sealed/read-sealed.ts';

const person = v.strictObject({ name: v.nullish(v.string(), ''), email: v.string() });
const people = v.nullish(v.pipe(v.array(person), v.maxLength(limits.message.addressesMax)), []);
const ids = v.nullish(v.pipe(v.array(v.string()), v.maxLength(limits.message.referencesMax)), []);
const textPart = v.looseObject({ partId: v.string(), type: v.optional(v.string()) });
const file = v.looseObject({
  blobId: idText,
  type: v.nullish(v.pipe(v.string(), v.regex(/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/)), 'application/octet-stream'),
  name: v.nullish(v.string(), ''),
  cid: v.nullish(v.string()),
});
const shape = v.strictObject({
  mailboxIds: v.unknown(),
  keywords: v.optional(v.unknown()),
  from: v.pipe(v.array(person), v.length(1)),
  to: people,
  cc: people,
  bcc: people,
  subject: v.nullish(v.string(), ''),
  sentAt: v.nullish(v.pipe(v.string(), v.isoTimestamp())),
  messageId: v.nullish(v.pipe(v.array(v.string()), v.length(1))),
  inReplyTo: ids,
  references: ids,
  bodyStructure: v.optional(textPart),
  textBody: v.optional(v.pipe(v.array(textPart), v.maxLength(1))),
  htmlBody: v.optional(v.pipe(v.array(textPart), v.maxLength(1))),
  bodyValues: v.nullish(v.record(v.string(), v.looseObject({ value: v.string() })), {}),
  attachments: v.nullish(v.pipe(v.array(file), v.maxLength(limits.message.attachmentsMax)), []),
});
type NewEmail = v.InferOutput<typeof shape>;

export interface NewEmailFacts {
  readonly nowMs: number;
  readonly findUpload: (blobId: string) => Uint8Array | undefined;
}

/** The whole letter, Bcc included: what leaves is cut later. */
export function readNewEmail(members: Members, facts: NewEmailFacts): Result<Uint8Array<ArrayBuffer>, SetError> {
  const read = readObject(shape, members);
  if (!read.ok) return read;
  const { value } = read;
  const [from] = value.from;
  if (from === undefined) return invalid('from', 'Exactly one author.');
  const body = readBody(value);
  if (!body.ok) return body;
  const files = readFiles(value, facts);
  if (!files.ok) return files;
  const written = writeLetter(
    {
      from: toMailbox(from),
      to: value.to.map(toMailbox),
      cc: value.cc.map(toMailbox),
      bcc: value.bcc.map(toMailbox),
      subject: value.subject,
      dateMs: typeof value.sentAt === 'string' ? Date.parse(value.sentAt) : facts.nowMs,
      messageId: value.messageId?.[0] ?? `${newId()}@${from.email.slice(from.email.lastIndexOf('@') + 1)}`,
      inReplyTo: value.inReplyTo,
      references: value.references,
    },
    { ...body.value, files: files.value },
    { boundarySeed: newId(), isProtected: false, autocrypt: undefined, outerFields: [] },
  );
  if (written.ok) return ok(written.value.plainBytes);
  return err({ kind: 'invalidEmail', description: 'An address is none.' });
}

function toMailbox({ name, email }: v.InferOutput<typeof person>): { readonly name: string; readonly address: string } {
  return { name, address: email };
}

/** One text, one HTML, or both; of a structure only a single part of text. */
function readBody(
  value: NewEmail,
): Result<{ readonly plainText: string; readonly plainHtml: string | undefined }, SetError> {
  const single = value.bodyStructure;
  const isHtml = single?.type?.toLowerCase() === 'text/html';
  if (single !== undefined && !isHtml && !/^text\/plain$/i.test(single.type ?? 'text/plain')) {
    return invalid('bodyStructure', 'A single part of text; give textBody, htmlBody and attachments for more.');
  }
  const textPartId = value.textBody?.[0]?.partId ?? (isHtml ? undefined : single?.partId);
  const htmlPartId = value.htmlBody?.[0]?.partId ?? (isHtml ? single?.partId : undefined);
  const find = (partId: string | undefined): string | undefined =>
    partId === undefined || !Object.hasOwn(value.bodyValues, partId) ? undefined : value.bodyValues[partId]?.value;
  const [plainText, plainHtml] = [find(textPartId), find(htmlPartId)];
  if ((textPartId !== undefined && plainText === undefined) || (htmlPartId !== undefined && plainHtml === undefined)) {
    return invalid('bodyValues', 'A part has no value.');
  }
  return ok({ plainText: plainText ?? '', plainHtml });
}

function readFiles({ attachments }: NewEmail, { findUpload }: NewEmailFacts): Result<readonly LetterFile[], SetError> {
  const files: LetterFile[] = [];
  let bytes = 0;
  for (const { blobId, type, name, cid } of attachments) {
    const upload = findUpload(blobId);
    if (upload === undefined) return err({ kind: 'blobNotFound', notFound: [blobId] });
    bytes += upload.length;
    if (bytes > limits.smtp.letterBytes) return err({ kind: 'tooLarge', maxSize: limits.smtp.letterBytes });
    files.push({ name, mediaType: type, bytes: upload, contentId: cid ?? undefined });
  }
  return ok(files);
}

function invalid(property: string, description: string): Result<never, SetError> {
  return err({ kind: 'invalidProperties', properties: [property], description });
}
