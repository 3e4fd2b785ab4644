// A letter as values: fields, addresses, dates, ids and parts, each read when it is first asked for (RFC 5322 §3.6).
import { limits } from '#base/limits.ts';
import { type Address, parseAddresses } from './addresses.ts';
import { bestBodies, type Bodies } from './bodies.ts';
import type { ContentType } from './content-type.ts';
import { type LetterDate, parseDate } from './dates.ts';
import { decodeEncodedWords } from './encoded-words.ts';
import { fieldText, type HeaderField, readHeaderSection } from './header-fields.ts';
import { type Part, readParts } from './parts.ts';
import { readableText } from './readable-text.ts';

export type LetterView = {
  readonly bytes: Uint8Array;
  readonly fields: readonly HeaderField[];
  /** False when the letter is all body. */
  readonly hasHeaderSection: boolean;
  /** True when the header section is beyond its bounds and fields are missing. */
  readonly isHeaderCut: boolean;
  readonly bodyOffset: number;
  readonly from: readonly Address[];
  readonly sender: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
  /** Decoded, white space collapsed; empty when missing. */
  readonly subject: string;
  readonly date: LetterDate | undefined;
  /** Ids stand without angle brackets. */
  readonly messageId: string | undefined;
  readonly inReplyTo: readonly string[];
  /** Oldest first; of more than the bound the first and the newest are kept. */
  readonly references: readonly string[];
  readonly listId: string | undefined;
  readonly listUnsubscribe: string | undefined;
  readonly listUnsubscribePost: string | undefined;
  /** Lower-case keyword; `no` when missing (RFC 3834). */
  readonly autoSubmitted: string;
  readonly precedence: string | undefined;
  readonly contentType: ContentType;
  /** Root of the MIME tree. */
  readonly root: Part;
  readonly bodies: Bodies;
  /** Text for snippet and search terms: bodies in order, HTML turned into text, bounded. */
  readonly readableText: string;
  /** First field of that lower-case name: unfolded, encoded words decoded. */
  findText(name: string): string | undefined;
  findFields(name: string): readonly HeaderField[];
};

/** Reads a letter. Never fails: what is missing or broken is empty or undefined. */
export function readLetter(bytes: Uint8Array): LetterView {
  return new Letter(bytes);
}

class Letter implements LetterView {
  readonly bytes: Uint8Array;
  readonly fields: readonly HeaderField[];
  readonly hasHeaderSection: boolean;
  readonly isHeaderCut: boolean;
  readonly bodyOffset: number;
  readonly root: Part;
  readonly #addresses = new Map<string, readonly Address[]>();
  #bodies: Bodies | undefined;
  #readable: string | undefined;

  constructor(bytes: Uint8Array) {
    const section = readHeaderSection(bytes);
    this.bytes = bytes;
    this.fields = section.fields;
    this.hasHeaderSection = section.isPresent;
    this.isHeaderCut = section.isCut;
    this.bodyOffset = section.bodyOffset;
    this.root = readParts(bytes, section);
  }

  get from(): readonly Address[] {
    return this.#addressesOf('from');
  }
  get sender(): readonly Address[] {
    return this.#addressesOf('sender');
  }
  get replyTo(): readonly Address[] {
    return this.#addressesOf('reply-to');
  }
  get to(): readonly Address[] {
    return this.#addressesOf('to');
  }
  get cc(): readonly Address[] {
    return this.#addressesOf('cc');
  }
  get bcc(): readonly Address[] {
    return this.#addressesOf('bcc');
  }
  get subject(): string {
    return oneLine(this.findText('subject') ?? '', limits.message.subjectCharacters);
  }
  get date(): LetterDate | undefined {
    const field = this.#findField('date');
    return field && parseDate(fieldText(field));
  }
  get messageId(): string | undefined {
    return messageIds(this.#plainText('message-id'))[0];
  }
  get inReplyTo(): readonly string[] {
    return messageIds(this.#plainText('in-reply-to'));
  }
  get references(): readonly string[] {
    return messageIds(this.#plainText('references'));
  }
  get listId(): string | undefined {
    const text = this.findText('list-id');
    return text === undefined ? undefined : (/<([^<>]*)>/.exec(text)?.[1] ?? text);
  }
  get listUnsubscribe(): string | undefined {
    return this.#plainText('list-unsubscribe');
  }
  get listUnsubscribePost(): string | undefined {
    return this.#plainText('list-unsubscribe-post');
  }
  get autoSubmitted(): string {
    return /^[a-z-]+/.exec((this.#plainText('auto-submitted') ?? 'no').toLowerCase())?.[0] ?? 'no';
  }
  get precedence(): string | undefined {
    return this.#plainText('precedence')?.toLowerCase();
  }
  get contentType(): ContentType {
    return this.root.contentType;
  }
  get bodies(): Bodies {
    this.#bodies ??= bestBodies(this.root);
    return this.#bodies;
  }
  get readableText(): string {
    this.#readable ??= readableText(this.bytes, this.bodies);
    return this.#readable;
  }

  findText(name: string): string | undefined {
    const text = this.#plainText(name);
    return text === undefined ? undefined : decodeEncodedWords(text);
  }

  findFields(name: string): readonly HeaderField[] {
    return this.fields.filter((field) => field.name === name);
  }

  #findField(name: string): HeaderField | undefined {
    return this.fields.find((field) => field.name === name);
  }

  #plainText(name: string): string | undefined {
    const field = this.#findField(name);
    return field && fieldText(field);
  }

  #addressesOf(name: string): readonly Address[] {
    const known = this.#addresses.get(name);
    if (known) return known;
    const texts = this.findFields(name).map(fieldText);
    const read = texts.length === 0 ? [] : parseAddresses(texts.join(', '));
    this.#addresses.set(name, read);
    return read;
  }
}

/** White space runs become one blank, control and direction characters go. */
export function oneLine(text: string, charactersMax: number): string {
  const clean = text
    .slice(0, charactersMax * 4)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069\ufeff]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return clean.slice(0, charactersMax).toWellFormed();
}

/** Ids between angle brackets; without any, the words of the field (old mailers leave the brackets out). */
function messageIds(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  let ids = [...text.matchAll(/<([^<>]+)>/g)].map((match) => (match[1] ?? '').replace(/\s+/g, ''));
  if (ids.length === 0) ids = text.split(/[\s,]+/).filter((word) => word.includes('@'));
  ids = ids
    .filter((id) => id !== '' && id.length <= limits.message.identifierCharacters)
    .map((id) => id.toWellFormed());
  const { referencesMax } = limits.message;
  return ids.length <= referencesMax ? ids : [...ids.slice(0, 1), ...ids.slice(1 - referencesMax)];
}
