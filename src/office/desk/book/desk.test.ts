// The desk over a real journal and a real PostgreSQL: a fax is refused by two people, put right, admitted; what is wrong is refused and leaves nothing behind.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as openpgp from 'openpgp';
import * as v from 'valibot';
import { manualClock } from '#base/clock.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { findDeskFile, readDeskEntries, readDeskFilings } from '#vault/database/read-desk.ts';
import { startTestCluster, type TestCluster } from '#vault/database/test-cluster.ts';
import { tamperIn } from '#vault/database/test-tamper.ts';
import { newDatabase, openTestHouse, type TestHouse } from '#vault/database/test-house.ts';
import { openCommitDoor } from '#vault/database/commit.ts';
import { fillTemplate, makePerson, signAs, type Person } from '../policy/test-policy.ts';
import { FIRST_HEAD, headAfter, leafOf } from '../register/chain.ts';
import { sealCaseFile } from '#formats/desk/case-file.ts';
import { arrivalField } from '#formats/desk/fields.ts';
import { commitTarget } from '#formats/desk/digest.ts';
import type { FilingNumber } from '#formats/desk/model.ts';
import { Desk, type DeskRefusal, type Said } from './desk.ts';
import { DeskBook, type Noted } from './desk-book.ts';
import { parseNewFiling, type NewFiling } from './new-filing.ts';
import { parseEntry } from './parse-entry.ts';

let cluster: TestCluster;
let scratch = '';
let clerk: Person;
let officer: Person;
let lawyer: Person;
let stranger: Person;

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sgl-desk-'));
  cluster = await startTestCluster();
  [clerk, officer, lawyer, stranger] = await Promise.all([
    makePerson('Mara Kaya', 'CLERK'),
    makePerson('Jonas Brandt', 'OFFICER'),
    makePerson('Leyla Yıldız', 'LAWYER'),
    makePerson('Ein Fremder', 'LAWYER'),
  ]);
});
after(async () => {
  await cluster.stop();
  await rm(scratch, { recursive: true, force: true });
});

const NOW = Date.parse('2026-03-02T10:00:00Z');

interface OpenDesk extends AsyncDisposable {
  readonly house: TestHouse;
  readonly desk: Desk;
  readonly clock: ReturnType<typeof manualClock>;
}

async function openDesk(): Promise<OpenDesk> {
  const house = await openTestHouse(cluster, scratch);
  const clock = manualClock(NOW);
  const trust = [officer.member.fingerprint, lawyer.member.fingerprint];
  const desk = new Desk({ book: bookOf({ house, clock }), trust });
  const policy = fillTemplate([clerk, officer, lawyer]);
  const text = canonicalJson(policy);
  must(await desk.putPolicy(text, [await signAs(officer, text), await signAs(lawyer, text)]));
  return { house, desk, clock, [Symbol.asyncDispose]: () => house[Symbol.asyncDispose]() };
}

function bookOf({ house, clock }: Pick<OpenDesk, 'house' | 'clock'>): DeskBook {
  return new DeskBook({ door: house.door, reader: house.database.reader, clock });
}

function must<T>(result: { ok: true; value: T } | { ok: false; error: DeskRefusal }): T {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

function why(result: { ok: boolean; error?: DeskRefusal }): string {
  assert.ok(!result.ok && result.error !== undefined);
  return result.error.kind === 'step' ? result.error.step.kind : result.error.kind;
}

const fax: NewFiling = {
  corrects: null,
  received: '2026-03-01',
  authority: { class: 'PROSECUTION', country: 'DE' },
  channel: 'FAX',
  instrument: 'PROSECUTOR_ORDER',
  urgency: 'NORMAL',
  items: [{ kind: 'SUBSCRIBER', basis: null, from: null, until: null, target: null }],
  targets: 1,
};

const REJECT: Said = { verdict: 'REJECT', reasons: ['INADMISSIBLE_CHANNEL'], items: null };
const ADMIT: Said = { verdict: 'ADMIT', reasons: [], items: null };

async function signed({ desk }: OpenDesk, filing: string, person: Person, said: Said): ReturnType<Desk['review']> {
  const statement = must(await desk.statement(filing, person.member.name, said));
  return desk.review(statement, await signAs(person, statement, { madeMs: NOW }));
}

function numberOf({ rows }: Noted): FilingNumber {
  const [first] = rows.keys();
  assert.ok(first !== undefined);
  return first;
}

async function rowsOf({ house }: OpenDesk): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const page of readDeskEntries(house.database.reader.db))
    lines.push(...page.map((row) => JSON.stringify(row)));
  for await (const page of readDeskFilings(house.database.reader.db))
    lines.push(...page.map((row) => JSON.stringify(row)));
  return lines;
}

