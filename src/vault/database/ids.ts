// Our ids (26 letters, base32) as the database's uuids (8-4-4-4-12 hex) and back: the same 16 bytes.

import { BASE32, idFromBytes, type LoggableId } from '#base/ids.ts';
import type { Uuid } from './tables.ts';

const NO_DIGIT = 0xff;
const DIGITS = new Uint8Array(128).fill(NO_DIGIT);
for (let digit = 0; digit < BASE32.length; digit += 1) DIGITS[BASE32.charCodeAt(digit)] = digit;
const HEX = Array.from('0123456789abcdef', (character) => character.charCodeAt(0));
const ID_LENGTH = 26;
/** Where each byte's two characters stand in 8-4-4-4-12. */
const AT = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
/** Filled anew by each call; the dashes stay. */
const codes = Array.from({ length: 36 }, () => '-'.charCodeAt(0));

/** The uuid with the id's 16 bytes; throws on what is not an id. Called several times for every letter: hence by table. */
export function idToUuid(id: LoggableId): Uuid {
  let bits = 0;
  let value = 0;
  let count = 0;
  if (id.length !== ID_LENGTH) throw new Error('not an id');
  for (let index = 0; index < ID_LENGTH; index += 1) {
    const digit = DIGITS[id.charCodeAt(index)] ?? NO_DIGIT;
    if (digit === NO_DIGIT) throw new Error('not an id');
    value = ((value << 5) | digit) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    const at = AT[count++] ?? 0;
    codes[at] = HEX[(value >> (bits + 4)) & 15] ?? 0;
    codes[at + 1] = HEX[(value >> bits) & 15] ?? 0;
  }
  // the last character carries three bits of the id; the two below them are zero
  if ((value & 3) !== 0) throw new Error('not an id');
  return String.fromCharCode(...codes);
}

/** The id with the uuid's 16 bytes; throws on what is not a uuid as PostgreSQL writes it. */
export function uuidToId<T extends LoggableId>(uuid: Uuid): T {
  return idFromBytes<T>(Buffer.from(uuid.replaceAll('-', ''), 'hex'));
}
