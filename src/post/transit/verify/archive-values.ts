// Rules of PDF/A-2 for every value of a file: none beyond the limits, names in UTF-8 (ISO 19005-2 §6.1.8, §6.1.13).

import type { PdfValue } from '#formats/pdf-read/pdf-value.ts';
import type { SeenFile } from './seen-file.ts';

/** What of a file the rules look at. */
export type ArchiveFile = Pick<SeenFile, 'bytes' | 'document' | 'entries' | 'objects' | 'missing'>;

/** Hands over what is wrong, clause first: "6.2.11.4.1 a font that is not embedded". */
export type Blame = (clause: string, what: string) => void;

const INTEGER_MAX = 2_147_483_647;
const REAL_MAX = 3.403e38;
const REAL_MIN = 1.175e-38;
const STRING_BYTES = 32_767;
const NAME_BYTES = 127;

/** §6.1.13 and §6.1.8, for every value that stands in the file. */
export function judgeValue(value: PdfValue | undefined, blame: Blame, depth: number): void {
  if (depth <= 0) return blame('6.1.13', 'values in one another without end');
  if (typeof value === 'number') return judgeNumber(value, blame);
  if (typeof value !== 'object' || value === null) return undefined;
  if (value.kind === 'name') return judgeName(value.name, blame);
  if (value.kind === 'string') {
    if (value.bytes.length > STRING_BYTES) blame('6.1.13', 'a string that is too long');
  } else if (value.kind === 'array') for (const item of value.items) judgeValue(item, blame, depth - 1);
  else if (value.kind === 'stream') judgeValue(value.dict, blame, depth);
  else if (value.kind === 'dict') {
    for (const [key, inner] of value.entries) {
      judgeName(key, blame);
      judgeValue(inner, blame, depth - 1);
    }
  }
  return undefined;
}

function judgeNumber(value: number, blame: Blame): void {
  const size = Math.abs(value);
  if (Number.isInteger(value) ? size > INTEGER_MAX + 1 || value > INTEGER_MAX : size > REAL_MAX)
    blame('6.1.13', 'a number that is too large');
  if (size > 0 && size < REAL_MIN) blame('6.1.13', 'a number that is too small');
}

function judgeName(name: string, blame: Blame): void {
  if (name.length > NAME_BYTES) blame('6.1.13', 'a name that is too long');
  const bytes = Uint8Array.from(name, (letter) => letter.charCodeAt(0));
  if (bytes.some((byte) => byte > 127) && !isUtf8(bytes)) blame('6.1.8', 'a name that is not UTF-8');
}

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
