// The book at a million entries: what goes in a second, what a receipt with its proof takes, and what the book costs a letter.

import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock } from '#base/clock.ts';
import { silentLog } from '#base/log/log.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import { areHeadsConsistent, checkReceipt } from '#vault/book/check/check-receipt.ts';
import { formatReceiptFile, type ReceiptFile, type SignedHead } from '#vault/book/check/receipt.ts';
import { openBook, type Book } from '#vault/book/open-book.ts';
import { letterRecord, makeBookKeys, promiseOf, promiseRecord } from '#vault/book/test-feed.ts';
import { nodeDisk } from '#vault/journal/disk.ts';
import type { KeyRecord } from '#vault/journal/journal.ts';
import { percentile, round } from './figures.ts';

const WEEK_MS = 7 * 86_400_000;
const AT_ONCE = 5_000;
const SAMPLES = 2_000;
const HASH = 32;

type Make = (seq: number) => KeyRecord;

interface BenchBook extends AsyncDisposable {
  readonly book: Book;
  readonly directory: string;
  readonly clock: ReturnType<typeof manualClock>;
  /** Records up to this one are there from now on. */
  grow(seq: number): void;
}

/** `--entries=N` (1,000,000); `--quick`: a tenth. Promises first, each an entry; then as many letters, 4,096 an entry. */
export async function run(flags: readonly string[]): Promise<unknown> {
  const named = flags.find((flag) => flag.startsWith('--entries='))?.slice('--entries='.length);
  const entries = named === undefined ? (flags.includes('--quick') ? 100_000 : 1_000_000) : Number(named);
  return {
    entries,
    ...(await benchPromises(entries)),
    ...(await benchLetters(entries)),
    nothingMs: await timeNothing(),
  };
}

async function openBench(make: Make): Promise<BenchBook> {
  const directory = await mkdtemp(join(tmpdir(), 'siegel-bench-book-'));
  const clock = manualClock(1_700_000_000_000);
  let last = 0;
  const opened = await openBook({
    disk: nodeDisk,
    directory,
    journal: 0,
    keys: makeBookKeys(),
    clock,
    log: silentLog,
    source: {
      appliedSeq: () => last,
      promisesOf: async (records) => records.map(promiseOf),
      journal: {
        findVoided: async () => new Set(),
        async *readKeyRecords(afterSeq) {
          for (let at = afterSeq; at < last; at += AT_ONCE)
            yield Array.from({ length: Math.min(AT_ONCE, last - at) }, (_, n) => make(at + n + 1));
        },
      },
    },
  });
  if (!opened.ok) throw new Error(opened.error.kind);
  return {
    book: opened.value,
    directory,
    clock,
    grow: (seq) => (last = seq),
    async [Symbol.asyncDispose]() {
      await opened.value.close();
      await rm(directory, { recursive: true });
    },
  };
}

async function benchPromises(entries: number): Promise<Record<string, unknown>> {
  const make = (seq: number): KeyRecord => promiseRecord(seq, 1_700_000_000_000 + seq);
  await using bench = await openBench(make);
  const { book, clock } = bench;
  const lastWeek = Math.floor(entries * 0.9);
  const started = performance.now();
  await grow(bench, lastWeek);
  clock.advanceMs(3_600_000);
  await book.work();
  const old = book.newestHead();
  clock.advanceMs(WEEK_MS);
  await grow(bench, entries);
  const seconds = (performance.now() - started) / 1000;
  await book.work();
  const now = book.newestHead();
  if (old.size !== lastWeek || now.size !== entries) throw new Error('the heads do not cover what was put in');
  const promised = (): Promise<ReceiptFile> => receiptOf(book.promiseReceipt(promiseOf(make(anyOf(entries)))));
  const proofs = await timeEach(promised);
  const checks = await timeChecks(book, promised);
  const verifyStarted = performance.now();
  if ((await book.verify()).length > 0) throw new Error('the book is not what was put in');
  return {
    entriesPerSecond: Math.round(entries / seconds),
    proofMs: proofs,
    checkMs: checks,
    consistency: await checkConsistency(book, old, now),
    verifySeconds: round((performance.now() - verifyStarted) / 1000),
    bytesPerEntry: round((await folderBytes(bench.directory)) / entries),
  };
}

