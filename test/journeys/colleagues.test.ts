// A letter between two people of the house on the real program: the key looked up, the Sent copy sealed by its author, the letter handed in, kept and opened.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { requireValue } from '#base/assert.ts';
import { newId, type LetterId } from '#base/ids.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { sealOwnLetter } from '#vault/sealing/keys.ts';
import { isOwnLetter } from '#vault/sealing/open.ts';
import { createLetterReader } from '../../src/web/client/letter-reader.ts';
import type { Members } from '../../src/web/client/jmap-client.ts';
import type { OpenSession } from '../../src/web/client/open-session.ts';
import { sessionOf } from '../mailbox-holder.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';
import { signUp, type Person } from '../signed-in.ts';

let program: RunningProgram;
let anna: Person;
let ben: Person;
let annas: OpenSession;
let bens: OpenSession;

before(async () => {
  program = await startProgram();
  anna = await signUp(() => program, 'anna');
  ben = await signUp(() => program, 'ben');
  [annas, bens] = [await sessionOf(anna), await sessionOf(ben)];
});
after(() => program.stop());

async function call({ jmap }: OpenSession, name: string, args: Members): Promise<Members> {
  const answer = await jmap.run([[name, args]]);
  assert.ok(answer.ok, `${name}: ${JSON.stringify(answer)}`);
  return requireValue(answer.value[0], 'an answer');
}

const first = (members: Members, name: string): Members => {
  const list = members[name];
  assert.ok(Array.isArray(list) && list.length > 0, JSON.stringify(members));
  return list[0] as Members;
};

async function mailboxOf(session: OpenSession, role: string): Promise<string> {
  const { list } = await call(session, 'Mailbox/get', {});
  const found = (list as readonly Members[]).find((mailbox) => mailbox['role'] === role);
  return String(found?.['id']);
}

async function upload({ jmap }: OpenSession, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const uploaded = await jmap.upload(bytes);
  assert.ok(uploaded.ok);
  return uploaded.value;
}

test('a colleague gets it, knows that it never left the house, and its author keeps a copy only he opens', async () => {
  const looked = first(await call(annas, 'RecipientKey/lookup', { addresses: [ben.address] }), 'list');
  assert.deepEqual([looked['source'], looked['deliverable']], ['house', true]);
  const own = first(await call(annas, 'RecipientKey/lookup', { addresses: [anna.address] }), 'list');

  const plain = `From: ${anna.address}\r\nTo: ${ben.address}\r\nSubject: The vineyard\r\nDate: Sun, 17 May 2026 12:00:00 +0000\r\n\r\nThe papers are ready.\r\n`;
  const plainOriginal = new TextEncoder().encode(plain);
  const letterId = newId<LetterId>();
  const { account } = annas;
  const sealed = await sealOwnLetter(
    {
      keys: account.keys,
      certificate: requireValue(fromBase64(String(own['certificate'])), 'certificate'),
      summaryKey: account.summaryKey,
      version: 1,
    },
    { accountId: annas.jmap.accountId, letterId },
    { plainOriginal, receivedMs: Date.now(), facts: { subject: 'The vineyard' }, terms: { tokeniser: 1, words: [] } },
  );
  assert.ok(sealed.ok);
  const create = {
    letterId,
    packetBlobId: await upload(annas, sealed.value.dataPacket),
    keyPacket: toBase64Url(sealed.value.keyPacket),
    summary: toBase64Url(sealed.value.summary),
    terms: toBase64Url(sealed.value.terms),
    mailboxIds: { [await mailboxOf(annas, 'sent')]: true },
    keywords: { $seen: true },
    receivedAt: new Date().toISOString(),
  };
  const submission = {
    identityId: first(await call(annas, 'Identity/get', {}), 'list')['id'],
    emailId: '#copy',
    transitBlobId: await upload(annas, plainOriginal),
  };
  const done = await annas.jmap.run([
    ['SealedEmail/set', { create: { copy: create } }],
    ['EmailSubmission/set', { create: { s: submission }, onSuccessUpdateEmail: { '#s': { 'keywords/$sent': true } } }],
  ]);
  assert.ok(done.ok);
  for (const set of done.value) assert.ok(set['created'], JSON.stringify(set));

  const arrived = await arrival(bens);
  const read = await createLetterReader(bens).read(arrived);
  assert.ok(read.ok, JSON.stringify(read));
  assert.equal(new TextDecoder().decode(read.value.plainOriginal), plain);
  const { provenance } = read.value.opened.summary;
  assert.deepEqual(
    { ...(provenance as object), plainInMemoryMs: 0 },
    {
      by: 'house',
      isNotice: false,
      transport: { kind: 'local' },
      plainInMemoryMs: 0,
    },
  );

  const copy = await createLetterReader(annas).read(letterId);
  assert.ok(copy.ok, JSON.stringify(copy));
  assert.equal(new TextDecoder().decode(copy.value.plainOriginal), plain);
  assert.equal(isOwnLetter(copy.value.opened), true);
  const email = first(await call(annas, 'Email/get', { ids: [letterId] }), 'list');
  assert.deepEqual(email['keywords'], { $seen: true, $sent: true });
  const over = await outcome(annas);
  assert.deepEqual([over['delivered'], over['failed']], [1, 0]);
});

