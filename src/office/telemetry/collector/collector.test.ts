// What the collector counts and what it refuses; that an answer means the disk; that a replay counts once. Real files, a clock moved by hand.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Question } from '../catalogue/question.ts';
import { questions } from '../catalogue/questions.ts';
import { SEALED_ANSWER_BYTES, SEALED_REPORT_BYTES, sealReport } from '../report/envelope.ts';
import type { SeenReports } from './seen-reports.ts';
import { createSeenReports } from './seen-reports.ts';
import { TALLY_FILE } from './tally-file.ts';
import { formatTally, parseTally } from './tally.ts';
import {
  answerTo,
  AUTHORITY,
  countOf,
  DAY_MS,
  KEY_ID,
  openTestCollector,
  resealed,
  strangersKey,
  type TestCollector,
} from './test-collector.ts';

const [users] = questions;
/** A filter that is switched off. */
const FORGETFUL: SeenReports = { note: () => 'new', forgetBefore: () => undefined, count: 0 };

async function onDisk(folder: string): Promise<string> {
  return readFile(join(folder, TALLY_FILE), 'utf8');
}

test('an answer is counted, a cover report is not, and both are answered alike once it is on the disk', async (t) => {
  const one = await openTestCollector(t);
  assert.equal(await one.send(answerTo(users, 2, one.today())), 204);
  assert.equal(await one.send({ kind: 'cover', day: one.today() }), 204);
  assert.equal(await one.send(answerTo(users, 2, one.today() - 1)), 204);
  assert.equal(await one.send(answerTo(users, 5, one.today() + 1)), 204);
  assert.equal(countOf(one.collector), 3);
  assert.equal(await onDisk(one.folder), formatTally(one.collector.tally));
  const [rows] = Object.values(one.collector.tally.quarters['2026-Q4'] ?? {});
  assert.deepEqual(rows, [0, 0, 2, 0, 0, 1]);
  const sealed = one.seal({ kind: 'cover', day: one.today() });
  const taken = await one.collector.take(sealed.bytes);
  assert.ok(typeof taken !== 'number' && taken.length === SEALED_ANSWER_BYTES);
});

test('what is not sealed to this key and this collector, to the byte, is refused and counts nothing', async (t) => {
  const one = await openTestCollector(t);
  await one.send(answerTo(users, 0, one.today()));
  const before = await onDisk(one.folder);
  const report = answerTo(users, 1, one.today());
  const good = one.seal(report).bytes;
  const flipped = Array.from(good, (byte, at) => good.with(at, byte ^ (1 << (at % 8))));
  const forged = [
    sealReport(report, { keyId: KEY_ID, publicKey: strangersKey() }, AUTHORITY).bytes,
    sealReport(report, { ...one.key, keyId: KEY_ID + 1 }, AUTHORITY).bytes,
    sealReport(report, one.key, 'other.test').bytes,
    good.subarray(1),
    good.subarray(0, -1),
    new Uint8Array(0),
    Uint8Array.from([...good, 0]),
    new Uint8Array(SEALED_REPORT_BYTES),
    ...flipped,
  ];
  for (const bytes of forged) assert.equal(await one.sendBytes(bytes), undefined);
  assert.equal(countOf(one.collector), 1);
  assert.equal(await onDisk(one.folder), before);
  // the twin: the same bytes, unharmed
  assert.equal(await one.sendBytes(good), 0);
  assert.equal(countOf(one.collector), 2);
});

test('thousands of random bodies, with and without a header that is ours, change nothing', async (t) => {
  const one = await openTestCollector(t);
  const header = one.seal({ kind: 'cover', day: one.today() }).bytes.subarray(0, 7);
  const random = fc.uint8Array({ maxLength: 2 * SEALED_REPORT_BYTES });
  const shaped = fc
    .uint8Array({ minLength: SEALED_REPORT_BYTES - 7, maxLength: SEALED_REPORT_BYTES - 7 })
    .map((rest) => Uint8Array.from([...header, ...rest]));
  await fc.assert(
    fc.asyncProperty(fc.oneof(random, shaped), async (bytes) => {
      assert.equal(await one.sendBytes(bytes), undefined);
    }),
    { numRuns: 3_000 },
  );
  assert.equal(countOf(one.collector), 0);
  assert.equal(await one.send(answerTo(users, 1, one.today())), 204, 'and it goes on');
});

const RETIRED: Question = { ...users, id: 'old', retire: '2026-Q3', since: '2026-Q1' };

test('another day, a question that is not asked, no answer to it: refused for the sender alone, and counts nothing', async (t) => {
  const one = await openTestCollector(t, { questions: [...questions, RETIRED] });
  const today = one.today();
  for (const day of [0, today - 8, today - 2, today + 2, today + 400, 0xffff_ffff]) {
    assert.equal(await one.send(answerTo(users, 1, day)), 410, `day ${day}`);
    assert.equal(await one.send({ kind: 'cover', day }), 410);
  }
  assert.equal(await one.send({ kind: 'answer', day: today, question: 'ab'.repeat(32), answer: 0 }), 400);
  assert.equal(await one.send(answerTo(RETIRED, 0, today)), 400);
  for (const question of questions) {
    const { length } = question.buckets;
    for (const answer of [length, length + 1, 255])
      assert.equal(await one.send(answerTo(question, answer, today)), 400);
    assert.equal(await one.send(answerTo(question, length - 1, today)), 204, 'the twin: its last answer');
  }
  assert.equal(countOf(one.collector), questions.length);
});

