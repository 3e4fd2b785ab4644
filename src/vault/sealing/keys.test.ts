// Root key, wraps, keyring, manifest, signed changes, items: what opens them and what does not.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newId, type ItemId, type MailboxId } from '#base/ids.ts';
import { signChange, verifyChange } from './account-change.ts';
import {
  checkManifest,
  deviceKey,
  growKeys,
  makePhrase,
  makeRootKey,
  matchesManifest,
  describeAccount,
  nextKeyring,
  openFolderName,
  openItem,
  openKeyring,
  parsePhrase,
  passkeyKey,
  phraseKeys,
  rememberManifest,
  sealFolderName,
  sealItem,
  sealKeyring,
  signManifest,
  unwrapWith,
  unwrapWithPassword,
  wrapForPassword,
  wrapTo,
  type ShownAccount,
} from './keys.ts';
import { signingKey } from './curve-keys.ts';
import { bytesOf, makeMailbox } from './test-mailbox.ts';

const anna = await makeMailbox();
const bert = await makeMailbox('bert@siegel.test');
const rootKey = anna.accountKeys.rootKey;
const closed = { ok: false, error: { kind: 'wrapDoesNotOpen' } };
const random = (count: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(count));

describe('the root key', () => {
  it('opens with the password’s export key, and only as the wrap it is', async () => {
    const exportKey = random(64);
    const sealed = await wrapForPassword(exportKey, rootKey, 3);
    const of = { accountId: anna.accountId, credentialVersion: 3, arkVersion: 1 };
    assert.deepEqual(await unwrapWithPassword(exportKey, sealed, of), { ok: true, value: rootKey });
    assert.deepEqual(await unwrapWithPassword(random(64), sealed, of), closed);
    assert.deepEqual(await unwrapWithPassword(exportKey, sealed, { ...of, credentialVersion: 4 }), closed);
    assert.deepEqual(await unwrapWithPassword(exportKey, sealed, { ...of, arkVersion: 2 }), closed);
    assert.deepEqual(await unwrapWithPassword(exportKey, sealed, { ...of, accountId: bert.accountId }), closed);
    assert.deepEqual(await unwrapWithPassword(exportKey, new Uint8Array(3), of), closed);
  });

  it('opens with twelve words, typed in any case and spacing', async () => {
    const phrase = makePhrase();
    assert.equal(phrase.split(' ').length, 12);
    const typed = parsePhrase(`  ${phrase.toUpperCase().replaceAll(' ', ' \n ')} `);
    assert.ok(typed.ok);
    const { wrapKey, token, tokenHash } = await phraseKeys(typed.value, anna.accountId);
    const place = { accountId: anna.accountId, wrapId: 'w1', arkVersion: 1 };
    const sealed = await wrapTo('phrase', 'w1', wrapKey.publicKey, rootKey);
    assert.ok(sealed.ok);
    assert.deepEqual(await unwrapWith('phrase', wrapKey, place, sealed.value), { ok: true, value: rootKey });
    for (const other of [
      { ...place, wrapId: 'w2' },
      { ...place, arkVersion: 9 },
      { ...place, accountId: bert.accountId },
    ]) {
      assert.deepEqual(await unwrapWith('phrase', wrapKey, other, sealed.value), closed);
    }
    assert.deepEqual(await unwrapWith('device', wrapKey, place, sealed.value), closed);
    assert.notDeepEqual(token, tokenHash);
    const elsewhere = await phraseKeys(typed.value, bert.accountId);
    assert.notDeepEqual(elsewhere.token, token);
  });

  it('does not open with a phrase that has a wrong word, too few or a wrong checksum', () => {
    const abandon = Array.from({ length: 12 }, () => 'abandon');
    assert.ok(parsePhrase([...abandon.slice(1), 'about'].join(' ')).ok);
    for (const text of ['', abandon.join(' '), abandon.slice(1).join(' '), [...abandon.slice(1), 'siegel'].join(' ')]) {
      assert.deepEqual(parsePhrase(text), { ok: false, error: { kind: 'notAPhrase' } });
    }
  });

  it('opens with a passkey’s result and with a device and its share, not with half of them', async () => {
    const prf = random(32);
    const device = await crypto.subtle.importKey('raw', random(32), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    const share = random(32);
    const place = { accountId: anna.accountId, wrapId: 'w', arkVersion: 1 };
    const byPasskey = await passkeyKey(prf, anna.accountId);
    const sealed = await wrapTo('passkey', 'w', byPasskey.publicKey, rootKey);
    assert.ok(sealed.ok && (await unwrapWith('passkey', byPasskey, place, sealed.value)).ok);
    const byDevice = await deviceKey(device, share, anna.accountId);
    const forDevice = await wrapTo('device', 'w', byDevice.publicKey, rootKey);
    assert.ok(forDevice.ok);
    const again = await deviceKey(device, share, anna.accountId);
    assert.ok((await unwrapWith('device', again, place, forDevice.value)).ok);
    const wrongShare = await deviceKey(device, random(32), anna.accountId);
    assert.deepEqual(await unwrapWith('device', wrongShare, place, forDevice.value), closed);
  });

  it('is never sealed to a key of small order', async () => {
    const sealed = await wrapTo('holder', 'w', new Uint8Array(32), rootKey);
    assert.deepEqual(sealed, { ok: false, error: { kind: 'weakKey' } });
  });

  it('grows keys that differ by purpose and account', async () => {
    const { keyringKey, listsKey, authKey } = anna.accountKeys;
    const other = await growKeys({ ...rootKey, accountId: bert.accountId });
    const all = [keyringKey, listsKey, authKey.publicKey, other.keyringKey, other.listsKey, other.authKey.publicKey];
    assert.equal(new Set(all.map((key) => Buffer.from(key).toString('hex'))).size, 6);
    assert.deepEqual((await growKeys(rootKey)).authKey.publicKey, authKey.publicKey);
  });
});

describe('the keyring', () => {
  it('opens as it was sealed, under its own version only', async () => {
    const sealed = await sealKeyring(anna.accountKeys, anna.keyring);
    assert.ok(sealed.ok);
    assert.deepEqual(await openKeyring(anna.accountKeys, 1, sealed.value), { ok: true, value: anna.keyring });
    const refused = { ok: false, error: { kind: 'keyringDoesNotOpen' } };
    assert.deepEqual(await openKeyring(anna.accountKeys, 2, sealed.value), refused);
    assert.deepEqual(await openKeyring(bert.accountKeys, 1, sealed.value), refused);
    const rotated = await growKeys(makeRootKey(anna.accountId, 2));
    assert.deepEqual(await openKeyring(rotated, 1, sealed.value), refused);
  });

  it('grows and never loses a key', () => {
    const more = { ...anna.keyring, summary: [...anna.keyring.summary, { version: 2, seed: random(32) }] };
    const next = nextKeyring(anna.keyring, more);
    assert.ok(next.ok);
    assert.equal(next.value.version, 2);
    const lost = { ok: false, error: { kind: 'keyringLostKeys' } };
    assert.deepEqual(nextKeyring(next.value, anna.keyring), lost);
    assert.deepEqual(nextKeyring(anna.keyring, { ...anna.keyring, openpgp: [] }), lost);
    assert.deepEqual(nextKeyring(anna.keyring, { ...anna.keyring, identitySeed: random(32) }), lost);
  });

  it('has a bound', async () => {
    const sealed = await sealKeyring(anna.accountKeys, { ...anna.keyring, openpgp: [new Uint8Array(300_000)] });
    assert.deepEqual(sealed, { ok: false, error: { kind: 'keyringTooLarge' } });
  });
});

describe('the account manifest', async () => {
  const identity = anna.keyring.identitySeed;
  const identityKey = (await signingKey(identity)).publicKey;
  const shown: ShownAccount = {
    arkVersion: 1,
    keyringVersion: 1,
    wraps: [{ id: 'password:1', sealed: random(61) }],
    keys: {
      version: 1,
      certificate: anna.made.certificate,
      summaryKey: anna.made.summaryKey,
      authKey: anna.accountKeys.authKey.publicKey,
    },
  };
  const make = (version: number, previous: string | null, of = shown): Promise<Uint8Array<ArrayBuffer>> =>
    signManifest(identity, { accountId: anna.accountId, version, previous, ...describeAccount(of) });
  const first = await make(1, null);
  const expected = { accountId: anna.accountId, identityKey, remembered: undefined };
  const kindOf = async (bytes: Uint8Array<ArrayBuffer>, with_: object = {}): Promise<string> => {
    const checked = await checkManifest(bytes, { ...expected, ...with_ });
    return checked.ok ? 'ok' : checked.error.kind;
  };

  it('is accepted when the identity signed it for this account', async () => {
    assert.equal(await kindOf(first), 'ok');
    assert.equal(await kindOf(first, { accountId: bert.accountId }), 'notAManifest');
    assert.equal(await kindOf(first, { identityKey: (await signingKey(random(32))).publicKey }), 'manifestNotSigned');
    for (let at = 0; at < first.length; at++) {
      const changed = Uint8Array.from(first);
      changed[at] = (changed[at] ?? 0) ^ 1;
      assert.notEqual(await kindOf(changed), 'ok', `byte ${at}`);
    }
  });

  it('is never accepted lower, or beside the one remembered', async () => {
    const read = await checkManifest(first, expected);
    assert.ok(read.ok);
    const remembered = rememberManifest(first, read.value);
    const second = await make(2, remembered.sha256);
    assert.equal(await kindOf(second, { remembered }), 'ok');
    const secondRead = await checkManifest(second, expected);
    assert.ok(secondRead.ok);
    const later = rememberManifest(second, secondRead.value);
    assert.equal(await kindOf(first, { remembered: later }), 'manifestRolledBack');
    assert.equal(await kindOf(second, { remembered: later }), 'ok');
    const fork = await make(2, remembered.sha256, { ...shown, keyringVersion: 7 });
    assert.equal(await kindOf(fork, { remembered: later }), 'manifestForked');
    assert.equal(await kindOf(await make(3, remembered.sha256), { remembered: later }), 'manifestForked');
  });

  it('shows a wrap that was slipped in, taken out or exchanged, and any other key', async () => {
    const read = await checkManifest(first, expected);
    assert.ok(read.ok);
    assert.ok(matchesManifest(read.value, shown));
    const wrong: readonly ShownAccount[] = [
      { ...shown, wraps: [...shown.wraps, { id: 'w2', sealed: random(81) }] },
      { ...shown, wraps: [] },
      { ...shown, wraps: [{ id: 'password:1', sealed: random(61) }] },
      { ...shown, keyringVersion: 0 },
      { ...shown, keys: { ...shown.keys, summaryKey: bert.made.summaryKey } },
      { ...shown, keys: { ...shown.keys, certificate: bert.made.certificate } },
      { ...shown, keys: { ...shown.keys, authKey: random(32) } },
    ];
    for (const other of wrong) assert.ok(!matchesManifest(read.value, other));
  });
});

it('a change of the account counts once, for what was signed, by whom it must be signed', async () => {
  const change = {
    accountId: anna.accountId,
    kind: 'wrapPut',
    effect: { wrapId: 'w', arkVersion: 1 },
    challenge: random(32),
  };
  const signature = await signChange(anna.accountKeys.authKey, change);
  const key = anna.accountKeys.authKey.publicKey;
  assert.ok(await verifyChange(key, change, signature));
  assert.ok(await verifyChange(key, { ...change, effect: { arkVersion: 1, wrapId: 'w' } }, signature));
  assert.ok(!(await verifyChange(bert.accountKeys.authKey.publicKey, change, signature)));
  const others = [
    { ...change, challenge: random(32) },
    { ...change, challenge: new Uint8Array(0) },
    { ...change, kind: 'wrapRemoved' },
    { ...change, effect: { wrapId: 'w', arkVersion: 2 } },
    { ...change, accountId: bert.accountId },
  ];
  for (const other of others) assert.ok(!(await verifyChange(key, other, signature)));
});

describe('sealed items and folder names', () => {
  it('open where they belong, in the version they are', async () => {
    const place = { collection: 'settings', id: newId<ItemId>(), version: 4 };
    const sealed = await sealItem(anna.accountKeys, place, bytesOf('{"theme":"dark"}'));
    assert.deepEqual(await openItem(anna.accountKeys, place, sealed), bytesOf('{"theme":"dark"}'));
    const others = [
      { ...place, version: 3 },
      { ...place, collection: 'contacts' },
      { ...place, id: newId<ItemId>() },
    ];
    for (const other of others) assert.equal(await openItem(anna.accountKeys, other, sealed), undefined);
    assert.equal(await openItem(bert.accountKeys, place, sealed), undefined);
  });

  it('hide how long a folder’s name is', async () => {
    const id = newId<MailboxId>();
    const sealed = await Promise.all(['A', 'Mandanten 2026'].map((name) => sealFolderName(anna.accountKeys, id, name)));
    assert.equal(sealed[0]?.length, sealed[1]?.length);
    assert.equal(await openFolderName(anna.accountKeys, id, sealed[1] ?? new Uint8Array(0)), 'Mandanten 2026');
    assert.equal(await openFolderName(anna.accountKeys, newId<MailboxId>(), sealed[1] ?? new Uint8Array(0)), undefined);
  });
});
