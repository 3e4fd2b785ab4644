// The sign a letter is shown with. The client alone decides it, from bytes it opened itself and keys it pinned itself (decision 0003 §13).

import type { LetterView } from '#formats/message/letter-view.ts';
import { findInnerLayer, openInner } from './open-inner.ts';
import type { Keyring } from './keyring.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export type Sign = 'endToEnd' | 'encryptedSenderNotProven' | 'sealedOnArrival';

export interface SignedView {
  readonly sign: Sign;
  /** What the inner layer held; undefined without one, or when none of the keys opens it. */
  readonly plainInner: Bytes | undefined;
}

/** The certificate this client pinned for an address (lower case), binary; undefined when there is none. */
export type FindPinnedKey = (address: string) => Promise<Bytes | undefined>;

/**
 * endToEnd: an inner OpenPGP message with a valid signature by the key pinned for its From, over a part that carries From,
 * To, Date, Message-ID of its own and hp="cipher". The last is the author's word, under his signature, that he encrypted:
 * without it whoever holds a letter that was signed only could encrypt it and have it shown as end-to-end.
 */
export async function decideSign(
  plainOriginal: Bytes,
  keyring: Keyring,
  findPinnedKey: FindPinnedKey,
  nowMs: number,
): Promise<SignedView> {
  const layer = findInnerLayer(plainOriginal);
  if (layer === undefined) return { sign: 'sealedOnArrival', plainInner: undefined };
  const opened = await openInner(layer, keyring);
  if (opened === undefined) return { sign: 'encryptedSenderNotProven', plainInner: undefined };
  const { plainInner, signedView } = opened;
  const author = layer.isEntity ? provableAuthor(signedView) : undefined;
  const certificate = author === undefined ? undefined : await findPinnedKey(author);
  const isProven = certificate !== undefined && (await opened.verify(certificate, nowMs));
  return { sign: isProven ? 'endToEnd' : 'encryptedSenderNotProven', plainInner };
}

/** The one From address of an entity that protects everything the sign vouches for. */
function provableAuthor(view: LetterView): string | undefined {
  const [author, ...others] = view.from;
  const isProtected = view.to.length > 0 && view.date !== undefined && view.messageId !== undefined;
  const once = ['from', 'to', 'date', 'message-id'].every((name) => view.findFields(name).length === 1);
  const isMeant = view.contentType.parameters.get('hp')?.toLowerCase() === 'cipher';
  return isProtected && once && isMeant && others.length === 0 ? author?.address.toLowerCase() : undefined;
}
