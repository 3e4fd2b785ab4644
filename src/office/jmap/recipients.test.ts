// Keys of recipients over JMAP: own house first, then the directory of their domain, and what is said when there is none.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { newId, type AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { OutgoingAnswer, OutgoingRefusal } from '#base/outgoing/outgoing.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { wkdUrls } from '#formats/openpgp/wkd-address.ts';
import { formatAddress, parseAddress, type Address } from '#formats/smtp/address.ts';
import type { Found } from '#post/reception/neighbours.ts';
import { findCertificate } from '#vault/database/accounts-read.ts';
import { makeUserKeys } from '#vault/sealing/keys.ts';
import { KeyDirectory, type KeySources } from './recipients/key-directory.ts';
import { jmapHouse, list, text, type Json, type Person } from './test-house.ts';

/** What other houses answer, by URL; and what they were asked. */
const answers = new Map<string, Result<OutgoingAnswer, OutgoingRefusal>>();
const asked: string[] = [];
const askWkd: NonNullable<KeySources['askWkd']> = async (url) => {
  asked.push(url);
  return answers.get(url) ?? err({ kind: 'noSuchHost' });
};
const answer = (status: number, body: Uint8Array = new Uint8Array(0)): Result<OutgoingAnswer, OutgoingRefusal> =>
  ok({ status, headers: {}, body });

/** As the directory snapshot answers reception. */
async function findInHouse({ local, domain }: Address): Promise<Found> {
  if (domain !== 'siegel.test') return err({ kind: 'notOurs' });
  if (local === 'full') return err({ kind: 'overQuota' });
  const known = await findCertificate(house.reader, formatAddress({ local, domain }));
  return known !== undefined || ['postmaster', 'everybody'].includes(local) ? ok([]) : err({ kind: 'unknown' });
}

const sources: KeySources = { findInHouse, domain: 'siegel.test', askWkd };
const house = await jmapHouse({ keys: sources });
let anna: Person;
beforeEach(async () => {
  anna = await house.signUp();
  answers.clear();
  asked.length = 0;
});

const lookUp = async (...addresses: string[]): Promise<readonly Json[]> =>
  list((await house.call(anna, 'RecipientKey/lookup', { addresses }))['list']);

async function urlsOf(address: string): Promise<readonly [string, string]> {
  const parsed = parseAddress(address);
  assert.ok(parsed.ok);
  return wkdUrls(parsed.value);
}

const ben = await makeUserKeys('ben@elsewhere.test', Date.now());

test('people of the house are found by address, alias and suffix, and nobody outside is asked', async () => {
  const alias = `sales.${anna.address}`;
  await house.command(anna, { kind: 'addressAdded', effect: { address: alias, kind: 'alias' } });
  const own = await findCertificate(house.reader, anna.address);
  assert.ok(own !== undefined);
  const found = await lookUp(anna.address, alias.toUpperCase(), anna.address.replace('@', '+shop@'));
  for (const one of found) {
    assert.deepEqual([one['source'], one['certificate'], one['deliverable']], ['house', toBase64Url(own), true]);
  }
  assert.deepEqual(asked, []);
});

test('an address of the house that nobody has is not deliverable; one that several read has no certificate', async () => {
  const found = await lookUp('nobody@siegel.test', 'everybody@siegel.test', 'abuse@siegel.test', 'full@siegel.test');
  assert.deepEqual(
    found.map(({ source, certificate, deliverable }) => [source, certificate, deliverable]),
    [['none', null, false], ...Array.from({ length: 3 }, () => ['house', null, true])],
  );
});

test('what is no address is not deliverable, and the answers stand in the order asked', async () => {
  const found = await lookUp('no address', anna.address, '@x.test');
  assert.deepEqual(
    found.map(({ address, deliverable }) => [address, deliverable]),
    [
      ['no address', false],
      [anna.address, true],
      ['@x.test', false],
    ],
  );
});

test('a key elsewhere is found by the advanced method, else by the direct one', async () => {
  const [advanced, direct] = await urlsOf('ben@elsewhere.test');
  answers.set(advanced, answer(200, ben.certificate));
  const [first] = await lookUp('ben@elsewhere.test');
  assert.deepEqual([first?.['source'], first?.['certificate']], ['wkd', toBase64Url(ben.certificate)]);
  assert.deepEqual(asked, [advanced]);

  const bert = await house.signUp();
  answers.clear();
  answers.set(direct, answer(200, ben.certificate));
  const second = await house.call(bert, 'RecipientKey/lookup', { addresses: ['ben@elsewhere.test'] });
  assert.equal(list(second['list'])[0]?.['source'], 'wkd');
  assert.deepEqual(asked.slice(1), [advanced, direct]);
});

