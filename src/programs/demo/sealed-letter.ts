// A letter sealed by its writer: signed with the writer's key and encrypted to its readers, with its own fields under the seal (RFC 3156 §4, RFC 9788).

import { createMessage, encrypt, generateKey, readKey, readPrivateKey, type PrivateKey } from 'openpgp';
import { bodyText, encryptedText, headText, type LetterBody, type LetterFields } from './sample-letter-text.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface Sealing {
  readonly writer: PrivateKey;
  /** Certificates, binary; the writer's own is among them where he keeps a copy. */
  readonly readers: readonly Bytes[];
}

/** The whole letter: outside only who writes to whom. */
export async function sealedLetterText(fields: LetterFields, body: LetterBody, sealing: Sealing): Promise<string> {
  const date = new Date(fields.sentMs);
  // hp="cipher" is the writer's word, under his signature, that he encrypted it himself.
  const inner = headText(fields) + bodyText(body, '; hp="cipher"');
  const armored = await encrypt({
    message: await createMessage({ binary: new TextEncoder().encode(inner), date }),
    encryptionKeys: await Promise.all(sealing.readers.map((binaryKey) => readKey({ binaryKey }))),
    signingKeys: sealing.writer,
    date,
    config: { aeadProtect: false },
  });
  return headText({ ...fields, subject: '[...]' }) + encryptedText(armored);
}

/** A member's own key, as the keyring holds it. */
export function readWriter(binaryKey: Bytes): Promise<PrivateKey> {
  return readPrivateKey({ binaryKey });
}

export interface OutsiderKey {
  readonly writer: PrivateKey;
  readonly certificate: Bytes;
}

/** A key as somebody elsewhere has made it. */
export async function makeOutsiderKey(name: string, address: string, madeMs: number): Promise<OutsiderKey> {
  const { privateKey, publicKey } = await generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ name, email: address }],
    date: new Date(madeMs),
    format: 'object',
    config: { v6Keys: false, aeadProtect: false },
  });
  return { writer: privateKey, certificate: Uint8Array.from(publicKey.write()) };
}
