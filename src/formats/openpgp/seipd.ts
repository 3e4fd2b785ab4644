// The packet that holds the letter: SEIPD version 1 around one literal packet, with its modification detection code (RFC 9580 §§5.13.1, 5.9).

import { err, ok, type Result } from '#base/result.ts';
import { PACKET, packetHeaderLength, parsePackets, writePacketHeader } from './packet.ts';

/** AES block plus its last two bytes again (§5.13.1). */
export const CFB_PREFIX_BYTES = 18;
/** SHA-1 of everything before it, prefix included. */
export const MDC_HASH_BYTES = 20;
const LITERAL_HEAD = 6; // 'b', no file name, date 0

export interface DataPacketLayout {
  /** Length of the whole data packet. */
  readonly packetBytes: number;
  /** Where the encrypted part begins: behind header and version byte. */
  readonly cipherAt: number;
  readonly literalAt: number;
  readonly lettersAt: number;
  /** Where the header of the MDC packet stands; its hash follows two bytes later, at the very end. */
  readonly mdcAt: number;
}

/** Where everything of a data packet stands for a letter of that many bytes. Lengths are definite and shortest, so the layout is a function of the length. */
export function layOutDataPacket(letterBytes: number): DataPacketLayout {
  const literalBody = LITERAL_HEAD + letterBytes;
  const literalHeader = packetHeaderLength(literalBody);
  const body = 1 + CFB_PREFIX_BYTES + literalHeader + literalBody + 2 + MDC_HASH_BYTES;
  const header = packetHeaderLength(body);
  const cipherAt = header + 1;
  const literalAt = cipherAt + CFB_PREFIX_BYTES;
  const lettersAt = literalAt + literalHeader + LITERAL_HEAD;
  return { packetBytes: header + body, cipherAt, literalAt, lettersAt, mdcAt: lettersAt + letterBytes };
}

/** Writes every byte of a data packet that depends on lengths alone; prefix, letter and hash are the caller's. */
export function writeDataPacketFrame(packet: Uint8Array, layout: DataPacketLayout): void {
  const letterBytes = layout.mdcAt - layout.lettersAt;
  const at = writePacketHeader(packet, 0, PACKET.seipd, layout.packetBytes - layout.cipherAt + 1);
  packet[at] = 1;
  const literal = writePacketHeader(packet, layout.literalAt, PACKET.literal, LITERAL_HEAD + letterBytes);
  packet[literal] = 0x62; // 'b': binary, no tool converts line ends
  packet.fill(0, literal + 1, literal + LITERAL_HEAD);
  packet[layout.mdcAt] = 0xd3;
  packet[layout.mdcAt + 1] = MDC_HASH_BYTES;
}

export type StoredLetterError = { readonly kind: 'notAStoredLetter' };

/** Splits `key packet ‖ data packet` as stored and rendered: exactly one PKESK and one SEIPD v1, nothing else. */
export function splitStoredLetter(
  bytes: Uint8Array<ArrayBuffer>,
): Result<
  { readonly keyPacket: Uint8Array<ArrayBuffer>; readonly dataPacket: Uint8Array<ArrayBuffer> },
  StoredLetterError
> {
  const packets = parsePackets(bytes);
  if (!packets.ok) return err({ kind: 'notAStoredLetter' });
  const [key, data] = packets.value;
  if (packets.value.length !== 2 || key?.tag !== PACKET.pkesk || data?.tag !== PACKET.seipd) {
    return err({ kind: 'notAStoredLetter' });
  }
  if (data.body[0] !== 1) return err({ kind: 'notAStoredLetter' });
  return ok({ keyPacket: key.whole, dataPacket: data.whole });
}