test('a fax is refused by two signatures, filed again by an admissible way, admitted and closed; the chain holds', async () => {
  await using open = await openDesk();
  const { desk, house } = open;
  const first = must(await desk.file(fax, 'Mara Kaya'));
  const filing = numberOf(first);
  assert.equal(filing, '2026-0001');
  assert.equal(first.rows.get(filing)?.state, 'FORMAL_CHECK');
  const one = must(await signed(open, filing, officer, REJECT));
  assert.equal(one.rows.get(filing)?.state, 'LEGAL_REVIEW');
  const two = must(await signed(open, filing, lawyer, REJECT));
  assert.deepEqual(
    two.entries.map(({ event }) => event.kind),
    ['REVIEWED', 'REFUSED'],
  );
  assert.equal(two.rows.get(filing)?.state, 'REJECTED_FORMAL');
  must(await desk.answer(filing, 'Mara Kaya', { text: 'Sehr geehrte', letterKind: 'REJECTION', language: 'de' }));
  const again = must(
    await desk.file({ ...fax, corrects: filing, channel: 'PGP', received: '2026-03-02' }, 'Mara Kaya'),
  );
  const second = numberOf(again);
  assert.equal(second, '2026-0002');
  assert.equal(again.rows.get(filing)?.state, 'CORRECTED');
  must(await signed(open, second, lawyer, ADMIT));
  assert.equal(must(await signed(open, second, officer, ADMIT)).rows.get(second)?.state, 'COLLECT');
  must(await desk.close(filing));
  let head = FIRST_HEAD;
  let entries = 0;
  for await (const page of readDeskEntries(house.database.reader.db))
    for (const row of page) {
      const entry = parseEntry(row);
      assert.ok(entry !== undefined && entry.nth === entries);
      assert.equal(leafOf(entry), row.leaf);
      head = headAfter(head, leafOf(entry));
      assert.equal(head, row.head);
      entries += 1;
    }
  assert.equal(entries, 14);
  assert.equal((await desk.register()).head, head);
});

test('what came in by itself is filed with the channel and the time that the house saw, once; or dismissed', async () => {
  await using open = await openDesk();
  const { desk, clock } = open;
  const sealed = await sealCaseFile(
    { targets: [], documents: [] },
    [clerk, officer, lawyer].map(({ member }) => member),
  );
  const arrival = must(await desk.arrive('PGP', NOW, sealed));
  clock.advanceMs(3_600_000);
  const given = { ...fax, received: '2026-02-01' };
  assert.equal(why(await desk.file(given, 'Mara Kaya', undefined, arrival)), 'otherThanArrived');
  const unknown = v.parse(arrivalField, 'arrival-k7x2m5q4tz3d');
  assert.equal(why(await desk.file({ ...given, channel: 'PGP' }, 'Mara Kaya', undefined, unknown)), 'arrival');
  const before = (await desk.register()).entries;
  const noted = must(await desk.file({ ...given, channel: 'PGP' }, 'Mara Kaya', undefined, arrival));
  const row = noted.rows.get(numberOf(noted));
  assert.deepEqual(
    [row?.channel, row?.receivedMs, row?.receivedOn, row?.caseFiles.length],
    ['PGP', NOW, '2026-03-02', 1],
  );
  assert.deepEqual(
    noted.entries.map(({ event }) => event.kind),
    ['FILED', 'CASE_FILE_PUT', 'TAKEN', 'CHANNEL_CHECKED'],
  );
  assert.equal(why(await desk.file({ ...given, channel: 'PGP' }, 'Mara Kaya', undefined, arrival)), 'arrival');
  assert.equal(why(await desk.dismiss(arrival, 'SPAM', 'Mara Kaya')), 'arrival');
  assert.equal((await desk.register()).entries, before + 4);
  const other = must(await desk.arrive('PLAIN_MAIL', NOW, sealed));
  assert.equal(why(await desk.dismiss(other, 'SPAM', 'Ein Fremder')), 'notInRoster');
  must(await desk.dismiss(other, 'SPAM', 'Mara Kaya'));
  assert.deepEqual(
    (await (await desk.register()).arrivals()).map(({ state, channel }) => [state, channel]),
    [
      ['TAKEN', 'PGP'],
      ['DISMISSED', 'PLAIN_MAIL'],
    ],
  );
  const toOthers = await sealCaseFile({ targets: [], documents: [] }, [stranger.member]);
  assert.equal(why(await desk.arrive('PGP', NOW, toOthers)), 'caseFile');
});

