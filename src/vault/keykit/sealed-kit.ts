// A copy of the key kit to keep elsewhere, sealed with a passphrase: scrypt (RFC 7914), AES-256-GCM; one flipped bit and it does not open.

import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { formatKeyKit, parseKeyKit, type KeyKit } from './key-kit.ts';

const FORMAT = 'siegel-sealed-kit/1';
/** 128 MiB and about half a second for each guess. */
const COST = { N: 1 << 17, r: 8, p: 1 } as const;
const MAX_MEMORY_BYTES = 192 * 2 ** 20;
const [SALT_BYTES, NONCE_BYTES, TAG_BYTES, KEY_BYTES] = [16, 12, 16, 32];

const shape = v.strictObject({ format: v.literal(FORMAT), salt: v.string(), nonce: v.string(), sealed: v.string() });
const derive = promisify((secret: string, salt: Uint8Array, done: (cause: Error | null, key: Buffer) => void) =>
  scrypt(secret, salt, KEY_BYTES, { ...COST, maxmem: MAX_MEMORY_BYTES }, done),
);

export type KitCopyRefusal =
  | { readonly kind: 'kitCopyDamaged' }
  /** Which cannot be told apart: the passphrase is wrong, or a bit of the file is. */
  | { readonly kind: 'kitCopyNotOpened' }
  /** A line of a printed kit does not fit its check digits. */
  | { readonly kind: 'kitLineWrong'; readonly line: number };

/** One line of text. `plainPassphrase` is used as it is, in its composed form. */
export async function sealKit(kit: KeyKit, plainPassphrase: string): Promise<string> {
  const [salt, nonce] = [randomBytes(SALT_BYTES), randomBytes(NONCE_BYTES)];
  const head = { format: FORMAT, salt: toBase64Url(salt), nonce: toBase64Url(nonce) };
  const cipher = createCipheriv('aes-256-gcm', await derive(plainPassphrase.normalize('NFC'), salt), nonce);
  cipher.setAAD(Buffer.from(canonicalJson(head)));
  const sealed = Buffer.concat([cipher.update(formatKeyKit(kit)), cipher.final(), cipher.getAuthTag()]);
  return `${canonicalJson({ ...head, sealed: toBase64Url(sealed) })}\n`;
}

export function isSealedKit(text: string): boolean {
  return text.includes('siegel-sealed-kit/');
}

export async function openSealedKit(text: string, plainPassphrase: string): Promise<Result<KeyKit, KitCopyRefusal>> {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), shape), text);
  if (!read.success || `${canonicalJson(read.output)}\n` !== text) return err({ kind: 'kitCopyDamaged' });
  const { sealed: sealedText, ...head } = read.output;
  const [salt, nonce, sealed] = [fromBase64(head.salt), fromBase64(head.nonce), fromBase64(sealedText)];
  if (salt?.length !== SALT_BYTES || nonce?.length !== NONCE_BYTES || !sealed || sealed.length < TAG_BYTES)
    return err({ kind: 'kitCopyDamaged' });
  // other text for the same bytes: nobody wrote that
  if (toBase64Url(sealed) !== sealedText || toBase64Url(salt) !== head.salt || toBase64Url(nonce) !== head.nonce)
    return err({ kind: 'kitCopyDamaged' });
  const decipher = createDecipheriv('aes-256-gcm', await derive(plainPassphrase.normalize('NFC'), salt), nonce);
  decipher.setAAD(Buffer.from(canonicalJson(head)));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const plainText = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]).toString();
    const kit = parseKeyKit(plainText);
    return kit.ok ? kit : err({ kind: 'kitCopyDamaged' });
  } catch {
    return err({ kind: 'kitCopyNotOpened' });
  }
}

/** What a copy holds, and whether every byte is as it was written (a kit typed from paper may differ in spaces). */
export interface KitCopy {
  readonly kit: KeyKit;
  readonly isExact: boolean;
}

export function exact(kit: KeyKit): Result<KitCopy, never> {
  return ok({ kit, isExact: true });
}