async function replay(one: TestCollector): Promise<readonly (number | undefined)[]> {
  const sealed = one.seal(answerTo(users, 1, one.today()));
  const other = sealReport(answerTo(users, 2, one.today()), one.key, AUTHORITY).plainBytes;
  const both = await Promise.all([one.sendBytes(sealed.bytes, sealed), one.sendBytes(sealed.bytes, sealed)]);
  one.clock.advanceMs(DAY_MS);
  return [
    ...both,
    await one.sendBytes(sealed.bytes, sealed),
    await one.sendBytes(resealed(sealed, other), sealed), // the same key, another report in it
  ];
}

test('the same report again, at once or a day later, and another one under the same key, count once', async (t) => {
  const one = await openTestCollector(t);
  assert.deepEqual(await replay(one), [204, 409, 409, 409]);
  assert.equal(countOf(one.collector), 1);
  // once more a day later its day is over
  one.clock.advanceMs(DAY_MS);
  assert.equal(await one.send(answerTo(users, 1, one.today() - 2)), 410);
});

test('the twin: without the filter they are counted again and again', async (t) => {
  const one = await openTestCollector(t, { seen: FORGETFUL });
  assert.deepEqual(await replay(one), [204, 204, 204, 204]);
  assert.equal(countOf(one.collector), 4);
});

test('a full filter refuses what is new rather than forget what it knows; the next days make room', async (t) => {
  const seen = createSeenReports(3);
  const one = await openTestCollector(t, { seen });
  const first = one.seal(answerTo(users, 0, one.today()));
  assert.equal(await one.sendBytes(first.bytes, first), 204);
  for (let nth = 0; nth < 2; nth++) assert.equal(await one.send(answerTo(users, 0, one.today())), 204);
  for (let nth = 0; nth < 5; nth++) assert.equal(await one.send(answerTo(users, 0, one.today())), 429);
  assert.equal(await one.sendBytes(first.bytes, first), 409, 'what was there is still known');
  assert.deepEqual([countOf(one.collector), seen.count], [3, 3]);
  one.clock.advanceMs(2 * DAY_MS);
  assert.equal(await one.send(answerTo(users, 0, one.today())), 204);
  assert.equal(seen.count, 1);
});

test('a clock that goes back does not open a day again whose reports were forgotten', async (t) => {
  const one = await openTestCollector(t);
  const sealed = one.seal(answerTo(users, 0, one.today()));
  assert.equal(await one.sendBytes(sealed.bytes, sealed), 204);
  one.clock.advanceMs(5 * DAY_MS);
  assert.equal(await one.send({ kind: 'cover', day: one.today() }), 204);
  one.clock.advanceMs(-5 * DAY_MS);
  assert.equal(await one.sendBytes(sealed.bytes, sealed), 410);
  assert.equal(countOf(one.collector), 1);
});

test('while the disk is waited for nobody is answered, neither taken, cover nor refused; then all at once', async (t) => {
  let write = Promise.withResolvers<void>();
  let writes = 0;
  const one = await openTestCollector(t, {
    wrapFile: (file) => ({
      ...file,
      async write(tally) {
        writes += 1;
        await write.promise;
        await file.write(tally);
      },
    }),
  });
  const answered: string[] = [];
  const send = (name: string, report: Parameters<typeof one.send>[0]): Promise<unknown> =>
    one.send(report).then(() => answered.push(name));
  const all = [
    send('first', answerTo(users, 0, one.today())),
    send('taken', answerTo(users, 0, one.today())),
    send('cover', { kind: 'cover', day: one.today() }),
    send('late', { kind: 'cover', day: one.today() - 9 }),
    send('unknown', { kind: 'answer', day: one.today(), question: '00'.repeat(32), answer: 0 }),
  ];
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(answered, []);
  write.resolve();
  write = { ...Promise.withResolvers<void>(), promise: Promise.resolve() };
  await Promise.all(all);
  assert.deepEqual(new Set(answered), new Set(['cover', 'first', 'late', 'taken', 'unknown']));
  assert.ok(writes <= 2, 'and many share one write');
});

test('what the disk does not take is not counted and said so; afterwards it goes on from what stands there', async (t) => {
  let isFull = false;
  const one = await openTestCollector(t, {
    wrapFile: (file) => ({
      ...file,
      write: (tally) => (isFull ? Promise.reject(new Error('no space')) : file.write(tally)),
    }),
  });
  assert.equal(await one.send(answerTo(users, 0, one.today())), 204);
  isFull = true;
  assert.equal(await one.send(answerTo(users, 0, one.today())), 503);
  assert.equal(await one.send({ kind: 'cover', day: one.today() }), 503, 'a cover report alike');
  isFull = false;
  assert.equal(await one.send(answerTo(users, 1, one.today())), 204);
  const [rows] = Object.values(one.collector.tally.quarters['2026-Q4'] ?? {});
  assert.deepEqual(rows, [1, 1, 0, 0, 0, 0]);
  assert.equal(await onDisk(one.folder), formatTally(one.collector.tally));
});

test('counters are read back as they were written, and nothing else is taken for them', async (t) => {
  const one = await openTestCollector(t);
  for (const [nth, question] of questions.entries()) await one.send(answerTo(question, nth % 2, one.today()));
  const text = await onDisk(one.folder);
  assert.deepEqual(parseTally(text), one.collector.tally);
  const again = await one.again();
  assert.deepEqual(again.collector.tally, one.collector.tally);
  for (let at = 0; at < text.length; at++) {
    const altered = parseTally(`${text.slice(0, at)}~${text.slice(at + 1)}`);
    assert.equal(altered, undefined, `character ${at}`);
    assert.equal(parseTally(text.slice(0, at)), undefined);
  }
  assert.equal(parseTally(text.replace(/\[\d/, '[-1')), undefined);
  assert.equal(parseTally(text.replace('"v":1', '"v":2')), undefined);
});
