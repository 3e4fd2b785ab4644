// The book of a room that stands alone: one file of lines, each with the hash of the one before; appended and synced, never changed.

import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { err, ok, type Result } from '#base/result.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { isReceiptGenuine, type DeletionReceipt } from '#post/transit/report/receipt.ts';

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
}

export async function openBookFile(path: string): Promise<Result<BookFile, BookRefusal>> {
  let file: FileHandle;
  try {
    file = await open(path, 'a+', 0o600);
  } catch {
    return err({ kind: 'unreadable', line: 0 });
  }
  const checked = checkBook(await file.readFile('utf8'));
  if (!checked.ok) {
    await file.close();
    return checked;
  }
  // what was being written when the program was killed was never promised
  await file.truncate((await file.stat()).size - checked.value.tornBytes);
  let { lines, last } = checked.value;
  let writing: Promise<void> = Promise.resolve();
  const append = async (receipt: DeletionReceipt): Promise<void> => {
    const text = canonicalJson({ nth: lines, before: last, receipt } satisfies BookLine);
    await file.appendFile(`${text}\n`);
    await file.datasync();
    lines += 1;
    last = hashOf(text);
  };
  return ok({
    record(receipt) {
      const mine = writing.then(() => append(receipt));
      writing = mine.catch(() => undefined);
      return mine;
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
  /** Of a line without an end. */
  readonly tornBytes: number;
}

/** Every line follows the one before and every receipt is genuine. */
export function checkBook(text: string): Result<CheckedBook, BookRefusal> {
  let last = hashOf('');
  const lines = text.split('\n');
  const tornBytes = Buffer.byteLength(lines.pop() ?? '');
  for (const [at, line] of lines.entries()) {
    const read = readLine(line);
    if (read === undefined || read.nth !== at || read.before !== last || !isReceiptGenuine(read.receipt))
      return err({ kind: 'damaged', line: at });
    last = hashOf(line);
  }
  return ok({ lines: lines.length, last, tornBytes });
}

function readLine(line: string): BookLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    // what is no receipt has no genuine signature, and asking for one throws
    return canonicalJson(value) === line ? (value as BookLine) : undefined;
  } catch {
    return undefined;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
