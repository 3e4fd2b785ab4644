// A copy of the key kit to keep elsewhere, sealed with a passphrase: scrypt (RFC 7914), AES-256-GCM; one flipped bit and it does not open.

import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { formatDkimKeys, parseDkimKeys, type DkimKeyPair } from './dkim-keys.ts';
import { formatKeyKit, parseKeyKit, type KeyKit } from './key-kit.ts';

/** 1 holds the kit alone, 2 the kit and the signing keys, a line each. Both are read for ever. */
const [FORMAT_1, FORMAT_2] = ['siegel-sealed-kit/1', 'siegel-sealed-kit/2'] as const;
/** 128 MiB and about half a second for each guess. */
const COST = { N: 1 << 17, r: 8, p: 1 } as const;
const MAX_MEMORY_BYTES = 192 * 2 ** 20;
const [SALT_BYTES, NONCE_BYTES, TAG_BYTES, KEY_BYTES] = [16, 12, 16, 32];

const shape = v.strictObject({
  format: v.picklist([FORMAT_1, FORMAT_2]),
  salt: v.string(),
  nonce: v.string(),
  sealed: v.string(),
});
const derive = promisify((secret: string, salt: Uint8Array, done: (cause: Error | null, key: Buffer) => void) =>
  scrypt(secret, salt, KEY_BYTES, { ...COST, maxmem: MAX_MEMORY_BYTES }, done),
);

export type KitCopyRefusal =
  | { readonly kind: 'kitCopyDamaged' }
  /** Which cannot be told apart: the passphrase is wrong, or a bit of the file is. */
  | { readonly kind: 'kitCopyNotOpened' }
  /** A line of a printed kit does not fit its check digits. */
  | { readonly kind: 'kitLineWrong'; readonly line: string };

/** One line of text. `plainPassphrase` is used as it is, in its composed form. */
export async function sealKit({ kit, dkimKeys }: KitKeys, plainPassphrase: string): Promise<string> {
  const [salt, nonce] = [randomBytes(SALT_BYTES), randomBytes(NONCE_BYTES)];
  const format = dkimKeys === undefined ? FORMAT_1 : FORMAT_2;
  const head = { format, salt: toBase64Url(salt), nonce: toBase64Url(nonce) };
  const cipher = createCipheriv('aes-256-gcm', await derive(plainPassphrase.normalize('NFC'), salt), nonce);
  cipher.setAAD(Buffer.from(canonicalJson(head)));
  const plainText = formatKeyKit(kit) + (dkimKeys === undefined ? '' : formatDkimKeys(dkimKeys));
  const sealed = Buffer.concat([cipher.update(plainText), cipher.final(), cipher.getAuthTag()]);
  return `${canonicalJson({ ...head, sealed: toBase64Url(sealed) })}\n`;
}

export function isSealedKit(text: string): boolean {
  return text.includes('siegel-sealed-kit/');
}

export async function openSealedKit(text: string, plainPassphrase: string): Promise<Result<KitCopy, KitCopyRefusal>> {
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
    return readLines(plainText, head.format) ?? err({ kind: 'kitCopyDamaged' });
  } catch {
    return err({ kind: 'kitCopyNotOpened' });
  }
}

function readLines(plainText: string, format: string): Result<KitCopy, never> | undefined {
  const end = plainText.indexOf('\n') + 1;
  const kit = parseKeyKit(plainText.slice(0, end));
  const dkimKeys = parseDkimKeys(plainText.slice(end));
  if (!kit.ok) return undefined;
  if (format === FORMAT_1) return end === plainText.length ? exact({ kit: kit.value }) : undefined;
  return dkimKeys && exact({ kit: kit.value, dkimKeys });
}

/** All that a house cannot make anew without somebody noticing. */
export interface KitKeys {
  readonly kit: KeyKit;
  /** What letters leave signed with; left out in copies of before, and where none were made yet. */
  readonly dkimKeys?: readonly DkimKeyPair[] | undefined;
}

/** What a copy holds, and whether every byte is as it was written (a kit typed from paper may differ in spaces). */
export interface KitCopy extends KitKeys {
  readonly isExact: boolean;
}

export function exact(keys: KitKeys): Result<KitCopy, never> {
  return ok({ ...keys, isExact: true });
}
