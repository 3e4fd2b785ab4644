// People with keys and a policy that names them, for tests: the template for Germany with its roster filled.

import * as openpgp from 'openpgp';
import type { PrivateKey } from 'openpgp';
import { requireValue } from '#base/assert.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import type { CalendarDay, DeskRole, Fingerprint } from '#formats/desk/model.ts';
import { exampleGermany } from './example-policy.ts';
import type { Policy, RosterMember } from '#formats/desk/policy-shape.ts';

export interface Person {
  readonly member: RosterMember;
  readonly secretKey: PrivateKey;
}

export interface KeyWish {
  readonly v6?: boolean;
  readonly madeMs?: number;
  readonly expiresAfterSeconds?: number;
}

/** Keys of these tests were made then, unless they say otherwise. */
export const KEYS_MADE_MS = Date.parse('2022-01-02T12:00:00Z');

export async function makePerson(name: string, role: DeskRole, wish: KeyWish = {}): Promise<Person> {
  const { privateKey } = await openpgp.generateKey({
    // what older programs read, and what version 6 asks for
    ...(wish.v6 === true ? { type: 'curve25519' } : { type: 'ecc', curve: 'ed25519Legacy' }),
    userIDs: [{ name }],
    format: 'object',
    date: new Date(wish.madeMs ?? KEYS_MADE_MS),
    ...(wish.expiresAfterSeconds !== undefined && { keyExpirationTime: wish.expiresAfterSeconds }),
    config: { v6Keys: wish.v6 === true },
  });
  return { member: memberOf(name, role, privateKey), secretKey: privateKey };
}

export function memberOf(name: string, role: DeskRole, key: openpgp.Key): RosterMember {
  return { name, role, fingerprint: key.getFingerprint() as Fingerprint, certificate: key.toPublic().armor() };
}

/** The template with this roster; `changes` replaces whole fields. */
export function fillTemplate(people: readonly Person[], changes: Partial<Policy> = {}): Policy {
  const template = JSON.parse(exampleGermany()) as Policy;
  const roster = people.map(({ member }) => member);
  return { ...template, dated: '2022-02-01' as CalendarDay, roster, ...changes };
}

/** A detached signature in armor, made a day after the keys. */
export async function signAs(
  { secretKey }: Person,
  value: unknown,
  { madeMs = KEYS_MADE_MS + 86_400_000, config }: { madeMs?: number; config?: openpgp.PartialConfig } = {},
): Promise<string> {
  const text = typeof value === 'string' ? value : canonicalJson(value);
  const message = await openpgp.createMessage({ binary: new TextEncoder().encode(text) });
  return openpgp.sign({
    message,
    signingKeys: secretKey,
    detached: true,
    format: 'armored',
    date: new Date(madeMs),
    ...(config !== undefined && { config }),
  });
}

/** Key, user id, certification, subkey, binding: bytes each with its header. */
export function partsOf({ secretKey }: Person): readonly openpgp.BasePacket[] {
  return [...secretKey.toPublic().toPacketList()];
}

/** What the primary key says of its user id or of a subkey, and what it may be used for (RFC 9580 §5.2.3.29). */
export async function bindAs(
  { secretKey }: Person,
  type: openpgp.enums.signature,
  { bind, flags }: { bind: unknown; flags: number },
): Promise<openpgp.SignaturePacket> {
  const made = new openpgp.SignaturePacket();
  const key = secretKey.keyPacket;
  made.signatureType = type;
  made.publicKeyAlgorithm = key.algorithm as never;
  made.hashAlgorithm = openpgp.enums.hash.sha512;
  made.keyFlags = Uint8Array.of(flags);
  const signing: unknown = Reflect.apply(made.sign, made, [
    key,
    { key, bind, userID: bind },
    new Date(KEYS_MADE_MS),
    false,
    openpgp.config,
  ]);
  await signing;
  return made;
}

export function joined(parts: readonly (openpgp.BasePacket | undefined)[]): string {
  const list = new openpgp.PacketList<openpgp.BasePacket>();
  for (const part of parts) list.push(requireValue(part, 'a packet'));
  return openpgp.armor(openpgp.enums.armor.publicKey, list.write());
}

export interface HandMade {
  readonly hash?: openpgp.enums.hash;
  readonly type?: openpgp.enums.signature;
  readonly expiresSeconds?: number;
  readonly madeMs?: number;
}

/** A signature that no program would make: any hash, type, expiry and time. */
export async function signByHand({ secretKey }: Person, bytes: Uint8Array, wish: HandMade): Promise<string> {
  const made = new openpgp.SignaturePacket();
  const key = secretKey.keyPacket;
  made.signatureType = wish.type ?? openpgp.enums.signature.binary;
  made.publicKeyAlgorithm = key.algorithm as never;
  made.hashAlgorithm = wish.hash ?? openpgp.enums.hash.sha512;
  if (wish.expiresSeconds !== undefined) {
    made.signatureExpirationTime = wish.expiresSeconds;
    made.signatureNeverExpires = false;
  }
  const [literal] = (await openpgp.createMessage({ binary: bytes })).packets;
  const config = { ...openpgp.config, nonDeterministicSignaturesViaNotation: false };
  const at = new Date(wish.madeMs ?? KEYS_MADE_MS + 86_400_000);
  const signing: unknown = Reflect.apply(made.sign, made, [key, literal, at, true, config]);
  await signing;
  const list = new openpgp.PacketList<openpgp.BasePacket>();
  list.push(made);
  return openpgp.armor(openpgp.enums.armor.signature, list.write());
}
