// The X25519 points of small order: a public key among them would give every sender the same, known secret (RFC 7748 §6.1).

const LOW_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];

/** Whether a 32-byte X25519 public key has small order, in any encoding (the top bit is ignored, as X25519 does). */
export function isLowOrder(point: Uint8Array): boolean {
  const masked = Uint8Array.from(point);
  masked[31] = (masked[31] ?? 0) & 0x7f;
  const hex = Array.from(masked, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return LOW_ORDER.includes(hex);
}
