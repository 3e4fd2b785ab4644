// The account's keys at rest on this device: AES-GCM under HKDF(non-extractable key of this browser, salt = share of the live session). Without a live session nobody opens it here.

import type { SessionInfo, SignedIn } from '../backend.ts';

const DATABASE = 'siegel';
const STORE = 'keep';
const ENTRY = 'account';
const INFO = new TextEncoder().encode('siegel/device/v1');

interface Kept {
  readonly deviceKey: CryptoKey;
  readonly nonce: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
  readonly session: SessionInfo;
}

function parseKept(value: unknown): Kept | undefined {
  return typeof value === 'object' && value !== null && 'deviceKey' in value && 'sealed' in value
    ? (value as Kept)
    : undefined;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('the browser keeps nothing')));
  });
}

/** A request that succeeded is undone when its worker ends before the transaction does. */
function committed({ transaction }: IDBObjectStore): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('the browser keeps nothing')));
  });
}

async function store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(STORE));
  const database = await settled(opening);
  return database.transaction(STORE, mode).objectStore(STORE);
}

async function sealingKey(deviceKey: CryptoKey, share: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: share, info: INFO },
    deviceKey,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

/** Binds the sealed keys to the account they belong to. */
function additional(session: SessionInfo): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`siegel/device/v1 ${session.accountId}`);
}

export async function putKeep(signedIn: SignedIn, share: Uint8Array<ArrayBuffer>): Promise<void> {
  const random = crypto.getRandomValues(new Uint8Array(32));
  const deviceKey = await crypto.subtle.importKey('raw', random, 'HKDF', false, ['deriveKey']);
  random.fill(0);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const key = await sealingKey(deviceKey, share);
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: additional(signedIn.session) },
    key,
    signedIn.secrets,
  );
  const kept: Kept = { deviceKey, nonce, sealed, session: signedIn.session };
  const keep = await store('readwrite');
  keep.put(kept, ENTRY);
  await committed(keep);
}

/** The kept account, opened with the session's share; undefined when nothing is kept or the share is another session's. */
export async function openKeep(
  share: () => Promise<Uint8Array<ArrayBuffer> | undefined>,
): Promise<SignedIn | undefined> {
  const kept = parseKept(await settled((await store('readonly')).get(ENTRY)));
  if (!kept) return undefined;
  const live = await share();
  if (!live) return undefined;
  try {
    const key = await sealingKey(kept.deviceKey, live);
    const secrets = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: kept.nonce, additionalData: additional(kept.session) },
      key,
      kept.sealed,
    );
    return { session: kept.session, secrets: new Uint8Array(secrets) };
  } catch {
    return undefined; // sealed for an earlier session: useless now, replaced at the next sign-in
  }
}

export async function dropKeep(): Promise<void> {
  const keep = await store('readwrite');
  keep.delete(ENTRY);
  await committed(keep);
}
