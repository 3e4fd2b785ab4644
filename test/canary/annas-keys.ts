// Anna's locks as the server keeps them, and her keys as only her client has them, laid out as a careless program might leave them.

import { decryptSessionKeys, readMessage, readPrivateKey } from 'openpgp';
import { toBase64, toBase64Url } from '#formats/base64/base64.ts';
import { uuidToId } from '../../src/vault/database/ids.ts';
import { readerKeysFromPublic } from '../../src/vault/sealing/reader-keys.ts';
import { openSession } from '../../src/web/client/open-session.ts';
import type { SignedIn } from '../../src/web/backend.ts';
import type { Row } from '../own-database.ts';
import type { KeptLetter } from './disk-values.ts';
import type { AccountLock } from './try-keys.ts';

/** Of the house’s one account, or of the one whose id is named, as the rows write it. */
export function lockOfAccount(tables: ReadonlyMap<string, readonly Row[]>, uuid?: string): AccountLock {
  const rowsOf = (table: string): readonly Row[] =>
    (tables.get(table) ?? []).filter((row) => uuid === undefined || row['account_id'] === uuid);
  const row = (table: string): Row => rowsOf(table)[0] ?? {};
  const account = row('account');
  const credential = row('credential');
  const bytes = (value: unknown): Uint8Array<ArrayBuffer> => {
    if (!(value instanceof Uint8Array)) throw new Error('a column of bytes is missing');
    return Uint8Array.from(value);
  };
  const readerKeys = readerKeysFromPublic(bytes(account['certificate']), bytes(account['summary_key']), {
    version: Number(account['keys_version']),
    nowMs: Date.now(),
  });
  if (!readerKeys.ok) throw new Error(`the account's keys do not parse: ${readerKeys.error.kind}`);
  return {
    accountId: uuidToId(String(account['account_id'])),
    readerKeys: readerKeys.value,
    arkVersion: Number(credential['ark_version']),
    credentialVersion: Number(credential['version']),
    passwordWrap: bytes(credential['wrap']),
    keyringVersion: Number(account['keyring_version']),
    keyring: bytes(account['keyring']),
    wrapKeys: rowsOf('wrap').map((wrap) => bytes(wrap['public_key'])),
  };
}

export interface AnnasSecrets {
  readonly rootKey: Uint8Array;
  readonly openpgp: Uint8Array;
  readonly summarySeed: Uint8Array;
}

export async function secretsOf({
  reach,
  signedIn,
}: {
  readonly reach: typeof fetch;
  readonly signedIn: SignedIn;
}): Promise<AnnasSecrets> {
  const session = await openSession(reach, signedIn);
  if (!session.ok) throw new Error(`the session does not open: ${session.error.kind}`);
  const { keyring, keys } = session.value.account;
  const [openpgp] = keyring.openpgp;
  const [summary] = keyring.summary;
  if (!openpgp || !summary) throw new Error('the keyring is empty');
  return { rootKey: keys.rootKey.bytes, openpgp, summarySeed: summary.seed };
}

/** Name → bytes of a value in which one of her keys lies. */
export async function plantedKeys(
  { rootKey, openpgp, summarySeed }: AnnasSecrets,
  { record, packet }: KeptLetter,
): Promise<Readonly<Record<string, Buffer>>> {
  const decryptionKeys = await readPrivateKey({ binaryKey: openpgp });
  const message = await readMessage({ binaryMessage: Buffer.concat([record.keyPacket, packet]) });
  const [session] = await decryptSessionKeys({ message, decryptionKeys });
  if (!session) throw new Error('the letter has no session key');
  const before = Buffer.from('some bytes before it, ');
  return {
    'session key as it is': Buffer.from(session.data),
    'session key within other bytes': Buffer.concat([before, session.data, before]),
    'root key in JSON': Buffer.from(JSON.stringify({ account: { ark: toBase64Url(rootKey) } })),
    'root key in base64 with padding': Buffer.from(`ark: ${toBase64(rootKey)}\n`),
    'summary key in hex': Buffer.from(`key=${Buffer.from(summarySeed).toString('hex')}`),
    'summary key backwards': Buffer.from(summarySeed.toReversed()),
    'OpenPGP key in binary': Buffer.from(openpgp),
    'OpenPGP key in armor': Buffer.from(decryptionKeys.armor()),
  };
}
