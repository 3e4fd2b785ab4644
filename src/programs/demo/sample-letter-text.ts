// A sample letter as SMTP carries it: fields, text, HTML with its pictures, attachments, an invitation (RFC 5322, 2045, 2046, 6047).

import { toBase64 } from '#formats/base64/base64.ts';

export interface Party {
  readonly name: string;
  readonly address: string;
}

export interface SampleFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
  /** Shown inside the HTML text under this Content-ID. */
  readonly contentId?: string;
}

export interface LetterFields {
  readonly from: Party;
  readonly to: readonly Party[];
  readonly cc?: readonly Party[];
  readonly subject: string;
  readonly sentMs: number;
  readonly messageId: string;
  /** Message-IDs of the letters before it in its thread, the oldest first. */
  readonly references?: readonly string[];
  readonly listUnsubscribe?: string;
}

export interface LetterBody {
  readonly plainText: string;
  readonly plainHtml?: string;
  readonly files?: readonly SampleFile[];
  /** An iCalendar object of the method REQUEST. */
  readonly plainInvitation?: string;
}

/** Header fields, each with its line end. */
export function headText(fields: LetterFields): string {
  const { from, to, cc = [], subject, sentMs, messageId, references = [], listUnsubscribe } = fields;
  const lines = [
    `From: ${partyText(from)}`,
    `To: ${to.map(partyText).join(', ')}`,
    ...(cc.length > 0 ? [`Cc: ${cc.map(partyText).join(', ')}`] : []),
    `Subject: ${encoded(subject)}`,
    `Date: ${new Date(sentMs).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${messageId}>`,
    ...(references.length > 0
      ? [`In-Reply-To: <${references.at(-1)}>`, `References: ${references.map((id) => `<${id}>`).join('\r\n ')}`]
      : []),
    ...(listUnsubscribe ? [`List-Unsubscribe: <${listUnsubscribe}>`] : []),
    'MIME-Version: 1.0',
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

/** Content-Type field and body. `parameters` stand directly behind the outermost type. */
export function bodyText(body: LetterBody, parameters = ''): string {
  const files = body.files ?? [];
  const pictures = files.filter((file) => file.contentId !== undefined);
  const attached = files.filter((file) => file.contentId === undefined);
  let text = textPart('plain', body.plainText);
  const alternatives = [text];
  if (body.plainHtml !== undefined) {
    const html = textPart('html', body.plainHtml);
    alternatives.push(pictures.length > 0 ? multipart('related', [html, ...pictures.map(filePart)]) : html);
  }
  if (body.plainInvitation !== undefined) alternatives.push(invitationPart(body.plainInvitation));
  if (alternatives.length > 1) text = multipart('alternative', alternatives);
  if (attached.length > 0) text = multipart('mixed', [text, ...attached.map(filePart)]);
  return text.replace(/^(Content-Type: [a-z/]+)/, `$1${parameters}`);
}

/** The two parts of an encrypted letter (RFC 3156 §4). */
export function encryptedText(armored: string): string {
  const control = 'Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n';
  const payload = `Content-Type: application/octet-stream; name="encrypted.asc"\r\n\r\n${armored.replaceAll(/\r?\n/g, '\r\n')}`;
  return multipart('encrypted; protocol="application/pgp-encrypted"', [control, payload]);
}

let parts = 0;

function multipart(type: string, inside: readonly string[]): string {
  const boundary = `part-${(++parts).toString(36)}-of-this-letter`;
  const bodies = inside.map((part) => `--${boundary}\r\n${part}\r\n`).join('');
  return `Content-Type: multipart/${type}; boundary="${boundary}"\r\n\r\n${bodies}--${boundary}--\r\n`;
}

function textPart(kind: 'plain' | 'html', text: string): string {
  const lines = text.replaceAll(/\r?\n/g, '\r\n');
  return `Content-Type: text/${kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${lines}\r\n`;
}

function invitationPart(calendar: string): string {
  return `Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${calendar}`;
}

function filePart({ name, type, bytes, contentId }: SampleFile): string {
  const place = contentId === undefined ? 'attachment' : 'inline';
  const id = contentId === undefined ? '' : `Content-ID: <${contentId}>\r\n`;
  const content = toBase64(bytes).replaceAll(/.{76}/g, '$&\r\n');
  const fileName = `filename*=utf-8''${encodeURIComponent(name)}`;
  return (
    `Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n${id}` +
    `Content-Disposition: ${place}; ${fileName}\r\n\r\n${content}\r\n`
  );
}

function partyText({ name, address }: Party): string {
  if (name === '') return `<${address}>`;
  return /^[\w .-]+$/.test(name) && !name.includes('.') ? `${name} <${address}>` : `${encodedName(name)} <${address}>`;
}

function encodedName(name: string): string {
  return isAscii(name) ? `"${name}"` : encoded(name);
}

/** RFC 2047: words of at most 75 characters, cut between characters. */
function encoded(text: string): string {
  if (isAscii(text)) return text;
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (new TextEncoder().encode(word + character).length > 42) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  words.push(word);
  return words.map((one) => `=?utf-8?B?${toBase64(new TextEncoder().encode(one))}?=`).join('\r\n ');
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
