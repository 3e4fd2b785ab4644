// The journal on real files and on a disk that loses power: what was answered is there, once, and damage is never silent.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { newId, type AccountId, type InstanceId, type LetterId, type MailboxId } from '#base/ids.ts';
import { createLossyDisk, type LossyDisk } from '../../../test/fakes/lossy-disk.ts';
import { nodeDisk, type Disk } from './disk.ts';
import type { KeyRecord, LetterEntry } from './journal.ts';
import { openJournal, type OpenedJournal } from './open-journal.ts';
import { verifyJournal } from './verify-journal.ts';

const instanceId = newId<InstanceId>();
const build = new Uint8Array(8).fill(7);
const actor = { kind: 'door', id: new Uint8Array(16) } as const;
let scratch = '';

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'siegel-journal-'));
});
after(async () => {
  await rm(scratch, { recursive: true, force: true });
});

function makeLetter(accounts: readonly AccountId[], bytes = 900): LetterEntry {
  const packet = randomBytes(bytes);
  return {
    packet,
    packetDigest: createHash('sha256').update(packet).digest(),
    copies: accounts.map((accountId) => ({
      accountId,
      actor,
      record: {
        letterId: newId<LetterId>(),
        mailboxId: newId<MailboxId>(),
        element: randomBytes(32),
        expiresMs: 0,
        receivedMs: 1_700_000_000_000,
        renderVersion: 1,
        renderSizeBytes: 1234,
        wrapping: 0,
        keywords: ['$junk'],
        keyPacket: randomBytes(94),
        summary: randomBytes(512),
        terms: randomBytes(300),
      },
    })),
  };
}

async function openAt(disk: Disk, directory: string): Promise<OpenedJournal> {
  const numbers = new Map<AccountId, number>();
  const options = { disk, directory, instanceId, journal: 0, clock: manualClock(1_700_000_000_000), build };
  const probe = await openJournal({ ...options, lastAccountSeq: (id) => numbers.get(id) ?? 0 });
  for await (const batch of probe.journal.readKeyRecords(0)) {
    for (const { header } of batch)
      if (header.accountId) numbers.set(header.accountId, header.accountSeq + header.span - 1);
  }
  return probe;
}

async function readAll(opened: OpenedJournal): Promise<KeyRecord[]> {
  const all: KeyRecord[] = [];
  for await (const batch of opened.journal.readKeyRecords(0)) all.push(...batch);
  return all;
}

test('a letter kept before a stop is there after it, byte for byte, with its reader’s part', async () => {
  const directory = join(scratch, 'kept');
  const first = await openAt(nodeDisk, directory);
  const anna = newId<AccountId>();
  const entry = makeLetter([anna, newId<AccountId>()], 9_000);
  const kept = await first.journal.appendLetter(entry);
  assert(kept.ok);
  assert.equal(kept.value.length, 2);
  await first.journal.close();

  const second = await openAt(nodeDisk, directory);
  assert.deepEqual(second.damage, []);
  const [record] = await readAll(second);
  assert(record?.content.kind === 'letter');
  assert.equal(record.header.accountId, anna);
  assert.equal(record.content.letter.letterId, entry.copies[0]?.record.letterId);
  assert.equal(record.content.letter.summary.length, 0, 'a replay carries no sealed parts');
  const whole = await second.journal.readLetterRecord(record.place);
  assert(whole.ok);
  assert.deepEqual(Buffer.from(whole.value.summary), entry.copies[0]?.record.summary);
  assert.deepEqual(record.content.letter.keywords, ['$junk']);
  assert(record.content.bodyPlace);
  const body = await second.journal.readBody(record.content.bodyPlace);
  assert(body.ok);
  assert.deepEqual(Buffer.from(body.value), entry.packet);
  const again = await second.journal.readBody({ ...record.content.bodyPlace, segment: 999, offset: 5 });
  assert(again.ok, 'a wrong hint is only a wrong hint');
  await second.journal.close();
});

