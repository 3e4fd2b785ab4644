// A copy of the journal taken while what was erased leaves its segments: in whichever order both fall, the copy is a whole journal.

import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { newId, type AccountId, type InstanceId, type MailboxId } from '#base/ids.ts';
import { makeLetter } from '../../database/test-house.ts';
import { nodeDisk, type Disk, type DiskFile } from '../../journal/disk.ts';
import type { KeyRecord } from '../../journal/journal.ts';
import { openJournal, type SingleWriterJournal } from '../../journal/open-journal.ts';
import { copyJournal } from './copy-journal.ts';
import type { FileSource } from './object-store.ts';
import { proveJournal } from './prove-journal.ts';

const instanceId = newId<InstanceId>();
const anna = newId<AccountId>();
const PIECE_BYTES = 512 * 1024;
const LANES = ['key', 'body'] as const;

let scratch = '';
let template = '';
let dead: readonly { readonly key: number; readonly body: number }[] = [];

/** Letters in closed segments and in those written to; every second one is to be erased. */
before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'siegel-copy-'));
  template = join(scratch, 'template');
  const journal = await openAt(nodeDisk, template);
  const kept = await keep(journal, 12);
  for (const lane of LANES) await journal.rotate(lane);
  kept.push(...(await keep(journal, 12)));
  await journal.close();
  dead = kept.filter((_, index) => index % 2 === 0);
});
after(() => rm(scratch, { recursive: true, force: true }));

async function openAt(disk: Disk, directory: string): Promise<SingleWriterJournal> {
  let last = 0;
  const clock = manualClock(1_700_000_000_000);
  const options = { disk, directory, instanceId, journal: 0, clock, build: new Uint8Array(8) };
  const { journal } = await openJournal({ ...options, lastAccountSeq: () => last });
  for await (const { header } of journal.readLane('key', 'skip')) if (header.accountId) last = header.accountSeq;
  return journal;
}

async function keep(journal: SingleWriterJournal, count: number): Promise<{ key: number; body: number }[]> {
  const mailboxId = newId<MailboxId>();
  const entries = Array.from({ length: count }, () => makeLetter([{ accountId: anna, mailboxId }]));
  const kept = await Promise.all(entries.map((entry) => journal.appendLetter(entry)));
  return kept.map((result) => seqsOf(result.ok ? result.value[0] : undefined));
}

function seqsOf(record: KeyRecord | undefined): { key: number; body: number } {
  assert(record?.content.kind === 'letter' && record.content.bodyPlace);
  return { key: record.place.seq, body: record.content.bodyPlace.seq };
}

/** Says what is erased, then writes every segment anew, also those that were written to until now. */
async function forget(journal: SingleWriterJournal): Promise<void> {
  for (const lane of LANES) {
    const [seq = 0, ...also] = dead.map((letter) => letter[lane]);
    const content = { lane, journal: 0, seq, reason: 'removed', command: 1, also } as const;
    assert((await journal.appendErased(lane === 'key' ? anna : undefined, content)).ok);
  }
  for (const lane of LANES) {
    const seqs = new Set(dead.map((letter) => letter[lane]));
    await journal.rotate(lane);
    for (let segment = 1; segment < journal.openSegment(lane); segment += 1) {
      const done = await journal.compact({ lane, segment }, (seq) => seqs.has(seq));
      assert(done.ok, JSON.stringify(done));
    }
  }
}

/** The disk as it is; `hear` is awaited before each operation on a folder or a file. */
function heard(hear: (what: string) => Promise<void>): Disk {
  const file = (name: string, real: DiskFile): DiskFile => ({
    write: async (parts, position) => {
      // zeros of a segment that is prepared: many, and nobody looks at them
      if (!name.endsWith('.prepared')) await hear(`write ${name}`);
      return real.write(parts, position);
    },
    read: async (position, length) => (await hear(`read ${name}`), real.read(position, length)),
    sync: async () => (await hear(`sync ${name}`), real.sync()),
    size: () => real.size(),
    close: () => real.close(),
  });
  const short = (path: string): string => path.slice(dirname(path).length + 1);
  return {
    ...nodeDisk,
    list: async (path) => (await hear('list'), nodeDisk.list(path)),
    create: async (path) => (await hear(`create ${short(path)}`), file(short(path), await nodeDisk.create(path))),
    open: async (path, mode) => (await hear(`open ${short(path)}`), file(short(path), await nodeDisk.open(path, mode))),
    rename: async (from, to) => (await hear(`rename ${short(from)}`), nodeDisk.rename(from, to)),
    syncDirectory: async (path) => (await hear('syncDirectory'), nodeDisk.syncDirectory(path)),
  };
}

