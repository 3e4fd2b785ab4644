// Whether bytes open a letter when they are used as any of the keys the formats know (decision 0003), on a letter or on the account.

import { createDecipheriv, createHash, createHmac, createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto';
import { readPrivateKeys, readMessage, decrypt, enums } from 'openpgp';
import { idToBytes, type AccountId } from '#base/ids.ts';
import { AES_256_GCM, keyAndNonce, scheduleContext } from '#formats/hpke/schedule.ts';
import { packetHeaderLength } from '#formats/openpgp/packet.ts';
import { kdfInput, KEY_PACKET_BYTES, parseKeyPacket } from '#formats/openpgp/pkesk.ts';
import type { ReaderKeys } from '../../src/vault/sealing/reader-keys.ts';
import { BLOB_INFO, blobAad, blobPlace, parseSealedBlob } from '../../src/vault/sealing/sealed-blob.ts';
import { decodingsOf, type DiskValue, type KeptLetter } from './disk-values.ts';

/** What the server keeps of an account and only its owner should open. */
export interface AccountLock {
  readonly accountId: AccountId;
  readonly readerKeys: ReaderKeys;
  readonly arkVersion: number;
  readonly credentialVersion: number;
  readonly passwordWrap: Uint8Array;
  readonly keyringVersion: number;
  readonly keyring: Uint8Array;
  /** Public halves that the root key is sealed to. */
  readonly wrapKeys: readonly Uint8Array[];
}

export interface Opened {
  readonly where: string;
  readonly use: string;
}

export interface Tried {
  readonly values: number;
  readonly candidates: number;
  readonly secretKeys: number;
  readonly opened: readonly Opened[];
}

/** Something that keys are tried on. */
export interface Openable {
  /** How these bytes open something; undefined when they open nothing. */
  openWith(key: Buffer): string | undefined;
  openWithSecretKey(bytes: Buffer): Promise<string | undefined>;
}

/**
 * Candidates of a value: the value itself where it is 16, 24 or 32 bytes long, else its first and last 16 and 32 bytes; with
 * `windows` (and for values of the house always) every 32 bytes in it, and every 16 at a multiple of 16; not of other files.
 */
export async function tryValues(values: readonly DiskValue[], locks: Openable, windows = false): Promise<Tried> {
  Error.stackTraceLimit = 0; // nearly every try ends in an exception
  const tried = new Set<string>();
  const opened: Opened[] = [];
  let secretKeys = 0;
  for (const value of values.flatMap(decodingsOf)) {
    const { where, bytes, isHouse } = value;
    const isWhole = isHouse || (windows && bytes.length <= WINDOWED_BYTES_MAX && !where.includes('/'));
    for (const candidate of candidatesOf(bytes, isWhole)) {
      const name = candidate.toString('latin1');
      if (tried.has(name)) continue;
      tried.add(name);
      const use = locks.openWith(candidate);
      if (use !== undefined) opened.push({ where, use });
    }
    if (!looksLikeSecretKey(bytes)) continue;
    secretKeys += 1;
    const use = await locks.openWithSecretKey(bytes);
    if (use !== undefined) opened.push({ where, use });
  }
  Error.stackTraceLimit = 10;
  return { values: values.length, candidates: tried.size, secretKeys, opened };
}

const WINDOWED_BYTES_MAX = 4096;

/** A letter's key could lie beside it: every 32 bytes of its own record, as the key of its packet. */
export function tryOwnRecords(letters: readonly KeptLetter[], isWhole: boolean): readonly Opened[] {
  return letters.flatMap(({ record, packet }) => {
    const { keyPacket, packetDigest, element, summary, terms } = record;
    const fields = [keyPacket, packetDigest, element, ...(isWhole ? [summary, terms] : [])];
    const lock = new PacketLock(packet);
    return fields
      .flatMap((field) => candidatesOf(Buffer.from(field), true))
      .filter((candidate) => lock.opensWith(candidate))
      .map(() => ({ where: record.letterId, use: 'session key in its own record' }));
  });
}

function candidatesOf(bytes: Buffer, windows: boolean): readonly Buffer[] {
  if (bytes.length < 16) return [];
  if (bytes.length === 16 || bytes.length === 24 || bytes.length === 32) return [bytes];
  const found = [bytes.subarray(0, 16), bytes.subarray(-16)];
  if (bytes.length > 32) found.push(bytes.subarray(0, 32), bytes.subarray(-32));
  if (!windows) return found;
  for (let at = 0; at + 32 <= bytes.length; at++) found.push(bytes.subarray(at, at + 32));
  for (let at = 0; at + 16 <= bytes.length; at += 16) found.push(bytes.subarray(at, at + 16));
  return found;
}

function looksLikeSecretKey(bytes: Buffer): boolean {
  const tag = bytes[0] ?? 0;
  const isPacket = tag === 0xc5 || (tag >= 0x94 && tag <= 0x97);
  return bytes.length > 40 && (isPacket || tag === 0x30 || bytes.includes('-----BEGIN'));
}

const ZERO_IV = Buffer.alloc(16);
const WRAP_IV = Buffer.from('a6a6a6a6a6a6a6a6', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');

const hmac = (key: Uint8Array, data: Uint8Array): Uint8Array => createHmac('sha256', key).update(data).digest();
const contexts = [BLOB_INFO.summary, BLOB_INFO.terms].map((info) => scheduleContext(hmac, AES_256_GCM, info));

/** The data packet: a right key makes the two repeated bytes of the prefix, and then the SHA-1 at the end (RFC 9580 §5.13.1). */
class PacketLock {
  readonly #cipher: Buffer;

  constructor(packet: Uint8Array) {
    const length = packet[1] ?? 0;
    const header = length < 192 ? 2 : length < 224 ? 3 : 6;
    this.#cipher = Buffer.from(packet).subarray(header + 1);
  }

  opensWith(key: Uint8Array): boolean {
    const cipher = { 16: 'aes-128-cfb', 24: 'aes-192-cfb', 32: 'aes-256-cfb' }[key.length];
    if (cipher === undefined) return false;
    const begin = createDecipheriv(cipher, key, ZERO_IV).update(this.#cipher.subarray(0, 18));
    if (begin[14] !== begin[16] || begin[15] !== begin[17]) return false;
    const plain = createDecipheriv(cipher, key, ZERO_IV).update(this.#cipher);
    return createHash('sha1').update(plain.subarray(0, -20)).digest().equals(plain.subarray(-20));
  }
}

interface LetterLock {
  readonly packet: PacketLock;
  readonly wrapped: Uint8Array;
  /** Sealed summary and terms. `use`: which of the contexts. */
  readonly blobs: readonly { readonly use: number; readonly aad: Buffer; readonly ciphertext: Buffer }[];
  readonly message: Uint8Array;
}

export class Locks implements Openable {
  readonly #letters: readonly LetterLock[];
  readonly #account: AccountLock;
  /** Public points whose private half would open something, by hex. */
  readonly #points = new Map<string, string>();

  /** `letters`: all of them; `tried`: those whose packets and blobs every candidate is tried on. */
  constructor(account: AccountLock, letters: readonly KeptLetter[], tried: readonly KeptLetter[]) {
    this.#account = account;
    this.#letters = tried.map((letter) => lockOf(account, letter));
    const { readerKeys, wrapKeys } = account;
    const point = (bytes: Uint8Array, what: string): void => void this.#points.set(hex(bytes), what);
    point(readerKeys.openpgp.point, 'private key of the OpenPGP certificate');
    point(readerKeys.summaryKey, 'private key of the summaries');
    for (const key of wrapKeys) point(key, 'private key of a wrap');
    for (const { record } of letters) {
      point(parsedKeyPacket(record.keyPacket).ephemeralPoint, 'ephemeral key of a letter');
      const blob = parseSealedBlob(Uint8Array.from(record.summary));
      if (blob.ok) point(blob.value.enc, 'ephemeral key of a summary');
    }
  }

  /** How these bytes open something; undefined when they open nothing. */
  openWith(key: Buffer): string | undefined {
    const isWide = key.length === 32;
    // what grows from the candidate is the same for every letter
    const asSecret = isWide ? contexts.map((context) => keyAndNonce(hmac, AES_256_GCM, key, context)) : [];
    const asPoint = isWide ? this.#keyOfPoint(key) : undefined;
    for (const { packet, wrapped, blobs } of this.#letters) {
      if (packet.opensWith(key)) return 'session key';
      if (unwraps(key, wrapped) || (asPoint && unwraps(asPoint, wrapped))) return 'key of a key packet';
      for (const { use, aad, ciphertext } of blobs) {
        const grown = asSecret[use];
        if (grown && opensGcm({ ...grown, aad, sealed: ciphertext })) return 'shared secret of a summary';
      }
    }
    return this.#opensAsPrivateKey(key) ?? this.#opensAccount(key);
  }

  /** An OpenPGP secret key, or a private key in PEM or DER. */
  async openWithSecretKey(bytes: Buffer): Promise<string | undefined> {
    try {
      const key = createPrivateKey(bytes.includes('-----BEGIN') ? bytes : { key: bytes, format: 'der', type: 'pkcs8' });
      const { d } = key.export({ format: 'jwk' });
      const use = d === undefined ? undefined : this.#opensAsPrivateKey(Buffer.from(d, 'base64url'));
      if (use !== undefined) return use;
    } catch {
      // no such key
    }
    try {
      const text = bytes.toString('latin1');
      const isArmored = text.includes('-----BEGIN PGP');
      const keys = isArmored
        ? await readPrivateKeys({ armoredKeys: text })
        : await readPrivateKeys({ binaryKeys: bytes });
      const [letter] = this.#letters;
      const message = await readMessage({ binaryMessage: letter?.message ?? new Uint8Array() });
      await decrypt({ message, decryptionKeys: keys, format: 'binary' });
      return `OpenPGP secret key (${keys.map((key) => enums.read(enums.publicKey, key.keyPacket.algorithm)).join()})`;
    } catch {
      return undefined;
    }
  }

  #keyOfPoint(shared: Buffer): Buffer {
    const { openpgp } = this.#account.readerKeys;
    const name = { 8: 'sha256', 9: 'sha384', 10: 'sha512' }[openpgp.kdfHash] ?? 'sha256';
    const bytes = { 7: 16, 8: 24, 9: 32 }[openpgp.kdfCipher] ?? 16;
    return createHash(name).update(kdfInput(shared, openpgp)).digest().subarray(0, bytes);
  }

  /** As it is, and in the byte order of OpenPGP's older curves. */
  #opensAsPrivateKey(key: Buffer): string | undefined {
    if (key.length !== 32) return undefined;
    return this.#points.get(publicHalf(key)) ?? this.#points.get(publicHalf(Buffer.from(key.toReversed())));
  }

  /** As root key, keyring key, export key of the password, key of the password's wrap, entropy of the phrase. */
  #opensAccount(key: Buffer): string | undefined {
    const { accountId, keyring, keyringVersion, passwordWrap, credentialVersion, arkVersion } = this.#account;
    const account = idToBytes(accountId);
    const keyringAad = labelled('siegel/keyring/v1', account, number32(keyringVersion), number32(arkVersion));
    const wrapAad = labelled(
      'siegel/wrap/v1',
      account,
      number32(arkVersion),
      Buffer.from(`password\0${credentialVersion}`),
    );
    const boxes = [
      { use: 'root key', label: 'siegel/keyring-key/v1', box: keyring, aad: keyringAad },
      { use: 'export key of the password', label: 'siegel/password-wrap/v1', box: passwordWrap, aad: wrapAad },
    ];
    for (const { use, label, box, aad } of boxes) {
      if (opensBox(derive(key, label, account), aad, box)) return use;
      if (key.length === 32 && opensBox(key, aad, box)) return `key under the ${use}`;
    }
    if (key.length !== 16) return undefined;
    return this.#points.get(publicHalf(derive(key, 'siegel/phrase/wrap/v1', account)));
  }
}

function lockOf({ accountId }: AccountLock, { record, packet }: KeptLetter): LetterLock {
  const place = blobPlace(accountId, record.letterId);
  const blobs = [record.summary, record.terms].flatMap((sealed, n) => {
    const blob = parseSealedBlob(Uint8Array.from(sealed));
    if (!blob.ok) return [];
    return [
      { use: n, aad: Buffer.from(blobAad(place, blob.value.kind)), ciphertext: Buffer.from(blob.value.ciphertext) },
    ];
  });
  const { wrapped } = parsedKeyPacket(record.keyPacket);
  const message = Buffer.concat([record.keyPacket, packet]);
  return { packet: new PacketLock(packet), wrapped, blobs, message };
}

function parsedKeyPacket(keyPacket: Uint8Array): { readonly ephemeralPoint: Uint8Array; readonly wrapped: Uint8Array } {
  const parsed = parseKeyPacket(Uint8Array.from(keyPacket).subarray(packetHeaderLength(KEY_PACKET_BYTES)));
  if (!parsed.ok) throw new Error('not a key packet of ours');
  return parsed.value;
}

function unwraps(key: Buffer, wrapped: Uint8Array): boolean {
  const name = { 16: 'id-aes128-wrap', 24: 'id-aes192-wrap', 32: 'id-aes256-wrap' }[key.length];
  if (name === undefined) return false;
  try {
    const cipher = createDecipheriv(name, key, WRAP_IV);
    return cipher.update(wrapped).length > 0;
  } catch {
    return false;
  }
}

/** 0x01 ‖ nonce ‖ ciphertext ‖ tag (decision 0003 §7). */
function opensBox(key: Uint8Array, aad: Buffer, box: Uint8Array): boolean {
  return opensGcm({ key, nonce: box.subarray(1, 13), aad, sealed: Buffer.from(box.subarray(13)) });
}

interface Gcm {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly aad: Buffer;
  readonly sealed: Buffer;
}

function opensGcm({ key, nonce, aad, sealed }: Gcm): boolean {
  const cipher = createDecipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(aad);
  cipher.setAuthTag(sealed.subarray(-16));
  cipher.update(sealed.subarray(0, -16));
  try {
    cipher.final();
    return true;
  } catch {
    return false;
  }
}

function publicHalf(privateKey: Uint8Array): string {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, privateKey]), format: 'der', type: 'pkcs8' });
  return hex(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32));
}

function derive(secret: Uint8Array, label: string, account: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, new Uint8Array(), labelled(label, account), 32));
}

function labelled(label: string, ...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from(`${label}\0`), ...parts]);
}

function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
