// The controller: one letter is worked on once and returned once, nothing outlives its hour, and the ledger is even.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import { processorMs } from '../../../../test/processor-time.ts';
import type { Optimise } from '../contract.ts';
import { openTestRoom, reversed, reverseDocuments, testSigner } from '../door/dialogues/test-room.ts';
import { isReceiptGenuine, receiptHash, saltedHash, signReceipt } from '../report/receipt.ts';
import { createSlots } from './slots.ts';
import { answerMessageId, letterKey } from './letter-key.ts';
import type { HandOver, TransitLetter } from './transit-letter.ts';

const MARK = 'Aktenzeichen 4711';

function letter(change: Partial<TransitLetter> = {}): TransitLetter {
  return {
    sender: 'anna@sender.test',
    messageId: '1@sender.test',
    plainSubject: 'Klage',
    plainBody: Buffer.from('body'),
    files: [{ name: 'a.pdf', bytes: Buffer.from(MARK) }],
    profile: 'balanced',
    language: 'de',
    comesAgain: true,
    ...change,
  };
}

/** A workshop that waits until it is told to go on. */
function heldWorkshop(): { readonly optimise: Optimise; readonly release: () => void; readonly begun: () => number } {
  let begun = 0;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const optimise: Optimise = async (order, way) => {
    begun += 1;
    const aborted = new Promise<void>((resolve) =>
      way.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    await Promise.race([released, aborted]);
    way.signal.throwIfAborted();
    return reverseDocuments(order, way);
  };
  return { optimise, release: () => release(), begun: () => begun };
}

test('a letter is returned once, everything is erased, and the receipt says so', async () => {
  await using room = await openTestRoom();
  const answer = await room.controller.take(letter());
  assert.ok(answer.ok);
  assert.equal(room.answers.length, 1);
  assert.equal(room.objects.size, 0);
  const [receipt] = room.receipts;
  assert.ok(receipt);
  assert.equal(receipt.facts.job, answer.value.receipt);
  assert.equal(isReceiptGenuine(receipt), true);
  assert.ok(receipt.facts.objectsCreated > 0);
  assert.equal(receipt.facts.objectsCreated, receipt.facts.objectsErased);
  assert.equal(receipt.facts.isKeyDestroyed, true);
  assert.deepEqual(await room.controller.findReceipt(receipt.facts.job), receipt);
});

test('the same letter again is answered at once with the same receipt, and not returned again', async () => {
  await using room = await openTestRoom();
  const first = await room.controller.take(letter());
  const again = await room.controller.take(letter());
  assert.deepEqual(again, first);
  assert.equal(room.answers.length, 1);
  await room.controller.take(letter({ messageId: '2@sender.test' }));
  await room.controller.take(letter({ sender: 'ben@sender.test' }));
  await room.controller.take(letter({ plainBody: Buffer.from('other') }));
  await room.controller.take(letter({ profile: 'g4' }));
  assert.equal(room.answers.length, 5, 'each of these is another letter');
});

test('a letter that comes twice while it is at work is worked on once and returned once', async () => {
  const held = heldWorkshop();
  await using room = await openTestRoom({ optimise: held.optimise });
  const both = Promise.all([room.controller.take(letter()), room.controller.take(letter())]);
  await until(() => held.begun() > 0);
  held.release();
  const [one, two] = await both;
  assert.deepEqual(one, two);
  assert.ok(one.ok);
  assert.deepEqual([held.begun(), room.answers.length, room.receipts.length], [1, 1, 1]);
});

test('beyond the budget the sender hears 451; its retry is answered within a second', async () => {
  const held = heldWorkshop();
  await using room = await openTestRoom({ optimise: held.optimise, bounds: { budgetMs: 50 } });
  assert.deepEqual(await room.controller.take(letter()), { ok: false, error: { kind: 'overBudget' } });
  held.release();
  await until(() => room.working.size === 0);
  const startMs = processorMs();
  const retry = await room.controller.take(letter());
  assert.ok(retry.ok);
  assert.ok(processorMs() - startMs < 1_000);
  assert.deepEqual([held.begun(), room.answers.length], [1, 1], 'no work for it');
});

test('a mail program is not kept waiting for the next try: its work is stopped and erased', async () => {
  const held = heldWorkshop();
  await using room = await openTestRoom({ optimise: held.optimise, bounds: { submissionBudgetMs: 50 } });
  const answer = await room.controller.take(letter({ comesAgain: false }));
  assert.deepEqual(answer, { ok: false, error: { kind: 'tooLongForProgram' } });
  assert.equal(room.objects.size, 0);
  assert.equal(room.receipts[0]?.facts.returnedMs, undefined);
});

test('a result that nobody could take waits for the retry; a refused one is erased with a receipt', async () => {
  let how: HandOver = 'later';
  await using room = await openTestRoom({ deliver: async () => how });
  assert.deepEqual(await room.controller.take(letter()), { ok: false, error: { kind: 'outboundLater' } });
  assert.ok(room.objects.size > 0);
  how = 'taken';
  assert.ok((await room.controller.take(letter())).ok);
  assert.equal(room.objects.size, 0);
  how = 'refused';
  const refused = await room.controller.take(letter({ messageId: '2@sender.test' }));
  assert.deepEqual(refused, { ok: false, error: { kind: 'outboundRefused' } });
  assert.equal(room.objects.size, 0);
  assert.equal(room.receipts.at(-1)?.facts.returnedMs, undefined);
});

test('a hand-over that takes too long is 451, and when it was taken after all the retry is told so', async () => {
  let taken: (how: HandOver) => void = () => undefined;
  const waiting = new Promise<HandOver>((resolve) => (taken = resolve));
  await using room = await openTestRoom({ deliver: () => waiting, bounds: { handOverWaitMs: 50 } });
  assert.deepEqual(await room.controller.take(letter()), { ok: false, error: { kind: 'outboundLater' } });
  taken('taken');
  assert.ok((await room.controller.take(letter())).ok);
  assert.equal(room.answers.length, 1);
});

test('a letter that broke its job twice goes back untouched the third time, under another name', async () => {
  let tries = 0;
  const optimise: Optimise = () => {
    tries += 1;
    return Promise.reject(new Error('broken'));
  };
  await using room = await openTestRoom({ optimise });
  assert.deepEqual(await room.controller.take(letter()), { ok: false, error: { kind: 'crashed' } });
  assert.deepEqual(await room.controller.take(letter()), { ok: false, error: { kind: 'crashed' } });
  assert.equal(room.objects.size, 0);
  assert.ok((await room.controller.take(letter())).ok);
  assert.equal(tries, 2);
  const plain = room.answers[0]?.plainText ?? '';
  assert.ok(plain.includes(Buffer.from(MARK).toString('base64')), 'as it came');
  assert.match(plain, /zweimal abgebrochen/);
});

test('letters that were at work when the process died of itself are counted by whoever saw it', async () => {
  const key = new Uint8Array(32).fill(7);
  const one = letter();
  const crashes = new Map([[letterKey(key, one), limits.transit.crashesMax]]);
  await using room = await openTestRoom({ crashes, key });
  assert.ok((await room.controller.take(one)).ok);
  assert.match(room.answers[0]?.plainText ?? '', /zweimal abgebrochen/);
  assert.ok((await room.controller.take(letter({ messageId: 'x@sender.test' }))).ok);
  assert.doesNotMatch(room.answers[1]?.plainText ?? '', /zweimal abgebrochen/);
});

test('a result that nobody comes for is gone within the hour, with a receipt and without an alarm', async () => {
  const clock = manualClock(1_000_000);
  await using room = await openTestRoom({ clock, deliver: async () => 'later' });
  await room.controller.take(letter());
  assert.ok(room.objects.size > 0);
  clock.advanceMs(3_000_000);
  await room.controller.sweep();
  assert.ok(room.objects.size > 0);
  clock.advanceMs(600_000 - limits.transit.sweepMs);
  await room.controller.sweep();
  assert.equal(room.objects.size, 0);
  assert.equal((await room.controller.counters()).alarms, 0);
  assert.equal(room.receipts.length, 1);
});

/** How long the objects of a letter lie there whose deletion the controller forgets; the sweeps come `phaseMs` after it, and every 5 s. */
async function longestStayMs(phaseMs: number, sweeps: boolean): Promise<{ stayMs: number; alarms: number }> {
  const { dwellMs, sweepMs } = limits.transit;
  const clock = manualClock(0);
  await using room = await openTestRoom({ clock, bounds: { dwellMs: 100 * dwellMs }, deliver: async () => 'later' });
  await room.controller.take(letter());
  assert.ok(room.objects.size > 0);
  clock.advanceMs(phaseMs);
  while (room.objects.size > 0 && clock.monotonicMs() < 2 * dwellMs) {
    if (sweeps) await room.controller.sweep();
    if (room.objects.size > 0) clock.advanceMs(sweepMs);
  }
  return { stayMs: clock.monotonicMs(), alarms: (await room.controller.counters()).alarms };
}

test('what the controller forgot to delete is gone at 3,600 s, whenever the sweep comes, and raises an alarm', async () => {
  for (const phaseMs of [0, 1, 2_499, 4_999]) {
    const { stayMs, alarms } = await longestStayMs(phaseMs, true);
    assert.ok(stayMs <= 3_600_000, `${stayMs} ms`);
    assert.ok(stayMs > 3_500_000, 'the result waits for its sender as long as it may');
    assert.ok(alarms > 0);
  }
  assert.ok((await longestStayMs(0, false)).stayMs > 3_600_000, 'without the store’s sweep it stays');
});

test('the memory bound refuses a letter, erases what was begun, and takes the next that fits', async () => {
  await using room = await openTestRoom({ storeBytes: 10_000 });
  const large = letter({ files: [{ name: 'a.pdf', bytes: new Uint8Array(20_000) }] });
  assert.deepEqual(await room.controller.take(large), { ok: false, error: { kind: 'noRoom' } });
  assert.equal(room.objects.size, 0);
  assert.equal(await room.controller.hasRoomFor(6_000), false);
  assert.equal(await room.controller.hasRoomFor(4_000), true);
  assert.ok((await room.controller.take(letter())).ok);
});

test('so many jobs at once, so many in the queue, and no more', async () => {
  const held = heldWorkshop();
  await using room = await openTestRoom({ optimise: held.optimise, bounds: { jobsMax: 2, jobsQueuedMax: 1 } });
  const takes = [1, 2, 3].map((at) => room.controller.take(letter({ messageId: `${at}@sender.test` })));
  await until(() => held.begun() === 2);
  assert.equal((await room.controller.counters()).waiting, 1);
  const fourth = await room.controller.take(letter({ messageId: '4@sender.test' }));
  assert.deepEqual(fourth, { ok: false, error: { kind: 'noRoom' } });
  held.release();
  assert.ok((await Promise.all(takes)).every(({ ok }) => ok));
  assert.equal(held.begun(), 3);
});

test('a slot given back twice is one slot', async () => {
  const slots = createSlots(1, 5);
  const free = await slots.take();
  free?.();
  free?.();
  assert.equal(slots.taken, 0);
});

test('the store never holds what a letter says: neither before nor after the work', async () => {
  const held = heldWorkshop();
  await using room = await openTestRoom({ optimise: held.optimise, deliver: async () => 'later' });
  const sees = (text: string): boolean =>
    [...room.objects.values()].some(({ sealed }) => Buffer.from(sealed).includes(text));
  const taking = room.controller.take(letter());
  await until(() => held.begun() > 0);
  assert.ok(room.objects.size > 0);
  assert.equal(sees(MARK), false);
  held.release();
  await taking;
  assert.ok(room.objects.size > 0);
  assert.equal(sees(Array.from(MARK).toReversed().join('')), false);
});

test('same letter and same key: same Message-ID and the same files, after a restart too; another key tells nothing', async () => {
  const parts: string[][] = [];
  for (const fill of [7, 7, 8]) {
    await using room = await openTestRoom({ key: new Uint8Array(32).fill(fill) });
    await room.controller.take(letter());
    const text = room.answers[0]?.plainText ?? '';
    parts.push([
      room.answers[0]?.messageId ?? '',
      /filename=a\.pdf[^]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)\r\n--/.exec(text)?.[1] ?? '',
    ]);
  }
  assert.deepEqual(parts[0], parts[1]);
  assert.ok((parts[0]?.[1] ?? '').length > 5);
  assert.notEqual(parts[0]?.[0], parts[2]?.[0]);
  const key = new Uint8Array(32);
  const id = (isUntouched: boolean): string => answerMessageId(key, 'x', { isUntouched, domain: 'd.test' });
  assert.notEqual(id(true), id(false));
});

