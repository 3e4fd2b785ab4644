// The inner OpenPGP layer of a letter that came encrypted: finds it, opens it, says which pinned key signed what (RFC 3156 §§4–6).

import type { Message, PublicKey } from 'openpgp';
import { limits } from '#base/limits.ts';
import { dearmor } from '#formats/openpgp/armor.ts';
import { leadingTags, PACKET } from '#formats/openpgp/packet.ts';
import { readLetter, type LetterView } from '#formats/message/letter-view.ts';
import { decodePart } from '#formats/message/part-content.ts';
import type { Part } from '#formats/message/parts.ts';
import type { Keyring } from './keyring.ts';
import { privateKeysOf } from './open-letter.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type VerificationResult = Awaited<ReturnType<Message<Uint8Array>['verify']>>[number];

export interface InnerLayer {
  /** The OpenPGP message, unarmored: really encrypted, whatever the label said. */
  readonly message: Bytes;
  /** PGP/MIME carries a whole entity with fields of its own; inline armor is text alone. */
  readonly isEntity: boolean;
}

/** The encrypted layer of a letter; undefined when there is none, also when the letter only says so. */
export function findInnerLayer(plainOriginal: Bytes): InnerLayer | undefined {
  const view = readLetter(plainOriginal);
  const isEntity = view.contentType.mediaType === 'multipart/encrypted';
  const part = isEntity ? view.root.children[1] : view.root.children.length === 0 ? view.root : undefined;
  if (part === undefined) return undefined;
  const content = Uint8Array.from(decodePart(plainOriginal, part));
  const message = isEntity ? messageOf(content) : armoredMessageOf(content);
  return message !== undefined && isEncrypted(message) ? { message, isEntity } : undefined;
}

function messageOf(content: Bytes): Bytes | undefined {
  return ((content[0] ?? 0) & 0x80) === 0 ? armoredMessageOf(content) : content;
}

function armoredMessageOf(content: Bytes): Bytes | undefined {
  const text = new TextDecoder('latin1').decode(content);
  if (!text.trimStart().startsWith('-----BEGIN PGP MESSAGE-----')) return undefined;
  const armored = dearmor(text);
  return armored.ok ? armored.value.bytes : undefined;
}

/** SEIPD, and the packet of its unauthenticated forerunners 9 and 20, which openpgp then refuses. */
const ENCRYPTED: readonly number[] = [PACKET.seipd, 9, 20];

function isEncrypted(message: Bytes): boolean {
  return leadingTags(message).some((tag) => ENCRYPTED.includes(tag));
}

export interface OpenedInner {
  /** The decrypted entity or text. */
  readonly plainInner: Bytes;
  /** The part of it that signatures may cover, if it is an entity. */
  readonly signedView: LetterView;
  /** Whether this certificate signed it. */
  verify(certificate: Bytes, nowMs: number): Promise<boolean>;
}

/** Opens the inner layer with the keyring; undefined when no key fits or it was changed on its way. */
export async function openInner(layer: InnerLayer, keyring: Keyring): Promise<OpenedInner | undefined> {
  const openpgp = await import('openpgp');
  const config = {
    ...openpgp.config,
    allowUnauthenticatedMessages: false,
    maxDecompressedMessageSize: limits.openpgp.decompressedBytes,
  };
  let opened: Message<Uint8Array>;
  let plainInner: Bytes;
  try {
    const message = await openpgp.readMessage({ binaryMessage: layer.message, config });
    const keys = await privateKeysOf(keyring);
    opened = (await message.decrypt(keys, undefined, undefined, undefined, config)) as Message<Uint8Array>;
    plainInner = Uint8Array.from(opened.getLiteralData() ?? []);
  } catch {
    return undefined;
  }
  const inner = readLetter(plainInner);
  const detached = findDetachedSignature(inner);
  const signedView = detached === undefined ? inner : readLetter(detached.plainSigned);
  return {
    plainInner,
    signedView,
    verify: async (certificate, nowMs) => {
      try {
        const key = await openpgp.readKey({ binaryKey: certificate, config });
        const results = await (detached === undefined
          ? opened.verify([key], new Date(nowMs), config)
          : verifyDetached(openpgp, detached, key, nowMs));
        return await anyValid(results);
      } catch {
        return false;
      }
    },
  };
}

interface Detached {
  readonly plainSigned: Bytes;
  readonly signature: string;
}

/** RFC 3156 §6.1: a multipart/signed inside the encrypted part. */
function findDetachedSignature(inner: LetterView): Detached | undefined {
  if (inner.contentType.mediaType !== 'multipart/signed') return undefined;
  const [signed, signature] = inner.root.children;
  if (signed === undefined || signature?.contentType.mediaType !== 'application/pgp-signature') return undefined;
  return {
    plainSigned: bytesOf(inner, signed),
    signature: new TextDecoder().decode(decodePart(inner.bytes, signature)),
  };
}

function bytesOf(view: LetterView, part: Part): Bytes {
  return Uint8Array.from(view.bytes.subarray(part.startOffset, part.endOffset));
}

async function verifyDetached(
  openpgp: typeof import('openpgp'),
  { plainSigned, signature }: Detached,
  key: PublicKey,
  nowMs: number,
): Promise<VerificationResult[]> {
  const { signatures } = await openpgp.verify({
    message: await openpgp.createMessage({ binary: plainSigned }),
    signature: await openpgp.readSignature({ armoredSignature: signature }),
    verificationKeys: [key],
    date: new Date(nowMs),
  });
  return signatures;
}

async function anyValid(results: readonly VerificationResult[]): Promise<boolean> {
  const answers = await Promise.allSettled(results.map(({ verified }) => verified));
  return answers.some((answer) => answer.status === 'fulfilled' && answer.value);
}
