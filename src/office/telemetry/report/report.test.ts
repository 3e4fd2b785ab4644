// Reports as bytes, sealed and opened, planned and randomised: the rules that every report follows.

import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { requireValue } from '#base/assert.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import {
  openAnswer,
  openReport,
  sealAnswer,
  sealReport,
  SEALED_ANSWER_BYTES,
  SEALED_REPORT_BYTES,
} from './envelope.ts';
import { estimate, nearestShares } from './estimate.ts';
import { dueAt, forgetAnswers, momentOf, noteReport, NOTHING_ANSWERED, questionOf, type Answered } from './plan.ts';
import { chancesOf, randomise } from './randomise.ts';
import { formatReport, parseReport, REPORT_BYTES, type Report } from './report.ts';
import { beginOfWeek, quarterOf, weekOf, weeksLeft, WEEK_MS } from './weeks.ts';

const QUESTION = 'ab'.repeat(32);
const ANSWER: Report = { kind: 'answer', day: 20_780, question: QUESTION, answer: 3 };
const COVER: Report = { kind: 'cover', day: 20_780 };

function newKeys(keyId = 1) {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return {
    privateKey: createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })),
    config: { keyId, publicKey: requireValue(fromBase64(x), 'a key') },
  };
}

test('a report reads as it was written, to the byte, and anything else is none', () => {
  for (const report of [ANSWER, COVER]) {
    const bytes = formatReport(report);
    assert.equal(bytes.length, REPORT_BYTES);
    assert.deepEqual(parseReport(bytes), report);
    assert.equal(parseReport(bytes.subarray(1)), undefined);
    assert.equal(parseReport(bytes.with(REPORT_BYTES - 1, 1)), undefined, 'padding');
    assert.equal(parseReport(bytes.with(0, 2)), undefined, 'another version');
    assert.equal(parseReport(bytes.with(1, 7)), undefined, 'another kind');
  }
  assert.equal(parseReport(formatReport(COVER).with(10, 1)), undefined, 'a cover report names no question');
});

test('sealed, every report and every answer has one length, and only the collector’s key opens it', () => {
  const { privateKey, config } = newKeys();
  const reader = { keyId: 1, privateKey, authority: 'count.example.org' };
  for (const report of [ANSWER, COVER]) {
    const { bytes, exchange } = sealReport(report, config, reader.authority);
    assert.equal(bytes.length, SEALED_REPORT_BYTES);
    const opened = requireValue(openReport(bytes, reader), 'it opens');
    assert.deepEqual(opened.report, report);
    for (const status of [204, 409]) {
      const answer = sealAnswer(opened.exchange, status);
      assert.equal(answer.length, SEALED_ANSWER_BYTES);
      assert.equal(openAnswer(exchange, answer), status);
      assert.equal(openAnswer(exchange, answer.with(40, (answer[40] ?? 0) ^ 1)), undefined);
    }
    assert.equal(openReport(bytes, { ...reader, authority: 'other.example.org' }), undefined);
    assert.equal(openReport(bytes, { ...reader, keyId: 2 }), undefined);
    assert.equal(openReport(bytes, { ...reader, privateKey: newKeys().privateKey }), undefined);
    for (let at = 0; at < bytes.length; at += 7)
      assert.equal(openReport(bytes.with(at, (bytes[at] ?? 0) ^ 0x10), reader), undefined, `byte ${at}`);
  }
});

test('whatever a collector is sent is a report or refused', () => {
  const { privateKey } = newKeys();
  const reader = { keyId: 1, privateKey, authority: 'c' };
  const sized = fc.uint8Array({ minLength: SEALED_REPORT_BYTES, maxLength: SEALED_REPORT_BYTES });
  fc.assert(
    fc.property(fc.oneof(sized, fc.uint8Array()), (bytes) => {
      assert.equal(openReport(bytes, reader), undefined);
    }),
  );
  const smallOrder = new Uint8Array(SEALED_REPORT_BYTES);
  smallOrder.set([1, 0, 0x20, 0, 1, 0, 2]);
  assert.equal(openReport(smallOrder, reader), undefined, 'a key of small order');
});

test('weeks begin on Monday and belong to the quarter of their Thursday', () => {
  assert.equal(new Date(beginOfWeek(weekOf(Date.UTC(2026, 10, 23)))).toISOString(), '2026-11-23T00:00:00.000Z');
  assert.equal(weekOf(Date.UTC(2026, 10, 22, 23, 59)), weekOf(Date.UTC(2026, 10, 23)) - 1);
  assert.equal(quarterOf(weekOf(Date.UTC(2026, 11, 31))), '2026-Q4'); // Thursday
  assert.equal(quarterOf(weekOf(Date.UTC(2027, 0, 3))), '2026-Q4'); // Sunday of that week
  assert.equal(quarterOf(weekOf(Date.UTC(2027, 0, 4))), '2027-Q1');
  for (let week = weekOf(Date.UTC(2026, 0, 1)); week < weekOf(Date.UTC(2036, 0, 1)); week++) {
    const left = weeksLeft(week);
    assert.equal(quarterOf(week + left - 1), quarterOf(week));
    assert.notEqual(quarterOf(week + left), quarterOf(week));
    assert.ok(left <= 14);
  }
});

