// People and their keys: the first key seen is pinned, another one stops the composer until somebody decides; the address book joins and counts.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as openpgp from 'openpgp';
import { requireValue } from '#base/assert.ts';
import { manualClock } from '#base/clock.ts';
import { autocryptField } from '#formats/compose/autocrypt.ts';
import { readLetter } from '#formats/message/letter-view.ts';
import { makeMailbox, NOW_MS } from '#vault/sealing/test-mailbox.ts';
import type { Contact, Writing } from '#web/writing.ts';
import { SealedServer, sessionAt, type ShownKey } from '../../../../test/fakes/sealed-server.ts';
import { createWriting } from '../compose/writing-client.ts';
import { createPinnedKeys } from '../pinned-keys.ts';

const [anna, ben] = await Promise.all([makeMailbox('anna@siegel.test'), makeMailbox('ben@siegel.test')]);
const OTTO = 'otto@elsewhere.test';
const [first, second] = await Promise.all([keyFor(OTTO), keyFor(OTTO)]);

async function keyFor(
  email: string,
  more: object = {},
): Promise<{ bytes: Uint8Array<ArrayBuffer>; fingerprint: string }> {
  const { publicKey } = await openpgp.generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ email }],
    date: new Date(NOW_MS - 3_600_000),
    format: 'object',
    ...more,
  });
  return { bytes: Uint8Array.from(publicKey.write()), fingerprint: publicKey.getFingerprint() };
}

async function desk(shown: Readonly<Record<string, ShownKey>> = {}) {
  const server = new SealedServer(['anna@siegel.test']);
  for (const [address, key] of Object.entries(shown)) server.keys.set(address, key);
  const clock = manualClock(NOW_MS);
  const session = await sessionAt(server, anna);
  const writing = createWriting(session, clock, () => [{ name: 'Carl Zeiler', address: 'carl@x.test' }]);
  const pins = createPinnedKeys(session, clock);
  const again = async () => createWriting(await sessionAt(server, anna), clock, () => []);
  return { server, writing, clock, pins, again };
}

async function stateOf(writing: Writing, address: string) {
  return requireValue((await writing.recipientStates([address]))[0], 'a state');
}

const contact = (name: string, addresses: readonly string[], more: Partial<Contact> = {}): Contact => ({
  id: undefined,
  name,
  addresses,
  phones: [],
  organisation: '',
  note: '',
  keys: [],
  ...more,
});

