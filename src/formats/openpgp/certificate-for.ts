// Finds the certificate of one address among what a directory answered: usable now, and made for that address (RFC 9580 §10.1).

import { formatAddress, normaliseAddress, parseAddress } from '../smtp/address.ts';
import { dearmor } from './armor.ts';
import { PACKET, parsePackets } from './packet.ts';
import { parsePublicKey, type KeyFacts, type PublicKeyFacts } from './public-key.ts';

const MAY_ENCRYPT = 0x0c;

/**
 * The newest of the certificates in `bytes` (binary, or armored against the draft) that is not revoked, not over, may
 * encrypt and has a user id with exactly this address. Signatures are not verified: that is the client's to do.
 */
export function certificateFor(
  address: string,
  bytes: Uint8Array<ArrayBuffer>,
  nowMs: number,
): Uint8Array<ArrayBuffer> | undefined {
  const wanted = comparable(address);
  let best: { readonly whole: Uint8Array<ArrayBuffer>; readonly createdMs: number } | undefined;
  for (const whole of splitCertificates(bytes)) {
    const key = parsePublicKey(whole);
    if (!key.ok || !isUsable(key.value, nowMs)) continue;
    if (!key.value.userIds.some((userId) => addressOf(userId) === wanted)) continue;
    if (best === undefined || key.value.createdMs > best.createdMs) best = { whole, createdMs: key.value.createdMs };
  }
  return best?.whole;
}

/** Copies: what a certificate is cut from is not kept alive by it. */
function splitCertificates(bytes: Uint8Array<ArrayBuffer>): readonly Uint8Array<ArrayBuffer>[] {
  const isBinary = ((bytes[0] ?? 0) & 0x80) !== 0;
  const armored = isBinary ? undefined : dearmor(new TextDecoder().decode(bytes));
  const binary = armored?.ok === true ? armored.value.bytes : bytes;
  const packets = parsePackets(binary);
  if (!packets.ok) return [];
  const starts: number[] = [];
  let at = 0;
  for (const { tag, whole } of packets.value) {
    if (tag === PACKET.publicKey) starts.push(at);
    at += whole.length;
  }
  return starts.map((start, index) => binary.slice(start, starts[index + 1]));
}

function isUsable(key: PublicKeyFacts, nowMs: number): boolean {
  const isValid = ({ isRevoked, expiresMs }: KeyFacts): boolean =>
    !isRevoked && (expiresMs === undefined || nowMs < expiresMs);
  return isValid(key) && [key, ...key.subkeys].some((part) => (part.flags & MAY_ENCRYPT) !== 0 && isValid(part));
}

/** The address of `Name <address>`, or of a user id that is an address alone. */
function addressOf(userId: string): string | undefined {
  return comparable(/<([^<>]+)>\s*$/.exec(userId)?.[1] ?? userId.trim());
}

function comparable(text: string): string | undefined {
  const address = parseAddress(text);
  return address.ok ? formatAddress(normaliseAddress(address.value)) : undefined;
}