test('an account’s records are numbered without gaps, a change of many letters takes as many numbers', async () => {
  const opened = await openAt(nodeDisk, join(scratch, 'numbers'));
  const accountId = newId<AccountId>();
  const letters = [1, 2, 3].map(() => ({ id: newId<LetterId>(), keywords: ['$seen'] }));
  const one = await opened.journal.appendCommand({
    accountId,
    actor,
    command: { kind: 'lettersChanged', effect: { letters } },
  });
  const two = await opened.journal.appendCommand({
    accountId,
    actor,
    command: { kind: 'quotaPut', effect: { quotaBytes: 5 } },
  });
  assert(one.ok && two.ok);
  assert.deepEqual([one.value.header.accountSeq, one.value.header.span, two.value.header.accountSeq], [1, 3, 4]);
  assert.deepEqual(two.value.content, { kind: 'command', command: { kind: 'quotaPut', effect: { quotaBytes: 5 } } });
  await opened.journal.close();
});

test('many letters at once fill several segments and verify without a finding', async () => {
  const directory = join(scratch, 'segments');
  const opened = await openAt(nodeDisk, directory);
  const accountId = newId<AccountId>();
  const results = await Promise.all(
    Array.from({ length: 400 }, () => opened.journal.appendLetter(makeLetter([accountId], 10_000))),
  );
  assert(results.every((result) => result.ok));
  await opened.journal.close();
  assert((await readdir(directory)).filter((name) => name.startsWith('body-')).length >= 2);
  const report = await verifyJournal(nodeDisk, directory);
  assert.deepEqual(report.findings, []);
  assert.equal(report.letters, 400);
});

test('a flipped bit anywhere in either lane is found', async () => {
  const directory = join(scratch, 'flips');
  const opened = await openAt(nodeDisk, directory);
  for (let i = 0; i < 20; i++) await opened.journal.appendLetter(makeLetter([newId<AccountId>()], 500));
  await opened.journal.close();
  const report = await verifyJournal(nodeDisk, directory);
  assert.deepEqual(report.findings, []);
  const usedBytes = { 'body-00000001.journal': 20 * (500 + 180), 'key-00000001.journal': 20 * 1_200 };
  let silent = 0;
  for (let i = 0; i < 120; i++) {
    const [name, used] =
      i % 2
        ? (['body-00000001.journal', usedBytes['body-00000001.journal']] as const)
        : (['key-00000001.journal', usedBytes['key-00000001.journal']] as const);
    const copy = join(scratch, `flip-${i}`);
    await cp(directory, copy, { recursive: true });
    const file = await open(join(copy, name), 'r+');
    const at = Math.floor(Math.random() * used);
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, at);
    byte.writeUInt8(byte.readUInt8() ^ (1 << (i % 8)));
    await file.write(byte, 0, 1, at);
    await file.close();
    const found = await verifyJournal(nodeDisk, copy);
    if (found.findings.length === 0 && found.tornSegments === 0) silent += 1;
    await rm(copy, { recursive: true });
  }
  assert.equal(silent, 0);
});

test('a lane whose tail was cut off is noticed by the witness, and no number is given twice', async () => {
  const directory = join(scratch, 'cut');
  const first = await openAt(nodeDisk, directory);
  const accountId = newId<AccountId>();
  let last: KeyRecord | undefined;
  for (let i = 0; i < 5; i++) {
    const kept = await first.journal.appendLetter(makeLetter([accountId]));
    assert(kept.ok);
    last = kept.value[0];
  }
  await first.journal.close();
  assert(last);
  const path = join(directory, 'key-00000001.journal');
  const file = await open(path, 'r+');
  const size = (await stat(path)).size;
  await file.write(Buffer.alloc(size - last.place.offset), 0, size - last.place.offset, last.place.offset);
  await file.close();
  const second = await openAt(nodeDisk, directory);
  assert(
    second.damage.some(
      (damage) =>
        damage.kind === 'tailMissing' && damage.lane === 'key' && damage.lastSeq === 4 && damage.witnessSeq === 5,
    ),
  );
  const next = await second.journal.appendCommand({
    accountId,
    actor,
    command: { kind: 'quotaPut', effect: { quotaBytes: 1 } },
  });
  assert(next.ok && next.value.header.seq > 5);
  await second.journal.close();
});

