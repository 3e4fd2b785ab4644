// Compaction: what was erased is gone from the files, everything else is where it was, also when it is stopped at any point.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { newId, type AccountId, type InstanceId, type LetterId, type MailboxId } from '#base/ids.ts';
import { createLossyDisk, type LossyDisk } from '../../../test/fakes/lossy-disk.ts';
import { nodeDisk, type Disk } from './disk.ts';
import type { KeyRecord, LetterEntry, Place } from './journal.ts';
import { openJournal, type SingleWriterJournal } from './open-journal.ts';
import type { Lane } from './record-types.ts';
import { verifyJournal } from './verify-journal.ts';

const instanceId = newId<InstanceId>();
const anna = newId<AccountId>();
let scratch = '';

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'siegel-compaction-'));
});
after(async () => {
  await rm(scratch, { recursive: true, force: true });
});

interface Kept {
  readonly entry: LetterEntry;
  readonly key: Place;
  readonly body: Place;
}

function makeLetter(bytes: number): LetterEntry {
  const packet = randomBytes(bytes);
  const record = {
    letterId: newId<LetterId>(),
    mailboxId: newId<MailboxId>(),
    element: randomBytes(32),
    expiresMs: 0,
    receivedMs: 1_700_000_000_000,
    renderVersion: 1,
    renderSizeBytes: 1234,
    wrapping: 0,
    keywords: [],
    keyPacket: randomBytes(94),
    summary: randomBytes(512),
    terms: randomBytes(300),
  };
  const actor = { kind: 'door', id: new Uint8Array(16) } as const;
  const packetDigest = createHash('sha256').update(packet).digest();
  return { packet, packetDigest, copies: [{ accountId: anna, actor, record }] };
}

async function openAt(disk: Disk, directory: string): Promise<SingleWriterJournal> {
  let last = 0;
  const clock = manualClock(1_700_000_000_000);
  const options = { disk, directory, instanceId, journal: 0, clock, build: new Uint8Array(8) };
  const { journal } = await openJournal({ ...options, lastAccountSeq: () => last });
  for await (const { header } of journal.readLane('key', 'check')) if (header.accountId) last = header.accountSeq;
  return journal;
}

async function keep(journal: SingleWriterJournal, count: number, bytes = 700): Promise<Kept[]> {
  const entries = Array.from({ length: count }, () => makeLetter(bytes));
  const kept = await Promise.all(entries.map((entry) => journal.appendLetter(entry)));
  return kept.map((result, index) => {
    const [record] = result.ok ? result.value : [];
    const entry = entries[index];
    assert(entry && record?.content.kind === 'letter' && record.content.bodyPlace);
    return { entry, key: record.place, body: record.content.bodyPlace };
  });
}

/** Erases these letters and compacts every closed segment of both lanes. */
async function erase(journal: SingleWriterJournal, dead: readonly Kept[]): Promise<void> {
  for (const lane of ['key', 'body'] as const) {
    const [seq, ...also] = dead.map((kept) => kept[lane].seq);
    assert(seq !== undefined);
    const content = { lane, journal: 0, seq, reason: 'removed', command: 1, also } as const;
    assert((await journal.appendErased(lane === 'key' ? anna : undefined, content)).ok);
  }
  await compactAll(journal, dead);
}

async function compactAll(journal: SingleWriterJournal, dead: readonly Kept[]): Promise<void> {
  for (const lane of ['key', 'body'] as const) {
    const seqs = new Set(dead.map((kept) => kept[lane].seq));
    await journal.rotate(lane);
    for (let segment = 1; ; segment += 1) {
      const done = await journal.compact({ lane, segment }, (seq) => seqs.has(seq));
      if (!done.ok && done.error.kind === 'notClosed') break;
      assert(done.ok, JSON.stringify(done));
    }
  }
}

async function checkBooks(journal: SingleWriterJournal, living: readonly Kept[], dead: readonly Kept[]): Promise<void> {
  for (const { entry, key, body } of living) {
    const letter = await journal.readLetterRecord(key);
    assert(letter.ok && letter.value.letterId === entry.copies[0]?.record.letterId);
    const packet = await journal.readBody(body);
    assert(packet.ok && Buffer.from(packet.value).equals(entry.packet));
  }
  for (const { key, body } of dead) {
    assert.deepEqual(await journal.readLetterRecord(key), { ok: false, error: { kind: 'erased' } });
    assert.deepEqual(await journal.readBody(body), { ok: false, error: { kind: 'erased' } });
  }
}