describe('a recipient’s key', () => {
  it('of this house is pinned when first seen, and an unknown address is told', async () => {
    const { writing, again } = await desk({
      'ben@siegel.test': { source: 'house', certificate: ben.made.certificate },
      'nobody@siegel.test': { source: 'house', deliverable: false },
    });
    const state = await stateOf(writing, 'Ben@siegel.test');
    assert.equal(state.state, 'house');
    assert.equal(state.address, 'Ben@siegel.test');
    assert.match(state.fingerprint ?? '', /^[0-9a-f]{40}$/);
    assert.equal((await stateOf(writing, 'nobody@siegel.test')).deliverable, false);
    assert.equal((await stateOf(await again(), 'ben@siegel.test')).state, 'house');
  });

  it('that changes stops the composer on every device until somebody trusts it', async () => {
    const { server, writing, clock, again } = await desk({ [OTTO]: { source: 'wkd', certificate: first.bytes } });
    assert.equal((await stateOf(writing, OTTO)).state, 'first-use');
    server.keys.set(OTTO, { source: 'wkd', certificate: second.bytes });
    clock.advanceMs(60_000);
    for (const one of [writing, await again()]) {
      const state = await stateOf(one, OTTO);
      assert.equal(state.state, 'changed');
      assert.equal(state.fingerprint, second.fingerprint);
      assert.equal(state.formerFingerprint, first.fingerprint);
    }
    const draft = {
      id: undefined,
      identityId: 'I0',
      to: [{ name: '', address: OTTO }],
      cc: [],
      bcc: [],
      subject: '',
      plainHtml: undefined,
      plainText: 'x',
      files: [],
      answers: undefined,
    };
    const sent = await writing.send(draft, { undoMs: 0, sendAtMs: undefined, unsealed: [OTTO] });
    assert.deepEqual(sent, { ok: false, error: { kind: 'key-changed', addresses: [OTTO] } });
    assert.deepEqual(await writing.trustKey(OTTO, 'f'.repeat(40), 'compared'), { ok: false, error: { kind: 'gone' } });
    assert.ok((await writing.trustKey(OTTO, second.fingerprint, 'compared')).ok);
    assert.equal((await stateOf(writing, OTTO)).state, 'verified');
    assert.equal((await stateOf(await again(), OTTO)).state, 'verified');
    assert.ok((await writing.send(draft, { undoMs: 0, sendAtMs: undefined, unsealed: [] })).ok);
  });

  it('that was pinned is used when the directory is silent, and nobody falls back to clear letters by a silent house', async () => {
    const { server, writing, clock } = await desk({
      [OTTO]: { source: 'wkd', certificate: first.bytes },
      'ben@siegel.test': { source: 'house', certificate: ben.made.certificate },
    });
    await writing.recipientStates([OTTO, 'ben@siegel.test']);
    server.keys.set(OTTO, { source: 'unreachable' });
    server.keys.set('ben@siegel.test', { source: 'house' });
    clock.advanceMs(60_000);
    assert.equal((await stateOf(writing, OTTO)).state, 'first-use');
    const gone = await stateOf(writing, 'ben@siegel.test');
    assert.deepEqual([gone.state, gone.reason, gone.fingerprint], ['changed', 'shared', undefined]);
    assert.ok((await writing.trustKey('ben@siegel.test', '', 'accepted')).ok);
    assert.deepEqual([(await stateOf(writing, 'ben@siegel.test')).state], ['none']);
  });

  it('that a directory shows but that was made for somebody else is not taken, nor pinned', async () => {
    const foreign = await keyFor('mallory@evil.test');
    const { server, writing, clock } = await desk({ [OTTO]: { source: 'wkd', certificate: foreign.bytes } });
    const shown = await stateOf(writing, OTTO);
    assert.deepEqual([shown.state, shown.reason], ['none', 'unreadable']);
    server.keys.set(OTTO, { source: 'wkd', certificate: first.bytes });
    clock.advanceMs(60_000);
    assert.equal((await stateOf(writing, OTTO)).fingerprint, first.fingerprint);
  });

  it('that must not be used is none, with its reason', async () => {
    const expired = await keyFor(OTTO, { keyExpirationTime: 60 });
    const { writing } = await desk({
      [OTTO]: { source: 'wkd', certificate: expired.bytes },
      'silent@x.test': { source: 'unreachable' },
    });
    assert.deepEqual(await stateOf(writing, OTTO), {
      address: OTTO,
      state: 'none',
      fingerprint: undefined,
      formerFingerprint: undefined,
      deliverable: true,
      reason: 'expired',
    });
    assert.equal((await stateOf(writing, 'silent@x.test')).reason, 'unreachable');
    assert.equal((await stateOf(writing, 'keyless@x.test')).reason, undefined);
  });

  it('that comes with a letter is pinned the first time and only offered when it is another', async () => {
    const { writing, pins } = await desk();
    const letter = (bytes: Uint8Array, from = OTTO) =>
      readLetter(new TextEncoder().encode(`From: ${from}\r\n${autocryptField(OTTO, bytes)}\r\nx`));
    await pins.learn(letter(first.bytes, 'eve@x.test'), false);
    assert.equal((await stateOf(writing, OTTO)).state, 'none', 'a key for somebody else teaches nothing');
    await pins.learn(letter(first.bytes), false);
    assert.equal((await stateOf(writing, OTTO)).fingerprint, first.fingerprint);
    assert.deepEqual(await pins.find(OTTO), first.bytes);
    await pins.learn(letter(second.bytes), false);
    const state = await stateOf(writing, OTTO);
    assert.deepEqual(
      [state.state, state.fingerprint, state.formerFingerprint],
      ['changed', second.fingerprint, first.fingerprint],
    );
    assert.deepEqual(await pins.find(OTTO), first.bytes, 'an offer proves nobody');
    assert.ok((await writing.trustKey(OTTO, first.fingerprint, 'compared')).ok);
    assert.equal((await stateOf(writing, OTTO)).state, 'verified');
  });

  it('proves a colleague at the first letter, and strangers are not asked about while reading', async () => {
    const { server, pins } = await desk({
      'ben@siegel.test': { source: 'house', certificate: ben.made.certificate },
      [OTTO]: { source: 'wkd', certificate: first.bytes },
    });
    assert.deepEqual(await pins.find('ben@siegel.test'), ben.made.certificate);
    assert.equal(await pins.knownSinceMs('ben@siegel.test'), NOW_MS);
    const asked = server.asked.filter((name) => name === 'RecipientKey/lookup').length;
    assert.equal(await pins.find(OTTO), undefined);
    assert.equal(server.asked.filter((name) => name === 'RecipientKey/lookup').length, asked);
    assert.deepEqual(await pins.find('anna@siegel.test'), anna.made.certificate);
  });
});

