// Letters stock clients create in the clear: sealed at once, sent within a quarter of an hour, and every refusal.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { JamClient } from 'jmap-jam';
import { manualClock } from '#base/clock.ts';
import { newId, type AccountId, type LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { UploadStore } from './blobs/upload-store.ts';
import { jmapHouse, list, text, texts, type Arguments, type Json, type Person } from './test-house.ts';
import { TestDoor, TestOutbox } from './test-outbox.ts';

const outbox: TestOutbox = new TestOutbox(() => house.door);
const door: TestDoor = new TestDoor(() => house.door);
const house = await jmapHouse({ sending: { outbox, keepOwnCopy: door.keepOwnCopy } });
let anna: Person;
let identityId = '';
beforeEach(async () => {
  anna = await house.signUp();
  identityId = text(list((await house.call(anna, 'Identity/get'))['list'])[0]?.['id']);
  outbox.letters.clear();
  door.letters.clear();
});

const draftOf = (changes: Arguments = {}): Arguments => ({
  mailboxIds: { [anna.mailboxes.drafts]: true },
  keywords: { $draft: true, $seen: true },
  from: [{ name: 'Anna', email: anna.address }],
  to: [{ name: 'Ben', email: 'ben@elsewhere.test' }],
  bcc: [{ email: 'dora@third.test' }],
  subject: 'The vineyard',
  textBody: [{ partId: 't', type: 'text/plain' }],
  bodyValues: { t: { value: 'The papers are ready.' } },
  ...changes,
});

async function upload(plain: string): Promise<string> {
  const response = await house.fetch(anna, `/jmap/upload/${anna.id}`, { method: 'POST', body: plain });
  return text(((await response.json()) as Json)['blobId']);
}

const sentText = (): string => new TextDecoder().decode([...outbox.letters.values()][0]?.plainLetter);
const submit = (emailId: string): Arguments => ({ create: { s: { identityId, emailId } } });

test('a draft created and sent in one request leaves, and lies sealed in Sent', async () => {
  const { drafts, sent } = anna.mailboxes;
  const { state } = await house.call(anna, 'Email/get', { ids: [] });
  const [made, submitted, moved] = await house.calls(anna, [
    ['Email/set', { create: { draft: draftOf() } }],
    [
      'EmailSubmission/set',
      {
        ...submit('#draft'),
        onSuccessUpdateEmail: {
          '#s': { [`mailboxIds/${drafts}`]: null, [`mailboxIds/${sent}`]: true, 'keywords/$draft': null },
        },
      },
    ],
  ]);
  const id = text(made?.[1]['created']?.['draft']?.['id']);
  assert.equal(made?.[1]['oldState'], state);
  assert.ok(submitted?.[1]['created']?.['s'], JSON.stringify(submitted));
  assert.deepEqual(Object.keys(moved?.[1]['updated'] ?? {}), [id]);
  const [email] = list((await house.call(anna, 'Email/get', { ids: [id] }))['list']);
  assert.deepEqual([email?.['mailboxIds'], email?.['keywords']], [{ [sent]: true }, { $seen: true }]);
  assert.equal(email?.['subject'], '[...]', 'nothing of it is shown in the clear');
  const [letter] = [...outbox.letters.values()];
  assert.deepEqual(letter?.recipients, ['ben@elsewhere.test', 'dora@third.test']);
  assert.match(sentText(), /From: Anna <.*>\r\n(?:.+\r\n)*\r\nThe papers are ready\./);
  assert.equal(sentText().includes('dora'), false);
  const own = new TextDecoder().decode(door.letters.get(id)?.plainLetter);
  assert.match(own, /\r\nBcc: dora@third\.test\r\n/, 'its author’s copy names everybody');
});

test('an imported letter can be sent, and both ways tell their changes', async () => {
  const plain = `From: ${anna.address}\r\nTo: ben@elsewhere.test\r\nDate: Sun, 17 May 2026 12:00:00 +0000\r\n\r\nhello\r\n`;
  const { state } = await house.call(anna, 'Email/get', { ids: [] });
  const emails = {
    i: { blobId: await upload(plain), mailboxIds: { [anna.mailboxes.sent]: true }, keywords: { $seen: true } },
  };
  const imported = await house.call(anna, 'Email/import', { emails });
  const id = text(imported['created']?.['i']?.['id']);
  const changes = await house.call(anna, 'Email/changes', { sinceState: text(state) });
  assert.deepEqual([changes['created'], changes['newState']], [[id], imported['newState']]);
  const set = await house.call(anna, 'EmailSubmission/set', submit(id));
  assert.ok(set['created']?.['s']);
  assert.equal(sentText(), plain);
});

test('a draft that was sent or removed is clear nowhere any more, and cannot be sent again', async () => {
  const made = await house.call(anna, 'Email/set', { create: { a: draftOf(), b: draftOf() } });
  const [a, b] = ['a', 'b'].map((key) => text(made['created']?.[key]?.['id']));
  assert.ok(a !== undefined && b !== undefined);
  await house.call(anna, 'EmailSubmission/set', submit(a));
  const again = await house.call(anna, 'EmailSubmission/set', submit(a));
  assert.equal(again['notCreated']?.['s']?.['type'], 'forbiddenToSend');
  await house.call(anna, 'Email/set', { destroy: [b] });
  for (const id of [a, b]) {
    assert.equal((await house.fetch(anna, `/jmap/download/${anna.id}/U-draft-${id}/x`)).status, 404);
  }
});

test('after a quarter of an hour nothing of a draft is in the clear', () => {
  const clock = manualClock(Date.now());
  const uploads = new UploadStore(clock);
  const [accountId, letterId] = [newId<AccountId>(), newId<LetterId>()];
  uploads.keepDraft(accountId, letterId, new Uint8Array(8));
  uploads.put(accountId, new Uint8Array(8), 'text/plain');
  assert.equal(uploads.findDraft(newId<AccountId>(), letterId), undefined, 'nobody else finds it');
  clock.advanceMs(limits.jmap.clearDraftMs - 1);
  assert.ok(uploads.findDraft(accountId, letterId));
  clock.advanceMs(1);
  assert.equal(uploads.findDraft(accountId, letterId), undefined);
});

test('text, HTML and files become one letter', async () => {
  const create = draftOf({
    htmlBody: [{ partId: 'h', type: 'text/html' }],
    bodyValues: { t: { value: 'The papers.' }, h: { value: '<p>The papers.</p>' } },
    attachments: [{ blobId: await upload('%PDF-1.7'), type: 'application/pdf', name: 'papers.pdf' }],
  });
  const made = await house.call(anna, 'Email/set', { create: { d: create } });
  const plain = new TextDecoder().decode(door.letters.get(text(made['created']?.['d']?.['id']))?.plainLetter);
  for (const part of ['multipart/mixed', 'multipart/alternative', 'text/html', 'application/pdf', 'papers.pdf']) {
    assert.ok(plain.includes(part), part);
  }
  const single = draftOf({ textBody: undefined, bodyStructure: { partId: 't', type: 'text/plain' } });
  const second = await house.call(anna, 'Email/set', { create: { d: single } });
  assert.ok(second['created']?.['d']);
});

test('every refusal of a letter in the clear names its reason', async () => {
  const bert = await house.signUp();
  const { sent, drafts } = anna.mailboxes;
  const cases: readonly (readonly [Arguments, string])[] = [
    [{ from: [{ email: bert.address }] }, 'forbidden'],
    [{ from: [] }, 'invalidProperties from'],
    [{ to: [{ email: 'no address' }] }, 'invalidEmail'],
    [{ mailboxIds: {} }, 'invalidProperties mailboxIds'],
    [{ mailboxIds: { [sent]: true, [drafts]: true } }, 'invalidProperties mailboxIds'],
    [{ keywords: { 'no word': true } }, 'invalidProperties keywords'],
    [{ bodyValues: {} }, 'invalidProperties bodyValues'],
    [{ bodyStructure: { partId: 't', type: 'multipart/mixed' } }, 'invalidProperties bodyStructure'],
    [{ attachments: [{ blobId: 'U-gone' }] }, 'blobNotFound'],
    [{ 'header:X-Mine': 'x' }, 'invalidProperties header:X-Mine'],
    [{ sentAt: 'yesterday' }, 'invalidProperties sentAt'],
  ];
  for (const [changes, expected] of cases) {
    const set = await house.call(anna, 'Email/set', { create: { d: draftOf(changes) } });
    const refused = set['notCreated']?.['d'];
    assert.equal([text(refused?.['type']), ...texts(refused?.['properties'] ?? [])].join(' '), expected);
  }
  const mailboxIds = { [drafts]: true };
  const importing = async (plain: string): Promise<unknown> => {
    const emails = { i: { blobId: await upload(plain), mailboxIds } };
    return (await house.call(anna, 'Email/import', { emails }))['notCreated']?.['i']?.['type'];
  };
  assert.equal(await importing(`From: ${bert.address}\r\nDate: Sun, 17 May 2026 12:00:00 +0000\r\n\r\n`), 'forbidden');
  assert.equal(await importing(`From: ${anna.address}\r\n\r\nno date\r\n`), 'invalidEmail');
  const gone = { emails: { i: { blobId: 'U-gone', mailboxIds } } };
  assert.equal((await house.call(anna, 'Email/import', gone))['notCreated']?.['i']?.['type'], 'blobNotFound');
  assert.equal(door.letters.size, 0);
});

test('a door that refuses is told apart: full mailbox, too large, or away', async () => {
  for (const [outcome, expected] of [
    ['overQuota', 'overQuota'],
    ['tooLarge', 'tooLarge'],
    ['loop', 'invalidEmail'],
  ] as const) {
    door.refuseNext = outcome;
    const set = await house.call(anna, 'Email/set', { create: { d: draftOf() } });
    assert.equal(set['notCreated']?.['d']?.['type'], expected);
  }
  for (const outcome of ['diskFull', 'journalFailed', 'notSealed', 'stale'] as const) {
    door.refuseNext = outcome;
    assert.equal(await house.error(anna, 'Email/set', { create: { d: draftOf() } }), 'serverUnavailable');
  }
});

test('an independent client writes and sends as with any server', async () => {
  const jam = new JamClient({ sessionUrl: `${house.url}/jmap/session`, bearerToken: anna.token });
  const [made] = await jam.request(['Email/set', { accountId: anna.id, create: { d: draftOf() } }]);
  const emailId = made.created?.['d']?.id;
  assert.ok(emailId !== undefined);
  const [set] = await jam.request(['EmailSubmission/set', { accountId: anna.id, ...submit(emailId) }]);
  assert.ok(set.created?.['s']);
  assert.equal(outbox.letters.size, 1);
});
