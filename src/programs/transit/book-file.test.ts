// The book of a room alone: lines follow one another, a tear is taken away, anything else that changed is found.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { signReceipt, type DeletionReceipt } from '#post/transit/report/receipt.ts';
import { checkBook, openBookFile } from './book-file.ts';
import { signerFrom } from './signing-key.ts';

const signer = signerFrom(new Uint8Array(32).fill(3));

function receipt(job: string): DeletionReceipt {
  return signReceipt(
    {
      kind: 'siegel transit deletion receipt',
      version: 1,
      job,
      receivedMs: 1,
      returnedMs: 2,
      erasedMs: 3,
      saltedHashes: [],
      objectsCreated: 1,
      objectsErased: 1,
      isKeyDestroyed: true,
      selfCheck: '',
      accepted: [],
    },
    signer,
  );
}

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'siegel-book-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function write(path: string, jobs: readonly string[]): Promise<void> {
  const book = await openBookFile(path);
  assert.ok(book.ok);
  await Promise.all(jobs.map((job) => book.value.record(receipt(job))));
  await book.value[Symbol.asyncDispose]();
}

test('receipts that come at once are lines one after the other, over a restart too', async (t) => {
  const path = join(await folder(t), 'book');
  await write(path, ['a', 'b', 'c']);
  await write(path, ['d']);
  const checked = checkBook(await readFile(path));
  assert.ok(checked.ok);
  assert.deepEqual([checked.value.lines, checked.value.tornBytes], [4, 0]);
});

test('a line that was altered, taken out, moved or added by somebody else is found', async (t) => {
  const path = join(await folder(t), 'book');
  await write(path, ['a', 'b', 'c']);
  const [a = '', b = '', c = ''] = (await readFile(path, 'utf8')).split('\n');
  const altered: readonly (readonly string[])[] = [
    [a, c],
    [b, c],
    [a, c, b],
    [a, b.replace('"objectsErased":1', '"objectsErased":2'), c],
    [a, b, c.replace(/"before":"./, '"before":"x')],
    [a, b, 'x'],
    [a, ` ${b}`, c],
  ];
  for (const lines of altered)
    assert.equal(checkBook(Buffer.from(`${lines.join('\n')}\n`)).ok, false, lines.join('\n'));
  await writeFile(path, `${a}\n${c}\n`);
  const opened = await openBookFile(path);
  assert.deepEqual(opened, { ok: false, error: { kind: 'damaged', line: 1 } });
});

test('a last line that a kill tore was never promised, and is taken away before the next', async (t) => {
  const path = join(await folder(t), 'book');
  await write(path, ['a']);
  const whole = await readFile(path, 'utf8');
  await writeFile(path, `${whole}{"nth":1,"be`);
  await write(path, ['b']);
  const checked = checkBook(await readFile(path));
  assert.ok(checked.ok && checked.value.lines === 2);
});

test('whatever byte of the book is another, it is found', async (t) => {
  const path = join(await folder(t), 'book');
  await write(path, ['a', 'b']);
  const book = await readFile(path);
  const isFound = (bytes: Uint8Array): boolean => {
    const checked = checkBook(bytes);
    return !checked.ok || checked.value.tornBytes > 0;
  };
  assert.equal(isFound(book), false);
  for (let at = 0; at < book.length; at++) {
    for (const flip of [0x01, 0x02, 0x20, 0x80]) {
      const altered = Uint8Array.from(book);
      altered[at] = (altered[at] ?? 0) ^ flip;
      assert.ok(isFound(altered), `byte ${at}: ${String.fromCharCode(book[at] ?? 0)}`);
    }
  }
});

test('a receipt of an earlier start is found by its job, and one that is not there is not', async (t) => {
  const path = join(await folder(t), 'book');
  await write(path, ['a', 'b']);
  const book = await openBookFile(path);
  assert.ok(book.ok);
  await book.value.record(receipt('c'));
  for (const job of ['a', 'b', 'c']) assert.equal((await book.value.find(job))?.facts.job, job);
  assert.equal(await book.value.find('d'), undefined);
  await book.value[Symbol.asyncDispose]();
});

test('a folder that is not there is no book', async () => {
  assert.deepEqual(await openBookFile('/nonexistent/book'), { ok: false, error: { kind: 'unreadable', line: 0 } });
});