describe('the address book', () => {
  it('keeps what is put in, changes it, and forgets all but the keys when it is taken out', async () => {
    const { writing, again } = await desk({ [OTTO]: { source: 'wkd', certificate: first.bytes } });
    await writing.recipientStates([OTTO]);
    assert.equal((await writing.contacts()).length, 0, 'a pinned key alone is no contact');
    const put = await writing.putContact(contact('Otto', [OTTO, 'o@x.test']));
    assert.ok(put.ok);
    const [otto] = await writing.contacts();
    assert.equal(otto?.keys[0]?.fingerprint, first.fingerprint);
    assert.ok((await writing.putContact({ ...requireValue(otto, 'otto'), name: 'Otto Groß' })).ok);
    assert.deepEqual(
      (await (await again()).contacts()).map(({ name }) => name),
      ['Otto Groß'],
    );
    assert.ok((await writing.removeContact(put.value.id)).ok);
    assert.equal((await writing.contacts()).length, 0);
    assert.equal((await stateOf(writing, OTTO)).state, 'first-use');
    assert.deepEqual(await writing.putContact(contact('', [])), { ok: false, error: { kind: 'not-allowed' } });
  });

  it('takes a file, joins doubles by address, and gives all out again', async () => {
    const { writing, again } = await desk();
    await writing.putContact(contact('Jonas Brandt', ['jonas@x.test'], { phones: ['1'] }));
    const file =
      'Name;E-Mail;E-Mail 2;Telefon\nJ. Brandt;JONAS@x.test;j@y.test;2\nMara;mara@x.test;;\nMara K.;mara@x.test;;\nnichts;;;\n';
    const done = await writing.importContacts(new TextEncoder().encode(file));
    assert.deepEqual(done, { ok: true, value: { added: 1, joined: 2, skipped: ['nichts'] } });
    const device = await again();
    const shown = (await device.contacts()).map(({ name, addresses, phones }) => ({ name, addresses, phones }));
    assert.deepEqual(shown, [
      { name: 'Jonas Brandt', addresses: ['jonas@x.test', 'j@y.test'], phones: ['1', '2'] },
      { name: 'Mara', addresses: ['mara@x.test'], phones: [] },
    ]);
    const out = await device.exportContacts();
    const other = await desk();
    assert.deepEqual(await other.writing.importContacts(out), {
      ok: true,
      value: { added: 2, joined: 0, skipped: [] },
    });
    assert.deepEqual(await other.writing.importContacts(new TextEncoder().encode('hello')), {
      ok: false,
      error: { kind: 'not-understood' },
    });
  });

  it('takes thousands at once', async () => {
    const { server, writing } = await desk();
    const rows = Array.from({ length: 1_500 }, (_, n) => `P ${n},p${n}@x.test`);
    const done = await writing.importContacts(new TextEncoder().encode(`Name,Email\n${rows.join('\n')}`));
    assert.deepEqual(done, { ok: true, value: { added: 1_500, joined: 0, skipped: [] } });
    assert.equal(server.items.size, 1_500);
    assert.equal((await writing.contacts()).length, 1_500);
  });

  it('suggests whom one writes to most, then contacts, then people of opened letters', async () => {
    const { writing } = await desk({ 'carmen@siegel.test': { source: 'house', certificate: ben.made.certificate } });
    await writing.putContact(contact('Carla Meier', ['carla@x.test']));
    const draft = {
      id: undefined,
      identityId: 'I0',
      to: [{ name: 'Carmen', address: 'carmen@siegel.test' }],
      cc: [],
      bcc: [],
      subject: '',
      plainHtml: undefined,
      plainText: 'x',
      files: [],
      answers: undefined,
    };
    for (const plainText of ['a', 'b', 'c']) {
      assert.ok((await writing.send({ ...draft, plainText }, { undoMs: 0, sendAtMs: undefined, unsealed: [] })).ok);
    }
    const names = (await writing.suggest('car')).map(({ name }) => name);
    assert.deepEqual(names, ['Carmen', 'Carla Meier', 'Carl Zeiler']);
    assert.deepEqual(
      (await writing.suggest('zeiler x.te')).map(({ name }) => name),
      ['Carl Zeiler'],
    );
    assert.deepEqual(await writing.suggest('  '), []);
    assert.deepEqual(await writing.suggest('nobody'), []);
  });
});

it('two devices that write one person at once lose nothing', async () => {
  const { writing, again } = await desk({ [OTTO]: { source: 'wkd', certificate: first.bytes } });
  const device = await again();
  const put = await writing.putContact(contact('Otto', [OTTO]));
  assert.ok(put.ok);
  await device.contacts();
  assert.ok((await writing.putContact({ ...contact('Otto', [OTTO]), id: put.value.id, note: 'one' })).ok);
  assert.equal((await stateOf(device, OTTO)).state, 'first-use');
  const [otto] = await (await again()).contacts();
  assert.deepEqual([otto?.note, otto?.keys.length], ['one', 1]);
});
