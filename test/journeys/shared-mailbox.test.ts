// A mailbox of several holders on the real program: two see the same letters and flags live, whoever is removed is out at once and his keys open nothing new, the server never had the key.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '#base/clock.ts';
import type { AccountId, LetterId } from '#base/ids.ts';
import { requireValue } from '#base/assert.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { openShared } from '../../src/web/client/holders/open-shared.ts';
import { acceptShared, readShared } from '../../src/web/client/holders/shared-mailboxes.ts';
import { addHolder, leaveShared, removeHolder } from '../../src/web/client/holders/change-holders.ts';
import { makeShared } from '../../src/web/client/holders/make-shared.ts';
import { makeMailbox } from '../../src/web/client/entry.ts';
import { closeMailbox } from '../../src/web/client/deleted-letters.ts';
import { createHttpDoor } from '../../src/web/client/http-door.ts';
import { jarFetch } from '../../src/web/client/jar-fetch.ts';
import { createLetterReader } from '../../src/web/client/letter-reader.ts';
import type { Members } from '../../src/web/client/jmap-client.ts';
import type { OpenSession } from '../../src/web/client/open-session.ts';
import { putItem, readItems } from '../../src/web/client/sealed-items.ts';
import { sessionOf } from '../mailbox-holder.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';
import { signUp, type Person } from '../signed-in.ts';
import { openSmtp } from '../smtp-client.ts';

let program: RunningProgram;
let anna: Person;
let ben: Person;
let carl: Person;
const of = new Map<Person, OpenSession>();
let office: AccountId;
let address = '';

before(async () => {
  program = await startProgram();
  [anna, ben, carl] = [
    await signUp(() => program, 'anna'),
    await signUp(() => program, 'ben'),
    await signUp(() => program, 'carl'),
  ];
  for (const person of [anna, ben, carl]) of.set(person, await sessionOf(person));
});
after(() => program.stop());

const parts = (person: Person) => ({ session: requireValue(of.get(person), 'a session'), clock: systemClock });

async function shared(person: Person): Promise<OpenSession> {
  const opened = await openShared(parts(person), office);
  assert.ok(opened.ok, JSON.stringify(opened));
  return opened.value;
}

async function send(subject: string): Promise<void> {
  await using smtp = await openSmtp(program.smtpPort);
  const text = `From: Nora <nora@example.org>\r\nTo: ${address}\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@example.org>\r\n\r\nText of ${subject}.\r\n`;
  const { code } = await smtp.send({ from: 'nora@example.org', to: [address], bytes: Buffer.from(text) });
  assert.equal(code, 250);
}

async function ids({ jmap }: OpenSession, count: number): Promise<readonly LetterId[]> {
  for (let round = 0; round < 50; round++) {
    const answer = await jmap.run([['Email/query', { sort: [{ property: 'receivedAt', isAscending: false }] }]]);
    assert.ok(answer.ok, JSON.stringify(answer));
    const found = answer.value[0]?.['ids'] as readonly LetterId[];
    if (found.length >= count) return found;
    await wait(100);
  }
  throw new Error('the letter did not come');
}

async function textOf(session: OpenSession, id: LetterId): Promise<string> {
  const read = await createLetterReader(session).read(id);
  return read.ok ? new TextDecoder().decode(read.value.plainOriginal) : read.error.kind;
}

async function keywords({ jmap }: OpenSession, id: LetterId): Promise<unknown> {
  const answer = await jmap.run([['Email/get', { ids: [id], properties: ['keywords'] }]]);
  assert.ok(answer.ok);
  const list = answer.value[0]?.['list'];
  assert.ok(Array.isArray(list));
  const [first]: readonly Members[] = list;
  return first?.['keywords'];
}

async function rebuild(): Promise<void> {
  assert.equal((await program.siegel(['database', 'rebuild', '--apply', '--json'])).code, 0);
}

async function holdersSeenBy(person: Person): Promise<readonly string[]> {
  const listed = await readShared(parts(person).session);
  assert.ok(listed.ok);
  const holders = listed.value[0]?.holders ?? [];
  return holders.map((one) => `${one.address}${one.hasLeft ? ' left' : ''}`).toSorted();
}

