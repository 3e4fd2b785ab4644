// The book on a disk that loses power: what a head promised is there afterwards, and every record is taken once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import { silentLog } from '#base/log/log.ts';
import { createLossyDisk, type LossyDisk } from '../../../test/fakes/lossy-disk.ts';
import type { BookKeys } from './bodies.ts';
import type { SignedHead } from './check/receipt.ts';
import { openBook, type Book } from './open-book.ts';
import { letterRecord, makeBookKeys, promiseRecord, scriptedSource, type Scripted } from './test-feed.ts';

const LOSSES = Number(process.env['SIEGEL_POWER_LOSSES'] ?? 150);

interface House {
  readonly keys: BookKeys;
  readonly clock: ReturnType<typeof manualClock>;
  readonly source: Scripted;
}

async function open(house: House, disk: LossyDisk): Promise<Book | string> {
  const opened = await openBook({ ...house, disk, directory: 'book', journal: 0, log: silentLog });
  return opened.ok ? opened.value : opened.error.kind;
}

/** Works until the power is gone; the heads that were given out before. */
async function workUntilDark(house: House, disk: LossyDisk): Promise<readonly SignedHead[]> {
  const heads: SignedHead[] = [];
  disk.failAfter(Math.floor(Math.random() * 60));
  const book = await open(house, disk).catch(() => 'dark');
  if (typeof book === 'string') return [];
  try {
    for (let round = 0; round < 12; round++) {
      for (let n = 0; n < 5; n++) house.source.add((seq) => letterRecord(seq, house.clock.nowMs()));
      house.source.add((seq) => promiseRecord(seq, house.clock.nowMs()));
      house.clock.advanceMs(25 * 60_000);
      await book.work();
      heads.push(book.newestHead());
    }
  } catch {
    // the power went
  }
  await book.close().catch(() => undefined);
  return heads;
}

async function isAllThere(house: House, book: Book, heads: readonly SignedHead[]): Promise<boolean> {
  house.clock.advanceMs(limits.book.batchOpenMs);
  await book.work();
  house.clock.advanceMs(limits.book.batchOpenMs);
  await book.work();
  if ((await book.verify()).length > 0) return false;
  const known = new Set((await book.headsFrom(0)).map(({ signature }) => signature));
  if (!heads.every(({ signature }) => known.has(signature))) return false;
  for (const letter of house.source.letters) if (!(await book.letterReceipt(letter)).ok) return false;
  for (const promised of house.source.promises) {
    const made = await book.promiseReceipt(promised);
    if (!made.ok || made.value.proof === undefined) return false;
  }
  return true;
}

async function loseAndLook(syncLies: boolean): Promise<boolean> {
  const house: House = { keys: makeBookKeys(), clock: manualClock(1_700_000_000_000), source: scriptedSource() };
  let disk = createLossyDisk({ random: Math.random, syncLies });
  const heads: SignedHead[] = [];
  for (let n = 0; n < 2; n++) {
    heads.push(...(await workUntilDark(house, disk)));
    disk = disk.restart();
  }
  const book = await open(house, disk);
  if (typeof book === 'string') return false;
  const isThere = await isAllThere(house, book, heads);
  await book.close();
  return isThere;
}

test(`after each of ${LOSSES} losses of power every head that was given out holds, and every record is taken once`, async () => {
  for (let n = 0; n < LOSSES; n++) assert.ok(await loseAndLook(false), `loss ${n}`);
});

test('a disk that is full for a while: what could not be written is taken again, once', async () => {
  for (let n = 0; n < 40; n++) {
    const house: House = { keys: makeBookKeys(), clock: manualClock(1_700_000_000_000), source: scriptedSource() };
    const full = { after: Number.POSITIVE_INFINITY };
    const disk = fillable(createLossyDisk({ random: Math.random }), full);
    const book = await open(house, disk);
    if (typeof book === 'string') throw new Error(book);
    full.after = n;
    for (let round = 0; round < 6; round++) {
      for (let k = 0; k < 5; k++) house.source.add((seq) => letterRecord(seq, house.clock.nowMs()));
      house.source.add((seq) => promiseRecord(seq, house.clock.nowMs()));
      house.clock.advanceMs(25 * 60_000);
      await book.work().catch(() => undefined);
    }
    full.after = Number.POSITIVE_INFINITY;
    assert.ok(await isAllThere(house, book, []), `${n}`);
    await book.close();
  }
});

/** After so many writes there is no room, in the middle of a write too. */
function fillable(disk: LossyDisk, full: { after: number }): LossyDisk {
  const wrap = async (opening: ReturnType<LossyDisk['open']>): ReturnType<LossyDisk['open']> => {
    const file = await opening;
    return {
      ...file,
      async write(parts, position) {
        full.after -= 1;
        if (full.after >= 0) return file.write(parts, position);
        const [first] = parts;
        if (first) await file.write([first.subarray(0, first.length / 2)], position);
        throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
      },
    };
  };
  return {
    ...disk,
    isDown: false,
    open: (path, mode) => wrap(disk.open(path, mode)),
    create: (path) => wrap(disk.create(path)),
  };
}

test('twin: on a disk that says "synced" and is not, the same test fails', async () => {
  let lost = 0;
  for (let n = 0; n < 20; n++) if (!(await loseAndLook(true).catch(() => false))) lost += 1;
  assert.ok(lost > 0);
});