test('a letter that cannot be written down fails alone and stops nothing', async () => {
  const opened = await openAt(nodeDisk, join(scratch, 'odd'));
  const entry = makeLetter([newId<AccountId>()]);
  const odd = {
    ...entry,
    copies: entry.copies.map((copy) => ({ ...copy, record: { ...copy.record, receivedMs: 0.5 } })),
  };
  await assert.rejects(async () => opened.journal.appendLetter(odd));
  assert((await opened.journal.appendLetter(entry)).ok);
  assert(opened.journal.mayAccept().ok);
  await opened.journal.close();
});

test('after a failed sync nothing is taken any more', async () => {
  let fails = false;
  const broken: Disk = {
    ...nodeDisk,
    async open(path, mode) {
      const file = await nodeDisk.open(path, mode);
      const sync = async (): Promise<void> => {
        if (fails) throw Object.assign(new Error('lost'), { code: 'EIO' });
        await file.sync();
      };
      return {
        write: (parts, at) => file.write(parts, at),
        read: (at, length) => file.read(at, length),
        size: () => file.size(),
        close: () => file.close(),
        sync,
      };
    },
  };
  const opened = await openAt(broken, join(scratch, 'broken'));
  assert((await opened.journal.appendLetter(makeLetter([newId<AccountId>()]))).ok);
  fails = true;
  const refused = await opened.journal.appendLetter(makeLetter([newId<AccountId>()]));
  assert(!refused.ok && refused.error.kind === 'journalFailed');
  fails = false;
  const after = await opened.journal.appendLetter(makeLetter([newId<AccountId>()]));
  assert(!after.ok && after.error.kind === 'journalFailed', 'a sync is never tried again');
  assert(!opened.journal.mayAccept().ok);
});

test('a full disk refuses letters, keeps nothing half-written, and lets users go on', async () => {
  const directory = '/journal';
  const random = seededRandom(1);
  const disk = createLossyDisk({ random });
  const opened = await openAt(disk, directory);
  const accountId = newId<AccountId>();
  assert((await opened.journal.appendLetter(makeLetter([accountId]))).ok);
  const full: Disk = {
    ...disk,
    create: async () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })),
  };
  const narrow = await openAt(full, directory).catch((cause: unknown) => cause);
  assert(!(narrow instanceof Error));
  const opened2 = narrow as OpenedJournal;
  const refused = await opened2.journal.appendLetter(makeLetter([accountId], 2_000_000));
  assert(!refused.ok && refused.error.kind === 'diskFull');
  assert(!opened2.journal.mayAccept().ok);
});

function seededRandom(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}

