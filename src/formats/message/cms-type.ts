// What a CMS structure is, told by its object identifier (RFC 5652 §3, RFC 5083): enough of DER and BER to read the first element.

export type CmsType = 'signed' | 'encrypted' | 'other';

/** DER of 1.2.840.113549.1.7 and 1.2.840.113549.1.9.16.1, one arc missing. */
const PKCS7 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
const SMIME_CT = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01];

/** The type of a ContentInfo; undefined when the bytes are none. */
export function cmsTypeOf(bytes: Uint8Array): CmsType | undefined {
  if (bytes[0] !== 0x30) return undefined;
  const inside = contentOffset(bytes, 1);
  if (inside === undefined || bytes[inside] !== 0x06) return undefined;
  const length = bytes[inside + 1] ?? 0;
  const oid = bytes.subarray(inside + 2, inside + 2 + length);
  const follows = bytes[inside + 2 + length];
  if (length > 20 || oid.length !== length || follows !== 0xa0) return undefined; // [0] EXPLICIT content
  const last = oid[length - 1];
  if (startsWith(oid, PKCS7) && length === PKCS7.length + 1) {
    if (last === 2) return 'signed';
    return last === 3 || last === 4 || last === 6 ? 'encrypted' : 'other';
  }
  // 23: authEnvelopedData
  if (startsWith(oid, SMIME_CT) && length === SMIME_CT.length + 1) return last === 23 ? 'encrypted' : 'other';
  return 'other';
}

/** Offset behind a DER or BER length. */
function contentOffset(bytes: Uint8Array, at: number): number | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first <= 0x80) return at + 1;
  const size = first & 0x7f;
  return size > 6 ? undefined : at + 1 + size;
}

function startsWith(bytes: Uint8Array, wanted: readonly number[]): boolean {
  return wanted.every((byte, index) => bytes[index] === byte);
}
