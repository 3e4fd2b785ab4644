// The two of the sample office who give verdicts on requests, with OpenPGP keys made for it alone: they lie in its folder, so everybody may sign here.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PrivateKey } from 'openpgp';
import type { DeskRole, Fingerprint } from '#formats/desk/model.ts';
import type { DemoFolder } from './demo-folder.ts';
import { persons, type PersonKey } from './persons.ts';

export interface DeskPerson {
  readonly key: PersonKey;
  readonly name: string;
  readonly role: DeskRole;
  readonly fingerprint: Fingerprint;
  /** Armored. */
  readonly certificate: string;
  /** Detached, armored. */
  sign(bytes: Uint8Array): Promise<string>;
}

const KEYS_FILE = 'desk-keys.json';
const ROLES: ReadonlyMap<PersonKey, DeskRole> = new Map([
  ['leyla', 'LAWYER'],
  ['jonas', 'OFFICER'],
]);
const signers = persons.filter(({ key }) => ROLES.has(key));
/** Older than anything in the register. */
const MADE = new Date('2021-12-01T12:00:00Z');

/** Their signatures bring the first policy into force. */
export async function openDeskPeople({ path }: Pick<DemoFolder, 'path'>): Promise<readonly DeskPerson[]> {
  const openpgp = await import('openpgp');
  const file = join(path, KEYS_FILE);
  const armored = readKeys(file) ?? (await makeKeys(file));
  return Promise.all(
    signers.map(async ({ key, name }) => {
      const secretKey: PrivateKey = await openpgp.readPrivateKey({ armoredKey: armored[key] ?? '' });
      return {
        key,
        name,
        role: ROLES.get(key) ?? 'LAWYER',
        fingerprint: secretKey.getFingerprint() as Fingerprint,
        certificate: secretKey.toPublic().armor(),
        async sign(bytes) {
          const message = await openpgp.createMessage({ binary: bytes });
          return openpgp.sign({ message, signingKeys: secretKey, detached: true, format: 'armored' });
        },
      };
    }),
  );
}

function readKeys(file: string): Readonly<Record<string, string>> | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
  } catch {
    return undefined;
  }
}

async function makeKeys(file: string): Promise<Readonly<Record<string, string>>> {
  const openpgp = await import('openpgp');
  const made = await Promise.all(
    signers.map(async ({ key, name, address }) => {
      const { privateKey } = await openpgp.generateKey({
        type: 'curve25519',
        userIDs: [{ name, email: address }],
        date: MADE,
        format: 'object',
        config: { v6Keys: false },
      });
      return [key, privateKey.armor()] as const;
    }),
  );
  const keys = Object.fromEntries(made);
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}