test('a key of another address is no key, whatever the directory says', async () => {
  const [advanced, direct] = await urlsOf('carl@elsewhere.test');
  for (const url of [advanced, direct]) answers.set(url, answer(200, ben.certificate));
  const [found] = await lookUp('carl@elsewhere.test');
  assert.deepEqual([found?.['source'], found?.['certificate'], found?.['deliverable']], ['none', null, true]);
});

test('no directory, an empty one, and one that does not answer are told apart', async () => {
  const sourceOf = async (address: string, given: Result<OutgoingAnswer, OutgoingRefusal>): Promise<string> => {
    for (const url of await urlsOf(address)) answers.set(url, given);
    return text((await lookUp(address))[0]?.['source']);
  };
  assert.equal(await sourceOf('a@one.test', err({ kind: 'noSuchHost' })), 'none');
  assert.equal(await sourceOf('a@two.test', answer(404)), 'none');
  assert.equal(await sourceOf('a@three.test', err({ kind: 'timeout' })), 'unreachable');
  assert.equal(await sourceOf('a@four.test', answer(503)), 'unreachable');
  assert.equal(await sourceOf('a@five.test', err({ kind: 'notPublic' })), 'none');
  assert.equal(await sourceOf('a@six.test', err({ kind: 'untrusted' })), 'none');
  assert.equal((await lookUp('a@[192.0.2.1]'))[0]?.['source'], 'none');
  assert.equal(
    asked.some((url) => url.includes('192.0.2.1')),
    false,
  );
});

test('an answer is remembered for its account alone, and asked again when its time is over', async () => {
  const clock = manualClock(Date.now());
  const keys = new KeyDirectory(clock, house.reader, sources);
  const [one, other] = [newId<AccountId>(), newId<AccountId>()];
  const askedBy = async (accountId: AccountId, address = 'ben@elsewhere.test'): Promise<number> => {
    const before = asked.length;
    await Promise.all([keys.find(accountId, address), keys.find(accountId, address.toUpperCase())]);
    return asked.length - before;
  };
  answers.set((await urlsOf('ben@elsewhere.test'))[0], answer(200, ben.certificate));
  assert.equal(await askedBy(one), 1, 'two questions at once are one');
  assert.equal(await askedBy(one), 0);
  assert.equal(await askedBy(other), 1, 'nobody learns whom another account wrote to');
  clock.advanceMs(limits.recipientKeys.goodMs + 1);
  assert.equal(await askedBy(one), 1);
  assert.equal(await askedBy(one, 'none@elsewhere.test'), 2);
  clock.advanceMs(limits.recipientKeys.absentMs - 1);
  assert.equal(await askedBy(one, 'none@elsewhere.test'), 0);
  clock.advanceMs(2);
  assert.equal(await askedBy(one, 'none@elsewhere.test'), 2);
});

test('an account that asks too often is told so, others are answered', async () => {
  const clock = manualClock(Date.now());
  const keys = new KeyDirectory(clock, house.reader, sources);
  const [one, other] = [newId<AccountId>(), newId<AccountId>()];
  for (let i = 0; i < limits.recipientKeys.perAccountMax; i++) await keys.find(one, `a${i}@many.test`);
  assert.equal((await keys.find(one, 'last@many.test')).source, 'limited');
  assert.equal((await keys.find(one, 'a0@many.test')).source, 'none', 'what is known is answered');
  assert.equal((await keys.find(other, 'last@many.test')).source, 'none');
  clock.advanceMs(limits.recipientKeys.windowMs);
  assert.equal((await keys.find(one, 'last@many.test')).source, 'none');
});

test('too many addresses in one call are refused; a house that looks nothing up says so', async () => {
  const addresses = Array.from({ length: limits.recipientKeys.addressesMax + 1 }, (_, i) => `a${i}@siegel.test`);
  assert.equal(await house.error(anna, 'RecipientKey/lookup', { addresses }), 'requestTooLarge');
  assert.equal(await house.error(anna, 'RecipientKey/lookup', { addresses: 'anna' }), 'invalidArguments');
  const quiet = await jmapHouse();
  assert.equal(await quiet.error(await quiet.signUp(), 'RecipientKey/lookup', { addresses: [] }), 'forbidden');
});
