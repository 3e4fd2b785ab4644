// Letters that leave by JMAP: how they are handed in, waited for, taken back, told of, and every refusal (RFC 8621 §7).

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { JamClient } from 'jmap-jam';
import { newId, type SubmissionId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { readSubmission } from './submission/read-submission.ts';
import { jmapHouse, list, text, texts, type Arguments, type Json, type Person } from './test-house.ts';
import { TestOutbox } from './test-outbox.ts';

const outbox: TestOutbox = new TestOutbox(() => house.door);
const house = await jmapHouse({ sending: { outbox } });
let anna: Person;
let identityId = '';
let emailId = '';
beforeEach(async () => {
  anna = await house.signUp();
  await house.command(anna, { kind: 'addressAdded', effect: { address: `sales.${anna.address}`, kind: 'alias' } });
  const identities = list((await house.call(anna, 'Identity/get'))['list']);
  identityId = text(identities.find(({ email }) => text(email) === anna.address)?.['id']);
  emailId = await house.deliver(anna, { mailboxId: anna.mailboxes.drafts, keywords: ['$draft'] });
  outbox.letters.clear();
  outbox.refuseCancel = undefined;
});

const letterOf = (from: string, more = ''): string =>
  `From: Anna <${from}>\r\nTo: Ben <ben@elsewhere.test>\r\n${more}Date: Sun, 17 May 2026 12:00:00 +0000\r\nSubject: The vineyard\r\n\r\nThe papers.\r\n`;

async function upload(plain = letterOf(anna.address)): Promise<string> {
  const response = await house.fetch(anna, `/jmap/upload/${anna.id}`, { method: 'POST', body: plain });
  return text(((await response.json()) as Json)['blobId']);
}

const envelopeTo = (...rcptTo: string[]): Arguments => ({
  mailFrom: { email: anna.address, parameters: null },
  rcptTo: rcptTo.map((email) => ({ email, parameters: null })),
});

async function create(changes: Arguments = {}): Promise<Arguments> {
  const envelope = envelopeTo('ben@elsewhere.test');
  return { identityId, emailId, transitBlobId: await upload(), envelope, ...changes };
}

async function send(changes: Arguments = {}): Promise<SubmissionId> {
  const set = await house.call(anna, 'EmailSubmission/set', { create: { s: await create(changes) } });
  assert.ok(set['created']?.['s'], JSON.stringify(set));
  return text(set['created']['s']['id']) as SubmissionId;
}

const only = async (id: string): Promise<Json | undefined> =>
  list((await house.call(anna, 'EmailSubmission/get', { ids: [id] }))['list'])[0];

test('a letter is handed to the queue with its envelope, and its draft becomes the Sent copy in the same call', async () => {
  const { drafts, sent } = anna.mailboxes;
  const [first, second, ...rest] = await house.calls(anna, [
    [
      'EmailSubmission/set',
      {
        create: { s: await create({ envelope: envelopeTo('ben@elsewhere.test', 'Carl@Other.test') }) },
        onSuccessUpdateEmail: {
          '#s': { [`mailboxIds/${drafts}`]: null, [`mailboxIds/${sent}`]: true, 'keywords/$draft': null },
        },
      },
    ],
  ]);
  assert.equal(rest.length, 0);
  const made = first?.[1]['created']?.['s'];
  assert.equal(made?.['undoStatus'], 'final');
  assert.equal(made['threadId'], emailId);
  assert.deepEqual([second?.[0], second?.[2]], ['Email/set', first?.[2]]);
  const [email] = list((await house.call(anna, 'Email/get', { ids: [emailId] }))['list']);
  assert.deepEqual([email?.['mailboxIds'], email?.['keywords']], [{ [sent]: true }, {}]);
  const [letter] = [...outbox.letters.values()];
  assert.deepEqual(letter?.recipients, ['ben@elsewhere.test', 'Carl@other.test']);
  assert.deepEqual(
    [letter.mailFrom, letter.identity, letter.letterId, letter.dueMs],
    [anna.address, anna.address, emailId, 0],
  );
  assert.equal(new TextDecoder().decode(letter.plainLetter), letterOf(anna.address));
});

test('what is told of a letter names its recipients only while it lives in the queue', async () => {
  const id = await send();
  outbox.answers.set(id, [
    { address: 'ben@elsewhere.test', state: 'queued', code: 451, enhanced: '4.7.1', plainText: 'later' },
  ]);
  const live = await only(id);
  assert.deepEqual(live?.['deliveryStatus'], {
    'ben@elsewhere.test': { smtpReply: '451 4.7.1 later', delivered: 'queued', displayed: 'unknown' },
  });
  assert.deepEqual([live['identityId'], live['emailId'], live['envelope']], [identityId, emailId, null]);
  const { state } = await house.call(anna, 'EmailSubmission/get', { ids: [] });
  const effect = { submissionId: id, result: 'delivered', delivered: 1, failed: 0 } as const;
  await outbox.note(anna.id, { kind: 'submissionDone', effect });
  const over = await house.call(anna, 'EmailSubmission/get', {});
  assert.equal(JSON.stringify(over).includes('elsewhere'), false);
  const [row] = list(over['list']);
  assert.deepEqual([row?.['deliveryStatus'], row?.['undoStatus']], [null, 'final']);
  assert.deepEqual([row?.['siegelOutcome']?.['delivered'], row?.['siegelOutcome']?.['recipients']], [1, 1]);
  const changes = await house.call(anna, 'EmailSubmission/changes', { sinceState: text(state) });
  assert.deepEqual([changes['updated'], changes['newState']], [[id], over['state']]);
});

test('a letter that waits can be taken back, one that has left cannot', async () => {
  const id = await send({ undoMs: 60_000 });
  assert.equal((await only(id))?.['undoStatus'], 'pending');
  const set = await house.call(anna, 'EmailSubmission/set', { update: { [id]: { undoStatus: 'canceled' } } });
  assert.deepEqual(Object.keys(set['updated'] ?? {}), [id]);
  assert.equal((await only(id))?.['undoStatus'], 'canceled');
  assert.equal(outbox.letters.size, 0);
  const again = await house.call(anna, 'EmailSubmission/set', { update: { [id]: { undoStatus: 'canceled' } } });
  assert.deepEqual(Object.keys(again['updated'] ?? {}), [id], 'taking back twice is taking back');

  const left = await send();
  outbox.refuseCancel = 'left';
  const refused = await house.call(anna, 'EmailSubmission/set', { update: { [left]: { undoStatus: 'canceled' } } });
  assert.equal(refused['notUpdated']?.[left]?.['type'], 'cannotUnsend');
  outbox.refuseCancel = 'unavailable';
  const update = { [left]: { undoStatus: 'canceled' } };
  assert.equal(await house.error(anna, 'EmailSubmission/set', { update }), 'serverUnavailable');
});

test('a letter taken back is a draft again when its client says so in the same call', async () => {
  const id = await send({ undoMs: 30_000 });
  await house.calls(anna, [
    [
      'EmailSubmission/set',
      { update: { [id]: { undoStatus: 'canceled' } }, onSuccessUpdateEmail: { [id]: { 'keywords/$flagged': true } } },
    ],
  ]);
  const [email] = list((await house.call(anna, 'Email/get', { ids: [emailId] }))['list']);
  assert.deepEqual(email?.['keywords'], { $draft: true, $flagged: true });
});

test('what is to happen on success happens on success alone', async () => {
  const answers = await house.calls(anna, [
    ['EmailSubmission/set', { create: { s: await create({ transitBlobId: null }) }, onSuccessDestroyEmail: ['#s'] }],
  ]);
  assert.equal(answers.length, 1);
  assert.equal(list((await house.call(anna, 'Email/get', { ids: [emailId] }))['list']).length, 1);
  const destroyed = await house.calls(anna, [
    ['EmailSubmission/set', { create: { s: await create() }, onSuccessDestroyEmail: ['#s'] }],
  ]);
  assert.deepEqual(destroyed[1]?.[1]['destroyed'], [emailId]);
});

test('send later is said in four ways, and the latest of them counts', async () => {
  const dueOf = async (changes: Arguments): Promise<number> => {
    const set = await house.call(anna, 'EmailSubmission/set', { create: { s: await create(changes) } });
    const made = set['created']?.['s'];
    const due = outbox.letters.get(text(made?.['id']) as SubmissionId)?.dueMs ?? 0;
    if (due > 0) assert.equal(Date.parse(text(made?.['sendAt'])), due);
    return due;
  };
  const hold = (parameters: Arguments): Arguments => ({
    envelope: { ...envelopeTo('ben@elsewhere.test'), mailFrom: { email: anna.address, parameters } },
  });
  const inMs = async (changes: Arguments): Promise<number> => {
    const nowMs = Date.now();
    return (await dueOf(changes)) - nowMs;
  };
  const about = (ms: number, expected: number): void => assert.ok(Math.abs(ms - expected) < 5_000, `${ms}`);
  const later = new Date(Date.now() + 3_600_000).toISOString();
  about(await inMs({ undoMs: 10_000 }), 10_000);
  about(await inMs({ sendAt: later }), 3_600_000);
  about(await inMs(hold({ HOLDFOR: '7200' })), 7_200_000);
  about(await inMs(hold({ holduntil: later })), 3_600_000);
  about(await inMs({ ...hold({ HOLDFOR: '7200' }), sendAt: later, undoMs: 1_000 }), 7_200_000);
  assert.equal(await dueOf({ sendAt: '2020-01-01T00:00:00Z' }), 0);
});

test('without an envelope everybody the letter names gets it, and nobody sees Bcc', async () => {
  const plain = letterOf(anna.address, 'Cc: carl@other.test\r\nBcc: dora@third.test, Ben@elsewhere.test\r\n');
  const id = await send({ envelope: null, transitBlobId: await upload(plain) });
  const letter = outbox.letters.get(id);
  assert.deepEqual(letter?.recipients, ['Ben@elsewhere.test', 'carl@other.test', 'dora@third.test']);
  assert.equal(new TextDecoder().decode(letter.plainLetter).includes('dora'), false);
});

test('an alias and a +suffix are own addresses, in From and in the envelope', async () => {
  const alias = `sales.${anna.address}`;
  const suffixed = anna.address.replace('@', '+shop@');
  const envelope = { ...envelopeTo('ben@elsewhere.test'), mailFrom: { email: suffixed } };
  await send({ transitBlobId: await upload(letterOf(alias)), envelope });
  assert.equal([...outbox.letters.values()][0]?.mailFrom, suffixed);
});

test('every refusal of a letter names its reason', async () => {
  const bert = await house.signUp();
  const foreign = await house.deliver(bert);
  const fromBert = { ...envelopeTo('ben@elsewhere.test'), mailFrom: { email: bert.address } };
  const held = (name: string, value: string): Arguments => ({
    envelope: { ...envelopeTo('b@c.test'), mailFrom: { email: anna.address, parameters: { [name]: value } } },
  });
  const many = Array.from({ length: limits.queue.recipientsMax + 1 }, (_, i) => `p${i}@elsewhere.test`);
  const cases: readonly (readonly [Arguments, string])[] = [
    [{ transitBlobId: null }, 'forbiddenToSend'],
    [{ transitBlobId: 'U-gone' }, 'blobNotFound'],
    [{ identityId: 'I-none' }, 'invalidProperties identityId'],
    [{ emailId: newId() }, 'invalidProperties emailId'],
    [{ emailId: foreign }, 'invalidProperties emailId'],
    [{ emailId: '#none' }, 'invalidProperties emailId'],
    [{ transitBlobId: await upload(letterOf(bert.address)) }, 'forbiddenFrom'],
    [{ transitBlobId: await upload('Subject: no author\r\n\r\n') }, 'invalidEmail from sentAt'],
    [{ envelope: fromBert }, 'forbiddenMailFrom'],
    [{ envelope: envelopeTo() }, 'noRecipients'],
    [{ envelope: envelopeTo('ben@elsewhere.test', 'not an address', '@x') }, 'invalidRecipients not an address @x'],
    [{ envelope: envelopeTo(...many) }, 'tooManyRecipients 1000'],
    [{ undoMs: limits.jmap.undoSendMs + 1 }, 'invalidProperties undoMs'],
    [{ sendAt: 'tomorrow' }, 'invalidProperties sendAt'],
    [{ sendAt: new Date(Date.now() + 31 * 86_400_000).toISOString() }, 'invalidProperties sendAt'],
    [held('HOLDFOR', 'long'), 'invalidProperties envelope'],
    [held('HOLDUNTIL', '2026-02-30T00:00:00Z'), 'invalidProperties envelope'],
    [held('RET', 'FULL'), 'invalidProperties envelope'],
    [{ undoStatus: 'pending' }, 'invalidProperties undoStatus'],
  ];
  for (const [changes, expected] of cases) {
    const set = await house.call(anna, 'EmailSubmission/set', { create: { s: await create(changes) } });
    const refused = set['notCreated']?.['s'];
    const facts = [refused?.['properties'], refused?.['invalidRecipients']].flatMap((value) =>
      value ? texts(value) : [],
    );
    const bound = refused?.['maxRecipients'] === undefined ? [] : [JSON.stringify(refused['maxRecipients'])];
    assert.equal([text(refused?.['type']), ...facts, ...bound].join(' '), expected, JSON.stringify(changes));
  }
  assert.equal(outbox.letters.size, 0);
});

test('a letter larger than the house sends is refused with the size it may have', () => {
  const facts = {
    nowMs: 0,
    identities: new Map([['I-1', anna.address]]),
    findLetter: () => undefined,
    findUpload: () => new Uint8Array(limits.smtp.letterBytes + 1),
    findDraft: () => undefined,
  };
  const read = readSubmission({ identityId: 'I-1', emailId: null, transitBlobId: 'U-1' }, facts);
  assert.deepEqual(read, { ok: false, error: { kind: 'tooLarge', maxSize: limits.smtp.letterBytes } });
});

test('a queue that refuses is told apart: too much, held, or away', async () => {
  for (const [kind, expected] of [
    ['tooManyToday', 'rateLimit'],
    ['held', 'forbiddenToSend'],
    ['tooManyRecipients', 'tooManyRecipients'],
  ] as const) {
    outbox.refuseNext = kind;
    const set = await house.call(anna, 'EmailSubmission/set', { create: { s: await create() } });
    assert.equal(set['notCreated']?.['s']?.['type'], expected);
  }
  for (const kind of ['diskFull', 'unavailable'] as const) {
    outbox.refuseNext = kind;
    const made = { create: { s: await create() } };
    assert.equal(await house.error(anna, 'EmailSubmission/set', made), 'serverUnavailable');
  }
});

test('the clear letter is gone from memory once the queue has it; groups of one call may share it', async () => {
  const transitBlobId = await upload();
  const [a, b] = [await create({ transitBlobId }), await create({ transitBlobId, envelope: envelopeTo('c@d.test') })];
  const set = await house.call(anna, 'EmailSubmission/set', { create: { a, b } });
  assert.deepEqual(Object.keys(set['created'] ?? {}), ['a', 'b']);
  assert.equal((await house.fetch(anna, `/jmap/download/${anna.id}/${transitBlobId}/x`)).status, 404);
});

test('what was sent cannot be destroyed or rewritten, and of others nothing is seen', async () => {
  const id = await send();
  const bert = await house.signUp();
  const set = await house.call(anna, 'EmailSubmission/set', { destroy: [id], update: { [id]: { sendAt: null } } });
  assert.equal(set['notDestroyed']?.[id]?.['type'], 'forbidden');
  assert.equal(set['notUpdated']?.[id]?.['type'], 'invalidProperties');
  assert.deepEqual((await house.call(bert, 'EmailSubmission/get', { ids: [id] }))['notFound'], [id]);
  const foreign = await house.call(bert, 'EmailSubmission/set', { update: { [id]: { undoStatus: 'canceled' } } });
  assert.equal(foreign['notUpdated']?.[id]?.['type'], 'notFound');
  assert.equal(await house.error(anna, 'EmailSubmission/set', { ifInState: '1.0', create: {} }), 'stateMismatch');
});

test('what left is found by letter, identity, time and state', async () => {
  const gone = await send({ emailId: null });
  const waits = await send({ undoMs: 60_000 });
  const find = async (filter: Arguments | null, sort: unknown = null): Promise<readonly string[]> =>
    texts((await house.call(anna, 'EmailSubmission/query', { filter, sort }))['ids']);
  assert.deepEqual([...(await find(null))].toSorted(), [gone, waits].toSorted());
  assert.deepEqual(await find({ undoStatus: 'pending' }), [waits]);
  assert.deepEqual(await find({ emailIds: [emailId] }), [waits]);
  assert.deepEqual(await find({ identityIds: ['I-none'] }), []);
  assert.deepEqual(await find({ identityIds: [identityId] }, [{ property: 'sentAt', isAscending: false }]), [
    waits,
    gone,
  ]);
  assert.deepEqual(await find({ after: new Date(Date.now() + 30_000).toISOString() }), [waits]);
  assert.equal(await house.error(anna, 'EmailSubmission/query', { filter: { before: 'noon' } }), 'invalidArguments');
  assert.equal(await house.error(anna, 'EmailSubmission/query', { sort: [{ property: 'to' }] }), 'unsupportedSort');
  const since = { sinceQueryState: '1.0' };
  assert.equal(await house.error(anna, 'EmailSubmission/queryChanges', since), 'cannotCalculateChanges');
});

test('an answer for another letter that comes meanwhile is not passed over', async () => {
  const first = await send();
  const { state } = await house.call(anna, 'EmailSubmission/get', { ids: [] });
  const { submit } = outbox;
  outbox.submit = async (letter) => {
    await outbox.note(anna.id, {
      kind: 'submissionDone',
      effect: { submissionId: first, result: 'failed', delivered: 0, failed: 1 },
    });
    return submit(letter);
  };
  const set = await house.call(anna, 'EmailSubmission/set', { create: { s: await create() } });
  outbox.submit = submit;
  assert.equal(set['oldState'], state);
  const changes = await house.call(anna, 'EmailSubmission/changes', { sinceState: text(set['newState']) });
  assert.deepEqual(changes['updated'], [first]);
});

test('an open stream tells that a letter was queued', async () => {
  const path = '/jmap/events?types=EmailSubmission&closeafter=state&ping=0';
  const told = house.fetch(anna, path).then((response) => response.text());
  await new Promise((resolve) => setTimeout(resolve, 100));
  await send();
  const { state } = await house.call(anna, 'EmailSubmission/get', { ids: [] });
  assert.ok((await told).includes(`"EmailSubmission":"${text(state)}"`));
});

test('an independent client sends, follows and takes back', async () => {
  const jam = new JamClient({ sessionUrl: `${house.url}/jmap/session`, bearerToken: anna.token });
  const [identities] = await jam.request(['Identity/get', { accountId: anna.id }]);
  const identity = identities.list.find(({ email }) => email === anna.address);
  assert.ok(identity);
  const { blobId } = await jam.uploadBlob(anna.id, letterOf(anna.address));
  const members = {
    identityId: identity.id,
    emailId,
    transitBlobId: blobId,
    envelope: {
      mailFrom: { email: anna.address, parameters: { HOLDFOR: '60' } },
      rcptTo: [{ email: 'ben@elsewhere.test', parameters: null }],
    },
  };
  const [set] = await jam.request(['EmailSubmission/set', { accountId: anna.id, create: { s: members } }]);
  const id = set.created?.['s']?.id;
  assert.ok(id !== undefined);
  const [pending] = await jam.request([
    'EmailSubmission/query',
    { accountId: anna.id, filter: { undoStatus: 'pending' } },
  ]);
  assert.deepEqual(pending.ids, [id]);
  await jam.request(['EmailSubmission/set', { accountId: anna.id, update: { [id]: { undoStatus: 'canceled' } } }]);
  const [got] = await jam.request(['EmailSubmission/get', { accountId: anna.id, ids: [id] }]);
  assert.equal(got.list[0]?.undoStatus, 'canceled');
});

test('a house that does not send says so', async () => {
  const quiet = await jmapHouse();
  const carl = await quiet.signUp();
  const identities = list((await quiet.call(carl, 'Identity/get'))['list']);
  const members = { identityId: identities[0]?.['id'], emailId: await quiet.deliver(carl), transitBlobId: 'U-any' };
  const set = await quiet.call(carl, 'EmailSubmission/set', { create: { s: members } });
  assert.equal(set['notCreated']?.['s']?.['type'], 'forbiddenToSend');
});

test('submissions are the same after the database was made again from the journal', async () => {
  await send({ undoMs: 60_000 });
  const show = async (): Promise<Json> => house.call(anna, 'EmailSubmission/get', {});
  const before = await show();
  await house.rebuild();
  assert.deepEqual(await show(), before);
});

test('what the queue took is told although the database goes away meanwhile: sent again, it would leave twice', async () => {
  const { submit } = outbox;
  const made = await create();
  const { state } = await house.call(anna, 'EmailSubmission/get', { ids: [] });
  outbox.submit = async (letter) => {
    const taken = await submit(letter);
    await house.cluster.kill();
    return taken;
  };
  try {
    const set = await house.call(anna, 'EmailSubmission/set', { create: { s: made } });
    assert.ok(set['created']?.['s']);
    assert.deepEqual([set['oldState'], set['newState']], [state, state], 'the client asks for what it was not told');
  } finally {
    outbox.submit = submit;
    await house.cluster.start();
  }
  await house.untilAnswered(anna);
  const changes = await house.call(anna, 'EmailSubmission/changes', { sinceState: text(state) });
  assert.equal(texts(changes['created']).length, 1);
});
