// The live store: what was acknowledged is there after any loss of power, what is over never comes back, and its key is gone.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { idToBytes, newId, type AccountId, type SubmissionId } from '#base/ids.ts';
import { nodeDisk, type Disk } from '../journal/disk.ts';
import { createLossyDisk, type LossyDisk } from '../../../test/fakes/lossy-disk.ts';
import { LiveStore } from './live-store.ts';

const DAY_MS = 86_400_000;
const accountId = newId<AccountId>();

function open(disk: Disk, directory: string, more: { nowMs?: number; segmentBytes?: number } = {}): Promise<LiveStore> {
  const { nowMs = 1_800_000_000_000, segmentBytes } = more;
  const clock = manualClock(nowMs);
  return LiveStore.open({ disk, directory, clock, onFault: () => {}, ...(segmentBytes ? { segmentBytes } : {}) });
}

async function put(store: LiveStore, text: string): Promise<SubmissionId | undefined> {
  const id = newId<SubmissionId>();
  const plainParts = [Buffer.from(`to:${text}|`), Buffer.from(text.repeat(20))];
  const done = await store.put({ id, accountId, dueMs: 5, recipients: 2, plainParts, journalSeq: 7 });
  if (!done.ok) return undefined;
  store.confirm(id, 8);
  return id;
}

async function inFolder(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'sgl-live-'));
  try {
    await work(join(directory, 'live'));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function everything(directory: string): Promise<Buffer> {
  const names = await readdir(directory);
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(directory, name)))));
}

test('a letter that waits is there after a stop, with what its peers answered', () =>
  inFolder(async (directory) => {
    const store = await open(nodeDisk, directory);
    const id = await put(store, 'anna');
    assert.ok(id);
    await store.note(id, Buffer.from('first'));
    await store.note(id, Buffer.from('second'));
    store.postpone(id, 99, 3);
    await store[Symbol.asyncDispose]();
    await using again = await open(nodeDisk, directory);
    assert.equal((await again.read(id))?.toString(), `to:anna|${'anna'.repeat(20)}`);
    assert.deepEqual((await again.notes(id)).map(String), ['first', 'second']);
    const { dueMs, attempts, state, recipients } = again.find(id) ?? {};
    assert.deepEqual(
      { dueMs, attempts, state, recipients },
      { dueMs: 99, attempts: 3, state: 'queued', recipients: 2 },
    );
    assert.equal(again.highestJournalSeq, 8);
  }));

test('nothing of a letter can be read from the files, and when it is over its key is gone', () =>
  inFolder(async (directory) => {
    const store = await open(nodeDisk, directory);
    const id = await put(store, 'berta');
    assert.ok(id);
    assert.equal((await everything(directory)).includes('berta'), false);
    const key = Buffer.from(store.find(id)?.key ?? []);
    assert.equal((await everything(directory)).includes(key), true, 'while it waits the key is there');
    await store.end(id, 'delivered', 2, 9);
    assert.equal((await everything(directory)).includes(key), false);
    assert.equal(await store.read(id), undefined);
    await store[Symbol.asyncDispose]();
    await using again = await open(nodeDisk, directory);
    assert.equal(again.find(id), undefined);
    assert.deepEqual(await readdir(directory), ['slots'], 'the bytes are dropped too');
    assert.equal((await again.findEnded(new Set([id]))).get(id)?.state, 'delivered');
  }));

test('a slot remembers for 31 days what became of its letter, and may then be given anew', () =>
  inFolder(async (directory) => {
    const nowMs = 1_800_000_000_000;
    const first = await open(nodeDisk, directory, { nowMs });
    const id = await put(first, 'clara');
    assert.ok(id);
    await first.end(id, 'failed', 0, 9);
    await first[Symbol.asyncDispose]();
    const ids = new Set([id]);
    const later = await open(nodeDisk, directory, { nowMs: nowMs + 30 * DAY_MS });
    await put(later, 'dora');
    assert.equal((await later.findEnded(ids)).size, 1);
    await later[Symbol.asyncDispose]();
    const last = await open(nodeDisk, directory, { nowMs: nowMs + 31 * DAY_MS });
    await put(last, 'emma');
    assert.equal((await last.findEnded(ids)).size, 0);
    await last[Symbol.asyncDispose]();
  }));

