// The recovery phrase: 12 BIP-39 words of 128 random bits, branching into a wrap key and a token that fetches the wrap (decision 0003 §7).

import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { idToBytes, type AccountId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { exchangeKey, type ExchangeKey } from '../curve-keys.ts';
import { deriveKey, randomBytes, sha256 } from '../derive.ts';

const ENTROPY_BYTES = 16;

/** 12 words, shown once. */
export function makePhrase(): string {
  return entropyToMnemonic(randomBytes(ENTROPY_BYTES), wordlist);
}

/** Entropy of a phrase as typed: case, line breaks and spaces do not matter; a wrong word or checksum does. */
export function parsePhrase(text: string): Result<Uint8Array<ArrayBuffer>, { kind: 'notAPhrase' }> {
  const words = text.normalize('NFKD').toLowerCase().trim().split(/\s+/).join(' ');
  try {
    const entropy = mnemonicToEntropy(words, wordlist);
    return entropy.length === ENTROPY_BYTES ? ok(Uint8Array.from(entropy)) : err({ kind: 'notAPhrase' });
  } catch {
    return err({ kind: 'notAPhrase' });
  }
}

export interface PhraseKeys {
  /** The root key is sealed to its public half. */
  readonly wrapKey: ExchangeKey;
  /** 32 bytes sent to fetch the wrap. */
  readonly token: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the token: all the server keeps of it. */
  readonly tokenHash: Uint8Array<ArrayBuffer>;
}

export async function phraseKeys(entropy: Uint8Array, accountId: AccountId): Promise<PhraseKeys> {
  const account = idToBytes(accountId);
  const token = deriveKey(entropy, 'siegel/phrase/token/v1', account);
  const wrapKey = await exchangeKey(deriveKey(entropy, 'siegel/phrase/wrap/v1', account));
  return { wrapKey, token, tokenHash: sha256(token) };
}