test('salts stand in the letter only, and tie its files to the receipt', async () => {
  await using room = await openTestRoom();
  await room.controller.take(letter());
  const plain = room.answers[0]?.plainText ?? '';
  const [receipt] = room.receipts;
  assert.ok(receipt);
  const salt = /Salz: ([0-9a-f]{32})/.exec(plain)?.[1] ?? '';
  const before = /SHA-256 vorher: ([0-9a-f]{64})/.exec(plain.replaceAll('=\r\n', ''))?.[1] ?? '';
  const after = /SHA-256 jetzt: ([0-9a-f]{64})/.exec(plain.replaceAll('=\r\n', ''))?.[1] ?? '';
  assert.deepEqual(receipt.facts.saltedHashes, [saltedHash(salt, before, after)]);
  assert.equal(JSON.stringify(receipt).includes(salt), false);
  assert.equal(JSON.stringify(receipt).includes(before), false);
});

test('a receipt that was altered is not genuine', () => {
  const signer = testSigner();
  const facts = {
    kind: 'siegel transit deletion receipt',
    version: 1,
    job: 'a',
    receivedMs: 1,
    returnedMs: 2,
    erasedMs: 3,
    saltedHashes: [],
    objectsCreated: 2,
    objectsErased: 1,
    isKeyDestroyed: true,
    selfCheck: '',
    accepted: [],
  } as const;
  const receipt = signReceipt(facts, signer);
  assert.equal(isReceiptGenuine(receipt), true);
  const mended = { ...receipt, facts: { ...facts, objectsErased: 2 } };
  assert.equal(isReceiptGenuine(mended), false);
  assert.equal(isReceiptGenuine({ ...receipt, key: Buffer.from(testSigner().publicKey).toString('base64url') }), false);
  assert.notEqual(receiptHash(receipt), receiptHash(mended));
});

