// A book in one file: lines of canonical JSON, each with the hash of the one before; appended and synced, never changed.

import { createHash } from 'node:crypto';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { err, ok, type Result } from '#base/result.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';

export interface BookLine<T> {
  /** From 0. */
  readonly nth: number;
  /** SHA-256 of the line before, hex; of nothing for the first. */
  readonly before: string;
  readonly receipt: T;
}

export type BookRefusal = { readonly kind: 'unreadable' | 'damaged'; readonly line: number };

/** What lines of a book hold. */
export interface BookKind<T> {
  /** Throws or says false for what is none, or is not signed. `before`: what stands in the lines before it. */
  readonly isGenuine: (receipt: T, before: readonly T[]) => boolean;
  /** By which it is found again. */
  readonly nameOf: (receipt: T) => string;
}

export interface LineBook<T> extends AsyncDisposable {
  /** Resolves when the line is synced. */
  record(receipt: T): Promise<void>;
  find(name: string): Promise<T | undefined>;
}

export async function openLineBook<T>(path: string, kind: BookKind<T>): Promise<Result<LineBook<T>, BookRefusal>> {
  let file: FileHandle;
  try {
    file = await open(path, 'a+', 0o600);
  } catch {
    return err({ kind: 'unreadable', line: 0 });
  }
  const bytes = await file.readFile();
  const walked = walkBook(bytes, kind);
  if (!walked.ok) {
    await file.close();
    return walked;
  }
  const { checked, entries } = walked.value;
  // what was being written when the program was killed was never promised
  await file.truncate((await file.stat()).size - checked.tornBytes);
  let { lines, last } = checked;
  const places = new Map(entries.map(({ line, place }) => [kind.nameOf(line.receipt), place]));
  let sizeBytes = bytes.length - checked.tornBytes;
  let writing: Promise<void> = Promise.resolve();
  const append = async (receipt: T): Promise<void> => {
    const text = canonicalJson({ nth: lines, before: last, receipt } satisfies BookLine<T>);
    const line = Buffer.from(`${text}\n`);
    await file.appendFile(line);
    await file.datasync();
    places.set(kind.nameOf(receipt), { at: sizeBytes, bytes: line.length - 1 });
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
    async find(name) {
      const place = places.get(name);
      if (place === undefined) return undefined;
      const line = Buffer.alloc(place.bytes);
      await file.read(line, 0, place.bytes, place.at);
      const found = readLine<T>(line)?.receipt;
      return found !== undefined && kind.nameOf(found) === name ? found : undefined;
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
export function checkLineBook<T>(book: Uint8Array, kind: BookKind<T>): Result<CheckedBook, BookRefusal> {
  const walked = walkBook(book, kind);
  return walked.ok ? ok(walked.value.checked) : walked;
}

export interface ReadBook<T> extends CheckedBook {
  readonly entries: readonly BookLine<T>[];
}

/** The whole book, found good. */
export async function readLineBook<T>(path: string, kind: BookKind<T>): Promise<Result<ReadBook<T>, BookRefusal>> {
  const book = await readFile(path).catch(() => undefined);
  if (book === undefined) return err({ kind: 'unreadable', line: 0 });
  const walked = walkBook(book, kind);
  if (!walked.ok) return walked;
  return ok({ ...walked.value.checked, entries: walked.value.entries.map(({ line }) => line) });
}

export function describeBookRefusal({ kind, line }: BookRefusal, path: string): string {
  return kind === 'damaged'
    ? `the book ${path} is not what it was: entry ${line} does not follow the one before, or is not signed. Bring the book back from a copy.`
    : `the book ${path} cannot be read.`;
}

interface Place {
  readonly at: number;
  readonly bytes: number;
}

interface WalkedBook<T> {
  readonly checked: CheckedBook;
  readonly entries: readonly { readonly line: BookLine<T>; readonly place: Place }[];
}

const LF = 0x0a;

function walkBook<T>(book: Uint8Array, kind: BookKind<T>): Result<WalkedBook<T>, BookRefusal> {
  let last = hashOf('');
  let at = 0;
  const entries: { readonly line: BookLine<T>; readonly place: Place }[] = [];
  const before: T[] = [];
  for (let end = book.indexOf(LF); end >= 0; end = book.indexOf(LF, at)) {
    const bytes = book.subarray(at, end);
    const line = readLine<T>(bytes);
    const isNext = line !== undefined && line.nth === entries.length && line.before === last;
    if (!isNext || !isGenuine(kind, line.receipt, before)) return err({ kind: 'damaged', line: entries.length });
    last = hashOf(bytes);
    entries.push({ line, place: { at, bytes: bytes.length } });
    before.push(line.receipt);
    at = end + 1;
  }
  return ok({ checked: { lines: entries.length, last, tornBytes: book.length - at }, entries });
}

/** Undefined for what is not written exactly as a line is. */
function readLine<T>(line: Uint8Array): BookLine<T> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(line).toString());
    return Buffer.from(canonicalJson(value)).equals(line) ? (value as BookLine<T>) : undefined;
  } catch {
    return undefined;
  }
}

function isGenuine<T>({ isGenuine }: BookKind<T>, receipt: T, before: readonly T[]): boolean {
  try {
    return isGenuine(receipt, before);
  } catch {
    return false; // it has not the shape of one
  }
}

function hashOf(line: string | Uint8Array): string {
  return createHash('sha256').update(line).digest('hex');
}