test('a member makes a shared mailbox with an invitation; its own session and password are nobody’s', async () => {
  const { code } = JSON.parse((await program.siegel(['invite', 'create', '--json'])).stdout) as { code: string };
  const own = jarFetch(() => program.url);
  const made = await makeShared(parts(anna), (account) => makeMailbox(createHttpDoor(own), systemClock, account), {
    code,
    localPart: 'office',
  });
  assert.ok(made.ok, JSON.stringify(made));
  ({ accountId: office, address } = made.value);
  assert.equal((await own('/auth/session')).status, 401, 'the session of its sign-up ended');
  const listed = await readShared(parts(anna).session);
  assert.ok(listed.ok);
  assert.deepEqual(
    listed.value.map((one) => [one.address, one.isAccepted, one.holders.map((holder) => holder.address)]),
    [[address, true, [anna.address]]],
  );
});

test('before a colleague is a holder the mailbox is not there for him', async () => {
  const session = parts(ben).session;
  const asked = await session.reach('/jmap/api', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      using: ['urn:ietf:params:jmap:core', 'urn:ietf:params:jmap:mail'],
      methodCalls: [['Mailbox/get', { accountId: office, ids: null }, 'a']],
    }),
  });
  const answer = (await asked.json()) as { methodResponses: [string, Members][] };
  assert.equal(answer.methodResponses[0]?.[1]['type'], 'accountNotFound');
  for (const path of [`/jmap/download/${office}/x/x`, `/jmap/events?account=${office}`]) {
    assert.equal((await session.reach(path)).status, 404, path);
  }
  const upload = await session.reach(`/jmap/upload/${office}`, { method: 'POST', body: 'x' });
  assert.equal(upload.status, 404);
  assert.deepEqual(await openShared(parts(ben), office), { ok: false, error: { kind: 'gone' } });
});

test('a colleague takes the offer up; both see the same letter and each other’s flags', async () => {
  assert.deepEqual(await addHolder(parts(anna), office, ben.address), { ok: true, value: undefined });
  assert.deepEqual(await openShared(parts(ben), office), { ok: false, error: { kind: 'not-accepted' } });
  assert.deepEqual(await acceptShared(parts(ben).session, office), { ok: true, value: undefined });
  await send('first');
  const [annas, bens] = [await shared(anna), await shared(ben)];
  const [id] = await ids(annas, 1);
  assert.ok(id);
  assert.deepEqual(await ids(bens, 1), [id]);
  assert.match(await textOf(annas, id), /Text of first/);
  assert.match(await textOf(bens, id), /Text of first/);

  const events = await parts(ben).session.reach(`/jmap/events?types=Email&closeafter=state&ping=0&account=${office}`);
  assert.equal(events.status, 200);
  const told = events.text();
  await wait(100);
  const set = await annas.jmap.run([['Email/set', { update: { [id]: { 'keywords/$flagged': true } } }]]);
  assert.ok(set.ok);
  assert.match(await told, new RegExp(`"changed":\\{"${office}"`));
  assert.deepEqual(await keywords(bens, id), { $flagged: true });
});

test('the session tells of both mailboxes; who writes from the shared one writes from its address', async () => {
  const session = (await (await parts(ben).session.reach('/jmap/session')).json()) as { accounts: Members };
  assert.deepEqual(Object.keys(session.accounts).toSorted(), [ben.accountId, office].toSorted());
  const identities = await (await shared(ben)).jmap.run([['Identity/get', { ids: null }]]);
  assert.ok(identities.ok);
  const own = identities.value[0]?.['list'];
  assert.ok(Array.isArray(own));
  assert.deepEqual(
    own.map((one: Members) => one['email']),
    [address],
  );
});

