// DKIM: checks every signature of a letter against the keys its domains publish (RFC 6376 §6, RFC 8301, RFC 8463).

import { createHash, createPublicKey, hash, verify, type KeyObject } from 'node:crypto';
import { limits } from '#base/limits.ts';
import { canonicalBody, cutBody, type CanonicalBody } from '#formats/dkim/canonical-body.ts';
import { signedHeader, type RawField } from '#formats/dkim/canonical-header.ts';
import { parseDkimKey, type DkimKey, type DkimKeyRefusal } from '#formats/dkim/dkim-key.ts';
import { parseDkimSignature, type DkimSignature, type SignatureFault } from '#formats/dkim/dkim-signature.ts';
import { lookUpTexts, type Dns } from '#base/dns/dns.ts';

export type DkimStatus = 'pass' | 'fail' | 'policy' | 'temperror' | 'permerror';
export type DkimReason =
  | SignatureFault
  | `key:${DkimKeyRefusal['kind']}`
  | 'noKey'
  | 'keyUnreachable'
  | 'wrongKeyType'
  | 'weakKey'
  | 'agentNotDomain'
  | 'expired'
  | 'bodyLongerThanLetter'
  | 'bodyChanged'
  | 'headerChanged'
  | 'bodyPartlySigned';

export interface DkimResult {
  readonly status: DkimStatus;
  /** Why it is not a pass. */
  readonly reason: DkimReason | undefined;
  readonly domain: string | undefined;
  readonly selector: string | undefined;
  readonly algorithm: DkimSignature['algorithm'] | undefined;
  readonly signatureStart: string | undefined;
  /** Lower-case names it covers, repetitions included; empty where it could not be read. */
  readonly signedFields: readonly string[];
}

export interface LetterToVerify {
  readonly fields: readonly RawField[];
  readonly plainBody: Uint8Array;
}

const RSA_BITS_MIN = 1024; // RFC 8301 §3.2
const RSA_BITS_MAX = 8192; // beyond that checking is an attack on the checker
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const keys = new Map<string, KeyObject | 'unusable'>();

/** In the order of the letter's fields; none: the letter is not signed. */
export async function verifyDkim(letter: LetterToVerify, dns: Dns, nowMs: number): Promise<readonly DkimResult[]> {
  const signatures = letter.fields.filter((field) => field.name === 'dkim-signature');
  if (signatures.length === 0) return [];
  const bodies = new BodyHashes(letter.plainBody);
  const checked = signatures
    .slice(0, limits.authentication.dkimSignaturesMax)
    .map((field) => checkSignature(letter, field, bodies, { dns, nowMs }));
  return Promise.all(checked);
}

async function checkSignature(
  letter: LetterToVerify,
  field: RawField,
  bodies: BodyHashes,
  world: { readonly dns: Dns; readonly nowMs: number },
): Promise<DkimResult> {
  const parsed = parseDkimSignature(field.text.slice(field.text.indexOf(':') + 1));
  if (!parsed.ok) {
    const { kind: reason, domain, selector } = parsed.error;
    const status = reason === 'weakAlgorithm' ? 'policy' : 'permerror';
    return { status, reason, domain, selector, algorithm: undefined, signatureStart: undefined, signedFields: [] };
  }
  const signature = parsed.value;
  const { domain, selector, algorithm, signatureStart } = signature;
  const settle = (status: DkimStatus, reason?: DkimReason): DkimResult => ({
    status,
    reason,
    domain,
    selector,
    algorithm,
    signatureStart,
    signedFields: signature.signedFields,
  });
  const { expiresAtSeconds, bodyBytesMax } = signature;
  if (expiresAtSeconds !== undefined && expiresAtSeconds * 1_000 < world.nowMs) return settle('permerror', 'expired');
  const body = bodies.hashOf(signature);
  if (bodyBytesMax !== undefined && bodyBytesMax > body.sizeBytes) return settle('permerror', 'bodyLongerThanLetter');
  if (!body.digest.equals(signature.bodyHash)) return settle('fail', 'bodyChanged');

  const found = await lookUpTexts(world.dns, `${selector}._domainkey.${domain}`);
  if (!found.ok)
    return found.error.kind === 'noAnswer' ? settle('temperror', 'keyUnreachable') : settle('permerror', 'noKey');
  const record = found.value.find((text) => text.includes('p=')) ?? found.value[0];
  if (record === undefined) return settle('permerror', 'noKey');
  const key = parseDkimKey(record);
  if (!key.ok) return settle('permerror', `key:${key.error.kind}`);
  if (key.value.isStrict && signature.agentDomain !== domain) return settle('permerror', 'agentNotDomain');
  if (!algorithm.startsWith(key.value.type)) return settle('permerror', 'wrongKeyType');
  const publicKey = publicKeyOf(record, key.value);
  if (publicKey === 'unusable') return settle('permerror', 'key:badRecord');
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? RSA_BITS_MIN;
  if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) return settle('policy', 'weakKey');

  const text = signedHeader(letter.fields, signature.signedFields, field, signature.header);
  if (!isSignedBy(publicKey, signature, Buffer.from(text, 'latin1'))) return settle('fail', 'headerChanged');
  if (bodyBytesMax !== undefined && bodyBytesMax < body.sizeBytes) return settle('policy', 'bodyPartlySigned');
  return settle('pass');
}