test('erased letters leave the files, the others are found by the hints from before, and the journal verifies', async () => {
  const directory = join(scratch, 'halves');
  const journal = await openAt(nodeDisk, directory);
  const all = [...(await keep(journal, 300, 9_000)), ...(await keep(journal, 200, 400))];
  const dead = all.filter((_, index) => index % 2 === 0);
  const living = all.filter((_, index) => index % 2 === 1);
  for (const lane of ['key', 'body'] as const) await journal.rotate(lane);
  const bytesBefore = await closedBytes(directory);
  await erase(journal, dead);
  const bytesAfter = await closedBytes(directory);
  assert(bytesAfter < bytesBefore * 0.6, `${bytesBefore} bytes before, ${bytesAfter} after`);
  await checkBooks(journal, living, dead);
  await journal.close();
  const report = await verifyJournal(nodeDisk, directory);
  assert.deepEqual(report.findings, []);
  const bytes = Buffer.concat(
    await Promise.all((await readdir(directory)).map((name) => readFile(join(directory, name)))),
  );
  for (const { entry } of dead) {
    assert(!bytes.includes(Buffer.from(entry.packet.subarray(0, 64))));
    assert(!bytes.includes(Buffer.from(entry.copies[0]?.record.keyPacket ?? assert.fail())));
  }
  const again = await openAt(nodeDisk, directory);
  await checkBooks(again, living, dead);
  const records: KeyRecord[] = [];
  for await (const batch of again.readKeyRecords(0)) records.push(...batch);
  assert.equal(records.filter(({ content }) => content.kind === 'letter').length, living.length);
  assert.equal(records.filter(({ content }) => content.kind === 'gone').length, dead.length);
  // a second time: what is gone stays gone, what lives stays
  const next = living.splice(0, 50);
  await erase(again, [...dead, ...next]);
  await checkBooks(again, living, [...dead, ...next]);
  await again.close();
  assert.deepEqual((await verifyJournal(nodeDisk, directory)).findings, []);
});

test('a payload that goes without its ERASED record is damage', async () => {
  const directory = join(scratch, 'silent');
  const journal = await openAt(nodeDisk, directory);
  const all = await keep(journal, 10);
  await compactAll(journal, all.slice(0, 1));
  await journal.close();
  const { findings } = await verifyJournal(nodeDisk, directory);
  assert.deepEqual(findings.map(({ what, lane }) => `${what} ${lane}`).toSorted(), [
    'payloadMissing body',
    'payloadMissing key',
  ]);
});

test('a damaged segment is left as it is, and the one that is written to', async () => {
  const directory = join(scratch, 'damaged');
  const journal = await openAt(nodeDisk, directory);
  await keep(journal, 20);
  assert.deepEqual(await journal.compact({ lane: 'key', segment: 1 }, () => true), {
    ok: false,
    error: { kind: 'notClosed' },
  });
  await journal.rotate('key');
  const path = join(directory, 'key-00000001.journal');
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(2_000) ^ 4, 2_000);
  await writeFile(path, bytes);
  const refused = await journal.compact({ lane: 'key', segment: 1 }, () => true);
  assert(!refused.ok && refused.error.kind === 'damaged');
  assert((await readFile(path)).equals(bytes));
  assert(!(await readdir(directory)).some((name) => name.endsWith('.compacting')));
  await journal.close();
});

test('who reads while a segment is compacted reads on, from the file before or the one after', async () => {
  const journal = await openAt(nodeDisk, join(scratch, 'reading'));
  const all = await keep(journal, 400, 2_000);
  const dead = all.filter((_, index) => index % 3 === 0);
  const living = all.filter((_, index) => index % 3 !== 0);
  const work = { isDone: false };
  const read = async (): Promise<number> => {
    let reads = 0;
    while (!work.isDone) {
      const { entry, key, body } = living[reads % living.length] ?? assert.fail();
      const packet = await journal.readBody(body);
      assert(packet.ok && Buffer.from(packet.value).equals(entry.packet));
      assert((await journal.readLetterRecord(key)).ok);
      reads += 1;
    }
    return reads;
  };
  const reading = read();
  const replay = readThrough(journal);
  await erase(journal, dead);
  work.isDone = true;
  assert((await reading) > 0);
  assert((await replay) >= all.length);
  await journal.close();
});

