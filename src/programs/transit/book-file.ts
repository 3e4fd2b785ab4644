// The book of a room that stands alone: one file of lines, each with the hash of the one before; appended and synced, never changed.

import { createHash } from 'node:crypto';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { err, ok, type Result } from '#base/result.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { isReceiptGenuine, type DeletionReceipt } from '#post/transit/report/receipt.ts';

/** In the data folder. */
export const BOOK_FILE = 'transit-book.jsonl';

export interface BookLine {
  /** From 0. */
  readonly nth: number;
  /** SHA-256 of the line before, hex; of nothing for the first. */
  readonly before: string;
  readonly receipt: DeletionReceipt;
}

export type BookRefusal = { readonly kind: 'unreadable' | 'damaged'; readonly line: number };

export interface BookFile extends AsyncDisposable {
  /** Resolves when the line is synced. */
  record(receipt: DeletionReceipt): Promise<void>;
  /** By the id of its job. */
  find(job: string): Promise<DeletionReceipt | undefined>;
}

export async function openBookFile(path: string): Promise<Result<BookFile, BookRefusal>> {
  let file: FileHandle;
  try {
    file = await open(path, 'a+', 0o600);
  } catch {
    return err({ kind: 'unreadable', line: 0 });
  }
  const bytes = await file.readFile();
  const walked = walkBook(bytes);
  if (!walked.ok) {
    await file.close();
    return walked;
  }
  const { checked, entries } = walked.value;
  // what was being written when the program was killed was never promised
  await file.truncate((await file.stat()).size - checked.tornBytes);
  let { lines, last } = checked;
  const places = new Map(entries.map(({ line, place }) => [line.receipt.facts.job, place]));
  let sizeBytes = bytes.length - checked.tornBytes;
  let writing: Promise<void> = Promise.resolve();
  const append = async (receipt: DeletionReceipt): Promise<void> => {
    const text = canonicalJson({ nth: lines, before: last, receipt } satisfies BookLine);
    const line = Buffer.from(`${text}\n`);
    await file.appendFile(line);
    await file.datasync();
    places.set(receipt.facts.job, { at: sizeBytes, bytes: line.length - 1 });
    sizeBytes += line.length;
    lines += 1;
    last = hashOf(text);
  };
  return ok({
    record(receipt) {
      const mine = writing.then(() => append(receipt));
      writing = mine.catch(() => undefined);
      return mine;
    },
    async find(job) {
      const place = places.get(job);
      if (place === undefined) return undefined;
      const line = Buffer.alloc(place.bytes);
      await file.read(line, 0, place.bytes, place.at);
      const receipt = readLine(line)?.receipt;
      return receipt !== undefined && isGenuine(receipt) ? receipt : undefined;
    },
    async [Symbol.asyncDispose]() {
      await writing;
      await file.close();
    },
  });
}

export interface CheckedBook {
  readonly lines: number;
  /** Hash of the last line. */
  readonly last: string;
  /** Of a line without an end: a kill tore it, or somebody took its end away. */
  readonly tornBytes: number;
}

/** Every line follows the one before and every receipt is genuine, to the byte. The refusal names the line, from 0. */
export function checkBook(book: Uint8Array): Result<CheckedBook, BookRefusal> {
  const walked = walkBook(book);
  return walked.ok ? ok(walked.value.checked) : walked;
}

interface Place {
  readonly at: number;
  readonly bytes: number;
}

interface WalkedBook {
  readonly checked: CheckedBook;
  readonly entries: readonly { readonly line: BookLine; readonly place: Place }[];
}

function walkBook(book: Uint8Array): Result<WalkedBook, BookRefusal> {
  let last = hashOf('');
  let at = 0;
  const entries: { readonly line: BookLine; readonly place: Place }[] = [];
  for (let end = book.indexOf(LF); end >= 0; end = book.indexOf(LF, at)) {
    const bytes = book.subarray(at, end);
    const line = readLine(bytes);
    if (line === undefined || line.nth !== entries.length || line.before !== last || !isGenuine(line.receipt))
      return err({ kind: 'damaged', line: entries.length });
    last = hashOf(bytes);
    entries.push({ line, place: { at, bytes: bytes.length } });
    at = end + 1;
  }
  return ok({ checked: { lines: entries.length, last, tornBytes: book.length - at }, entries });
}

export interface ReadBook extends CheckedBook {
  readonly entries: readonly BookLine[];
}

/** The whole book, found good. */
export async function readBookFile(path: string): Promise<Result<ReadBook, BookRefusal>> {
  const book = await readFile(path).catch(() => undefined);
  if (book === undefined) return err({ kind: 'unreadable', line: 0 });
  const walked = walkBook(book);
  if (!walked.ok) return walked;
  return ok({ ...walked.value.checked, entries: walked.value.entries.map(({ line }) => line) });
}

export function describeBookRefusal({ kind, line }: BookRefusal, path: string): string {
  return kind === 'damaged'
    ? `the book ${path} is not what it was: entry ${line} does not follow the one before, or is not signed. Bring the book back from a copy.`
    : `the book ${path} cannot be read.`;
}

const LF = 0x0a;

/** Undefined for what is not written exactly as a line is. */
function readLine(line: Uint8Array): BookLine | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(line).toString());
    return Buffer.from(canonicalJson(value)).equals(line) ? (value as BookLine) : undefined;
  } catch {
    return undefined;
  }
}

function isGenuine(receipt: DeletionReceipt): boolean {
  try {
    return isReceiptGenuine(receipt);
  } catch {
    return false; // it has not the shape of one
  }
}

function hashOf(line: string | Uint8Array): string {
  return createHash('sha256').update(line).digest('hex');
}
