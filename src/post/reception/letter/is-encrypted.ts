// Whether a letter came encrypted, so that the door cannot read it. A label over a clear payload does not count (RFC 3156 §4, RFC 8551 §3.3).

import type { LetterView } from '#formats/message/letter-view.ts';
import { decodePart } from '#formats/message/part-content.ts';
import { everyPart } from '#formats/message/parts.ts';

const ARMOR = '-----BEGIN PGP MESSAGE-----';
const LOOK_BYTES = 4_096;

export function isEncrypted(view: LetterView): boolean {
  const { mediaType, parameters } = view.contentType;
  if (mediaType === 'multipart/encrypted') {
    for (const part of everyPart(view.root))
      if (
        part.contentType.mediaType === 'application/octet-stream' &&
        holdsOpenPgp(decodePart(view.bytes, part, LOOK_BYTES))
      )
        return true;
    return false;
  }
  if (mediaType === 'application/pkcs7-mime' || mediaType === 'application/x-pkcs7-mime')
    return /^(?:auth)?enveloped-data$/i.test(parameters.get('smime-type') ?? '');
  return false;
}

/** Armor, or a packet that starts an encrypted message: PKESK or SKESK (RFC 9580 §5.1, §5.3), old or new format. */
function holdsOpenPgp(bytes: Uint8Array): boolean {
  if (new TextDecoder('latin1').decode(bytes.subarray(0, LOOK_BYTES)).trimStart().startsWith(ARMOR)) return true;
  const first = bytes[0] ?? 0;
  const tag = (first & 0xc0) === 0xc0 ? first & 0x3f : (first & 0xc0) === 0x80 ? (first >> 2) & 0x0f : 0;
  return tag === 1 || tag === 3;
}