/** Copies as a backup does and tries the copy as a backup does: what is wrong with it, or nothing. */
async function copyAndProve(disk: Disk, directory: string, to: string): Promise<string> {
  const put = async (source: FileSource) => {
    const path = join(to, source.path);
    await mkdir(dirname(path), { recursive: true });
    await using file = await open(path, 'w');
    for (let at = 0; at < source.sizeBytes; at += PIECE_BYTES) {
      const piece = await source.read(at, Math.min(PIECE_BYTES, source.sizeBytes - at));
      await file.write(piece, 0, piece.length, at);
    }
    return { ok: true, value: undefined } as const;
  };
  const end = await copyJournal({ disk, directory, path: 'journal' }, put);
  if (!end.ok) return JSON.stringify(end.error);
  const lane = ({ seq, hash }: { seq: number; hash: Uint8Array }) => ({ seq, hash: Buffer.from(hash).toString('hex') });
  const proved = await proveJournal(join(to, 'journal'), {
    journal: { number: 0, body: lane(end.value.body), key: lane(end.value.key) },
    instance: instanceId,
  });
  await rm(to, { recursive: true });
  return proved.ok ? '' : JSON.stringify(proved.error);
}

interface Meeting {
  /** Operations of the one that is interrupted. */
  readonly operations: readonly string[];
  /** What was wrong with the copy, by the operation before which the other ran. */
  readonly wrong: readonly string[];
}

/** Every how-manieth moment; SIEGEL_LONG: each. */
const STRIDE = process.env['SIEGEL_LONG'] === undefined ? 11 : 1;

/** The other runs whole before the n-th operation of the one. */
async function meet(
  run: (directory: string, hear: (what: string) => Promise<void>, at: number) => Promise<string>,
): Promise<Meeting> {
  const wrong: string[] = [];
  for (let at = 2; ; at += STRIDE) {
    const directory = join(scratch, `journal-${at}`);
    await cp(template, directory, { recursive: true });
    const operations: string[] = [];
    const hear = async (what: string): Promise<void> => void operations.push(what);
    const found = await run(directory, hear, at);
    if (found !== '') wrong.push(`${at} (${operations[at - 1] ?? ''}): ${found}`);
    await rm(directory, { recursive: true, maxRetries: 20, retryDelay: 50 });
    if (operations.length < at) return { operations, wrong };
  }
}

function forgettingInside(wrap: (disk: Disk) => Disk = (disk) => disk): Promise<Meeting> {
  return meet(async (directory, hear, at) => {
    const journal = await openAt(nodeDisk, directory);
    let count = 0;
    const disk = heard(async (what) => {
      await hear(what);
      if (++count === at) await forget(journal);
    });
    const found = await copyAndProve(wrap(disk), directory, `${directory}-copy`);
    await journal.close();
    return found;
  });
}

test('segments that are written anew at any moment of a copy: it is whole, up to the record it names', async (t) => {
  const { operations, wrong } = await forgettingInside();
  t.diagnostic(`${operations.length} moments`);
  assert.ok(operations.length > 20 && operations.some((what) => what.startsWith('read body')));
  assert.deepEqual(wrong, []);
});

test('a copy taken at any moment of erasing and writing anew is whole', async (t) => {
  const { operations, wrong } = await meet(async (directory, hear, at) => {
    let count = Number.NEGATIVE_INFINITY;
    let found = '';
    const journal = await openAt(
      heard(async (what) => {
        if (!Number.isFinite(count)) return;
        await hear(what);
        if (++count === at) found = await copyAndProve(nodeDisk, directory, `${directory}-copy`);
      }),
      directory,
    );
    count = 0;
    await forget(journal);
    await journal.close();
    return found;
  });
  t.diagnostic(`${operations.length} moments`);
  assert.ok(operations.filter((what) => /^rename .*compacting/.test(what)).length >= 4, operations.join('\n'));
  assert.deepEqual(wrong, []);
});

test('twin: a copy that looks for the file anew with each piece is torn where segments are written anew', async () => {
  const { wrong } = await forgettingInside((disk) => ({
    ...disk,
    open: async (path, mode) => ({
      ...(await disk.open(path, mode)),
      async read(position, length) {
        const file = await disk.open(path, mode);
        const bytes = await file.read(position, length);
        await file.close();
        return bytes;
      },
    }),
  }));
  assert.ok(wrong.length > 0);
});