test('in a quarter every question is answered once, in weeks that nobody knows before, the rest are covers', () => {
  const asked = Array.from({ length: 8 }, (_, nth) => `${nth}`.repeat(64));
  const patterns = new Set<string>();
  for (let home = 0; home < 50; home++) {
    const seed = randomBytes(32);
    let answered: Answered = NOTHING_ANSWERED;
    const first = weekOf(Date.UTC(2027, 0, 4));
    const sent: (string | undefined)[] = [];
    for (let week = first; week < first + weeksLeft(first); week++) {
      const question = questionOf(seed, answered, week, asked);
      assert.equal(questionOf(seed, answered, week, asked), question, 'the same after a restart');
      answered = noteReport(answered, week, question);
      sent.push(question);
    }
    const answers = sent.filter((question) => question !== undefined);
    assert.deepEqual(answers.toSorted(), asked.toSorted());
    assert.ok(sent.length > answers.length, 'some are covers');
    patterns.add(sent.map((question) => (question === undefined ? '-' : 'a')).join(''));
  }
  assert.ok(patterns.size > 20);
});

test('one report a week at most, never late, and none while the clock stands before what it has shown', () => {
  const seed = randomBytes(32);
  const week = weekOf(Date.UTC(2026, 10, 25));
  const moment = momentOf(seed, week);
  assert.equal(dueAt(seed, NOTHING_ANSWERED, moment - 1), moment === beginOfWeek(week) ? 'missed' : 'early');
  assert.equal(dueAt(seed, NOTHING_ANSWERED, moment), 'now');
  const after = noteReport(NOTHING_ANSWERED, week, undefined);
  assert.equal(dueAt(seed, after, moment + 60_000), 'done');
  assert.equal(dueAt(seed, after, moment - 3 * WEEK_MS), 'done', 'the clock went back');
  assert.ok(['early', 'now', 'missed'].includes(dueAt(seed, after, moment + WEEK_MS)));
});

test('switched off and on again, nothing is remembered but that this quarter has had its answers', () => {
  const seed = randomBytes(32);
  const week = weekOf(Date.UTC(2027, 0, 6));
  const answered = noteReport(NOTHING_ANSWERED, week, QUESTION);
  const forgotten = forgetAnswers(answered);
  assert.deepEqual(forgotten.questions, []);
  const quarter = quarterOf(week);
  for (let later = week + 1; quarterOf(later) === quarter; later++)
    assert.equal(questionOf(seed, forgotten, later, [QUESTION]), undefined);
  const next = week + weeksLeft(week);
  let isAsked = false;
  for (let later = next; quarterOf(later) === quarterOf(next); later++)
    isAsked ||= questionOf(seed, forgotten, later, [QUESTION]) !== undefined;
  assert.ok(isAsked, 'in the next quarter it is asked again');
  assert.deepEqual(forgetAnswers(forgotten), forgotten);
});

test('an answer is the same for as long as its truth holds, and true as often as it should be', () => {
  const { truth } = chancesOf(6);
  assert.ok(Math.abs(1 - truth - 0.4) < 0.005, 'with 40 % it is not the true one');
  const counts = Array.from({ length: 6 }, () => 0);
  const homes = 20_000;
  for (let home = 0; home < homes; home++) {
    const seed = randomBytes(32);
    const answer = randomise(seed, { hash: QUESTION, buckets: 6, truth: 2 });
    assert.equal(randomise(seed, { hash: QUESTION, buckets: 6, truth: 2 }), answer);
    counts[answer] = (counts[answer] ?? 0) + 1;
  }
  const expected = counts.map((_, nth) => homes * (nth === 2 ? truth : (1 - truth) / 5));
  // six standard deviations: chance alone does not reach them in a lifetime of runs
  for (const [nth, count] of counts.entries())
    assert.ok(Math.abs(count - (expected[nth] ?? 0)) < 6 * Math.sqrt(expected[nth] ?? 0), `${nth}: ${count}`);
});

test('a true answer that the question has not is never sent', () => {
  const seed = randomBytes(32);
  for (const truth of [-1, 6, 1.5, Number.NaN])
    assert.throws(() => randomise(seed, { hash: QUESTION, buckets: 6, truth }), `${truth}`);
});

test('an answer that nobody gave, or everybody, has an error all the same', () => {
  for (const counts of [
    [100, 0, 0],
    [0, 0, 100, 0, 0, 0],
    [150, 0],
  ])
    for (const { error } of estimate(counts)) assert.ok(error > 0.05, `${counts.join()}: ${error}`);
});

test('shares come back from expected counts exactly, and what chance pushed below nothing is moved to the nearest shares', () => {
  const { truth, other } = chancesOf(3);
  const shares = [0.7, 0.3, 0];
  const counts = shares.map((share) => 1e6 * (share * truth + (1 - share) * other));
  for (const [nth, { raw, share, error }] of estimate(counts).entries()) {
    assert.ok(Math.abs(raw - (shares[nth] ?? 0)) < 1e-9);
    assert.ok(Math.abs(share - (shares[nth] ?? 0)) < 1e-9);
    assert.ok(error > 0 && error < 0.01);
  }
  assert.deepEqual(estimate([0, 0, 0]), []);
  assert.deepEqual(nearestShares([1.2, -0.1, -0.1]), [1, 0, 0]);
  const moved = nearestShares([0.6, 0.5, -0.1]);
  assert.ok(Math.abs(moved.reduce((sum, share) => sum + share, 0) - 1) < 1e-12 && moved.every((share) => share >= 0));
});