/** One life of a journal: random work, power lost in the middle, recovery; returns what was acknowledged and is not there exactly once. */
async function loseAndCount(seed: number, syncLies: boolean): Promise<number> {
  const random = seededRandom(seed * 7919 + 13);
  let disk: LossyDisk = createLossyDisk({ random, syncLies });
  const accounts = Array.from({ length: 3 }, () => newId<AccountId>());
  const acknowledged: string[] = [];
  for (let life = 0; life < 3; life++) {
    const opened = await openAt(disk, '/j').catch(() => undefined);
    if (opened === undefined) return acknowledged.length + 1;
    disk.failAfter(Math.floor(random() * 60));
    const work: Promise<void>[] = [];
    for (let i = 0; i < 12; i++) {
      const accountId = accounts[Math.floor(random() * accounts.length)] ?? newId<AccountId>();
      const entry = makeLetter([accountId], 200 + Math.floor(random() * 3_000));
      work.push(
        opened.journal.appendLetter(entry).then((kept) => {
          if (kept.ok) acknowledged.push(entry.copies[0]?.record.letterId ?? '');
        }),
      );
      if (random() < 0.5) await Promise.allSettled(work);
    }
    await Promise.allSettled(work);
    await opened.journal.close().catch(() => undefined);
    disk = disk.restart();
  }
  const last = await openAt(disk, '/j');
  const found = new Map<string, number>();
  for (const { content } of await readAll(last)) {
    if (content.kind !== 'letter' || content.bodyPlace === undefined) continue;
    if (!(await last.journal.readBody(content.bodyPlace)).ok) continue;
    found.set(content.letter.letterId, (found.get(content.letter.letterId) ?? 0) + 1);
  }
  await last.journal.close();
  return (
    acknowledged.filter((id) => found.get(id) !== 1).length + [...found.values()].filter((count) => count > 1).length
  );
}

const POWER_LOSSES = Number(process.env['SIEGEL_POWER_LOSSES'] ?? 200);

test(`after ${POWER_LOSSES} losses of power every acknowledged letter is there exactly once`, async () => {
  for (let seed = 1; seed <= POWER_LOSSES / 3; seed++) assert.equal(await loseAndCount(seed, false), 0, `seed ${seed}`);
});

test('twin: on a disk that only says it synced, the same check finds letters lost', async () => {
  let lost = 0;
  for (let seed = 1; seed <= 10; seed++) lost += await loseAndCount(seed, true).catch(() => 1);
  assert(lost > 0);
});

/** Counts what is read through it. */
function countingDisk(): { readonly disk: Disk; readBytes: number } {
  const counted = {
    readBytes: 0,
    disk: {
      ...nodeDisk,
      open: async (path: string, mode: 'read' | 'write') => {
        const file = await nodeDisk.open(path, mode);
        return {
          write: (parts: readonly Uint8Array[], position: number) => file.write(parts, position),
          read: async (position: number, length: number, into?: Buffer) => {
            const bytes = await file.read(position, length, into);
            counted.readBytes += bytes.length;
            return bytes;
          },
          sync: () => file.sync(),
          size: () => file.size(),
          close: () => file.close(),
        };
      },
    },
  };
  return counted;
}

test('a walk through the journal goes on through bodies that are written meanwhile, and reads each about once', async () => {
  const counted = countingDisk();
  const { journal } = await openAt(counted.disk, join(scratch, 'meanwhile'));
  const anna = newId<AccountId>();
  const append = async (letters: number, bytes: number): Promise<void> => {
    const kept = await Promise.all(
      Array.from({ length: letters }, () => journal.appendLetter(makeLetter([anna], bytes))),
    );
    assert(kept.every(({ ok }) => ok));
  };
  // more than one segment of the key lane, so that the walk is still in the middle
  for (let n = 0; n < 12; n++) await append(100, 3_000);
  const walk = journal.readKeyRecords(0)[Symbol.asyncIterator]();
  const first = await walk.next();
  assert(first.done !== true && first.value.length < 1_200, 'it is not through at once');
  const before = journal.durableSeq;
  for (let n = 0; n < 10; n++) await append(20, 100_000);
  counted.readBytes = 0;
  const late: KeyRecord[] = [];
  for (let next = await walk.next(); next.done !== true; next = await walk.next())
    late.push(...next.value.filter(({ header }) => header.seq > before));
  assert.equal(late.length, 200, 'letters of meanwhile are met');
  assert.ok(
    late.every(({ content }) => content.kind === 'letter' && content.bodyPlace !== undefined),
    'with their bodies',
  );
  const bodyBytes = 200 * 100_000 + 1_200 * 3_000;
  assert.ok(counted.readBytes < 5 * bodyBytes, `${counted.readBytes} bytes read of ${bodyBytes}`);
  await journal.close();
});