test('a stock client writes in the clear: the letter arrives, and what it leaves behind is sealed', async () => {
  const [drafts, sent] = [await mailboxOf(bens, 'drafts'), await mailboxOf(bens, 'sent')];
  const draft = {
    mailboxIds: { [drafts]: true },
    keywords: { $draft: true },
    from: [{ email: ben.address }],
    to: [{ email: anna.address }],
    subject: 'Re: The vineyard',
    textBody: [{ partId: '1', type: 'text/plain' }],
    bodyValues: { 1: { value: 'Thank you.' } },
  };
  const identityId = first(await call(bens, 'Identity/get', {}), 'list')['id'];
  const moved = { [`mailboxIds/${drafts}`]: null, [`mailboxIds/${sent}`]: true, 'keywords/$draft': null };
  const done = await bens.jmap.run([
    ['Email/set', { create: { d: draft } }],
    ['EmailSubmission/set', { create: { s: { identityId, emailId: '#d' } }, onSuccessUpdateEmail: { '#s': moved } }],
  ]);
  assert.ok(done.ok);
  for (const set of done.value) assert.ok(set['created'], JSON.stringify(set));
  const read = await createLetterReader(annas).read(await arrival(annas));
  assert.ok(read.ok, JSON.stringify(read));
  const plain = new TextDecoder().decode(read.value.plainOriginal);
  assert.match(plain, /Subject: Re: The vineyard\r\n/);
  const { ids } = await call(bens, 'Email/query', { filter: { inMailbox: sent } });
  const [copyId] = ids as readonly LetterId[];
  const copy = await createLetterReader(bens).read(requireValue(copyId, 'the Sent copy'));
  assert.equal(copy.ok && new TextDecoder().decode(copy.value.plainOriginal), plain);
  assert.equal(copy.ok && isOwnLetter(copy.value.opened), false, 'the door sealed it');
});

/** The first letter of the inbox, as soon as it is there. */
async function arrival(session: OpenSession): Promise<LetterId> {
  const inbox = await mailboxOf(session, 'inbox');
  for (let tries = 0; tries < 100; tries++) {
    const { ids } = await call(session, 'Email/query', { filter: { inMailbox: inbox } });
    const [id] = ids as readonly LetterId[];
    if (id !== undefined) return id;
    await wait(100);
  }
  throw new Error('nothing arrived in ten seconds');
}

async function outcome(session: OpenSession): Promise<Members> {
  for (let tries = 0; tries < 100; tries++) {
    const { siegelOutcome } = first(await call(session, 'EmailSubmission/get', {}), 'list');
    if ((siegelOutcome as Members)['doneAt'] !== null) return siegelOutcome as Members;
    await wait(100);
  }
  throw new Error('not over in ten seconds');
}