test('after 31 days the memory of a letter is wiped while the store runs; whose it was stands nowhere', () =>
  inFolder(async (directory) => {
    const clock = manualClock(1_800_000_000_000);
    await using store = await LiveStore.open({ disk: nodeDisk, directory, clock, onFault: () => {} });
    const id = await put(store, 'anna');
    assert.ok(id);
    await store.end(id, 'delivered', 2, 9);
    const account = Buffer.from(idToBytes(accountId));
    clock.advanceMs(31 * DAY_MS - 1);
    assert.equal(await store.memory.forget(clock.nowMs()), 0);
    assert.ok((await everything(directory)).includes(account));
    assert.deepEqual(await store.memory.remembered(), [{ name: id, sinceMs: 1_800_000_000_000 }]);
    clock.advanceMs(1);
    assert.equal(await store.memory.forget(clock.nowMs()), 1);
    assert.ok(!(await everything(directory)).includes(account));
    assert.deepEqual(await store.memory.remembered(), []);
    const next = await put(store, 'bruno');
    assert.ok(next);
    assert.equal(store.find(next)?.index, 0, 'its place is free');
  }));

test('what little still waits in an old segment moves on, so that one slow letter keeps no others on the disk', () =>
  inFolder(async (directory) => {
    const store = await open(nodeDisk, directory, { segmentBytes: 4_000 });
    const slow = await put(store, 'slow');
    assert.ok(slow);
    await store.note(slow, Buffer.from('not now'));
    for (let count = 0; count < 200; count += 1) {
      const id = await put(store, `quick ${count}`);
      assert.ok(id);
      await store.end(id, 'delivered', 2, 9);
    }
    const files = (await readdir(directory)).filter((name) => name.startsWith('letters-'));
    assert.ok(files.length <= 3, `${files.length} segments`);
    assert.match(String(await store.read(slow)), /^to:slow/);
    await store[Symbol.asyncDispose]();
    await using again = await open(nodeDisk, directory);
    assert.match(String(await again.read(slow)), /^to:slow/);
    assert.deepEqual((await again.notes(slow)).map(String), ['not now']);
  }));

test('thousands of letters put at once each keep their slot', () =>
  inFolder(async (directory) => {
    const store = await open(nodeDisk, directory);
    const ids = await Promise.all(Array.from({ length: 3_000 }, (_, at) => put(store, `crowd ${at}`)));
    await store[Symbol.asyncDispose]();
    await using again = await open(nodeDisk, directory);
    assert.equal(again.letters().length, 3_000);
    assert.ok(ids.every((id) => id !== undefined && again.find(id)?.state === 'queued'));
  }));

test('a letter can be read at any moment, also while files are begun, moved on and dropped', () =>
  inFolder(async (directory) => {
    await using store = await open(nodeDisk, directory, { segmentBytes: 4_000 });
    const worker = async (name: number): Promise<void> => {
      for (let step = 0; step < 50; step += 1) {
        const id = await put(store, `worker ${name} ${step}`);
        assert.ok(id);
        if (step % 3 === 0) await store.note(id, Buffer.from('later'));
        assert.match(String(await store.read(id)), new RegExp(`^to:worker ${name} ${step}\\|`));
        if (step % 3 === 0) assert.equal((await store.notes(id)).length, 1);
        if (step % 10 !== 0) await store.end(id, 'delivered', 2, 9);
      }
    };
    const run = { isBusy: true };
    const reader = async (): Promise<void> => {
      while (run.isBusy) {
        const all = store.letters().filter(({ state, place }) => state === 'queued' && place.segment > 0);
        const waiting = all.slice(-30);
        await Promise.all(
          waiting.map(async ({ id }) => {
            const plain = await store.read(id);
            assert.ok(plain !== undefined || store.find(id) === undefined, 'a letter that waits can be read');
          }),
        );
        await new Promise(setImmediate);
      }
    };
    const reading = reader();
    await Promise.all(Array.from({ length: 8 }, (_, name) => worker(name))).finally(() => (run.isBusy = false));
    await reading;
  }));

/** A disk on which `full.letters` leaves no room for another letter or note. */
function fillingDisk(): { readonly disk: Disk; readonly full: { letters: boolean } } {
  const full = { letters: false };
  const disk: Disk = {
    ...nodeDisk,
    async create(path) {
      const file = await nodeDisk.create(path);
      if (!path.includes('letters-')) return file;
      const write: typeof file.write = async (parts, position) => {
        if (full.letters) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
        await file.write(parts, position);
      };
      return { write, read: (at, length) => file.read(at, length), sync: () => file.sync(), size: () => file.size(), close: () => file.close() };
    },
  }; // prettier-ignore
  return { disk, full };
}

