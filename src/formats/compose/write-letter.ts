// A letter as its writer means it → the bytes that leave: fields, alternatives, images within, files (RFC 5322, RFC 2045–2049).

import { ok, type Result } from '#base/result.ts';
import { isAscii } from '../smtp/address.ts';
import { autocryptField } from './autocrypt.ts';
import { base64Lines, encodeText } from './encode-part.ts';
import {
  addressField,
  dateField,
  idsField,
  oneLine,
  parameterField,
  textField,
  type ComposeRefusal,
  type Mailbox,
} from './field-lines.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface LetterFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  /** Content-ID, without angle brackets, of an image that the HTML shows; undefined for a file beside the text. */
  readonly contentId: string | undefined;
}

export interface LetterFields {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  /** Only in the writer's own copy. */
  readonly bcc: readonly Mailbox[];
  readonly subject: string;
  readonly dateMs: number;
  /** Ids stand without angle brackets. */
  readonly messageId: string;
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
}

export interface LetterBody {
  readonly plainText: string;
  readonly plainHtml: string | undefined;
  readonly files: readonly LetterFile[];
}

export interface LetterFrame {
  /** Random text of letters and digits; boundaries grow from it, and no encoded content can hold one. */
  readonly boundarySeed: string;
  /** The letter will be encrypted with its fields: the author says so under the signature (RFC 9788 §2.1.1). */
  readonly isProtected: boolean;
  /** The writer's certificate, given along so that answers can be sealed (Autocrypt Level 1). */
  readonly autocrypt: Uint8Array | undefined;
  /** Fields as they stand outside the seal, repeated within it (RFC 9788 §2.2). */
  readonly outerFields: readonly string[];
}

export interface WrittenLetter {
  readonly plainBytes: Bytes;
  /** It may travel only where SMTPUTF8 is offered. */
  readonly needsUtf8: boolean;
}

/** Refused only when an address is none. */
export function writeLetter(
  fields: LetterFields,
  body: LetterBody,
  frame: LetterFrame,
): Result<WrittenLetter, ComposeRefusal> {
  const head = letterFields(fields);
  if (!head.ok) return head;
  const { lines, needsUtf8 } = head.value;
  const root = bodyEntity(body, frame.boundarySeed);
  const autocrypt = frame.autocrypt ? [autocryptField(fields.from.address, frame.autocrypt)] : [];
  const outer = frame.outerFields.map((line) => `HP-Outer: ${line}`);
  const type = parameterField('Content-Type', root.mediaType, [
    ...root.parameters,
    ...(frame.isProtected ? [['hp', 'cipher'] as const] : []),
  ]);
  const top = [...lines, ...autocrypt, ...outer, 'MIME-Version: 1.0\r\n', type, ...root.fields, '\r\n'];
  const chunks: Uint8Array[] = [utf8.encode(top.join(''))];
  writeContent(root, chunks);
  return ok({ plainBytes: joined(chunks), needsUtf8 });
}

/** Everything but MIME, line by line, each with its CRLF. */
export function letterFields(
  fields: LetterFields,
): Result<{ readonly lines: readonly string[]; readonly needsUtf8: boolean }, ComposeRefusal> {
  const lines: string[] = [dateField('Date', fields.dateMs)];
  let needsUtf8 = false;
  const people = [
    ['From', [fields.from]],
    ['To', fields.to],
    ['Cc', fields.cc],
    ['Bcc', fields.bcc],
  ] as const;
  for (const [name, list] of people) {
    if (list.length === 0) continue;
    const field = addressField(name, list);
    if (!field.ok) return field;
    lines.push(field.value.line);
    needsUtf8 ||= field.value.needsUtf8;
  }
  // RFC 5322 §3.6.3 allows a letter without recipients; old servers add a field of their own then.
  if (fields.to.length + fields.cc.length === 0) lines.push('To: undisclosed-recipients:;\r\n');
  const ids = [
    idsField('Message-ID', [fields.messageId]),
    idsField('In-Reply-To', fields.inReplyTo),
    idsField('References', fields.references),
  ];
  lines.push(...ids.filter((line) => line !== undefined), textField('Subject', fields.subject));
  return ok({ lines, needsUtf8 });
}

