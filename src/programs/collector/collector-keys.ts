// The two keys of a collector: X25519 that reports are sealed to, Ed25519 that receipts are signed with; made at the first start.

import { createHash, createPrivateKey, createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { idFromBytes, ID_BYTES, type InstanceId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import type { PublicationSigner } from '#office/telemetry/collector/publication-receipt.ts';

const REPORT_FILE = 'report.key';
const RECEIPT_FILE = 'receipt.key';
const SEED_BYTES = 32;
/** DER of PKCS #8 in front of the 32 bytes (RFC 8410 §7). */
const HEADS = { x25519: '302e020100300506032b656e04220420', ed25519: '302e020100300506032b657004220420' } as const;

export interface CollectorKeys {
  /** Made from the key, so that another key has another. */
  readonly keyId: number;
  readonly privateKey: KeyObject;
  readonly publicKey: Uint8Array;
  readonly signer: PublicationSigner;
}

export interface KeysRefusal {
  readonly kind: 'bad-key';
  readonly sentence: string;
}

export async function openCollectorKeys(folder: string): Promise<Result<CollectorKeys, KeysRefusal>> {
  const report = await readOrMake(folder, REPORT_FILE);
  const receipt = report === undefined ? undefined : await readOrMake(folder, RECEIPT_FILE);
  if (report === undefined || receipt === undefined) {
    const sentence = `${REPORT_FILE} or ${RECEIPT_FILE} in the collector’s folder cannot be read or is no key. Bring both back from a copy; with new ones every house would have to be given a new card.`;
    return err({ kind: 'bad-key', sentence });
  }
  const privateKey = keyOf('x25519', report);
  const signing = keyOf('ed25519', receipt);
  const [publicKey, signingPublic] = [publicOf(privateKey), publicOf(signing)];
  const house = idFromBytes<InstanceId>(digest(signingPublic).subarray(0, ID_BYTES));
  return ok({
    keyId: digest(publicKey)[0] ?? 0,
    privateKey,
    publicKey,
    signer: { house, publicKey: signingPublic, sign: (bytes) => sign(null, bytes, signing) },
  });
}

/** Undefined: something else is there. Synced before it is used: what was sealed to a key must not outlive it. */
async function readOrMake(folder: string, name: string): Promise<Uint8Array | undefined> {
  const path = join(folder, name);
  try {
    const seed = fromBase64((await readFile(path, 'utf8')).trim());
    return seed?.length === SEED_BYTES ? seed : undefined;
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) return undefined;
  }
  const seed = randomBytes(SEED_BYTES);
  const file = await open(path, 'wx', 0o600);
  await file.writeFile(`${toBase64Url(seed)}\n`);
  await file.sync();
  await file.close();
  const directory = await open(folder, 'r');
  await directory.sync();
  await directory.close();
  return seed;
}

function keyOf(kind: keyof typeof HEADS, seed: Uint8Array): KeyObject {
  return createPrivateKey({
    key: Buffer.concat([Buffer.from(HEADS[kind], 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  });
}

function publicOf(key: KeyObject): Uint8Array {
  return Uint8Array.from(createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-SEED_BYTES));
}

function digest(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
