// A result as its reader sees it: all that its header and its parts say, with every coding undone.

import { readLetter } from '#formats/message/letter-view.ts';
import { decodePart, fileNameOf } from '#formats/message/part-content.ts';
import { everyPart } from '#formats/message/parts.ts';

export function openedResult(plainText: string): Buffer {
  const bytes = Buffer.from(plainText);
  const view = readLetter(bytes);
  const parts = [...everyPart(view.root)];
  const names = parts.map((part) => fileNameOf(part)).join('\n');
  const contents = parts.filter(({ children }) => children.length === 0).map((part) => decodePart(bytes, part));
  return Buffer.concat([Buffer.from(`${view.subject}\n${names}\n`), bytes, ...contents]);
}