test('a book that cannot be reached is told of the receipt later; the sender’s answer does not wait for it', async () => {
  let isOpen = false;
  const record = (): Promise<void> => (isOpen ? Promise.resolve() : Promise.reject(new Error('closed')));
  await using room = await openTestRoom({ record });
  assert.ok((await room.controller.take(letter())).ok);
  assert.equal(room.receipts.length, 0);
  isOpen = true;
  await room.controller.sweep();
  assert.equal(room.receipts.length, 1);
  await room.controller.sweep();
  assert.equal(room.receipts.length, 1);
});

test('the page’s work is handed over with its receipt, and nothing of it stays', async () => {
  const before = Buffer.from('before');
  const optimise: Optimise = async (order) => ({
    ...reversed(order),
    ...(order.wantsPreviews === true && { previews: [{ report: 0, before, after: before }] }),
  });
  await using room = await openTestRoom({ optimise });
  const done = await room.controller.optimise(
    { files: [{ name: 'a.pdf', bytes: Buffer.from(MARK) }], profile: 'balanced', wantsPreviews: true },
    { signal: new AbortController().signal, onProgress: () => undefined },
  );
  assert.ok(done.ok);
  assert.equal(Buffer.from(done.value.result.files[0]?.bytes ?? []).toString(), Array.from(MARK).toReversed().join(''));
  assert.equal(Buffer.from(done.value.result.previews?.[0]?.before ?? []).toString(), 'before');
  assert.equal(isReceiptGenuine(done.value.receipt), true);
  assert.equal(done.value.salts.length, 1);
  assert.equal(room.objects.size, 0);
  assert.equal((await room.controller.counters()).oldestMs, 0);
});

test('a page that is closed stops its work, and everything is erased', async () => {
  const held = heldWorkshop();
  await using room = await openTestRoom({ optimise: held.optimise });
  const leaving = new AbortController();
  const done = room.controller.optimise(
    { files: [{ name: 'a.pdf', bytes: Buffer.from(MARK) }], profile: 'balanced' },
    { signal: leaving.signal, onProgress: () => undefined },
  );
  await until(() => held.begun() > 0);
  leaving.abort();
  assert.deepEqual(await done, { ok: false, error: { kind: 'crashed' } });
  assert.equal(room.objects.size, 0);
});

test('a room that closes erases what waits', async () => {
  const room = await openTestRoom({ deliver: async () => 'later' });
  await room.controller.take(letter());
  assert.ok(room.objects.size > 0);
  await room[Symbol.asyncDispose]();
  assert.equal(room.objects.size, 0);
  assert.deepEqual(await room.controller.take(letter()), { ok: false, error: { kind: 'closed' } });
});

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 6_000 && !isSo(); tries++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(isSo());
}