async function readThrough(journal: SingleWriterJournal): Promise<number> {
  let count = 0;
  for await (const batch of journal.readKeyRecords(0)) {
    count += batch.length;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return count;
}

/** On the disk, without the segments that are written to. */
async function closedBytes(directory: string): Promise<number> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.journal')).toSorted();
  const open = ['body', 'key'].map((lane) => names.findLast((name) => name.startsWith(lane)));
  let sum = 0;
  for (const name of names) if (!open.includes(name)) sum += (await stat(join(directory, name))).blocks * 512;
  return sum;
}

/** Power is lost after `first` operations of the erasing, and after `second` of the next try; at last it runs through. */
async function stopAndGoOn(
  random: () => number,
  [first, second]: readonly [number, number],
  wrap: (disk: Disk) => Disk = (disk) => disk,
): Promise<boolean> {
  let disk: LossyDisk = createLossyDisk({ random });
  let journal = await openAt(wrap(disk), '/j');
  const all = await keep(journal, 12, 300);
  const dead = all.slice(0, 6);
  let wentThrough = false;
  for (const operations of [first, second]) {
    disk.failAfter(operations);
    wentThrough = await erase(journal, dead).then(
      () => true,
      () => false,
    );
    await journal.close().catch(() => undefined);
    disk = disk.restart();
    journal = await openAt(wrap(disk), '/j');
    // before or after, never between
    for (const { entry, key, body } of all.slice(6)) {
      const packet = await journal.readBody(body);
      assert(packet.ok && Buffer.from(packet.value).equals(entry.packet));
      assert((await journal.readLetterRecord(key)).ok);
    }
    const { findings } = await verifyJournal(disk, '/j');
    assert.deepEqual(findings, [], `stopped after ${first} and ${second} operations`);
  }
  await erase(journal, dead);
  await checkBooks(journal, all.slice(6), dead);
  await journal.close();
  assert.deepEqual((await verifyJournal(disk, '/j')).findings, []);
  return wentThrough;
}

/** All pairs take minutes: the whole grid runs where it is asked for. */
const STRIDE = Number(process.env['SIEGEL_STOPS_STRIDE'] ?? 20);

test('stopped at every step, and again at every step of going on, everything is before or after', async () => {
  const random = seeded(7);
  let steps = 40;
  while (!(await stopAndGoOn(random, [steps, steps]))) steps += 10;
  for (let first = 0; first < steps; first += 1) {
    for (let second = first % STRIDE; second < steps; second += STRIDE) {
      await stopAndGoOn(random, [first, second]);
    }
  }
});

test('twin: a copy that takes its place before it is on the medium is torn by a loss of power', async () => {
  const hasty = (disk: Disk): Disk => ({
    ...disk,
    async create(path) {
      const file = await disk.create(path);
      return path.endsWith('.compacting') ? { ...file, sync: async () => undefined } : file;
    },
  });
  const random = seeded(7);
  let torn: unknown;
  for (let stop = 0; torn === undefined && stop < 400; stop += 1)
    torn = await stopAndGoOn(random, [stop, stop], hasty).then(
      () => undefined,
      (cause: unknown) => cause,
    );
  assert.ok(torn instanceof assert.AssertionError, String(torn));
});

test('400 flipped bits in each compacted lane: none is silent', async () => {
  const directory = join(scratch, 'flips');
  const journal = await openAt(nodeDisk, directory);
  const all = await keep(journal, 30, 300);
  await erase(journal, all.slice(0, 10));
  await journal.close();
  const random = seeded(11);
  for (const lane of ['key', 'body'] as const) {
    const path = join(directory, segmentOf(lane));
    const bytes = await readFile(path);
    let silent = 0;
    for (let flip = 0; flip < 400; flip += 1) {
      const bit = Math.floor(random() * bytes.length * 8);
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      await writeFile(path, flipped);
      if ((await verifyJournal(nodeDisk, directory)).findings.length === 0) silent += 1;
    }
    await writeFile(path, bytes);
    assert.equal(silent, 0, lane);
  }
});

function segmentOf(lane: Lane): string {
  return `${lane}-00000001.journal`;
}

function seeded(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}
