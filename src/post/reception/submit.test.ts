// Letters born in this house for people of this house: sealed and kept like any other.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import * as v from 'valibot';
import { newId, type AccountId, type MailboxId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err } from '#base/result.ts';
import { openTestReception, type TestReception, type TestReceptionOptions } from './dialogues/test-reception.ts';
import { rulesSchema } from './rules.ts';
import type { HouseLetter, SubmitOutcome } from './submit.ts';

// no date, no id, a running file: a stranger's letter like this is junk
const LETTER =
  'From: Carl <carl@siegel.test>\r\nTo: anna@siegel.test\r\nSubject: The vineyard\r\nContent-Type: application/x-msdownload; name="a.exe"\r\n' +
  'Content-Disposition: attachment; filename="invoice.pdf.exe"\r\n\r\nThe papers are ready.\r\n';
const bytes = new TextEncoder().encode(LETTER);

async function open(t: TestContext, options: TestReceptionOptions = {}): Promise<TestReception> {
  const house = await openTestReception(options);
  t.after(() => house.close());
  return house;
}

function submit(house: TestReception, changes: Partial<HouseLetter> = {}): Promise<readonly SubmitOutcome[]> {
  const by = { accountId: newId<AccountId>() };
  const letter: HouseLetter = {
    mailFrom: 'carl@siegel.test',
    recipients: ['anna@siegel.test'],
    plainLetter: bytes,
    by,
  };
  return house.reception.submit({ ...letter, ...changes });
}

test('a letter to a colleague is sealed and kept byte for byte, and nobody is asked who sent it', async (t) => {
  const house = await open(t);
  assert.deepEqual(await submit(house), [{ address: 'anna@siegel.test', outcome: 'kept' }]);
  const [letter] = house.kept;
  assert.ok(letter !== undefined);
  const plain = await house.anna.open(letter);
  assert.equal(plain.slice(plain.indexOf('From: Carl')).replace('; hp="cipher"', ''), LETTER);
  assert.match(plain, /^Return-Path: <carl@siegel\.test>\r\nReceived: by siegel\.test \(Siegel\) with LMTPA id /);
  assert.match(plain, /Authentication-Results: siegel\.test; none\r\n/);
  assert.deepEqual(
    letter.copies.map(({ mailboxId }) => mailboxId),
    [house.anna.inbox],
    'never junk',
  );
  assert.deepEqual(house.steps, ['received', 'sealed', 'kept']);
  assert.equal(bytes.length, LETTER.length, 'the caller keeps its bytes');
  assert.equal(house.dns.asked.length, 0, 'no name is asked for');
});

test('each recipient hears of himself, and one account gets one copy', async (t) => {
  const house = await open(t);
  const recipients = [
    'Anna+shop@siegel.test',
    'nobody@siegel.test',
    'anna@siegel.test',
    'ben@siegel.test',
    'no address',
  ];
  const outcomes = await submit(house, { recipients });
  assert.deepEqual(
    outcomes.map(({ address, outcome }) => [address, outcome]),
    [
      ['Anna+shop@siegel.test', 'kept'],
      ['nobody@siegel.test', 'unknown'],
      ['anna@siegel.test', 'kept'],
      ['ben@siegel.test', 'kept'],
      ['no address', 'badAddress'],
    ],
  );
  assert.deepEqual(
    house.kept.map(({ copies }) => copies.map(({ accountId }) => accountId)),
    [[house.anna.accountId, house.ben.accountId]],
  );
});

test('rules of the recipient act on letters of colleagues too', async (t) => {
  const moveTo = newId<MailboxId>();
  // as JSON, as clients send them
  const rules = `[{"if":{"field":"subject","op":"contains","value":"vineyard"},"then":{"moveTo":"${moveTo}"}}]`;
  const house = await open(t, { annasRules: v.parse(rulesSchema, JSON.parse(rules)) });
  await submit(house);
  assert.deepEqual(
    house.kept[0]?.copies.map(({ mailboxId }) => mailboxId),
    [moveTo],
  );
});

test('a notice of the house has the null sender and is nobody’s letter', async (t) => {
  const house = await open(t);
  await submit(house, { mailFrom: '', by: 'house notice' });
  const [letter] = house.kept;
  assert.ok(letter !== undefined);
  assert.match(await house.anna.open(letter), /^Return-Path: <>\r\nReceived: by siegel\.test \(Siegel\) with LMTP id /);
});

test('a letter that went round in circles is refused', async (t) => {
  const house = await open(t);
  const hops = 'Received: by a.test with SMTP id 1; Sun, 17 May 2026 10:00:00 +0000\r\n'.repeat(
    limits.smtp.receivedHopsMax,
  );
  const outcomes = await submit(house, { plainLetter: new TextEncoder().encode(hops + LETTER) });
  assert.deepEqual(outcomes, [{ address: 'anna@siegel.test', outcome: 'loop' }]);
  assert.deepEqual(house.steps, ['received', 'refusedLoop']);
});

test('a letter larger than the house takes is refused before anything is done', async (t) => {
  const house = await open(t);
  const plainLetter = new Uint8Array(limits.smtp.letterBytes + 1);
  assert.deepEqual(await submit(house, { plainLetter }), [{ address: 'anna@siegel.test', outcome: 'tooLarge' }]);
  assert.deepEqual(house.steps, []);
});

test('a letter the journal does not take is not called kept', async (t) => {
  const house = await open(t);
  for (const kind of ['diskFull', 'journalFailed'] as const) {
    house.keepNext(async () => err({ kind }));
    assert.deepEqual(await submit(house), [{ address: 'anna@siegel.test', outcome: kind }]);
  }
  assert.equal(house.kept.length, 0);
});
