// The keys of the house as one value: how they are made, written as text, checked and named by a fingerprint.

import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { ready, server } from '@serenity-kit/opaque';
import { newId, parseId, type InstanceId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { canonicalBytes, canonicalJson } from '#formats/canonical-json/canonical-json.ts';

const FORMAT = 'siegel-key-kit/1';
const KEY_BYTES = 32;

/** A server setup of OPAQUE; every login record names the one it was made with. */
export interface OpaqueSetup {
  readonly id: string;
  readonly setup: string;
}

/** An Ed25519 pair, both halves as 32 raw bytes. */
export interface SigningPair {
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly seed: Uint8Array<ArrayBuffer>;
}

export interface KeyKit {
  readonly instanceId: InstanceId;
  readonly createdMs: number;
  /** The first one is used for new records; older ones only answer logins until their records are replaced. */
  readonly setups: readonly [OpaqueSetup, ...OpaqueSetup[]];
  readonly ledgerKey: Uint8Array<ArrayBuffer>;
  /** Signs what the door saw into every sealed summary. */
  readonly doorKey: SigningPair;
  readonly bookKey: SigningPair;
  /** Makes the account ids of unknown addresses, so that they answer like known ones. */
  readonly blindKey: Uint8Array<ArrayBuffer>;
  /** TOTP secrets, rules that act at the door, the server's half of device secrets. */
  readonly settingsKey: Uint8Array<ArrayBuffer>;
}

export type KitTextRefusal = { readonly kind: 'kitDamaged' };

/** Fresh random keys. `nowMs` is written into the kit, nothing else depends on it. */
export async function makeKeyKit(nowMs: number): Promise<KeyKit> {
  await ready;
  return {
    instanceId: newId<InstanceId>(),
    createdMs: nowMs,
    setups: [makeSetup()],
    ledgerKey: secret(),
    doorKey: makeSigningPair(),
    bookKey: makeSigningPair(),
    blindKey: secret(),
    settingsKey: secret(),
  };
}

/** The same kit with a new setup in front: accounts move to it one by one at their next password change. */
export async function withFreshSetup(kit: KeyKit): Promise<KeyKit> {
  await ready;
  return { ...kit, setups: [makeSetup(), ...kit.setups] };
}

/** Canonical text with a digest over everything else, one line. */
export function formatKeyKit(kit: KeyKit): string {
  const body = bodyOf(kit);
  return `${canonicalJson({ ...body, digest: digestOf(body) })}\n`;
}

/** The kit in a text; anything that is not exactly what `formatKeyKit` writes is damage. */
export function parseKeyKit(text: string): Result<KeyKit, KitTextRefusal> {
  const kit = readKit(text);
  return kit !== undefined && formatKeyKit(kit) === text ? ok(kit) : err({ kind: 'kitDamaged' });
}

/** Ten groups of four hex digits over the whole content; two kits with one fingerprint are the same kit. */
export function kitFingerprint(kit: KeyKit): string {
  const hash = createHash('sha256')
    .update('siegel/kit/fingerprint/v1')
    .update(canonicalBytes(bodyOf(kit)));
  return hash.digest('hex').slice(0, 40).match(/.{4}/g)?.join(' ') ?? '';
}

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex'); // RFC 8410 §7, before the 32 byte seed

/** The private half as node:crypto wants it. */
export function signingKey(pair: SigningPair): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, pair.seed]), format: 'der', type: 'pkcs8' });
}

function bodyOf(kit: KeyKit): Record<string, unknown> {
  const pair = (keys: SigningPair) => ({ publicKey: toBase64Url(keys.publicKey), seed: toBase64Url(keys.seed) });
  return {
    format: FORMAT,
    instanceId: kit.instanceId,
    createdMs: kit.createdMs,
    setups: kit.setups.map(({ id, setup }) => ({ id, setup })),
    ledgerKey: toBase64Url(kit.ledgerKey),
    doorKey: pair(kit.doorKey),
    bookKey: pair(kit.bookKey),
    blindKey: toBase64Url(kit.blindKey),
    settingsKey: toBase64Url(kit.settingsKey),
  };
}

function digestOf(body: Record<string, unknown>): string {
  return createHash('sha256').update('siegel/kit/digest/v1').update(canonicalBytes(body)).digest('base64url');
}

function makeSetup(): OpaqueSetup {
  return { id: randomBytes(6).toString('hex'), setup: server.createSetup() };
}

function secret(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(randomBytes(KEY_BYTES));
}

function makeSigningPair(): SigningPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    publicKey: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES)),
    seed: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-KEY_BYTES)),
  };
}

function readKit(text: string): KeyKit | undefined {
  const value = readObject(text);
  if (value?.['format'] !== FORMAT || typeof value['createdMs'] !== 'number') return undefined;
  const instanceId = parseId<InstanceId>(value['instanceId']);
  const [first, ...older] = Array.isArray(value['setups']) ? value['setups'].map(readSetup) : [];
  const ledgerKey = readSecret(value['ledgerKey']);
  const blindKey = readSecret(value['blindKey']);
  const settingsKey = readSecret(value['settingsKey']);
  const doorKey = readPair(value['doorKey']);
  const bookKey = readPair(value['bookKey']);
  if (!instanceId || !first || !ledgerKey || !blindKey || !settingsKey || !doorKey || !bookKey) return undefined;
  const setups: [OpaqueSetup, ...OpaqueSetup[]] = [first, ...older.filter((setup) => setup !== undefined)];
  return { instanceId, createdMs: value['createdMs'], setups, ledgerKey, doorKey, bookKey, blindKey, settingsKey };
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;
}

function readSetup(value: unknown): OpaqueSetup | undefined {
  const { id, setup } = asObject(value) ?? {};
  return typeof id === 'string' && typeof setup === 'string' ? { id, setup } : undefined;
}

function readSecret(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  const bytes = typeof value === 'string' ? fromBase64(value) : undefined;
  return bytes?.length === KEY_BYTES ? bytes : undefined;
}

function readPair(value: unknown): SigningPair | undefined {
  const parts = asObject(value);
  const publicKey = readSecret(parts?.['publicKey']);
  const seed = readSecret(parts?.['seed']);
  return publicKey && seed ? { publicKey, seed } : undefined;
}
