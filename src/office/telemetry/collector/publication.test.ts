// What is published of a quarter and when: at least 100 answers, once, signed, in the book, never revised; and the average from its answers.

import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { test } from 'node:test';
import type { InstanceId } from '#base/ids.ts';
import { checkReceipt } from '#vault/book/check/check-receipt.ts';
import { formatReceiptFile, receiptLeaf, type ReceiptFile } from '#vault/book/check/receipt.ts';
import { hashQuestion } from '../catalogue/question.ts';
import { MAILBOX_BOUNDS_MB, questions } from '../catalogue/questions.ts';
import { REPORTS_MIN } from '../report/estimate.ts';
import { chancesOf } from '../report/randomise.ts';
import { beginOfWeek, quarterOf, weekOf } from '../report/weeks.ts';
import { mailboxAverage } from './mailbox-average.ts';
import { isPublicationReceipt, makePublicationReceipt } from './publication-receipt.ts';
import { publicationOf, type Publication } from './publication.ts';
import { TALLY_FILE } from './tally-file.ts';
import { answerTo, countOf, DAY_MS, openTestCollector, type TestCollector } from './test-collector.ts';

const [users, letters] = questions;
const database = questions[4];

/** First millisecond of the quarter after the one of `timeMs`. */
function endOfQuarter(timeMs: number): number {
  let week = weekOf(timeMs);
  const quarter = quarterOf(week);
  while (quarterOf(week) === quarter) week += 1;
  return beginOfWeek(week);
}

async function fill(one: TestCollector, question: Parameters<typeof answerTo>[0], count: number): Promise<void> {
  const sent = Array.from({ length: count }, (_, nth) =>
    one.send(answerTo(question, nth % question.buckets.length, one.today())),
  );
  for (const status of await Promise.all(sent)) assert.equal(status, 204);
}

test('a question with 100 answers is published, one with 99 is not and without its number', async (t) => {
  const one = await openTestCollector(t);
  await fill(one, users, REPORTS_MIN);
  await fill(one, letters, REPORTS_MIN - 1);
  one.clock.advanceMs(endOfQuarter(one.clock.nowMs()) - one.clock.nowMs());
  await one.collector.publishEnded();
  assert.equal(one.recorded.length, 0, 'on the first day after it a report of yesterday may still come');
  assert.equal(await one.send(answerTo(users, 0, one.today() - 1)), 204);
  one.clock.advanceMs(DAY_MS);
  await one.collector.publishEnded();
  const [publication] = one.recorded;
  assert.ok(publication);
  assert.deepEqual(
    [publication.quarter, publication.questions.map(({ question }) => question.id)],
    ['2026-Q4', ['users']],
  );
  assert.equal(publication.questions[0]?.reports, REPORTS_MIN + 1);
  assert.ok(publication.withheld.includes('letters'));
  const text = JSON.stringify(publication);
  for (const trace of [hashQuestion(letters), ':99', '"99']) assert.equal(text.includes(trace), false, trace);
  assert.equal(text.includes(hashQuestion(users)), true, 'the twin: what is published names its question');
  assert.deepEqual(one.collector.tally, { v: 1, closed: '2026-Q4', quarters: {} }, 'and its counts are gone');
});

test('a quarter in which no question has 100 answers leaves nothing at all', async (t) => {
  const one = await openTestCollector(t);
  await fill(one, users, REPORTS_MIN - 1);
  one.clock.advanceMs(120 * DAY_MS);
  await one.collector.publishEnded();
  assert.deepEqual(one.recorded, []);
  assert.equal(countOf(one.collector), 0);
});

test('a published quarter takes no more reports, also when the clock goes back or the counters do', async (t) => {
  const one = await openTestCollector(t);
  await fill(one, users, REPORTS_MIN);
  const day = one.today();
  one.clock.advanceMs(120 * DAY_MS);
  await one.collector.publishEnded();
  assert.equal(one.recorded.length, 1);
  const before = JSON.stringify(one.recorded);
  one.clock.advanceMs(-120 * DAY_MS);
  assert.equal(await one.send(answerTo(users, 0, day)), 410);
  // a program that is started anew has only the file to know it by, or the book
  for (const again of [
    await one.again(),
    await one.again({
      file: {
        first: { v: 1, closed: '', quarters: {} },
        write: async () => undefined,
        [Symbol.asyncDispose]: async () => undefined,
      },
    }),
  ]) {
    assert.equal(await again.send(answerTo(users, 0, day)), 410);
    one.clock.advanceMs(120 * DAY_MS);
    await again.collector.publishEnded();
    one.clock.advanceMs(-120 * DAY_MS);
  }
  assert.equal(JSON.stringify(one.recorded), before);
  // the twin: with neither to know it by, it would be counted again
  const blind = await one.again({
    lastPublished: '',
    file: {
      first: { v: 1, closed: '', quarters: {} },
      write: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    },
  });
  assert.equal(await blind.send(answerTo(users, 0, day)), 204);
});

