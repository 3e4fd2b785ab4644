// The formats of decision 0003 against their recorded vectors.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { requireValue } from '#base/assert.ts';
import { parseId, type AccountId, type ItemId, type LetterId, type MailboxId } from '#base/ids.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { signChange, verifyChange } from './account-change.ts';
import { wrapAad } from './client/wraps.ts';
import { decryptGcm } from './client/aead.ts';
import { doorKeyFromSeed } from './door-key.ts';
import { signingKey } from './curve-keys.ts';
import * as keys from './keys.ts';
import { mortalAad, mortalKey, parseMortalBox } from './mortal.ts';
import { checkSummary, openLetter, openSummary, openTerms, summaryKeysOf } from './open.ts';
import { readerKeysFromPublic } from './reader-keys.ts';
import { render } from './render.ts';
import { sealDataPacket } from './seal-packet.ts';
import { padmeLength } from './sealed-blob.ts';
import { encodeSummary } from './summary.ts';
import vectors from './vectors.json' with { type: 'json' };

type Bytes = Uint8Array<ArrayBuffer>;
const bytes = (text: string): Bytes => requireValue(fromBase64(text), 'base64');
const utf8 = (text: string): Bytes => new TextEncoder().encode(text);
const { reader, door, letter, nowMs } = vectors;
const accountId = requireValue(parseId<AccountId>(vectors.ids.accountId), 'account');
const letterId = requireValue(parseId<LetterId>(vectors.ids.letterId), 'letter');
const itemId = requireValue(parseId<ItemId>(vectors.ids.itemId), 'item');
const pageId = requireValue(parseId<ItemId>(vectors.ids.pageId), 'page');
const mailboxId = requireValue(parseId<MailboxId>(vectors.ids.mailboxId), 'mailbox');
const place = { accountId, letterId };
const keyring: keys.Keyring = {
  version: 1,
  openpgp: [bytes(reader.secretKey)],
  summary: [{ version: 1, seed: bytes(reader.summarySeed) }],
  identitySeed: bytes(vectors.manifest.identitySeed),
};
const rootKey = { accountId, version: 1, bytes: bytes(vectors.rootKey.bytes) };
const accountKeys = await keys.growKeys(rootKey);
const summaryKeys = await summaryKeysOf(keyring);
const trusted = { doorKeys: new Map([[door.keyId, bytes(door.publicKey)]]), accountKeys };
const block = utf8(letter.block);
const insertions = [
  { offset: 0, bytes: block },
  { offset: letter.hpOffset, bytes: utf8('; hp="cipher"') },
];

describe('what was sealed once opens for ever', () => {
  it('the letter, its summary and its terms', async () => {
    const opened = await openSummary(bytes(letter.summary), place, summaryKeys);
    assert.ok(opened.ok);
    const digest = Uint8Array.from(createHash('sha256').update(bytes(letter.packet)).digest());
    assert.ok((await checkSummary(opened.value, trusted, digest)).ok);
    assert.equal(new TextDecoder().decode(encodeSummary(opened.value.summary)), letter.summaryJson);
    const terms = await openTerms(bytes(letter.terms), opened.value, summaryKeys);
    assert.deepEqual(terms, { ok: true, value: { tokeniser: 1, words: letter.words } });
    const stored = { keyPacket: bytes(letter.keyPacket), dataPacket: bytes(letter.packet) };
    const plain = await openLetter(stored, keyring, opened.value.summary);
    assert.ok(plain.ok);
    assert.equal(new TextDecoder().decode(plain.value.plainOriginal), letter.original);
    assert.equal(new TextDecoder().decode(plain.value.plainBlock), letter.block);
  });

  it('a summary rebuilt by a client', async () => {
    const opened = await openSummary(bytes(vectors.rebuilt.summary), place, summaryKeys);
    assert.ok(opened.ok && (await checkSummary(opened.value, trusted)).ok);
    assert.deepEqual(opened.value.summary.facts, { subject: 'inner' });
    assert.ok((await openTerms(bytes(vectors.rebuilt.terms), opened.value, summaryKeys)).ok);
  });

  it('wraps and keyring', async () => {
    const { wraps, phrase } = vectors;
    const of = { accountId, credentialVersion: 1, arkVersion: 1 };
    const byPassword = await keys.unwrapWithPassword(bytes(wraps.exportKey), bytes(wraps.password), of);
    assert.deepEqual(byPassword, { ok: true, value: rootKey });
    const entropy = keys.parsePhrase(phrase.words);
    assert.ok(entropy.ok);
    const { wrapKey } = await keys.phraseKeys(entropy.value, accountId);
    const wrapPlace = { accountId, wrapId: wraps.phraseWrapId, arkVersion: 1 };
    const byPhrase = await keys.unwrapWith('phrase', wrapKey, wrapPlace, bytes(wraps.phrase));
    assert.deepEqual(byPhrase, { ok: true, value: rootKey });
    const opened = await keys.openKeyring(accountKeys, 1, bytes(vectors.keyring.sealed));
    assert.deepEqual(opened, { ok: true, value: keyring });
  });

  it('items, folder names, pages, segments and the cache manifest', async () => {
    const { item, folder, page, cacheManifest } = vectors;
    const itemPlace = { collection: item.collection, id: itemId, version: item.version };
    assert.deepEqual(await keys.openItem(accountKeys, itemPlace, bytes(item.sealed)), utf8(item.plain));
    assert.equal(await keys.openFolderName(accountKeys, mailboxId, bytes(folder.sealed)), folder.name);
    assert.deepEqual(await keys.openPage(accountKeys, pageId, bytes(page.sealed)), page.rows);
    const manifest = await keys.openCacheManifest(accountKeys, cacheManifest.counter, bytes(cacheManifest.sealed));
    assert.deepEqual(manifest?.pages, [{ id: pageId, sha256: 'x', letters: [letterId] }]);
    const segment = keys.decodeSegment(bytes(vectors.segment.encoded));
    assert.ok(segment.ok);
    assert.deepEqual(segment.value.find('grü', true), [0, 1]);
    assert.equal(
      toBase64Url(keys.encodeSegment({ ...segment.value, words: new Map(segment.value.entries()) })),
      vectors.segment.encoded,
    );
  });

  it('a part of a mortal letter, while its hour lasts', async () => {
    const { mortal } = vectors;
    const box = requireValue(parseMortalBox(bytes(mortal.box)), 'box');
    const { chainDay, epoch, wrapNumber, nonce, ciphertext } = box;
    const at = { accountId, letterId, part: 'summary', chainDay, epoch, wrapNumber } as const;
    assert.deepEqual([chainDay, epoch, wrapNumber], [mortal.chainDay, mortal.epoch, 0]);
    assert.equal(toBase64Url(mortalKey(bytes(mortal.epochKey), at)), mortal.key);
    assert.equal(toBase64Url(mortalAad(at)), mortal.aad);
    const plain = await decryptGcm(bytes(mortal.key), Uint8Array.from(nonce), bytes(mortal.aad), ciphertext);
    assert.deepEqual(plain, bytes(letter.summary));
    const later = mortalAad({ ...at, epoch: epoch + 1 });
    assert.equal(await decryptGcm(bytes(mortal.key), Uint8Array.from(nonce), later, ciphertext), undefined);
    assert.equal(parseMortalBox(bytes(letter.summary)), undefined);
  });
});

