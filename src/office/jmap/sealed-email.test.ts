// Letters a client sealed itself: kept like any other, opened by the client's own functions, and every refusal.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { newId, type LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { encodePacket, PACKET } from '#formats/openpgp/packet.ts';
import { growKeys, makeRootKey, sealOwnLetter, type AccountKeys } from '#vault/sealing/keys.ts';
import { checkSummary, isOwnLetter, openLetter, openSummary } from '#vault/sealing/open.ts';
import { bytesOf, makeDoorKey, makeMailbox, PLAIN_LETTER, trust } from '#vault/sealing/test-mailbox.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import { jmapHouse, list, text, texts, type Arguments, type Json, type Person } from './test-house.ts';

const house = await jmapHouse();
const mailbox = await makeMailbox();
let anna: Person;
let keys: AccountKeys;
beforeEach(async () => {
  anna = await house.signUp();
  keys = await growKeys(makeRootKey(anna.id));
});

async function upload(bytes: Uint8Array<ArrayBuffer>, person = anna): Promise<string> {
  const response = await house.fetch(person, `/jmap/upload/${person.id}`, { method: 'POST', body: bytes });
  return text(((await response.json()) as Json)['blobId']);
}

/** What a client hands in for a letter of its own. */
async function sealed(changes: Arguments = {}): Promise<Record<string, unknown> & { letterId: LetterId }> {
  const letterId = newId<LetterId>();
  const { certificate, summaryKey } = mailbox.made;
  const own = await sealOwnLetter(
    { keys, certificate, summaryKey, version: 1 },
    { accountId: anna.id, letterId },
    {
      plainOriginal: bytesOf(PLAIN_LETTER),
      receivedMs: Date.UTC(2026, 4, 17, 12),
      facts: { subject: 'The vineyard' },
      terms: { tokeniser: 1, words: ['papers'] },
    },
  );
  assert.ok(own.ok);
  return {
    letterId,
    packetBlobId: await upload(own.value.dataPacket),
    keyPacket: toBase64Url(own.value.keyPacket),
    summary: toBase64Url(own.value.summary),
    terms: toBase64Url(own.value.terms),
    mailboxIds: { [anna.mailboxes.sent]: true },
    keywords: { $seen: true },
    receivedAt: '2026-05-17T12:00:00Z',
    ...changes,
  };
}

async function refusalOf(create: Arguments): Promise<unknown> {
  const set = await house.call(anna, 'SealedEmail/set', { create: { k: create } });
  assert.equal(set['created'], null);
  return [text(set['notCreated']?.['k']?.['type']), ...texts(set['notCreated']?.['k']?.['properties'] ?? [])].join(' ');
}

test('a Sent copy is kept, counted and opened by its author like any letter', async () => {
  const before = await house.call(anna, 'Email/get', { ids: [] });
  const create = await sealed();
  const set = await house.call(anna, 'SealedEmail/set', { create: { k: create } });
  const made = set['created']?.['k'];
  assert.equal(made?.['id'], create.letterId);
  assert.equal(set['oldState'], before['state']);

  const changes = await house.call(anna, 'Email/changes', { sinceState: text(before['state']) });
  assert.deepEqual([changes['created'], changes['newState']], [[create.letterId], set['newState']]);
  const [email] = list((await house.call(anna, 'Email/get', { ids: [create.letterId] }))['list']);
  assert.deepEqual(email?.['mailboxIds'], { [anna.mailboxes.sent]: true });
  assert.deepEqual(email?.['keywords'], { $seen: true });
  assert.deepEqual([email?.['receivedAt'], email?.['size']], ['2026-05-17T12:00:00Z', made?.['size']]);
  const [sent] = list((await house.call(anna, 'Mailbox/get', { ids: [anna.mailboxes.sent] }))['list']);
  assert.deepEqual([sent?.['totalEmails'], sent?.['unreadEmails']], [1, 0]);

  const response = await house.fetch(anna, `/jmap/download/${anna.id}/${text(made?.['blobId'])}/letter.eml`);
  const rendered = new Uint8Array(await response.arrayBuffer());
  assert.equal(rendered.length, made?.['size']);
  const [row] = list((await house.call(anna, 'SealedSummary/get', { ids: [create.letterId] }))['list']);
  const place = { accountId: anna.id, letterId: create.letterId };
  const opened = await openSummary(fromBase64(text(row?.['summary'])) ?? rendered, place, mailbox.summaryKeys);
  assert.ok(opened.ok);
  assert.ok((await checkSummary(opened.value, trust({ ...mailbox, accountKeys: keys }, makeDoorKey()))).ok);
  assert.equal(isOwnLetter(opened.value), true);
  const letter = await openLetter({ rendered }, mailbox.keyring, opened.value.summary);
  assert.equal(letter.ok && new TextDecoder().decode(letter.value.plainOriginal), PLAIN_LETTER);
});

