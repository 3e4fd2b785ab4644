// Is a letter encrypted or signed? Decided by its content, since a label costs nothing (RFC 3156, RFC 8551, RFC 9580).
import { cmsTypeOf } from './cms-type.ts';
import type { LetterView } from './letter-view.ts';
import { findArmored, openPgpContent } from './openpgp-packets.ts';
import { decodePart, decodeText, fileNameOf } from './part-content.ts';
import type { Part } from './parts.ts';

/**
 * `fakeEncrypted`: the label says encrypted, the content is not: plain mail that gets no sign and no shelter from rules.
 * The S/MIME and PGP signed shapes say that a signature is there, never that it is valid.
 */
export type CryptoShape =
  'clear' | 'pgpMime' | 'pgpInline' | 'pgpSigned' | 'smimeEncrypted' | 'smimeSigned' | 'fakeEncrypted';

/** Encoded bytes looked at in one part: key packets of 1,000 recipients fit. */
const LOOK_BYTES_MAX = 1024 * 1024;

export function cryptoShape(bytes: Uint8Array, view: LetterView): CryptoShape {
  const { root } = view;
  const { mediaType } = root.contentType;
  if (mediaType === 'multipart/encrypted') return multipartEncrypted(bytes, root);
  if (isCmsLabel(root)) return cmsShape(bytes, root) ?? 'fakeEncrypted';
  if (mediaType === 'multipart/signed') return signedShape(bytes, root);
  const rewrapped = rewrappedPgpMime(root);
  if (rewrapped && pgpContentOf(bytes, rewrapped) === 'encrypted') return 'pgpMime';
  return inlineShape(bytes, view);
}

/** RFC 3156 §4: the version part and one part of data, nothing beside it that a reader could show in clear. */
function multipartEncrypted(bytes: Uint8Array, root: Part): CryptoShape {
  const [version, data, ...others] = root.children;
  if (!version || !data || others.length > 0 || data.children.length > 0) return 'fakeEncrypted';
  if (version.endOffset - version.bodyOffset > 200 || version.children.length > 0) return 'fakeEncrypted';
  return pgpContentOf(bytes, data) === 'encrypted' ? 'pgpMime' : 'fakeEncrypted';
}

/** Exchange turns multipart/encrypted into multipart/mixed of an empty text, the version and the data. */
function rewrappedPgpMime(root: Part): Part | undefined {
  if (root.contentType.mediaType !== 'multipart/mixed') return undefined;
  const parts = root.children.filter(
    (part) => part.endOffset - part.bodyOffset > 4 || part.contentType.type !== 'text',
  );
  const [version, data] = parts;
  return parts.length === 2 && version?.contentType.mediaType === 'application/pgp-encrypted' ? data : undefined;
}

function pgpContentOf(bytes: Uint8Array, part: Part): ReturnType<typeof openPgpContent> {
  const content = decodePart(bytes, part, LOOK_BYTES_MAX);
  if ((content[0] ?? 0) >= 0x80) return openPgpContent(content);
  const armored = findArmored(decodeText(bytes, part, LOOK_BYTES_MAX).trimStart(), 'MESSAGE');
  return armored && openPgpContent(armored);
}

/** A label alone, or a name, brings the look; the object identifier decides. */
function isCmsLabel(part: Part): boolean {
  const { mediaType } = part.contentType;
  if (mediaType === 'application/pkcs7-mime' || mediaType === 'application/x-pkcs7-mime') return true;
  return mediaType === 'application/octet-stream' && /\.p7[mz]$/i.test(fileNameOf(part));
}

function cmsShape(bytes: Uint8Array, part: Part): CryptoShape | undefined {
  switch (cmsTypeOf(decodePart(bytes, part, LOOK_BYTES_MAX))) {
    case 'encrypted':
      return 'smimeEncrypted';
    case 'signed':
      return 'smimeSigned';
    case 'other':
      return 'clear'; // compressed or certificates only
    default:
      return undefined;
  }
}

function signedShape(bytes: Uint8Array, root: Part): CryptoShape {
  const signature = root.children[1];
  if (!signature || root.children.length !== 2) return 'clear';
  if (cmsTypeOf(decodePart(bytes, signature, LOOK_BYTES_MAX)) === 'signed') return 'smimeSigned';
  const armored = findArmored(decodeText(bytes, signature, LOOK_BYTES_MAX).trimStart(), 'SIGNATURE');
  return armored && openPgpContent(armored) === 'signature' ? 'pgpSigned' : 'clear';
}

/** Armor within the text to read; an encrypted file beside clear text is just a file. */
function inlineShape(bytes: Uint8Array, view: LetterView): CryptoShape {
  if (!view.readableText.includes('-----BEGIN PGP ')) return 'clear'; // read already for the summary
  for (const part of view.bodies.text) {
    if (part.contentType.mediaType !== 'text/plain') continue;
    const text = decodeText(bytes, part, LOOK_BYTES_MAX);
    if (/^-----BEGIN PGP SIGNED MESSAGE-----/m.test(text)) {
      const signature = findArmored(text, 'SIGNATURE');
      if (signature && openPgpContent(signature) === 'signature') return 'pgpSigned';
    }
    const message = findArmored(text, 'MESSAGE');
    if (message) return openPgpContent(message) === 'encrypted' ? 'pgpInline' : 'fakeEncrypted';
  }
  return 'clear';
}
