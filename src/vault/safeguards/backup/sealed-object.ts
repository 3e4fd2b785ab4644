// One object of a backup: packed, then sealed in numbered chunks to its readers’ X25519 keys (RFC 9180 base mode; decision 0015).

import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPublicKey,
  decapsulate,
  encapsulate,
  hash,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { limits } from '#base/limits.ts';
import { AES_256_GCM, ENC_BYTES, keyAndNonce, scheduleContext, TAG_BYTES } from '#formats/hpke/schedule.ts';

const MAGIC = Buffer.from('SGBO\x01', 'latin1');
const TAG_OF_READER = 8;
const KEY_BYTES = 32;
const STANZA_BYTES = TAG_OF_READER + ENC_BYTES + KEY_BYTES + TAG_BYTES;
const SPKI_X25519 = Buffer.from('302a300506032b656e032100', 'hex'); // RFC 8410 §4, before the 32 byte point
const CHUNKS_INFO = Buffer.from('siegel/backup/chunks/v1\0');
const READERS_MAX = 32;

const hmac = (key: Uint8Array, data: Uint8Array): Uint8Array => createHmac('sha256', key).update(data).digest();
const fileContext = scheduleContext(hmac, AES_256_GCM, Buffer.from('siegel/backup/file/v1'));
const pack = promisify(zstdCompress);
const unpack = promisify(zstdDecompress);

/** 64 hex digits: HMAC of the content, so that the same content is stored once and only the house knows which it is. */
export function objectName(nameKey: Uint8Array, content: Uint8Array): string {
  return createHmac('sha256', nameKey).update('siegel/backup/object/v1\0').update(content).digest('hex');
}

/** `readers`: raw X25519 public keys. */
export async function sealObject(content: Uint8Array, readers: readonly Uint8Array[]): Promise<Buffer> {
  if (content.length > limits.backup.pieceBytes || readers.length === 0 || readers.length > READERS_MAX)
    throw new Error('an object of a backup out of bounds');
  const fileKey = randomBytes(KEY_BYTES);
  const header = Buffer.concat([MAGIC, Buffer.of(readers.length), ...readers.map((key) => stanzaFor(key, fileKey))]);
  const packed = await pack(content);
  return Buffer.concat([header, ...sealChunks(chunkKey(fileKey, header), packed)]);
}

/** The content; undefined when a single bit is not as it was written, or it was not sealed to this reader. */
export async function openObject(
  sealed: Buffer,
  reader: { readonly recipient: Uint8Array; readonly opens: KeyObject },
): Promise<Buffer | undefined> {
  const count = sealed[MAGIC.length] ?? 0;
  const headerBytes = MAGIC.length + 1 + count * STANZA_BYTES;
  const isWhole = count > 0 && count <= READERS_MAX && sealed.length >= headerBytes + TAG_BYTES;
  if (!isWhole || !sealed.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const header = sealed.subarray(0, headerBytes);
  try {
    const fileKey = findFileKey(header.subarray(MAGIC.length + 1), reader);
    const packed = fileKey && openChunks(chunkKey(fileKey, header), sealed.subarray(headerBytes));
    return packed && (await unpack(packed, { maxOutputLength: limits.backup.pieceBytes }));
  } catch {
    return undefined; // a tag that does not hold, or what is inside is no packed content
  }
}

function stanzaFor(reader: Uint8Array, fileKey: Uint8Array): Buffer {
  const point = createPublicKey({ key: Buffer.concat([SPKI_X25519, reader]), format: 'der', type: 'spki' });
  const { ciphertext: enc, sharedKey } = encapsulate(point);
  const { key, nonce } = keyAndNonce(hmac, AES_256_GCM, sharedKey, fileContext);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([readerTag(reader), enc, cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
}

function findFileKey(
  stanzas: Buffer,
  { recipient, opens }: { readonly recipient: Uint8Array; readonly opens: KeyObject },
): Buffer | undefined {
  const tag = readerTag(recipient);
  for (let at = 0; at < stanzas.length; at += STANZA_BYTES) {
    if (!stanzas.subarray(at, at + TAG_OF_READER).equals(tag)) continue;
    const enc = stanzas.subarray(at + TAG_OF_READER, at + TAG_OF_READER + ENC_BYTES);
    const { key, nonce } = keyAndNonce(hmac, AES_256_GCM, decapsulate(opens, enc), fileContext);
    return decrypt(key, nonce, stanzas.subarray(at + TAG_OF_READER + ENC_BYTES, at + STANZA_BYTES));
  }
  return undefined;
}

function readerTag(reader: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from('siegel/backup/reader/v1\0'), reader]), 'buffer').subarray(
    0,
    TAG_OF_READER,
  );
}

/** Bound to the whole header: nobody adds, takes away or changes a reader unseen. */
function chunkKey(fileKey: Uint8Array, header: Uint8Array): Uint8Array {
  const info = Buffer.concat([CHUNKS_INFO, hash('sha256', header, 'buffer')]);
  return new Uint8Array(hkdfSync('sha256', fileKey, '', info, KEY_BYTES));
}

/** The number and whether it is the last stand in the nonce: a chunk that is moved, doubled or left out does not open. */
function chunkNonce(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(number, 7);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

function* sealChunks(key: Uint8Array, packed: Buffer): Generator<Buffer> {
  const { chunkBytes } = limits.backup;
  for (let number = 0, at = 0; number === 0 || at < packed.length; number += 1, at += chunkBytes) {
    const cipher = createCipheriv('aes-256-gcm', key, chunkNonce(number, at + chunkBytes >= packed.length));
    yield cipher.update(packed.subarray(at, at + chunkBytes));
    cipher.final();
    yield cipher.getAuthTag();
  }
}

function openChunks(key: Uint8Array, sealed: Buffer): Buffer {
  const stride = limits.backup.chunkBytes + TAG_BYTES;
  const parts: Buffer[] = [];
  for (let number = 0, at = 0; at < sealed.length; number += 1, at += stride)
    parts.push(decrypt(key, chunkNonce(number, at + stride >= sealed.length), sealed.subarray(at, at + stride)));
  return Buffer.concat(parts);
}

/** Throws when the tag does not hold. */
function decrypt(key: Uint8Array, nonce: Uint8Array, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
}
