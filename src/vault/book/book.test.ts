// The book on real files, fed by a real journal: what goes in is proven, what is changed is found, what was taken is taken once.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { after, test } from 'node:test';
import { manualClock, systemClock, type Clock } from '#base/clock.ts';
import { newId, type LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { silentLog } from '#base/log/log.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import { nodeDisk } from '../journal/disk.ts';
import type { BookKeys, Promised } from './bodies.ts';
import { areHeadsConsistent, checkReceipt } from './check/check-receipt.ts';
import { formatReceiptFile, parseReceiptFile, type ReceiptFile } from './check/receipt.ts';
import type { Hash } from './merkle.ts';
import { openBook, type Book } from './open-book.ts';
import { letterRecord, makeBookKeys, promiseRecord, scriptedSource, type Scripted } from './test-feed.ts';

const HOUR = 3_600_000;
const folders: string[] = [];
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-book-'));
  folders.push(folder);
  return folder;
}

interface House {
  readonly directory: string;
  readonly keys: BookKeys;
  readonly clock: ReturnType<typeof manualClock>;
  readonly source: Scripted;
}

async function newHouse(): Promise<House> {
  return {
    directory: await newFolder(),
    keys: makeBookKeys(),
    clock: manualClock(1_700_000_000_000),
    source: scriptedSource(),
  };
}

async function mustOpen(house: Omit<House, 'clock'> & { readonly clock: Clock }): Promise<Book> {
  const opened = await openBook({ ...house, disk: nodeDisk, journal: 0, log: silentLog });
  if (!opened.ok) throw new Error(opened.error.kind);
  return opened.value;
}

/** Letters and promises, one after the other; their facts. */
function addRecords(house: House, count: number, promiseEvery = 10): void {
  for (let n = 0; n < count; n++) {
    const isPromise = n % promiseEvery === promiseEvery - 1;
    house.source.add((seq) =>
      isPromise ? promiseRecord(seq, house.clock.nowMs()) : letterRecord(seq, house.clock.nowMs()),
    );
  }
}

function must(result: { ok: true; value: ReceiptFile } | { ok: false; error: { kind: string } }): ReceiptFile {
  if (!result.ok) throw new Error(result.error.kind);
  return result.value;
}

function bytesOf(file: ReceiptFile): Uint8Array {
  return new TextEncoder().encode(formatReceiptFile(file));
}

async function check(book: Book, file: ReceiptFile): Promise<string> {
  const checked = await checkReceipt(bytesOf(file), { knownKey: book.key });
  return checked.ok ? checked.value.standing : checked.error.kind;
}

test('every letter and every promise has a receipt that leads into the book, also after closing and opening again', async () => {
  const house = await newHouse();
  let book = await mustOpen(house);
  addRecords(house, 100);
  await book.work();
  const [first] = house.source.letters;
  assert.ok(first);
  const early = await book.letterReceipt(first);
  assert.deepEqual(early, { ok: false, error: { kind: 'waiting', closesMs: house.clock.nowMs() + HOUR } });
  await book.close();
  book = await mustOpen(house);
  house.clock.advanceMs(HOUR);
  addRecords(house, 7);
  await book.work();
  for (const letter of house.source.letters) {
    assert.equal(await check(book, must(await book.letterReceipt(letter))), 'in-book');
  }
  for (const promised of house.source.promises) {
    assert.equal(await check(book, must(await book.promiseReceipt(promised))), 'in-book');
  }
  assert.deepEqual(await book.verify(), []);
  await book.close();
});

test('a batch closes at 4,096 letters, whatever the hour', async () => {
  const house = await newHouse();
  const book = await mustOpen(house);
  addRecords(house, limits.book.lettersInBatchMax + 1, 1e9);
  await book.work();
  const { letters } = house.source;
  const file = must(await book.letterReceipt(letters[limits.book.lettersInBatchMax - 1] ?? fail()));
  assert.equal(file.batch?.size, limits.book.lettersInBatchMax);
  assert.equal((await book.letterReceipt(letters.at(-1) ?? fail())).ok, false);
  await book.close();
});

test('a book that is far behind leaves half of the thread to the letters that arrive', async () => {
  const house = await newHouse();
  addRecords(house, 30_000, 1e9);
  const book = await mustOpen({ ...house, clock: systemClock });
  const before = performance.eventLoopUtilization();
  await book.work();
  const { utilization } = performance.eventLoopUtilization(before);
  const { letters } = book.counts();
  await book.close();
  assert.ok(utilization < 0.7, `${utilization} of the time`);
  assert.equal(letters, 30_000 - (30_000 % limits.book.lettersInBatchMax));
});

