// How a letter is known again, and what it is called when it goes back: HMACs under a key that survives restarts.

import { createHash, createHmac } from 'node:crypto';
import type { Profile } from '../contract.ts';

export interface KnownBy {
  /** Normalised: who sent it and gets the answer. */
  readonly sender: string;
  /** Empty: it has none. */
  readonly messageId: string;
  /** The letter behind its header section: servers on the way add fields. */
  readonly plainBody: Uint8Array;
  readonly profile: Profile;
}

/** 64 hex digits; says nothing to whoever has not the key. */
export function letterKey(key: Uint8Array, { sender, messageId, plainBody, profile }: KnownBy): string {
  const content = createHash('sha256').update(plainBody).digest('hex');
  return hmac(key, ['siegel/transit/letter/v1', sender, messageId, content, profile]).toString('hex');
}

/** Same letter, same key, same outcome: same id, so that a second copy is known as one. Without angle brackets. */
export function answerMessageId(
  key: Uint8Array,
  letter: string,
  how: { readonly isUntouched: boolean; readonly domain: string },
): string {
  const id = hmac(key, ['siegel/transit/answer/v1', letter, how.isUntouched ? 'untouched' : 'worked on']);
  return `${id.subarray(0, 20).toString('hex')}@${how.domain}`;
}

/** Each text with its length in front: no two lists look the same. */
function hmac(key: Uint8Array, texts: readonly string[]): Buffer {
  const mac = createHmac('sha256', key);
  for (const text of texts) {
    const bytes = Buffer.from(text);
    mac.update(`${bytes.length}:`).update(bytes);
  }
  return mac.digest();
}
