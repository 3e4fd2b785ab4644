// Base32 as an app reads it from an otpauth: link (RFC 4648 §6): the other half of web/client/base32.ts, written apart.

export function fromBase32(text: string): Uint8Array {
  let bits = '';
  for (const letter of text) bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}