test('the database thrown away, the register comes back from the journal, to the byte', async () => {
  await using open = await openDesk();
  const { desk, house } = open;
  const filing = numberOf(must(await desk.file(fax, clerk.member.fingerprint)));
  must(await signed(open, filing, officer, REJECT));
  const before = await rowsOf(open);
  const database = await newDatabase(cluster);
  const rebuilt = await openCommitDoor({ ...house.options, database });
  assert.ok(rebuilt.ok);
  const reader = { ...open, house: { ...house, database } };
  assert.deepEqual(await rowsOf(reader), before);
  await rebuilt.value[Symbol.asyncDispose]();
  await database.close();
});

test('two who disagree both sign once more; the same person, or the same role, does not count twice', async () => {
  await using open = await openDesk();
  const filing = numberOf(must(await open.desk.file({ ...fax, channel: 'PGP' }, 'Mara Kaya')));
  must(await signed(open, filing, officer, { verdict: 'REJECT', reasons: ['OVERBROAD'], items: null }));
  assert.equal(why(await signed(open, filing, officer, ADMIT)), 'doubleReview');
  assert.equal(must(await signed(open, filing, lawyer, ADMIT)).rows.get(filing)?.state, 'ESCALATED');
  must(await signed(open, filing, officer, ADMIT));
  assert.equal(must(await signed(open, filing, lawyer, ADMIT)).rows.get(filing)?.state, 'COLLECT');
});

test('who wrote it down gives no verdict on it', async () => {
  await using open = await openDesk();
  const filing = numberOf(must(await open.desk.file(fax, 'Jonas Brandt')));
  assert.equal(why(await signed(open, filing, officer, REJECT)), 'ownFiling');
});

test('what is wrong is refused with its reason, and the register is as it was', async () => {
  await using open = await openDesk();
  const { desk } = open;
  const filing = numberOf(must(await desk.file(fax, 'Mara Kaya')));
  const before = await rowsOf(open);
  const statement = must(await desk.statement(filing, 'Jonas Brandt', REJECT));
  const good = await signAs(officer, statement, { madeMs: NOW });
  const refusals: readonly (readonly [string, Promise<{ ok: boolean; error?: DeskRefusal }>])[] = [
    ['review', desk.review(statement, good.replace(/\n\n.{8}/, '\n\nAAAAAAAA'))],
    ['review', desk.review(statement, 'no signature')],
    ['review', desk.review(statement, await signAs(lawyer, statement, { madeMs: NOW }))],
    ['review', desk.review(statement.replace('INADMISSIBLE_CHANNEL', 'OVERBROAD'), good)],
    ['review', desk.review('not JSON', good)],
    ['notInRoster', desk.statement(filing, 'Ein Fremder', REJECT)],
    ['notInRoster', desk.file(fax, 'Ein Fremder')],
    ['noSuchFiling', desk.statement('2026-0099', 'Jonas Brandt', REJECT)],
    ['noSuchFiling', desk.file({ ...fax, corrects: '2026-0099' as FilingNumber }, 'Mara Kaya')],
    ['notRejected', desk.file({ ...fax, corrects: filing }, 'Mara Kaya')],
    ['filing', desk.file({ ...fax, received: '2026-03-04' }, 'Mara Kaya')],
    ['filing', desk.file({ ...fax, items: [{ ...fax.items[0], basis: 'no-such-law' } as never] }, 'Mara Kaya')],
    ['filing', desk.file({ ...fax, answerBy: '2026-02-01' as never }, 'Mara Kaya')],
    [
      'filing',
      desk.file(
        { ...fax, items: [{ ...fax.items[0], from: '2026-02-02', until: '2026-02-01' } as never] },
        'Mara Kaya',
      ),
    ],
    ['notNow', desk.close(filing)],
    ['notRejected', desk.answer(filing, 'Mara Kaya', { text: 'Nein', letterKind: 'REJECTION', language: 'de' })],
    ['caseFile', desk.file(fax, 'Mara Kaya', Buffer.from('in the clear'))],
    ['policyChain', desk.putPolicy(canonicalJson(fillTemplate([clerk, officer, stranger])), [])],
  ];
  for (const [at, [kind, given]] of refusals.entries()) assert.equal(why(await given), kind, `refusal ${at}`);
  assert.deepEqual(await rowsOf(open), before);
  assert.ok(
    !parseNewFiling({ ...fax, channel: 'TELEX' }).ok &&
      !parseNewFiling({ ...fax, more: 1 }).ok &&
      !parseNewFiling(7).ok,
  );
});

test('a verdict over an older head, or without a case file that was put since, does not count', async () => {
  await using open = await openDesk();
  const { desk } = open;
  const filing = numberOf(must(await desk.file(fax, 'Mara Kaya')));
  const statement = must(await desk.statement(filing, 'Jonas Brandt', REJECT));
  const signature = await signAs(officer, statement, { madeMs: NOW });
  must(await desk.putCaseFile(filing, await sealTo([clerk, officer, lawyer])));
  assert.equal(why(await desk.review(statement, signature)), 'headTooOld');
  const other = JSON.parse(statement) as { head: { entries: number; hash: string } };
  const forged = canonicalJson({ ...other, head: { ...other.head, hash: '00'.repeat(32) } });
  assert.equal(why(await desk.review(forged, await signAs(officer, forged, { madeMs: NOW }))), 'otherHead');
});

