// The account's key and the certificate with its key, in the key kit's folder: PEM, 0600, replaced whole or not at all.

import { createPrivateKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { TlsPair } from '../server/read-tls.ts';

const ACCOUNT_FILE = 'acme-account.pem';
const CERTIFICATE_FILE = 'tls.pem';
const KEY = /-----BEGIN PRIVATE KEY-----[\s\S]*?-----END PRIVATE KEY-----\n?/;

export function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

/** Made at the first order. */
export async function openAccountKey(folder: string): Promise<KeyObject> {
  const path = join(folder, ACCOUNT_FILE);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  if (text !== undefined) return createPrivateKey(text);
  const key = newKey();
  await write(folder, ACCOUNT_FILE, pemOf(key));
  return key;
}

/** undefined: there is none, or it cannot be read; then one is fetched. */
export function readStored(folder: string): TlsPair | undefined {
  try {
    const text = readFileSync(join(folder, CERTIFICATE_FILE), 'utf8');
    const keyPem = KEY.exec(text)?.[0];
    return keyPem === undefined ? undefined : { keyPem, certificatePem: text.replace(KEY, '') };
  } catch {
    return undefined;
  }
}

export function store(folder: string, { keyPem, certificatePem }: TlsPair): Promise<void> {
  return write(folder, CERTIFICATE_FILE, `${keyPem}${certificatePem}`);
}

export function pemOf(key: KeyObject): string {
  return String(key.export({ type: 'pkcs8', format: 'pem' }));
}

async function write(folder: string, name: string, text: string): Promise<void> {
  const temp = join(folder, `.${name}.${randomBytes(6).toString('hex')}.tmp`);
  {
    await using file = await open(temp, 'wx', 0o600);
    await file.writeFile(text);
    await file.sync();
  }
  await rename(temp, join(folder, name));
  await using opened = await open(folder, 'r');
  await opened.sync();
}
