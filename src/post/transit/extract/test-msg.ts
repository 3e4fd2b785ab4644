// Letters as Outlook saves them, for tests: written with the house's own compound files, judged by another reader elsewhere.

import type { CfbNode, CfbStorage } from '#formats/cfb/cfb-tree.ts';
import { writeCfb } from '#formats/cfb/write-cfb.ts';
import { valueName } from '#formats/msg/property-stream.ts';

export interface MsgPart {
  readonly name?: string;
  readonly shortName?: string;
  readonly mediaType?: string;
  readonly contentId?: string;
  readonly isHidden?: boolean;
  /** 1 by value (told when there are bytes), 5 a letter, 6 an object of another program, 7 a link. */
  readonly method?: number;
  readonly bytes?: Uint8Array;
  readonly letter?: MsgLetter;
  /** Names in the old one-byte form. */
  readonly isAnsi?: boolean;
}

export interface MsgLetter {
  readonly subject?: string;
  readonly body?: string;
  readonly messageClass?: string;
  readonly codepage?: number;
  readonly parts?: readonly MsgPart[];
}

const STRING = 0x001f;
const STRING8 = 0x001e;
const BINARY = 0x0102;
const OBJECT = 0x000d;
const INTEGER = 0x0003;
const BOOLEAN = 0x000b;
const READABLE_WRITABLE = 6;
const ROOT_CLASS = Buffer.from('0b0d020000000000c000000000000046', 'hex');

export function makeMsg(letter: MsgLetter): Uint8Array {
  return writeCfb(msgTree(letter));
}

export function msgTree(letter: MsgLetter): CfbStorage {
  const named = storage('__nameid_version1.0', [
    stream(valueName(2, BINARY), Buffer.alloc(16)),
    stream(valueName(3, BINARY), Buffer.alloc(8)),
    stream(valueName(4, BINARY), new Uint8Array()),
  ]);
  const { children } = letterStorage('', letter, 32);
  const head = new Uint8Array(36);
  head.set(ROOT_CLASS);
  return { kind: 'storage', name: 'Root Entry', head, children: [named, ...children] };
}

function letterStorage(name: string, letter: MsgLetter, headBytes: number): CfbStorage {
  const { subject = 'Akte', body = 'Sehr geehrte Damen und Herren', messageClass = 'IPM.Note', parts = [] } = letter;
  const table = new Table(headBytes);
  const texts = [
    table.text(0x001a, messageClass),
    table.text(0x0037, subject),
    table.text(0x1000, body),
    table.text(0x0c1a, 'Müllerin'),
  ];
  if (letter.codepage !== undefined) table.number(0x3ffd, INTEGER, letter.codepage);
  table.counts(1, parts.length);
  const recipient = new Table(8);
  const to = storage('__recip_version1.0_#00000000', [
    recipient.text(0x3001, 'Anwältin'),
    recipient.text(0x3003, 'kanzlei@a.example'),
    recipient.node(),
  ]);
  return storage(name, [...texts, to, ...parts.map((part, index) => attachment(part, index)), table.node()]);
}

function attachment(part: MsgPart, index: number): CfbStorage {
  const table = new Table(8);
  const texts = (
    [
      [0x3707, part.name],
      [0x3704, part.shortName],
      [0x370e, part.mediaType],
      [0x3712, part.contentId],
    ] as const
  ).flatMap(([id, text]) => (text === undefined ? [] : [table.text(id, text, part.isAnsi)]));
  const { letter, bytes } = part;
  const method = part.method ?? (letter === undefined ? 1 : 5);
  table.number(0x0e21, INTEGER, index);
  table.number(0x3705, INTEGER, method);
  if (part.isHidden === true) table.number(0x7ffe, BOOLEAN, 1);
  const content: CfbNode[] = [];
  if (letter !== undefined) {
    if (part.name === undefined && letter.subject !== undefined) content.push(table.text(0x3001, letter.subject));
    content.push(letterStorage(valueName(0x3701, OBJECT), letter, 24));
    table.number(0x3701, OBJECT, 0xffffffff);
  }
  if (bytes !== undefined) {
    content.push(stream(valueName(0x3701, BINARY), bytes));
    table.number(0x3701, BINARY, bytes.length);
  }
  const place = index.toString(16).toUpperCase().padStart(8, '0');
  return storage(`__attach_version1.0_#${place}`, [...texts, ...content, table.node()]);
}

/** Fixed properties, and for the others how long they are. */
class Table {
  readonly #head: Buffer;
  readonly #rows: Buffer[] = [];

  constructor(headBytes: number) {
    this.#head = Buffer.alloc(headBytes);
  }

  number(id: number, type: number, value: number): void {
    const row = Buffer.alloc(16);
    row.writeUInt16LE(type, 0);
    row.writeUInt16LE(id, 2);
    row.writeUInt32LE(READABLE_WRITABLE, 4);
    row.writeUInt32LE(value, 8);
    this.#rows.push(row);
  }

  text(id: number, text: string, isAnsi = false): CfbNode {
    const bytes = Buffer.from(text, isAnsi ? 'latin1' : 'utf16le');
    this.number(id, isAnsi ? STRING8 : STRING, bytes.length + (isAnsi ? 1 : 2));
    return stream(valueName(id, isAnsi ? STRING8 : STRING), bytes);
  }

  /** Recipients and attachments, and the next number of each. */
  counts(recipients: number, attachments: number): void {
    for (const [at, count] of [recipients, attachments, recipients, attachments].entries())
      this.#head.writeUInt32LE(count, 8 + 4 * at);
  }

  node(): CfbNode {
    return stream('__properties_version1.0', Buffer.concat([this.#head, ...this.#rows]));
  }
}

function stream(name: string, bytes: Uint8Array): CfbNode {
  return { kind: 'stream', name, bytes };
}

function storage(name: string, children: readonly CfbNode[]): CfbStorage {
  return { kind: 'storage', name, head: new Uint8Array(36), children };
}
