// People with keys and a policy that names them, for tests: the template for Germany with its roster filled.

import * as openpgp from 'openpgp';
import type { PrivateKey } from 'openpgp';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import type { CalendarDay, DeskRole, Fingerprint } from '../register/model.ts';
import { exampleGermany } from './example-policy.ts';
import type { Policy, RosterMember } from './policy-shape.ts';

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
    type: 'curve25519',
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
