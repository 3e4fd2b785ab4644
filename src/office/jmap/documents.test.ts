// Letters to the place for documents by JMAP: they go there and come back, no queue has them, nothing of the account waits, and every refusal.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { err, ok, type Result } from '#base/result.ts';
import type { WireRefusal } from '#post/wire/conduct.ts';
import type { PlaceLetter, LetterPlace } from '#post/wire/letter-place.ts';
import type { RefusalKind } from '#post/wire/refusals.ts';
import { jmapHouse, list, text, type Arguments, type Json, type Person } from './test-house.ts';
import { TestOutbox } from './test-outbox.ts';

const PLACE = 'optimise@siegel.test';
const taken: PlaceLetter[] = [];
let answer: () => Promise<Result<string, WireRefusal>> = async () => ok('processed');
const documents: LetterPlace = {
  knows: ({ local, domain }) =>
    domain !== 'siegel.test' || !local.startsWith('optimise') ? undefined : local.includes('+x') ? 'unknown' : 'place',
  alone: 'transitMixed',
  refuseSender: async () => undefined,
  take: async (letter, isSignedIn) => {
    assert.ok(isSignedIn);
    taken.push({ ...letter, plainLetter: letter.plainLetter.slice() });
    // as the room does
    letter.plainLetter.fill(0);
    return answer();
  },
};
const outbox: TestOutbox = new TestOutbox(() => house.door);
const house = await jmapHouse({ sending: { outbox, documents } });
let anna: Person;
let identityId = '';
let emailId = '';
beforeEach(async () => {
  anna = await house.signUp();
  identityId = text(list((await house.call(anna, 'Identity/get'))['list'])[0]?.['id']);
  emailId = await house.deliver(anna, { mailboxId: anna.mailboxes.drafts, keywords: ['$draft'] });
  outbox.letters.clear();
  taken.length = 0;
  answer = async () => ok('processed');
});

async function upload(): Promise<string> {
  const body = `From: <${anna.address}>\r\nTo: <${PLACE}>\r\nDate: Sun, 17 May 2026 12:00:00 +0000\r\nSubject: Papers\r\n\r\nHere.\r\n`;
  const response = await house.fetch(anna, `/jmap/upload/${anna.id}`, { method: 'POST', body });
  return text(((await response.json()) as Json)['blobId']);
}

async function hand(to: readonly string[] = [PLACE], changes: Arguments = {}): Promise<Json> {
  const envelope = { mailFrom: { email: anna.address }, rcptTo: to.map((email) => ({ email })) };
  const create = { identityId, emailId, transitBlobId: await upload(), envelope, ...changes };
  const [set] = await house.calls(anna, [
    [
      'EmailSubmission/set',
      { create: { s: create }, onSuccessUpdateEmail: { '#s': { [`mailboxIds/${anna.mailboxes.sent}`]: true } } },
    ],
  ]);
  return (set as unknown as Json[])[1] as Json;
}

test('the letter goes to its room, the draft becomes the Sent copy, and the queue never had it', async () => {
  const set = await hand([PLACE], { undoMs: 10_000 });
  assert.equal(text(set['created']?.['s']?.['undoStatus']), 'final', 'there is nothing to be taken back');
  assert.equal(taken.length, 1);
  assert.match(Buffer.from(taken[0]?.plainLetter ?? []).toString(), /Subject: Papers/);
  assert.deepEqual(
    taken[0]?.recipientAddresses.map(({ local }) => local),
    ['optimise'],
  );
  assert.equal(outbox.letters.size, 0);
  const email = await house.call(anna, 'Email/get', { ids: [emailId], properties: ['mailboxIds'] });
  assert.ok(anna.mailboxes.sent in (list(email['list'])[0]?.['mailboxIds'] ?? {}));
  const rows = await house.call(anna, 'EmailSubmission/query', {});
  assert.deepEqual(rows['ids'], []);
});

test('while it is worked on nothing else of the account waits', async () => {
  let finish = (): void => undefined;
  answer = () => new Promise((resolve) => (finish = () => resolve(ok('processed'))));
  const handing = hand();
  for (let tries = 0; tries < 200 && taken.length === 0; tries++) await new Promise((go) => setTimeout(go, 10));
  const update = { [emailId]: { 'keywords/$flagged': true } };
  const flagged = await house.call(anna, 'Email/set', { update });
  assert.ok(emailId in (flagged['updated'] ?? {}));
  finish();
  assert.ok((await handing)['created']?.['s']);
});

test('every refusal says what to do, nothing is sent, and the letter is gone from memory', async () => {
  const refused = async (to: readonly string[], changes: Arguments = {}): Promise<Json | undefined> =>
    (await hand(to, changes))['notCreated']?.['s'];
  assert.equal(text((await refused([PLACE, 'ben@elsewhere.test']))?.['type']), 'documentsAlone');
  assert.equal(text((await refused(['optimise+x@siegel.test']))?.['type']), 'invalidRecipients');
  const later = new Date(Date.now() + 3_600_000).toISOString().slice(0, 19);
  assert.deepEqual((await refused([PLACE], { sendAt: `${later}Z` }))?.['properties'], ['sendAt']);
  assert.equal(taken.length, 0);
  const told: readonly (readonly [RefusalKind, string])[] = [
    ['transitNoFiles', 'documentsNone'],
    ['transitTooLong', 'documentsTooLong'],
    ['transitClosed', 'documentsLater'],
    ['transitCrashed', 'documentsLater'],
    ['transitOutLater', 'documentsLater'],
    ['transitEncrypted', 'documentsRefused'],
  ];
  for (const [kind, type] of told) {
    answer = async () => err({ kind, where: 'https://siegel.test/transit' });
    const error = await refused([PLACE]);
    assert.equal(text(error?.['type']), type);
    assert.match(text(error?.['description']), /^[A-Z].*\. https:\/\/siegel\.test\/transit$/);
  }
  const transitBlobId = await upload();
  await refused([PLACE], { transitBlobId });
  assert.equal((await house.fetch(anna, `/jmap/download/${anna.id}/${transitBlobId}/x`)).status, 404);
  assert.equal(outbox.letters.size, 0);
});
