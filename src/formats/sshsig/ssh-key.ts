// A public key as OpenSSH writes it into a .pub file (RFC 4253 §6.6, RFC 8709, RFC 5656 §3.1, OpenSSH PROTOCOL.u2f).

import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64 } from '../base64/base64.ts';
import { readFields, type SshFields } from './ssh-fields.ts';

export type SshKey =
  | { readonly kind: 'ed25519'; readonly point: Uint8Array }
  /** On a security key; `application` goes into what it signs. */
  | { readonly kind: 'sk-ed25519'; readonly point: Uint8Array; readonly application: Uint8Array }
  | { readonly kind: 'ecdsa-p256'; readonly x: Uint8Array; readonly y: Uint8Array }
  | { readonly kind: 'rsa'; readonly exponent: Uint8Array; readonly modulus: Uint8Array };

export interface SshPublicKey {
  readonly key: SshKey;
  /** As it stands inside a signature: two keys are the same when these bytes are. */
  readonly blob: Uint8Array;
}

export type SshKeyRefusal =
  /** A private key was handed in: it must never come here. */
  | { readonly kind: 'privateKey' }
  | { readonly kind: 'notAKey' }
  | { readonly kind: 'unknownKind' }
  | { readonly kind: 'weakKey' };

const RSA_BYTES_MIN = 256;
const RSA_BYTES_MAX = 1024;
const LINE_CHARACTERS_MAX = 16_384;
const KINDS = {
  ed25519: 'ssh-ed25519',
  'sk-ed25519': 'sk-ssh-ed25519@openssh.com',
  'ecdsa-p256': 'ecdsa-sha2-nistp256',
  rsa: 'ssh-rsa',
} as const satisfies Record<SshKey['kind'], string>;

/** One line: kind, base64, and a comment that says nothing. */
export function parseSshKeyLine(text: string): Result<SshPublicKey, SshKeyRefusal> {
  if (text.includes('PRIVATE KEY')) return err({ kind: 'privateKey' });
  const line = text.trim();
  const [kind, encoded] = line.split(/[ \t]+/);
  if (line.length > LINE_CHARACTERS_MAX || /[\r\n]/.test(line) || kind === undefined || encoded === undefined)
    return err({ kind: 'notAKey' });
  const blob = fromBase64(encoded);
  if (blob === undefined) return err({ kind: 'notAKey' });
  const parsed = parseSshKey(blob);
  if (!parsed.ok) return parsed;
  return KINDS[parsed.value.key.kind] === kind ? parsed : err({ kind: 'notAKey' });
}

export function parseSshKey(blob: Uint8Array): Result<SshPublicKey, SshKeyRefusal> {
  const refusal: { kind: SshKeyRefusal['kind'] } = { kind: 'notAKey' };
  const key = readFields(blob, (fields) => {
    const read = readers[fields.word()];
    if (read === undefined) refusal.kind = 'unknownKind';
    return read?.(fields, () => (refusal.kind = 'weakKey'));
  });
  return key === undefined || refusal.kind !== 'notAKey'
    ? err({ kind: refusal.kind })
    : ok({ key, blob: blob.slice() });
}

/** The line without a comment. */
export function formatSshKey({ key, blob }: SshPublicKey): string {
  return `${KINDS[key.kind]} ${toBase64(blob)}`;
}

type ReadKey = (fields: SshFields, weak: () => void) => SshKey | undefined;

const readers: Readonly<Record<string, ReadKey>> = {
  [KINDS.ed25519]: (fields) => {
    const point = fields.string();
    return point.length === 32 ? { kind: 'ed25519', point } : undefined;
  },
  [KINDS['sk-ed25519']]: (fields) => {
    const point = fields.string();
    const application = fields.string();
    return point.length === 32 ? { kind: 'sk-ed25519', point, application } : undefined;
  },
  [KINDS['ecdsa-p256']]: (fields) => {
    const curve = fields.word();
    const point = fields.string();
    if (curve !== 'nistp256' || point.length !== 65 || point[0] !== 4) return undefined;
    return { kind: 'ecdsa-p256', x: point.subarray(1, 33), y: point.subarray(33) };
  },
  [KINDS.rsa]: (fields, weak) => {
    const exponent = fields.number();
    const modulus = fields.number();
    if (modulus.length < RSA_BYTES_MIN || modulus.length > RSA_BYTES_MAX || exponent.length > 8) weak();
    return { kind: 'rsa', exponent, modulus };
  },
};
