// The parameter hp="cipher" put into a letter before it is sealed, and taken out again to the byte (RFC 9788 §2.1.1).
import { findContentType } from './content-type.ts';
import { readHeaderSection } from './header-fields.ts';

/** `bytes` stand in front of the byte at `offset` of the original; equal offsets keep their order. */
export type Insertion = { readonly offset: number; readonly bytes: Uint8Array };

const encoder = new TextEncoder();
const PARAMETER = encoder.encode('; hp="cipher"');
const FIELD = encoder.encode('Content-Type: text/plain; hp="cipher"\r\n');
const FIELD_AND_EMPTY_LINE = encoder.encode('Content-Type: text/plain; hp="cipher"\r\n\r\n');

/** Left alone: a signature covers the field, or the content is encrypted already. */
const LEFT_ALONE = new Set([
  'multipart/signed',
  'multipart/encrypted',
  'application/pkcs7-mime',
  'application/x-pkcs7-mime',
]);

/**
 * What to insert so that readers know the letter was sealed: the parameter goes directly behind type/subtype of the first
 * Content-Type field that parses, since at the end of the field an open quote or comment would swallow it.
 */
export function protectInsertions(bytes: Uint8Array): readonly Insertion[] {
  const section = readHeaderSection(bytes);
  for (const field of section.fields) {
    if (field.name !== 'content-type') continue;
    const found = findContentType(field.rawValue);
    if (!found) continue;
    if (LEFT_ALONE.has(found.mediaType) || found.parameters.has('hp')) return [];
    return [{ offset: field.valueOffset + found.typeEnd, bytes: PARAMETER }];
  }
  // beyond the bounds such a field may still stand: a second one in front would change what the letter is
  if (section.isCut) return [];
  return [{ offset: 0, bytes: section.isPresent ? FIELD : FIELD_AND_EMPTY_LINE }];
}

/** The letter with all insertions in it. They must be sorted by offset; throws when they are not (a mistake of ours). */
export function applyInsertions(bytes: Uint8Array, insertions: readonly Insertion[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(insertions.reduce((sum, insertion) => sum + insertion.bytes.length, bytes.length));
  let from = 0;
  let at = 0;
  for (const insertion of insertions) {
    if (insertion.offset < from || insertion.offset > bytes.length)
      throw new Error('insertions must be sorted and within');
    out.set(bytes.subarray(from, insertion.offset), at);
    at += insertion.offset - from;
    out.set(insertion.bytes, at);
    at += insertion.bytes.length;
    from = insertion.offset;
  }
  out.set(bytes.subarray(from), at);
  return out;
}

/** The original letter; undefined when the insertions are not found where they should stand. */
export function undoInsertions(
  bytes: Uint8Array,
  insertions: readonly Insertion[],
): Uint8Array<ArrayBuffer> | undefined {
  const length = insertions.reduce((sum, insertion) => sum - insertion.bytes.length, bytes.length);
  if (length < 0) return undefined;
  const out = new Uint8Array(length);
  let from = 0;
  let at = 0;
  for (const insertion of insertions) {
    const kept = insertion.offset - at;
    if (kept < 0 || insertion.offset > length || !startsWith(bytes, from + kept, insertion.bytes)) return undefined;
    out.set(bytes.subarray(from, from + kept), at);
    at = insertion.offset;
    from += kept + insertion.bytes.length;
  }
  out.set(bytes.subarray(from), at);
  return out;
}

function startsWith(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) return false;
  return true;
}
