// The fields of a letter as signatures cover them: one character a byte, folded as they came (RFC 6376 §3.4.1).

import { binaryText } from '../message/charset.ts';
import type { HeaderField } from '../message/header-fields.ts';
import type { RawField } from './canonical-header.ts';

export interface LetterHeader {
  readonly bytes: Uint8Array;
  readonly fields: readonly HeaderField[];
}

export function rawFields({ bytes, fields }: LetterHeader): readonly RawField[] {
  const header = binaryText(bytes, 0, fields.at(-1)?.endOffset ?? 0); // one text: slices of it cost nothing
  return fields.map(({ name, startOffset, endOffset }) => ({
    name,
    text: header.slice(startOffset, endOffset).replace(/\r?\n$/, ''),
  }));
}
