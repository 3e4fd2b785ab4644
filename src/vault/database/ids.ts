// Our ids (26 letters, base32) as the database's uuids (8-4-4-4-12 hex) and back: the same 16 bytes.

import { idFromBytes, isId, type LoggableId } from '#base/ids.ts';
import type { Uuid } from './tables.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const DIGITS = new Uint8Array(128);
for (let digit = 0; digit < ALPHABET.length; digit += 1) DIGITS[ALPHABET.charCodeAt(digit)] = digit;
const scratch = Buffer.alloc(16);

/** The uuid with the id's 16 bytes; throws on what is not an id. Called several times for every letter: hence by table. */
export function idToUuid(id: LoggableId): Uuid {
  if (!isId(id)) throw new Error('not an id');
  let bits = 0;
  let value = 0;
  let at = 0;
  for (let index = 0; index < 26; index += 1) {
    value = ((value << 5) | (DIGITS[id.charCodeAt(index)] ?? 0)) & 0xfff;
    bits += 5;
    if (bits < 8 || at === 16) continue;
    bits -= 8;
    scratch[at++] = value >> bits;
  }
  const hex = scratch.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The id with the uuid's 16 bytes; throws on what is not a uuid as PostgreSQL writes it. */
export function uuidToId<T extends LoggableId>(uuid: Uuid): T {
  return idFromBytes<T>(Buffer.from(uuid.replaceAll('-', ''), 'hex'));
}
