// Opens a stored letter: rendered message or packets → the original bytes, checked against its summary (RFC 9580 §5.13.1).

import type { Message, PrivateKey } from 'openpgp';
import { err, ok, type Result } from '#base/result.ts';
import { dearmor } from '#formats/openpgp/armor.ts';
import { packetHeaderLength } from '#formats/openpgp/packet.ts';
import { KEY_PACKET_BYTES, parseKeyPacket } from '#formats/openpgp/pkesk.ts';
import { splitStoredLetter } from '#formats/openpgp/seipd.ts';
import { joinBytes, sameBytes } from '../bytes.ts';
import { sha256 } from '../derive.ts';
import type { Original, Summary } from '../summary.ts';
import type { Keyring } from './keyring.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A stored letter as two packets, or as `render` wrote it. */
export type StoredLetter = { readonly keyPacket: Bytes; readonly dataPacket: Bytes } | { readonly rendered: Bytes };

export interface OpenedLetter {
  /** Byte for byte what SMTP brought. */
  readonly plainOriginal: Bytes;
  /** What the door put before it: Return-Path, Received, Authentication-Results, HP-Outer. */
  readonly plainBlock: Bytes;
  readonly packetSha256: Bytes;
}

export type OpenLetterError =
  | { readonly kind: 'notAStoredLetter' }
  /** Not the packet the summary names, not sealed to a key of this keyring, or changed. */
  | { readonly kind: 'alteredInStorage' };

/**
 * Opens a letter and undoes the insertions its (checked) summary records. Nothing is handed out before the MDC, the
 * packet's digest and the original's digest agree.
 */
export async function openLetter(
  stored: StoredLetter,
  keyring: Keyring,
  summary: Summary,
): Promise<Result<OpenedLetter, OpenLetterError>> {
  const message =
    'rendered' in stored ? bytesOfRendered(stored.rendered) : joinBytes(stored.keyPacket, stored.dataPacket);
  if (message === undefined) return err({ kind: 'notAStoredLetter' });
  const packets = splitStoredLetter(message);
  if (!packets.ok) return err({ kind: 'alteredInStorage' });
  const { keyPacket, dataPacket } = packets.value;
  const packetSha256 = sha256(dataPacket);
  if (!sameBytes(packetSha256, summary.packetSha256)) return err({ kind: 'alteredInStorage' });
  // openpgp is lenient about lengths inside a key packet; ours have one form only
  const isOurs = parseKeyPacket(keyPacket.subarray(packetHeaderLength(KEY_PACKET_BYTES))).ok;
  if (!isOurs) return err({ kind: 'alteredInStorage' });
  const plain = await decryptDoorLayer(message, keyring);
  if (!plain.ok) return plain;
  const original = undoInsertedSpans(plain.value, summary.original);
  if (original === undefined) return err({ kind: 'alteredInStorage' });
  return ok({ ...original, packetSha256 });
}

/** Takes the recorded spans out again; undefined unless length and digest of the original come out. */
export function undoInsertedSpans(
  plainSealed: Bytes,
  original: Original,
): { readonly plainOriginal: Bytes; readonly plainBlock: Bytes } | undefined {
  const added = original.insertions.reduce((sum, { length }) => sum + length, 0);
  if (plainSealed.length !== original.sizeBytes + added) return undefined;
  const plainOriginal = new Uint8Array(original.sizeBytes);
  let from = 0;
  let at = 0;
  for (const { offset, length } of original.insertions) {
    plainOriginal.set(plainSealed.subarray(from, from + offset - at), at);
    from += offset - at + length;
    at = offset;
  }
  plainOriginal.set(plainSealed.subarray(from), at);
  const block = plainSealed.slice(0, original.insertions[0]?.length ?? 0);
  return sameBytes(sha256(plainOriginal), original.sha256) ? { plainOriginal, plainBlock: block } : undefined;
}

function bytesOfRendered(rendered: Bytes): Bytes | undefined {
  const armored = dearmor(new TextDecoder('latin1').decode(rendered));
  return armored.ok && armored.value.kind === 'PGP MESSAGE' ? armored.value.bytes : undefined;
}

async function decryptDoorLayer(message: Bytes, keyring: Keyring): Promise<Result<Bytes, OpenLetterError>> {
  const openpgp = await import('openpgp');
  // Nothing the door seals is compressed; a single decompressed byte is one too many.
  const config = { ...openpgp.config, allowUnauthenticatedMessages: false, maxDecompressedMessageSize: 0 };
  const keys = await privateKeysOf(keyring);
  let opened: Message<Bytes>;
  try {
    const sealed = await openpgp.readMessage({ binaryMessage: message, config });
    opened = (await sealed.decrypt(keys, undefined, undefined, undefined, config)) as Message<Bytes>;
  } catch {
    return err({ kind: 'alteredInStorage' });
  }
  const [literal] = opened.packets;
  const isOneLiteral = opened.packets.length === 1 && literal instanceof openpgp.LiteralDataPacket;
  const plain = isOneLiteral ? opened.getLiteralData() : null;
  return plain instanceof Uint8Array ? ok(Uint8Array.from(plain)) : err({ kind: 'alteredInStorage' });
}

const parsed = new WeakMap<Keyring, Promise<PrivateKey[]>>();

/** The keyring's OpenPGP keys, parsed once. */
export function privateKeysOf(keyring: Keyring): Promise<PrivateKey[]> {
  const known = parsed.get(keyring);
  if (known !== undefined) return known;
  const reading = import('openpgp').then(({ readPrivateKey }) =>
    Promise.all(keyring.openpgp.map((binaryKey) => readPrivateKey({ binaryKey }))),
  );
  parsed.set(keyring, reading);
  return reading;
}