test('a Sent copy is there after the database was made again from the journal', async () => {
  const create = await sealed();
  await house.call(anna, 'SealedEmail/set', { create: { k: create } });
  const show = async (): Promise<Json> => house.call(anna, 'Email/get', { ids: [create.letterId] });
  const before = await show();
  await house.rebuild();
  assert.deepEqual(await show(), before);
});

test('a draft takes the place of the one before it, in one call; somebody who comes too late is told', async () => {
  const first = await sealed({ mailboxIds: { [anna.mailboxes.drafts]: true }, keywords: { $draft: true } });
  const second = await sealed({ replaces: first.letterId });
  const { state } = await house.call(anna, 'Email/get', { ids: [] });
  await house.call(anna, 'SealedEmail/set', { create: { k: first } });
  const set = await house.call(anna, 'SealedEmail/set', { create: { k: second } });
  assert.ok(set['created']?.['k']);
  const ids = texts((await house.call(anna, 'Email/query', {}))['ids']);
  assert.deepEqual(ids, [second.letterId]);
  const changes = await house.call(anna, 'Email/changes', { sinceState: text(state) });
  assert.deepEqual(changes['created'], [second.letterId]);
  assert.equal(changes['newState'], set['newState']);
  assert.equal(await refusalOf(await sealed({ replaces: first.letterId })), 'invalidProperties replaces');
});

test('two objects of one call cannot replace the same letter, or have the same id', async () => {
  const first = await sealed();
  await house.call(anna, 'SealedEmail/set', { create: { k: first } });
  const [a, b, c] = [
    await sealed({ replaces: first.letterId }),
    await sealed({ replaces: first.letterId }),
    await sealed(),
  ];
  const set = await house.call(anna, 'SealedEmail/set', { create: { a, b, c: { ...c, letterId: a.letterId } } });
  assert.deepEqual(Object.keys(set['created'] ?? {}), ['a']);
  assert.deepEqual(texts(set['notCreated']?.['b']?.['properties']), ['replaces']);
  assert.deepEqual(texts(set['notCreated']?.['c']?.['properties']), ['letterId']);
});

test('an id that a letter has or had is refused', async () => {
  const create = await sealed();
  await house.call(anna, 'SealedEmail/set', { create: { k: create } });
  assert.equal(await refusalOf(await sealed({ letterId: create.letterId })), 'invalidProperties letterId');
  await house.call(anna, 'Email/set', { destroy: [create.letterId] });
  assert.equal(await refusalOf(await sealed({ letterId: create.letterId })), 'invalidProperties letterId');
});