async function sealTo(people: readonly Person[], text = 'person@example.org'): Promise<Uint8Array> {
  const sealed: unknown = await openpgp.encrypt({
    message: await openpgp.createMessage({ text }),
    encryptionKeys: people.map(({ secretKey }) => secretKey.toPublic()),
    format: 'binary',
  });
  assert.ok(sealed instanceof Uint8Array);
  return sealed;
}

test('a case file is taken only when it is sealed to everybody of the roster and to nobody else, and is kept as it came', async () => {
  await using open = await openDesk();
  const { desk, house } = open;
  const good = await sealTo([clerk, officer, lawyer]);
  const noted = must(await desk.file(fax, 'Mara Kaya', good));
  const row = noted.rows.get(numberOf(noted));
  assert.equal(row?.caseFiles.length, 1);
  assert.deepEqual(
    Buffer.from((await findDeskFile(house.database.reader.db, row?.caseFiles[0] ?? '')) ?? []),
    Buffer.from(good),
  );
  const password: unknown = await openpgp.encrypt({
    message: await openpgp.createMessage({ text: 'x' }),
    passwords: ['x'],
    format: 'binary',
  });
  for (const [sealed, wanted] of [
    [await sealTo([clerk, officer]), 'notToAll'],
    [await sealTo([clerk, officer, lawyer, stranger]), 'toOthers'],
    [password as Uint8Array, 'notSealed'],
    [Buffer.concat([good, good]), 'notSealed'],
    [good.subarray(0, 60), 'notSealed'],
  ] as const) {
    const refused = await desk.file(fax, 'Mara Kaya', sealed);
    assert.ok(!refused.ok && refused.error.kind === 'caseFile' && refused.error.why === wanted, wanted);
  }
});

test('a key that somebody puts into the database is sealed to by nobody: the policy no longer counts', async () => {
  await using open = await openDesk();
  const { database } = open.house;
  const text = canonicalJson(fillTemplate([clerk, officer, lawyer, stranger]));
  const [entry] = await (await open.desk.register()).ofKind('POLICY_PUT');
  assert.ok(entry !== undefined);
  const forged = { ...entry, event: { ...entry.event, text } };
  const quoted = (value: unknown): string => `'${canonicalJson(value).replaceAll("'", "''")}'`;
  await tamperIn(database, `UPDATE desk_entry SET event = ${quoted(forged.event)} WHERE nth = 0`);
  await assert.rejects(open.desk.inForce(), /not what was written/);
  // also where leaf and head were made to fit: nobody whom this machine trusts has signed it
  const head = headAfter(FIRST_HEAD, leafOf(forged));
  await tamperIn(database, `UPDATE desk_entry SET leaf = '${leafOf(forged)}', head = '${head}' WHERE nth = 0`);
  const { member } = officer;
  for (const trust of [[member.fingerprint, lawyer.member.fingerprint], [stranger.member.fingerprint]]) {
    const refused = await new Desk({ book: bookOf(open), trust }).inForce();
    assert.ok(!refused.ok && refused.error.kind === 'policyChain');
  }
  // the twin: a machine that trusts the stranger, and a policy that the stranger has signed
  const signatures = [await signAs(stranger, text), await signAs(officer, text)];
  const believed = { ...forged.event, signatures };
  const leaf = leafOf({ ...forged, event: believed });
  await tamperIn(
    database,
    `UPDATE desk_entry SET event = ${quoted(believed)}, leaf = '${leaf}', head = '${headAfter(FIRST_HEAD, leaf)}' WHERE nth = 0`,
  );
  const trust = [stranger.member.fingerprint, member.fingerprint];
  assert.ok((await new Desk({ book: bookOf(open), trust }).inForce()).ok);
});

test('whom a request is about cannot be found by trying: 250,000 addresses against every target, none fits; with the random bytes one does', async () => {
  const random = Buffer.alloc(32, 7);
  const target = commitTarget(random, 'person123456@example.org');
  const guesses = Array.from({ length: 250_000 }, (_, nth) => `person${nth}@example.org`);
  const none = new Uint8Array(32);
  assert.equal(guesses.filter((guess) => commitTarget(none, guess) === target).length, 0);
  assert.equal(
    guesses.filter((guess) => commitTarget(random, guess) === target).length,
    1,
    'the twin: who has the case file finds it',
  );
});
