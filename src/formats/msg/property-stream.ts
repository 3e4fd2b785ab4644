// The table of properties of a letter, a recipient or an attachment: 16 bytes each behind a head ([MS-OXMSG] §2.4).

export const PROPERTIES = '__properties_version1.0';
export const NAMED = '__nameid_version1.0';
export const LETTER_HEAD_BYTES = 32;
export const INNER_LETTER_HEAD_BYTES = 24;
export const ATTACHMENT_HEAD_BYTES = 8;
const ENTRY_BYTES = 16;

/** Name of the stream or storage that holds a property's value, `id` and `type` as the field's documents write them. */
export function valueName(id: number, type: number): string {
  return `__substg1.0_${hex(id)}${hex(type)}`;
}

/** A value that fits the table; undefined: the property is not in it. */
export function findNumber(table: Uint8Array, headBytes: number, id: number, type: number): number | undefined {
  const at = placeOf(table, headBytes, id * 2 ** 16 + type);
  return at === undefined ? undefined : viewOf(table).getUint32(at + 8, true);
}

/** A copy in which the property says another number. */
export function withNumber(
  table: Uint8Array,
  headBytes: number,
  { id, type, value }: { readonly id: number; readonly type: number; readonly value: number },
): Uint8Array {
  const copy = table.slice();
  const at = placeOf(copy, headBytes, id * 2 ** 16 + type);
  if (at !== undefined) viewOf(copy).setUint32(at + 8, value, true);
  return copy;
}

function placeOf(table: Uint8Array, headBytes: number, tag: number): number | undefined {
  const view = viewOf(table);
  for (let at = headBytes; at + ENTRY_BYTES <= table.length; at += ENTRY_BYTES)
    if (view.getUint32(at, true) === tag) return at;
  return undefined;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0');
}