function isSignedBy(publicKey: KeyObject, signature: DkimSignature, header: Buffer): boolean {
  try {
    return signature.algorithm === 'rsa-sha256'
      ? verify('sha256', header, publicKey, signature.signature)
      : verify(null, hash('sha256', header, 'buffer'), publicKey, signature.signature);
  } catch {
    return false; // a signature of a length the key cannot have made
  }
}

/** Parsing a key costs as much as checking a signature: parsed keys are kept by their record's text. */
function publicKeyOf(record: string, key: DkimKey): KeyObject | 'unusable' {
  const kept = keys.get(record);
  if (kept !== undefined) return kept;
  if (keys.size >= limits.authentication.dkimKeysMax) keys.clear();
  const parsed = parsePublicKey(key);
  keys.set(record, parsed);
  return parsed;
}

function parsePublicKey(key: DkimKey): KeyObject | 'unusable' {
  if (key.type === 'ed25519') return tryKey(Buffer.concat([ED25519_SPKI, key.bytes]), 'spki', 'ed25519');
  const spki = tryKey(Buffer.from(key.bytes), 'spki', 'rsa');
  return spki === 'unusable' ? tryKey(Buffer.from(key.bytes), 'pkcs1', 'rsa') : spki;
}

function tryKey(der: Buffer, type: 'spki' | 'pkcs1', wanted: DkimKey['type']): KeyObject | 'unusable' {
  try {
    const key = createPublicKey({ key: der, format: 'der', type });
    return key.asymmetricKeyType === wanted ? key : 'unusable';
  } catch {
    return 'unusable';
  }
}

/** Most letters have one signature, some two with the same canonicalization: each body is hashed once. */
class BodyHashes {
  readonly #plainBody: Uint8Array;
  readonly #bodies = new Map<string, CanonicalBody>();
  readonly #digests = new Map<string, Buffer>();

  constructor(plainBody: Uint8Array) {
    this.#plainBody = plainBody;
  }

  /** Digest of the signed part, and the size of the whole canonical body. */
  hashOf({ body: how, bodyBytesMax }: DkimSignature): { readonly digest: Buffer; readonly sizeBytes: number } {
    const body = this.#bodies.get(how) ?? canonicalBody(this.#plainBody, how);
    this.#bodies.set(how, body);
    const key = `${how} ${bodyBytesMax ?? ''}`;
    const digest = this.#digests.get(key) ?? digestOf(cutBody(body, bodyBytesMax));
    this.#digests.set(key, digest);
    return { digest, sizeBytes: body.sizeBytes };
  }
}

function digestOf(body: CanonicalBody): Buffer {
  const hasher = createHash('sha256');
  for (const piece of body.pieces) hasher.update(piece);
  return hasher.digest();
}