test('a full disk refuses the letter and keeps nothing of it', () =>
  inFolder(async (directory) => {
    const { disk, full } = fillingDisk();
    await using store = await open(disk, directory);
    const before = await put(store, 'before');
    full.letters = true;
    const id = newId<SubmissionId>();
    const refused = await store.put({
      id,
      accountId,
      dueMs: 0,
      recipients: 1,
      plainParts: [Buffer.from('x')],
      journalSeq: 1,
    });
    assert.deepEqual(refused, { ok: false, error: { kind: 'diskFull' } });
    assert.equal(store.find(id), undefined);
    full.letters = false;
    assert.ok(await put(store, 'after'));
    assert.match(String(await store.read(before ?? id)), /^to:before/);
  }));

test('a letter that ends in the same moment as a full disk refuses another one is over all the same', () =>
  inFolder(async (directory) => {
    const { disk, full } = fillingDisk();
    const store = await open(disk, directory);
    const id = await put(store, 'delivered');
    assert.ok(id);
    await store.note(id, Buffer.from('what follows shares one write'));
    full.letters = true;
    const [refused] = await Promise.all([put(store, 'no room'), store.end(id, 'delivered', 2, 9)]);
    assert.equal(refused, undefined);
    assert.equal(store.hasFailed, false);
    await store[Symbol.asyncDispose]();
    await using again = await open(nodeDisk, directory);
    assert.deepEqual(again.letters(), [], 'it would leave a second time');
  }));

interface Known {
  readonly text: string;
  notes: number;
  /** `ending`: asked for, not answered. */
  state: 'waits' | 'ending' | 'over';
}

/** Random life until the power goes; afterwards everything that was answered must be so. Returns what is wrong. */
async function liveUntilPowerFails(disk: LossyDisk, random: () => number): Promise<readonly string[]> {
  const known = new Map<SubmissionId, Known>();
  const store = await open(disk, '/live', { segmentBytes: 3_000 });
  disk.failAfter(Math.floor(random() * 120));
  await Promise.all(
    Array.from({ length: 4 }, async (_, worker) => {
      for (let step = 0; step < 30 && !disk.isDown; step += 1) {
        try {
          await doOne(store, known, `letter ${worker} ${step}`, random);
        } catch {
          // the power is gone: nothing was answered
        }
      }
    }),
  );
  const after = disk.restart();
  await using again = await open(after, '/live', { segmentBytes: 3_000 });
  const wrong: string[] = [];
  for (const [id, letter] of known) {
    const isThere = again.find(id) !== undefined;
    if (letter.state === 'over' && isThere) wrong.push('what was over came back');
    if (letter.state !== 'waits') continue;
    const plain = await again.read(id);
    if (plain?.toString() !== `to:${letter.text}|${letter.text.repeat(20)}`)
      wrong.push('an acknowledged letter is lost');
    if ((await again.notes(id)).length < letter.notes) wrong.push('an answer of a peer is forgotten');
  }
  return wrong;
}

async function doOne(
  store: LiveStore,
  known: Map<SubmissionId, Known>,
  text: string,
  random: () => number,
): Promise<void> {
  const dice = random();
  const waiting = [...known].filter(([, { state }]) => state === 'waits');
  const [id, letter] = waiting[Math.floor(random() * waiting.length)] ?? [];
  if (dice < 0.4 || id === undefined || letter === undefined) {
    const placed = await put(store, text);
    if (placed !== undefined) known.set(placed, { text, notes: 0, state: 'waits' });
  } else if (dice < 0.7) {
    await store.note(id, Buffer.from(text));
    letter.notes += 1;
  } else {
    letter.state = 'ending';
    await store.end(id, 'delivered', 1, 9);
    letter.state = 'over';
  }
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('after 300 losses of power every acknowledged letter waits, with every answer, and none that was over', async () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = seeded(seed);
    assert.deepEqual(await liveUntilPowerFails(createLossyDisk({ random }), random), [], `seed ${seed}`);
  }
});

test('twin: on a disk that only says it synced, the same check finds letters lost', async () => {
  const wrong: string[] = [];
  for (let seed = 1; seed <= 100 && wrong.length === 0; seed += 1) {
    const random = seeded(seed);
    wrong.push(...(await liveUntilPowerFails(createLossyDisk({ random, syncLies: true }), random)));
  }
  assert.notDeepEqual(wrong, []);
});
