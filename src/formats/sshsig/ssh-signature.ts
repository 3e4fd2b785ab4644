// A signature file of `ssh-keygen -Y sign` and the bytes it covers (OpenSSH PROTOCOL.sshsig).

import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64 } from '../base64/base64.ts';
import { joinStrings, readFields, type SshFields } from './ssh-fields.ts';
import { parseSshKey, type SshPublicKey } from './ssh-key.ts';

export type SshHash = 'sha256' | 'sha512';

export type SshSignatureValue =
  | { readonly kind: 'ed25519'; readonly signature: Uint8Array }
  | { readonly kind: 'sk-ed25519'; readonly signature: Uint8Array; readonly flags: number; readonly counter: number }
  /** r and s, 32 bytes each. */
  | { readonly kind: 'ecdsa-p256'; readonly signature: Uint8Array }
  | { readonly kind: 'rsa'; readonly hash: SshHash; readonly signature: Uint8Array };

export interface SshSignature {
  readonly publicKey: SshPublicKey;
  readonly namespace: string;
  readonly reserved: Uint8Array;
  /** Of the message, before it is signed. */
  readonly hash: SshHash;
  readonly value: SshSignatureValue;
}

export type SshSignatureRefusal =
  | { readonly kind: 'notASignature' }
  | { readonly kind: 'unknownKind' }
  /** The key inside cannot be used: too short, or of a kind nobody knows. */
  | { readonly kind: 'badKey' };

const MAGIC = new TextEncoder().encode('SSHSIG');
const VERSION = 1;
const BEGIN = '-----BEGIN SSH SIGNATURE-----';
const END = '-----END SSH SIGNATURE-----';
const FILE_CHARACTERS_MAX = 16_384;

/** White space around the file and the kind of its line ends do not count; everything else has one way of being written. */
export function parseSshSignature(text: string): Result<SshSignature, SshSignatureRefusal> {
  if (text.length > FILE_CHARACTERS_MAX) return err({ kind: 'notASignature' });
  const lines = text.trim().split(/\r?\n/);
  if (lines.length < 3 || lines[0] !== BEGIN || lines.at(-1) !== END) return err({ kind: 'notASignature' });
  const encoded = lines.slice(1, -1).join('');
  const bytes = fromBase64(encoded);
  if (bytes === undefined || toBase64(bytes) !== encoded) return err({ kind: 'notASignature' });
  return parseSshSignatureBytes(bytes);
}

export function parseSshSignatureBytes(bytes: Uint8Array): Result<SshSignature, SshSignatureRefusal> {
  const parts = readFields(bytes, (fields) => {
    if (!same(fields.raw(MAGIC.length), MAGIC) || fields.uint32() !== VERSION) return undefined;
    return {
      key: fields.string(),
      namespace: fields.word(),
      reserved: fields.string(),
      hash: fields.word(),
      signature: fields.string(),
    };
  });
  if (parts === undefined || parts.namespace === '') return err({ kind: 'notASignature' });
  const { hash, namespace, reserved } = parts;
  if (hash !== 'sha256' && hash !== 'sha512') return err({ kind: 'unknownKind' });
  const publicKey = parseSshKey(parts.key);
  if (!publicKey.ok) return err({ kind: 'badKey' });
  const value = readFields(parts.signature, readValue);
  if (value === undefined || value.kind !== publicKey.value.key.kind) return err({ kind: 'unknownKind' });
  return ok({ publicKey: publicKey.value, namespace, reserved, hash, value });
}

/** What the key signs: never the message itself, so a signature for one namespace says nothing in another. */
export function sshSignedBytes(
  { namespace, reserved, hash }: Pick<SshSignature, 'namespace' | 'reserved' | 'hash'>,
  messageDigest: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder();
  const fields = joinStrings(text.encode(namespace), reserved, text.encode(hash), messageDigest);
  const bytes = new Uint8Array(MAGIC.length + fields.length);
  bytes.set(MAGIC);
  bytes.set(fields, MAGIC.length);
  return bytes;
}

/** The whole file in one line of base64; `signature` as SSH writes one: kind, then its bytes, both as strings. */
export function writeSshSignature({
  keyBlob,
  namespace,
  hash,
  signature,
}: {
  readonly keyBlob: Uint8Array;
  readonly namespace: string;
  readonly hash: SshHash;
  readonly signature: Uint8Array;
}): string {
  const text = new TextEncoder();
  const fields = joinStrings(keyBlob, text.encode(namespace), new Uint8Array(0), text.encode(hash), signature);
  const bytes = new Uint8Array(MAGIC.length + 4 + fields.length);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint32(MAGIC.length, VERSION);
  bytes.set(fields, MAGIC.length + 4);
  return `${BEGIN}\n${toBase64(bytes)}\n${END}\n`;
}

function readValue(fields: SshFields): SshSignatureValue | undefined {
  const kind = fields.word();
  switch (kind) {
    case 'ssh-ed25519': {
      const signature = fields.string();
      return signature.length === 64 ? { kind: 'ed25519', signature } : undefined;
    }
    case 'sk-ssh-ed25519@openssh.com': {
      const signature = fields.string();
      const [flags = 0] = fields.raw(1);
      const counter = fields.uint32();
      return signature.length === 64 ? { kind: 'sk-ed25519', signature, flags, counter } : undefined;
    }
    case 'ecdsa-sha2-nistp256':
      return ecdsa(fields.string());
    case 'rsa-sha2-256':
    case 'rsa-sha2-512':
      return { kind: 'rsa', hash: kind === 'rsa-sha2-256' ? 'sha256' : 'sha512', signature: fields.string() };
    default:
      return undefined; // ssh-rsa means SHA-1
  }
}

function ecdsa(bytes: Uint8Array): SshSignatureValue | undefined {
  return readFields(bytes, (fields) => {
    const signature = new Uint8Array(64);
    for (const at of [0, 32]) {
      const number = fields.number();
      if (number.length > 32) return undefined;
      signature.set(number, at + 32 - number.length);
    }
    return { kind: 'ecdsa-p256', signature };
  });
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
