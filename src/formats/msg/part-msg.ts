// A letter of Outlook without the content of some attachments, and a letter inside it as a file of its own ([MS-OXMSG] §2.2, §2.4.1).

import { type CfbNode, type CfbStorage, findStorage, findStream, HEAD_BYTES } from '../cfb/cfb-tree.ts';
import {
  ATTACHMENT_HEAD_BYTES,
  INNER_LETTER_HEAD_BYTES,
  LETTER_HEAD_BYTES,
  NAMED,
  PROPERTIES,
  withNumber,
} from './property-stream.ts';
import { DATA_ID, DATA_TYPE, DATA_VALUE, LETTER_VALUE } from './read-msg.ts';

/** 00020D0B-0000-0000-C000-000000000046: a letter. */
const LETTER_CLASS = [0x0b, 0x0d, 0x02, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];

/** Names, types and all else about these attachments stay; their bytes are none, and letters among them are empty ones. */
export function withoutContent(root: CfbStorage, storages: ReadonlySet<string>): CfbStorage {
  return {
    ...root,
    children: root.children.map((node) =>
      node.kind === 'storage' && storages.has(node.name)
        ? { ...node, children: node.children.map((inner) => emptied(inner)) }
        : node,
    ),
  };
}

function emptied(node: CfbNode): CfbNode {
  if (node.kind === 'stream') {
    if (node.name.toUpperCase() === DATA_VALUE.toUpperCase()) return { ...node, bytes: new Uint8Array() };
    if (node.name.toUpperCase() !== PROPERTIES.toUpperCase()) return node;
    return {
      ...node,
      bytes: withNumber(node.bytes, ATTACHMENT_HEAD_BYTES, { id: DATA_ID, type: DATA_TYPE, value: 0 }),
    };
  }
  if (node.name.toUpperCase() !== LETTER_VALUE.toUpperCase()) return node;
  const table: CfbNode = { kind: 'stream', name: PROPERTIES, bytes: new Uint8Array(INNER_LETTER_HEAD_BYTES) };
  return { ...node, children: [table] };
}

/** The letter inside takes along what names the properties of both; only the file around it has that. */
export function asOwnFile(letter: CfbStorage, root: CfbStorage): CfbStorage {
  const head = new Uint8Array(HEAD_BYTES);
  head.set(LETTER_CLASS);
  const named = findStorage(letter, NAMED) === undefined ? findStorage(root, NAMED) : undefined;
  const table = findStream(letter, PROPERTIES) ?? new Uint8Array();
  const rest = letter.children.filter(({ name }) => name.toUpperCase() !== PROPERTIES.toUpperCase());
  return {
    kind: 'storage',
    name: 'Root Entry',
    head,
    children: [
      ...rest,
      { kind: 'stream', name: PROPERTIES, bytes: withFileHead(table) },
      ...(named === undefined ? [] : [named]),
    ],
  };
}

/** The head of a file is eight zeros longer. */
function withFileHead(table: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(table.length + LETTER_HEAD_BYTES - INNER_LETTER_HEAD_BYTES);
  bytes.set(table.subarray(0, INNER_LETTER_HEAD_BYTES));
  bytes.set(table.subarray(INNER_LETTER_HEAD_BYTES), LETTER_HEAD_BYTES);
  return bytes;
}