describe('what has one form is made in that form', () => {
  it('the data packet of a letter', () => {
    const { random, packet } = vectors.dataPacket;
    assert.equal(toBase64Url(sealDataPacket(utf8(letter.original), insertions, bytes(random))), packet);
  });

  it('the rendered letter', () => {
    const { receivedMs, sizeBytes, sha256, head } = vectors.rendered;
    const message = render(1, { letterId, receivedMs, keyPacket: bytes(letter.keyPacket) }, bytes(letter.packet));
    assert.ok(Buffer.from(message).toString('latin1').startsWith(head));
    assert.equal(message.length, sizeBytes);
    assert.equal(createHash('sha256').update(message).digest('base64url'), sha256);
  });

  it('reader keys, door key, keys that grow from root key, phrase and passkey', async () => {
    const read = readerKeysFromPublic(bytes(reader.certificate), bytes(reader.summaryKey), { version: 1, nowMs });
    assert.ok(read.ok);
    const { fingerprint, keyId, point } = read.value.openpgp;
    assert.deepEqual([fingerprint, keyId, point].map(toBase64Url), [reader.fingerprint, reader.keyId, reader.point]);
    const doorKey = doorKeyFromSeed(bytes(door.seed));
    assert.deepEqual([doorKey.keyId, toBase64Url(doorKey.publicKey)], [door.keyId, door.publicKey]);
    const { rootKey: grown, phrase, passkey, wraps } = vectors;
    const own = [accountKeys.keyringKey, accountKeys.listsKey, accountKeys.authKey.publicKey].map(toBase64Url);
    assert.deepEqual(own, [grown.keyringKey, grown.listsKey, grown.authPublicKey]);
    const entropy = keys.parsePhrase(phrase.words);
    assert.ok(entropy.ok);
    const branches = await keys.phraseKeys(entropy.value, accountId);
    const made = [branches.token, branches.tokenHash, branches.wrapKey.publicKey].map(toBase64Url);
    assert.deepEqual(made, [phrase.token, phrase.tokenHash, phrase.wrapPublicKey]);
    const byPasskey = await keys.passkeyKey(bytes(passkey.prfResult), accountId);
    assert.equal(toBase64Url(byPasskey.publicKey), passkey.wrapPublicKey);
    assert.equal(toBase64Url(wrapAad('password', { accountId, wrapId: '1', arkVersion: 1 })), wraps.passwordAad);
  });

  it('the manifest and the signature of a change', async () => {
    const identityKey = (await signingKey(keyring.identitySeed)).publicKey;
    const manifest = bytes(vectors.manifest.bytes);
    const checked = await keys.checkManifest(manifest, { accountId, identityKey, remembered: undefined });
    assert.ok(checked.ok);
    assert.deepEqual(await keys.signManifest(keyring.identitySeed, checked.value), manifest);
    const { kind, effect, challenge, signature } = vectors.change;
    const change = { accountId, kind, effect, challenge: bytes(challenge) };
    assert.equal(toBase64Url(await signChange(accountKeys.authKey, change)), signature);
    assert.ok(await verifyChange(bytes(vectors.rootKey.authPublicKey), change, bytes(signature)));
  });

  it('padded lengths', () => {
    for (const [length, padded] of vectors.padme) assert.equal(padmeLength(length ?? 0), padded);
  });
});