test('killed between the book and the counters, a quarter is not published a second time', async (t) => {
  let isKilled = false;
  const one = await openTestCollector(t, {
    wrapFile: (file) => ({
      ...file,
      write: (tally) => (isKilled ? Promise.reject(new Error('killed')) : file.write(tally)),
    }),
  });
  await fill(one, users, REPORTS_MIN);
  isKilled = true;
  one.clock.advanceMs(120 * DAY_MS);
  await one.collector.publishEnded();
  assert.equal(one.recorded.length, 1, `${TALLY_FILE} still has the quarter`);
  const again = await one.again();
  await again.collector.publishEnded();
  assert.equal(one.recorded.length, 1);
  assert.equal(countOf(again.collector), 0);
  // the twin: a program that does not look into the book does it again
  const blind = await one.again({ lastPublished: '' });
  await blind.collector.publishEnded();
  assert.equal(one.recorded.length, 2);
});

test('a book that cannot be written leaves the quarter open until it can', async (t) => {
  let isBroken = true;
  const recorded: Publication[] = [];
  const one = await openTestCollector(t, {
    record: async (publication) => {
      if (isBroken) throw new Error('no space');
      recorded.push(publication);
    },
  });
  await fill(one, users, REPORTS_MIN);
  one.clock.advanceMs(120 * DAY_MS);
  await assert.rejects(one.collector.publishEnded());
  assert.equal(countOf(one.collector), REPORTS_MIN);
  isBroken = false;
  await one.collector.publishEnded();
  assert.deepEqual([recorded.length, countOf(one.collector)], [1, 0]);
});

const signing = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 5)]),
  format: 'der',
  type: 'pkcs8',
});
const publicKey = Uint8Array.from(createPublicKey(signing).export({ type: 'spki', format: 'der' }).subarray(-32));
const signer = {
  house: 'aaaaaaaaaaaaaaaaaaaaaaaaaa' as InstanceId,
  publicKey,
  sign: (bytes: Uint8Array) => Uint8Array.from(sign(null, bytes, signing)),
};

function publish(quarter: string): Publication {
  const counts = { [hashQuestion(users)]: [50, 40, 30, 20, 10, 5], [hashQuestion(database)]: [150, 20] };
  const publication = publicationOf(quarter, counts, questions);
  assert.ok(publication);
  return publication;
}

test('a receipt of a publication is good for the common check; any change of it, or of the figures, is found', async () => {
  const quarters = ['2026-Q4', '2027-Q1', '2027-Q2', '2027-Q3', '2027-Q4'].map(publish);
  const files: ReceiptFile[] = [];
  for (const [nth, publication] of quarters.entries()) {
    const leaves = files.map(({ receipt }) => receiptLeaf(receipt));
    const file = makePublicationReceipt(publication, leaves, { signer, nowMs: nth });
    assert.equal(isPublicationReceipt(publication, file, leaves), true);
    const checked = await checkReceipt(Buffer.from(formatReceiptFile(file)));
    assert.ok(checked.ok && checked.value.standing === 'in-book' && checked.value.entry === nth);
    assert.match(String(checked.value.receipt.facts['users']), /^155 reports; 1: \d/);
    const [question, ...rest] = publication.questions;
    assert.ok(question);
    const revised = { ...publication, questions: [{ ...question, reports: question.reports + 1 }, ...rest] };
    assert.equal(isPublicationReceipt(revised, file, leaves), false);
    const facts = { ...file.receipt.facts, quarter: '2030-Q1' };
    const altered = { ...file, receipt: { ...file.receipt, facts } };
    assert.equal((await checkReceipt(Buffer.from(formatReceiptFile(altered)))).ok, false);
    assert.equal(isPublicationReceipt(publication, altered, leaves), false);
    if (nth > 0)
      assert.equal(isPublicationReceipt(publication, file, leaves.slice(1)), false, 'another book before it');
    files.push(file);
  }
});

test('the average is that of the true answers when as many came as chance has them, and stays open at its top', () => {
  const shares = [0.1, 0.25, 0.25, 0.3, 0.08, 0.02];
  const { truth, other } = chancesOf(6);
  const countsOf = (of: readonly number[], reports: number): readonly number[] =>
    of.map((share) => Math.round(reports * (share * truth + (1 - share) * other)));
  const middles = [50, 300, 750, 3000, 12_500, 20_000];
  const weigh = (sizes: readonly number[]): number =>
    sizes.reduce((sum, size, nth) => sum + size * (shares[nth] ?? 0), 0);
  const average = mailboxAverage(countsOf(shares, 1_000_000));
  assert.ok(average);
  assert.ok(Math.abs(average.meanMb - weigh(middles)) < 3, `${average.meanMb}`);
  assert.ok(Math.abs(average.atLeastMb - weigh(MAILBOX_BOUNDS_MB)) < 3);
  assert.ok(average.atLeastMb < average.meanMb && average.meanMb < average.atMostMb);
  const few = mailboxAverage(countsOf(shares, 10_000));
  assert.ok(
    few && Math.abs(few.errorMb / average.errorMb - 10) < 0.1,
    'a hundredth of the reports, ten times the error',
  );
  assert.equal(mailboxAverage([1, 2]), null);
  assert.equal(mailboxAverage([0, 0, 0, 0, 0, 0]), null);
});