test('whatever is not in the one form of a sealed letter is refused', async () => {
  const letter = new TextEncoder().encode('From: a clear letter\r\n\r\nreadable here\r\n');
  const seipd = (length: number): Uint8Array<ArrayBuffer> => encodePacket(PACKET.seipd, new Uint8Array(length).fill(1));
  const twice = new Uint8Array([...seipd(80), ...seipd(80)]);
  const longer = new Uint8Array([0xd2, 0xff, 0, 0, 0, 80, ...new Uint8Array(80).fill(1)]);
  const second = encodePacket(PACKET.seipd, new Uint8Array(80).fill(2));
  for (const bytes of [letter, twice, longer, second, seipd(20), encodePacket(PACKET.literal, letter)]) {
    const create = await sealed({ packetBlobId: await upload(bytes) });
    assert.equal(await refusalOf(create), 'invalidProperties packetBlobId');
  }
  const { summary, keyPacket } = await sealed();
  const doorKind = toBase64Url(new Uint8Array([1, 0, ...new Uint8Array(120)]));
  const cases: readonly (readonly [Arguments, string])[] = [
    [{ keyPacket: toBase64Url(letter) }, 'invalidProperties keyPacket'],
    [{ keyPacket: `${text(keyPacket)}AA` }, 'invalidProperties keyPacket'],
    [{ summary: doorKind }, 'invalidProperties summary'],
    [{ summary: '' }, 'invalidProperties summary'],
    [{ terms: doorKind }, 'invalidProperties terms'],
    [{ summary: toBase64Url(new Uint8Array(limits.jmap.sealedSummaryBytes + 1)) }, 'tooLarge'],
    [{ letterId: 'mine' }, 'invalidProperties letterId'],
    [{ mailboxIds: {} }, 'invalidProperties mailboxIds'],
    [{ mailboxIds: { [newId()]: true } }, 'invalidProperties mailboxIds'],
    [{ mailboxIds: { [anna.mailboxes.sent]: true, [anna.mailboxes.inbox]: true } }, 'invalidProperties mailboxIds'],
    [{ keywords: { 'not a word': true } }, 'invalidProperties keywords'],
    [{ keywords: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, true])) }, 'tooManyKeywords'],
    [{ receivedAt: '2126-05-17T12:00:00Z' }, 'invalidProperties receivedAt'],
    [{ receivedAt: '2026-02-30T12:00:00Z' }, 'invalidProperties receivedAt'],
    [{ replaces: newId() }, 'invalidProperties replaces'],
    [{ subject: 'in the clear' }, 'invalidProperties subject'],
    [{ packetBlobId: 'U-gone' }, 'blobNotFound'],
  ];
  for (const [changes, expected] of cases) assert.equal(await refusalOf(await sealed(changes)), expected);
  assert.ok(text(summary));
});

test('an upload of somebody else is not found', async () => {
  const bert = await house.signUp();
  const { packetBlobId } = await sealed();
  const packet = await (await house.fetch(anna, `/jmap/download/${anna.id}/${text(packetBlobId)}/x`)).arrayBuffer();
  const blobId = await upload(new Uint8Array(packet), bert);
  assert.equal(await refusalOf(await sealed({ packetBlobId: blobId })), 'blobNotFound');
});

test('a letter beyond the quota is refused, one that fits is kept', async () => {
  await house.command(anna, { kind: 'quotaPut', effect: { quotaBytes: 3_000 } });
  assert.ok((await house.call(anna, 'SealedEmail/set', { create: { k: await sealed() } }))['created']?.['k']);
  assert.equal(await refusalOf(await sealed()), 'overQuota');
});

test('flags, places and removal are not its business, and a state that is over is refused', async () => {
  const id = await house.deliver(anna);
  const set = await house.call(anna, 'SealedEmail/set', { update: { [id]: { keywords: {} } }, destroy: [id] });
  assert.equal(set['notUpdated']?.[id]?.['type'], 'forbidden');
  assert.equal(set['notDestroyed']?.[id]?.['type'], 'forbidden');
  assert.equal(await house.error(anna, 'SealedEmail/set', { ifInState: '1.0', create: {} }), 'stateMismatch');
});