async function benchLetters(letters: number): Promise<Record<string, unknown>> {
  const sample = letterRecord(1, 1_700_000_000_000);
  // one letter's record again and again: what is measured is the book, not the making of letters
  const make = (seq: number): KeyRecord => ({ ...sample, header: { ...sample.header, seq } });
  if (sample.content.kind !== 'letter') throw new Error('not a letter');
  const { packetDigest, receivedMs, letterId } = sample.content.letter;
  await using bench = await openBench(make);
  const { book, clock } = bench;
  const cpu = process.cpuUsage();
  const started = performance.now();
  await grow(bench, letters);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  clock.advanceMs(3_600_000);
  await book.work();
  const letter = (): Promise<ReceiptFile> =>
    receiptOf(book.letterReceipt({ journal: 0, seq: anyOf(letters), letterId, packetDigest, receivedMs }));
  return {
    lettersPerSecond: Math.round(letters / seconds),
    microsecondsPerLetter: round((user + system) / letters),
    letterReceiptMs: await timeEach(letter),
    bytesPerLetter: round((await folderBytes(bench.directory)) / letters),
  };
}

async function grow({ book, grow: growTo }: BenchBook, seq: number): Promise<void> {
  growTo(seq);
  await book.work();
}

async function receiptOf(making: ReturnType<Book['letterReceipt']>): Promise<ReceiptFile> {
  const made = await making;
  if (!made.ok || made.value.proof === undefined) throw new Error('a receipt without its proof');
  return made.value;
}

async function timeEach(work: () => Promise<unknown>): Promise<Record<string, number>> {
  for (let n = 0; n < 100; n++) await work();
  const times: number[] = [];
  for (let n = 0; n < SAMPLES; n++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return { p50: round(percentile(times, 0.5)), p99: round(percentile(times, 0.99)), max: round(Math.max(...times)) };
}

/** Twenty short reads at once in the thread pool, which is what any proof asks of this machine now. */
async function timeNothing(): Promise<Record<string, number>> {
  await using file = await open(import.meta.filename);
  const bytes = Buffer.alloc(HASH);
  return await timeEach(() => Promise.all(Array.from({ length: 20 }, (_, n) => file.read(bytes, 0, HASH, n))));
}

async function timeChecks(book: Book, make: () => Promise<ReceiptFile>): Promise<Record<string, number>> {
  const files = await Promise.all(Array.from({ length: 100 }, make));
  const bytes = files.map((file) => Buffer.from(formatReceiptFile(file)));
  let next = 0;
  return timeEach(async () => {
    const checked = await checkReceipt(bytes[next++ % bytes.length] ?? Buffer.alloc(0), { knownKey: book.key });
    if (!checked.ok) throw new Error(checked.error.kind);
  });
}

async function checkConsistency(book: Book, old: SignedHead, now: SignedHead): Promise<Record<string, unknown>> {
  const started = performance.now();
  const proof = await book.consistency(old.size, now.size);
  const ms = round(performance.now() - started);
  const path = proof.ok ? proof.value.path.map((text) => fromBase64(text) ?? new Uint8Array(0)) : undefined;
  if (!areHeadsConsistent(old, now, path).ok) throw new Error('the head of last week does not fit that of today');
  return { lastWeek: old.size, today: now.size, hashes: path?.length ?? 0, ms };
}

function anyOf(count: number): number {
  return 1 + Math.floor(Math.random() * count);
}

async function folderBytes(directory: string): Promise<number> {
  const names = await readdir(directory);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