interface Entity {
  readonly mediaType: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** Beside Content-Type. */
  readonly fields: readonly string[];
  readonly content: Uint8Array | Multipart;
}

interface Multipart {
  readonly boundary: string;
  readonly parts: readonly Entity[];
}

const utf8 = new TextEncoder();

function bodyEntity(body: LetterBody, seed: string): Entity {
  const { plainHtml } = body;
  // An image that no HTML can show is a file like any other.
  const isWithin = (file: LetterFile): boolean => file.contentId !== undefined && plainHtml !== undefined;
  const images = body.files.filter(isWithin);
  const files = body.files.filter((file) => !isWithin(file));
  let text = textEntity('text/plain', body.plainText);
  if (plainHtml !== undefined) {
    let html = textEntity('text/html', plainHtml);
    if (images.length > 0) html = multipart('related', `${seed}r`, [html, ...images.map(fileEntity)]);
    text = multipart('alternative', `${seed}a`, [text, html]);
  }
  return files.length === 0 ? text : multipart('mixed', `${seed}m`, [text, ...files.map(fileEntity)]);
}

/** "=_" stands in neither base64 nor quoted-printable (RFC 2045 §6.7). */
function multipart(subtype: 'mixed' | 'alternative' | 'related', seed: string, parts: readonly Entity[]): Entity {
  const boundary = `=_${seed}`;
  const type = subtype === 'related' ? [['type', parts[0]?.mediaType ?? 'text/html'] as const] : [];
  return {
    mediaType: `multipart/${subtype}`,
    parameters: [...type, ['boundary', boundary]],
    fields: [],
    content: { boundary, parts },
  };
}

function textEntity(mediaType: 'text/plain' | 'text/html', text: string): Entity {
  const { encoding, bytes } = encodeText(text);
  return {
    mediaType,
    parameters: [['charset', isAscii(text) ? 'us-ascii' : 'utf-8']],
    fields: encoding === '7bit' ? [] : [`Content-Transfer-Encoding: ${encoding}\r\n`],
    content: bytes,
  };
}

const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;

function fileEntity(file: LetterFile): Entity {
  const name = oneLine(file.name).replaceAll(/[/\\]/g, '_').slice(0, 200).toWellFormed() || 'file';
  const given = file.mediaType.toLowerCase().split(';', 1)[0]?.trim() ?? '';
  // RFC 2046 §5 forbids base64 around message/* and multipart/*: such a file travels as plain bytes.
  const isSafe = MEDIA_TYPE.test(given) && !/^(?:message|multipart)\//.test(given);
  const isImage = file.contentId !== undefined;
  const contentId = isImage ? [`Content-ID: <${file.contentId.replaceAll(/[^\x21-\x3b\x3d\x3f-\x7e]/g, '')}>\r\n`] : [];
  return {
    mediaType: isSafe ? given : 'application/octet-stream',
    parameters: [],
    fields: [
      parameterField('Content-Disposition', isImage ? 'inline' : 'attachment', [['filename', name]]),
      ...contentId,
      'Content-Transfer-Encoding: base64\r\n',
    ],
    content: base64Lines(file.bytes),
  };
}

function writeContent({ content }: Entity, chunks: Uint8Array[]): void {
  if (content instanceof Uint8Array) {
    chunks.push(content);
    return;
  }
  for (const part of content.parts) {
    const type = parameterField('Content-Type', part.mediaType, part.parameters);
    chunks.push(utf8.encode(`--${content.boundary}\r\n${type}${part.fields.join('')}\r\n`));
    writeContent(part, chunks);
    chunks.push(utf8.encode('\r\n'));
  }
  chunks.push(utf8.encode(`--${content.boundary}--\r\n`));
}

function joined(chunks: readonly Uint8Array[]): Bytes {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