test('only a holder who has the key changes the holders', async () => {
  const [annas, bens] = [parts(anna), parts(ben)];
  assert.deepEqual(await removeHolder(bens, office, ben.accountId as AccountId), {
    ok: false,
    error: { kind: 'self' },
  });
  assert.deepEqual(await addHolder(parts(carl), office, carl.address), { ok: false, error: { kind: 'gone' } });
  assert.deepEqual(await addHolder(annas, office, `nobody@${address.split('@')[1]}`), {
    ok: false,
    error: { kind: 'no-key' },
  });
  const challenge = await bens.session.door.ask('/auth/challenge', 'challenge');
  assert.ok(challenge.ok);
  const wrap = { wrapId: 'holder-x', kind: 'holder', arkVersion: 1, publicKey: 'AAAA', sealed: 'AAAA' } as const;
  const forged = { account: office, address: carl.address, wrap, manifest: { version: 9, bytes: 'AAAA' } };
  const answer = await bens.session.door.call('holderPut', { ...forged, ...challenge.value, signature: 'AAAA' });
  assert.deepEqual(answer.ok ? undefined : answer.error.kind, 'bad-signature');
});

test('whoever is removed is out at once; what he kept opens no letter that comes after, and the others keep all', async () => {
  assert.ok((await addHolder(parts(anna), office, carl.address)).ok);
  assert.ok((await acceptShared(parts(carl).session, office)).ok);
  const kept = await shared(carl);
  assert.ok((await putItem(await shared(anna), 'notes', undefined, { before: true })).ok);
  const events = await parts(carl).session.reach(`/jmap/events?types=Email&ping=0&account=${office}`);
  assert.equal(events.status, 200);
  const told = events.text();

  assert.deepEqual(await removeHolder(parts(ben), office, carl.accountId as AccountId), { ok: true, value: undefined });
  const refused = await kept.jmap.run([['Email/query', {}]]);
  assert.deepEqual(refused, { ok: false, error: { kind: 'gone' } });
  assert.equal((await kept.jmap.upload(new Uint8Array(1))).ok, false);
  assert.deepEqual(await openShared(parts(carl), office), { ok: false, error: { kind: 'gone' } });

  await send('second');
  const [annas, bens] = [await shared(anna), await shared(ben)];
  const [newest, oldest] = await ids(annas, 2);
  assert.ok(newest && oldest);
  assert.ok(!(await told).includes('event: state'), 'his stream ended without telling of the new letter');
  for (const session of [annas, bens]) {
    assert.match(await textOf(session, newest), /Text of second/);
    assert.match(await textOf(session, oldest), /Text of first/);
    const items = await readItems(session, 'notes');
    assert.ok(items.ok);
    assert.deepEqual(
      items.value.map((item) => item.plainValue),
      [{ before: true }],
      'what was sealed before still opens',
    );
  }
  // as if the server, or a backup, gave him everything: his keys with the others' view
  const stolen = { ...kept, jmap: bens.jmap };
  assert.equal(await textOf(stolen, newest), 'altered');
  assert.match(await textOf(stolen, oldest), /Text of first/, 'what he could read he can still read');
});

test('a session that began before still goes on after it read the new keys, and a removed one may be asked again', async () => {
  assert.ok((await addHolder(parts(ben), office, carl.address)).ok);
  await send('third');
  const again = await shared(carl);
  const [newest] = await ids(again, 3);
  assert.ok(newest);
  assert.match(await textOf(again, newest), /Text of third/);
});

const LAST = { ok: false, error: { kind: 'last-holder' } };
const GONE = { ok: false, error: { kind: 'gone' } };

test('who leaves by herself is out at once; the next who opens it gives it keys she never had', async () => {
  const kept = await shared(carl);
  const [before] = await ids(kept, 3);
  assert.ok(before);
  assert.deepEqual(await leaveShared(parts(carl), office), { ok: true, value: undefined });
  assert.deepEqual(await kept.jmap.run([['Email/query', {}]]), GONE);
  assert.deepEqual(await openShared(parts(carl), office), GONE);
  assert.deepEqual(await leaveShared(parts(carl), office), GONE, 'once is enough');
  await rebuild();
  assert.deepEqual(await holdersSeenBy(anna), [anna.address, ben.address, `${carl.address} left`]);

  const renewed = await shared(ben);
  assert.deepEqual(await holdersSeenBy(anna), [anna.address, ben.address]);
  assert.ok(renewed.account.keys.rootKey.version > kept.account.keys.rootKey.version);
  await send('fourth');
  const [newest] = await ids(renewed, 4);
  assert.ok(newest);
  for (const session of [await shared(anna), renewed]) assert.match(await textOf(session, newest), /Text of fourth/);
  // as if the server, or a backup, gave her everything
  const stolen = { ...kept, jmap: renewed.jmap };
  assert.equal(await textOf(stolen, newest), 'altered');
  assert.match(await textOf(stolen, before), /Text of third/, 'what she could read she can still read');
});