test('a book that is closed while it is far behind ends soon, and goes on where it was', async () => {
  const house = await newHouse();
  addRecords(house, 30_000, 1e9);
  let book = await mustOpen({ ...house, clock: systemClock });
  const worked = book.work();
  while (book.counts().letters === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await book.close();
  await worked;
  const taken = book.counts().letters;
  assert.ok(taken > 0 && taken < 20_000, `${taken} letters`);
  book = await mustOpen(house);
  await book.work();
  house.clock.advanceMs(HOUR);
  await book.work();
  assert.equal(book.counts().letters, 30_000);
  assert.deepEqual(await book.verify(), []);
  await book.close();
});

test('a head is signed every hour, also when nothing happened, and all of them are of one book', async () => {
  const house = await newHouse();
  const book = await mustOpen(house);
  for (let hour = 0; hour < 30; hour++) {
    if (hour % 3 === 0) addRecords(house, 20);
    house.clock.advanceMs(HOUR);
    await book.work();
  }
  const heads = await book.headsFrom(0);
  assert.equal(heads.length, 31);
  const [old, now] = [heads[4] ?? fail(), heads.at(-1) ?? fail()];
  assert.ok(old.size > 0 && old.size < now.size);
  const proof = await book.consistency(old.size, now.size);
  assert.ok(proof.ok);
  const path = proof.value.path.map((text): Hash => fromBase64(text) ?? fail());
  assert.ok(areHeadsConsistent(old, now, path).ok);
  assert.equal(areHeadsConsistent(old, now, path.toReversed()).ok, false);
  assert.equal((await book.headsFrom((heads[10] ?? fail()).timeMs)).length, 21);
  assert.equal((await book.consistency(now.size, now.size + 1)).ok, false);
  await book.close();
});

test('a letter that is not what it was when it was sealed gets no receipt', async () => {
  const house = await newHouse();
  const book = await mustOpen(house);
  addRecords(house, 3);
  await book.work();
  house.clock.advanceMs(HOUR);
  await book.work();
  const [letter] = house.source.letters;
  assert.ok(letter);
  const altered = { ...letter, packetDigest: randomBytes(32) };
  assert.deepEqual(await book.letterReceipt(altered), { ok: false, error: { kind: 'altered' } });
  const other = { ...letter, letterId: newId<LetterId>() };
  assert.deepEqual(await book.letterReceipt(other), { ok: false, error: { kind: 'altered' } });
  const [promised] = [...house.source.promises, { ...letter, kind: 'x-y', timeMs: 1, facts: {}, nth: 4 }];
  assert.equal(await check(book, must(await book.promiseReceipt(promised ?? fail()))), 'signed');
  await book.close();
});

test('records that were offered, voided, or missed while the database was away: each is taken once, in order', async () => {
  const house = await newHouse();
  const book = await mustOpen(house);
  addRecords(house, 50);
  house.source.void(12);
  house.source.apply(20);
  book.offer(house.source.records(1, 11));
  book.offer(house.source.records(13, 20));
  await book.work();
  // 21 to 30 were applied while nobody listened
  house.source.apply(40);
  book.offer(house.source.records(31, 40));
  book.offer(house.source.records(15, 25)); // applied again after the database fell back
  await book.work();
  house.source.apply(50);
  house.clock.advanceMs(HOUR);
  await book.work();
  assert.deepEqual(await book.verify(), []);
  const found: number[] = [];
  for (const letter of house.source.letters) {
    const receipt = await book.letterReceipt(letter);
    if (receipt.ok) found.push(letter.seq);
  }
  assert.deepEqual(
    found,
    house.source.letters.map(({ seq }) => seq).filter((seq) => seq !== 12),
  );
  await book.close();
});

test('any bit of a receipt file changed: it is refused, or says the same', async () => {
  const house = await newHouse();
  const book = await mustOpen(house);
  addRecords(house, 20);
  await book.work();
  house.clock.advanceMs(HOUR);
  await book.work();
  const letter = must(await book.letterReceipt(house.source.letters[3] ?? fail()));
  const promise = must(await book.promiseReceipt(house.source.promises[0] ?? fail()));
  for (const file of [letter, promise]) {
    const good = bytesOf(file);
    const parsed = parseReceiptFile(good);
    for (let bit = 0; bit < good.length * 8; bit++) {
      const bad = Uint8Array.from(good);
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const checked = await checkReceipt(bad, { knownKey: book.key });
      if (checked.ok) assert.deepEqual(parseReceiptFile(bad), parsed, `bit ${bit}`);
    }
  }
  await book.close();
});

function fail(): never {
  throw new Error('missing in the test');
}

/** A copy of the book with one of its files changed: what opening and reading it says. */
async function mutate(house: House, name: string, change: (bytes: Buffer) => Buffer): Promise<readonly unknown[]> {
  const directory = await newFolder();
  await cp(house.directory, directory, { recursive: true });
  await writeFile(join(directory, name), change(await readFile(join(directory, name))));
  const opened = await openBook({ ...house, directory, disk: nodeDisk, journal: 0, log: silentLog });
  if (!opened.ok) return [opened.error.kind];
  const findings = await opened.value.verify();
  await opened.value.close();
  return findings;
}

test('any entry changed, removed or put elsewhere is found, in whichever file', async () => {
  const house = await newHouse();
  let book = await mustOpen(house);
  for (let hour = 0; hour < 12; hour++) {
    addRecords(house, 30);
    house.clock.advanceMs(HOUR);
    await book.work();
  }
  await book.close();
  const sizes: Readonly<Record<string, number>> = { entries: 24, letters: 44, batches: 64, level: 32 };
  let tried = 0;
  const names = (await readdir(house.directory)).filter((name) => name !== 'heads' && name !== 'checkpoint');
  for (const name of names) {
    const record = sizes[name.split('-')[0] ?? ''] ?? fail();
    const count = (await readFile(join(house.directory, name))).length / record;
    for (let at = 0; at < count; at += Math.max(1, Math.floor(count / 9))) {
      const changes: ((bytes: Buffer) => Buffer)[] = [
        (bytes) => {
          bytes[at * record + 7] = (bytes[at * record + 7] ?? 0) ^ 1;
          return bytes;
        },
        (bytes) => Buffer.concat([bytes.subarray(0, at * record), bytes.subarray((at + 1) * record)]),
      ];
      if (at + 1 < count)
        changes.push((bytes) => {
          const one = Buffer.from(bytes.subarray(at * record, (at + 1) * record));
          bytes.copy(bytes, at * record, (at + 1) * record, (at + 2) * record);
          one.copy(bytes, (at + 1) * record);
          return bytes;
        });
      for (const change of changes) {
        // higher levels are made anew when the root does not fit: then nothing is wrong any more
        const found = await mutate(house, name, change);
        const isMended = name.startsWith('level-') && name !== 'level-00' && found.length === 0;
        assert.ok(found.length > 0 || isMended, `${name} ${at}`);
        tried += 1;
      }
    }
  }
  assert.ok(tried > 100, `${tried}`);
  book = await mustOpen(house);
  assert.deepEqual(await book.verify(), []);
  await book.close();
});

test('heads that were changed, and a book that is shorter than a head or the checkpoint says, are found', async () => {
  const house = await newHouse();
  const book = await mustOpen(house);
  for (let hour = 0; hour < 5; hour++) {
    addRecords(house, 30);
    house.clock.advanceMs(HOUR);
    await book.work();
  }
  await book.close();
  assert.deepEqual(await mutate(house, 'heads', (bytes) => bytes), []);
  const swap = (bytes: Buffer): Buffer => {
    const lines = bytes.toString().trim().split('\n');
    return Buffer.from([...lines.slice(2, 3), ...lines.slice(0, 2), ...lines.slice(3)].join('\n').concat('\n'));
  };
  assert.ok((await mutate(house, 'heads', swap)).length > 0);
  const retime = (bytes: Buffer): Buffer =>
    Buffer.from(bytes.toString().replace(/"timeMs":17000036/, '"timeMs":17000037'));
  assert.ok((await mutate(house, 'heads', retime)).length > 0);
  assert.deepEqual(await mutate(house, 'checkpoint', (bytes) => Buffer.alloc(bytes.length)), ['bookDamaged']);
  assert.deepEqual(await mutate(house, 'level-00', (bytes) => bytes.subarray(32)), ['bookDamaged']);
});

test('a head torn by a crash stays where it is and is passed over', async () => {
  const house = await newHouse();
  let book = await mustOpen(house);
  await book.close();
  const path = join(house.directory, 'heads');
  const before = await readFile(path);
  await writeFile(path, Buffer.concat([before, Buffer.from('{"house":"torn')]));
  book = await mustOpen(house);
  house.clock.advanceMs(HOUR);
  await book.work();
  await book.close();
  const after = await readFile(path);
  assert.deepEqual(after.subarray(0, before.length + 14), Buffer.concat([before, Buffer.from('{"house":"torn')]));
  book = await mustOpen(house);
  assert.equal((await book.headsFrom(0)).length, 2);
  assert.deepEqual(await book.verify(), []);
  await book.close();
});

test('promises are signed at once and lie in the book as soon as they are asked for', async () => {
  const house = await newHouse();
  const book = await mustOpen(house);
  addRecords(house, 1, 1);
  const promised: Promised = house.source.promises[0] ?? fail();
  assert.equal(await check(book, book.signedReceipt(promised)), 'signed');
  const reached = book.settled(promised.seq);
  await book.work();
  await reached;
  assert.equal(await check(book, must(await book.promiseReceipt(promised))), 'in-book');
  await book.close();
});
