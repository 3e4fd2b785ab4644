// A letter signed by its writer and encrypted to its readers before it leaves this device (RFC 3156 §6.2, RFC 9580 §10.3).

import type { PublicKey, SessionKey } from 'openpgp';
import { limits } from '#base/limits.ts';
import { requireValue } from '#base/assert.ts';
import type { Keyring } from './keyring.ts';
import { privateKeysOf } from './open-letter.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** The account's own certificate: the public half of its newest key, binary. */
export async function ownCertificate(keyring: Keyring): Promise<Bytes> {
  const newest = (await privateKeysOf(keyring)).at(-1);
  return Uint8Array.from(requireValue(newest, 'own key').toPublic().write());
}

/**
 * One OpenPGP message, binary: signed by the newest key of the keyring, encrypted to every certificate (checked before).
 * Only SEIPD v1, unless every reader's certificate asks for v2 with GCM; never compressed, its literal without name or time.
 */
export async function encryptLetter(
  plainEntity: Bytes,
  keyring: Keyring,
  certificates: readonly Bytes[],
  nowMs: number,
): Promise<Bytes> {
  const openpgp = await import('openpgp');
  const config = {
    ...openpgp.config,
    aeadProtect: false,
    preferredCompressionAlgorithm: openpgp.enums.compression.uncompressed,
    preferredSymmetricAlgorithm: openpgp.enums.symmetric.aes256,
    preferredAEADAlgorithm: openpgp.enums.aead.gcm,
  };
  const signingKey = requireValue((await privateKeysOf(keyring)).at(-1), 'own key');
  const encryptionKeys = await Promise.all(certificates.map((binaryKey) => openpgp.readKey({ binaryKey, config })));
  // A signature from the future is refused by readers whose clock is a little behind.
  const date = new Date(nowMs - limits.openpgp.clockSlackMs);
  const literal = await openpgp.createMessage({
    binary: plainEntity,
    filename: '',
    format: 'binary',
    date: new Date(0),
  });
  const message = await openpgp.sign({ message: literal, signingKeys: signingKey, date, format: 'object', config });
  const sealed = await openpgp.encrypt({
    message,
    encryptionKeys,
    sessionKey: await sessionKeyFor(openpgp, encryptionKeys, nowMs, config),
    format: 'binary',
    date: new Date(nowMs),
    config,
  });
  return Uint8Array.from(sealed);
}

type OpenPgp = typeof import('openpgp');

/** openpgp falls back to OCB where a certificate does not name GCM: v1 is read by more programs. */
async function sessionKeyFor(
  openpgp: OpenPgp,
  encryptionKeys: PublicKey[],
  nowMs: number,
  config: OpenPgp['config'],
): Promise<SessionKey> {
  const made = await openpgp.generateSessionKey({ encryptionKeys, date: new Date(nowMs), config });
  if (made.aeadAlgorithm === 'gcm' || encryptionKeys.some((key) => key.keyPacket.version > 4)) return made;
  return { data: made.data, algorithm: made.algorithm };
}