test('an offer may be declined; a session of somebody else takes nobody out', async () => {
  assert.ok((await addHolder(parts(ben), office, carl.address)).ok);
  const challenge = await parts(ben).session.door.ask('/auth/challenge', 'challenge');
  assert.ok(challenge.ok);
  const forged = await parts(carl).session.door.call('holderLeave', {
    account: office,
    ...challenge.value,
    signature: 'A'.repeat(86),
  });
  assert.deepEqual(forged.ok ? undefined : forged.error.kind, 'handle-expired');
  assert.deepEqual(await leaveShared(parts(carl), office), { ok: true, value: undefined });
  assert.deepEqual(await leaveShared(parts(carl), office), GONE);
  await shared(anna);
});

test('two who leave in the same moment: one is told that nobody else would be there', async () => {
  const both = await Promise.all([leaveShared(parts(anna), office), leaveShared(parts(ben), office)]);
  assert.deepEqual(both.map((one) => (one.ok ? 'left' : one.error.kind)).toSorted(), ['last-holder', 'left']);
  const [stays, left] = both[0].ok ? [ben, anna] : [anna, ben];
  assert.deepEqual(await closeMailbox(parts(stays).session), LAST, 'nor can the last one close the own mailbox');
  const asked = await program.siegel(['account', 'close', stays.address, '--apply', '--json']);
  assert.equal(asked.code, 1);
  assert.match(asked.stdout, /"last-holder"/);
  assert.match(asked.stdout, new RegExp(`siegel account close ${address}`), 'the next step is said');
  assert.ok((await readShared(parts(stays).session)).ok, 'still signed in');
  await shared(stays);
  assert.ok((await addHolder(parts(stays), office, left.address)).ok);
  await shared(left);
});

test('who closes the own mailbox lays down what others hold too, and they go on with new keys', async () => {
  assert.ok((await addHolder(parts(anna), office, carl.address)).ok);
  const kept = await shared(carl);
  assert.deepEqual(await closeMailbox(parts(carl).session), { ok: true, value: undefined });
  assert.deepEqual(await holdersSeenBy(anna), [anna.address, ben.address, `${carl.address} left`]);
  const renewed = await shared(anna);
  assert.ok(renewed.account.keys.rootKey.version > kept.account.keys.rootKey.version);
  assert.deepEqual(await holdersSeenBy(ben), [anna.address, ben.address]);
});

test('after a rebuild from the journal the same people hold it', async () => {
  await rebuild();
  assert.deepEqual(await holdersSeenBy(anna), [anna.address, ben.address]);
  assert.equal((await ids(await shared(anna), 4)).length, 4);
});

test('the server never had the key: no root key of the mailbox stands in any byte it keeps', async () => {
  const { rootKey } = (await shared(anna)).account.keys;
  const { formerRoots = [] } = (await shared(anna)).account.keyring;
  assert.ok(formerRoots.length >= 4, `${formerRoots.length}`);
  const roots = [rootKey.bytes, ...formerRoots.map(({ bytes }) => bytes)];
  const needles = roots.flatMap((bytes) => [
    Buffer.from(bytes),
    Buffer.from(toBase64Url(bytes)),
    Buffer.from(Buffer.from(bytes).toString('hex')),
  ]);
  let bytes = 0;
  for (const entry of await readdir(program.dataDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const content = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
    bytes += content.length;
    for (const needle of needles) assert.ok(!content.includes(needle), entry.name);
  }
  assert.ok(bytes > 1_000_000);
});
