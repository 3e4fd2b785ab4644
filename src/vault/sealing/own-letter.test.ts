// Letters an account seals for itself: they open like the door's, and nobody else can make one.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { newId, type LetterId } from '#base/ids.ts';
import { packetHeaderLength } from '#formats/openpgp/packet.ts';
import { KEY_PACKET_BYTES, parseKeyPacket } from '#formats/openpgp/pkesk.ts';
import { renderedSizeBytes, render, RENDER_VERSION } from './render.ts';
import { sealOwnLetter, sealRebuilt, type SealedOwnLetter } from './keys.ts';
import { checkSummary, isOwnLetter, openLetter, openSummary, openTerms, type LetterPlace } from './open.ts';
import {
  bytesOf,
  deliver,
  makeDoorKey,
  makeMailbox,
  NOW_MS,
  PLAIN_LETTER,
  trust,
  type TestMailbox,
} from './test-mailbox.ts';

const doorKey = makeDoorKey();
let anna: TestMailbox;
let bert: TestMailbox;
before(async () => {
  [anna, bert] = await Promise.all([makeMailbox(), makeMailbox('bert@siegel.test')]);
});

async function seal(writer: TestMailbox, place: LetterPlace, to: TestMailbox = writer): Promise<SealedOwnLetter> {
  const { certificate, summaryKey } = to.made;
  const terms = { tokeniser: 1, words: ['papers'] };
  const letter = { plainOriginal: bytesOf(PLAIN_LETTER), receivedMs: NOW_MS, facts: { subject: 'Mine' }, terms };
  const sealed = await sealOwnLetter({ keys: writer.accountKeys, certificate, summaryKey, version: 1 }, place, letter);
  assert.ok(sealed.ok);
  return sealed.value;
}

const placeOf = (mailbox: TestMailbox): LetterPlace => ({ accountId: mailbox.accountId, letterId: newId<LetterId>() });

test('a letter its author seals opens byte for byte, with its words, and says that it was written here', async () => {
  const place = placeOf(anna);
  const sealed = await seal(anna, place);
  const opened = await openSummary(sealed.summary, place, anna.summaryKeys);
  assert.ok(opened.ok);
  assert.ok((await checkSummary(opened.value, trust(anna, doorKey))).ok);
  assert.equal(isOwnLetter(opened.value), true);
  const terms = await openTerms(sealed.terms, opened.value, anna.summaryKeys);
  assert.deepEqual(terms.ok && terms.value.words, ['papers']);
  const rendered = render(
    RENDER_VERSION,
    { ...place, receivedMs: NOW_MS, keyPacket: sealed.keyPacket },
    sealed.dataPacket,
  );
  const letter = await openLetter({ rendered }, anna.keyring, opened.value.summary);
  assert.ok(letter.ok);
  assert.equal(new TextDecoder().decode(letter.value.plainOriginal), PLAIN_LETTER);
  assert.match(new TextDecoder().decode(letter.value.plainBlock), /^HP-Outer: From: .*\r\nHP-Outer: To: /);
});

test('its key packet has the one form and length that the house knows', async () => {
  const { keyPacket, dataPacket } = await seal(anna, placeOf(anna));
  assert.equal(keyPacket.length, KEY_PACKET_BYTES);
  assert.ok(parseKeyPacket(keyPacket.subarray(packetHeaderLength(KEY_PACKET_BYTES))).ok);
  const place = placeOf(anna);
  const rendered = render(RENDER_VERSION, { ...place, receivedMs: NOW_MS, keyPacket }, dataPacket);
  assert.equal(rendered.length, renderedSizeBytes(RENDER_VERSION, keyPacket.length, dataPacket.length));
});

test('nobody without the account’s root key can make one: not the server, which knows every public key', async () => {
  const place = placeOf(anna);
  // everything public is Anna's, the proof is made with other keys
  const forged = await seal({ ...bert, accountKeys: { ...bert.accountKeys } }, place, anna);
  const opened = await openSummary(forged.summary, place, anna.summaryKeys);
  assert.ok(opened.ok, 'sealing to her is open to all');
  assert.deepEqual(await checkSummary(opened.value, trust(anna, doorKey)), {
    ok: false,
    error: { kind: 'alteredInStorage' },
  });
});

test('an own letter moved to another letter’s place, or given another packet, is noticed', async () => {
  const place = placeOf(anna);
  const sealed = await seal(anna, place);
  assert.equal((await openSummary(sealed.summary, placeOf(anna), anna.summaryKeys)).ok, false);
  const opened = await openSummary(sealed.summary, place, anna.summaryKeys);
  assert.ok(opened.ok);
  const other = await seal(anna, placeOf(anna));
  assert.equal((await openLetter(other, anna.keyring, opened.value.summary)).ok, false);
});

test('a summary rebuilt from the door’s is no own letter, and the door cannot make one', async () => {
  const { copy, opened } = await deliver(anna, doorKey);
  assert.equal(isOwnLetter(opened), false);
  const to = { summaryKey: anna.made.summaryKey, version: 1 };
  const terms = { tokeniser: 1, words: [] };
  const rebuilt = await sealRebuilt(anna.accountKeys, copy, to, { fromDoor: opened.summary, facts: {}, terms });
  assert.ok(rebuilt.ok);
  const again = await openSummary(rebuilt.value.summary, copy, anna.summaryKeys);
  assert.ok(again.ok);
  assert.equal(isOwnLetter(again.value), false);
  const nameless = { ...opened, summary: { ...opened.summary, doorKeyId: undefined } };
  assert.equal(isOwnLetter(nameless), false);
  assert.equal((await checkSummary(nameless, trust(anna, doorKey))).ok, false);
});

test('a certificate nothing can be sealed to is refused', async () => {
  const own = { keys: anna.accountKeys, certificate: bytesOf('no key'), summaryKey: anna.made.summaryKey, version: 1 };
  const letter = {
    plainOriginal: bytesOf(PLAIN_LETTER),
    receivedMs: NOW_MS,
    facts: {},
    terms: { tokeniser: 1, words: [] },
  };
  assert.deepEqual(await sealOwnLetter(own, placeOf(anna), letter), { ok: false, error: { kind: 'notSealed' } });
});
