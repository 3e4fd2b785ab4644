// `siegel transit-book verify` and `show`: what a whole book says, and the number of the entry that is wrong.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readConfig } from '#base/config/read.ts';
import { signReceipt } from '#post/transit/report/receipt.ts';
import type { Call, Run } from '../command.ts';
import { openBookFile } from '../transit/book-file.ts';
import { signerFrom } from '../transit/signing-key.ts';
import { run as show } from './transit-book-show.ts';
import { run as verify } from './transit-book-verify.ts';

let folder: string;
let path: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siegel-transit-book-'));
  path = join(folder, 'book.jsonl');
  const book = await openBookFile(path);
  assert.ok(book.ok);
  const signer = signerFrom(new Uint8Array(32).fill(7));
  for (const job of ['aaa', 'bbb', 'ccc'])
    await book.value.record(
      signReceipt(
        {
          kind: 'siegel transit deletion receipt',
          version: 1,
          job,
          receivedMs: 1,
          returnedMs: job === 'bbb' ? undefined : 2,
          erasedMs: 3,
          saltedHashes: ['ab'.repeat(32)],
          objectsCreated: 1,
          objectsErased: 1,
          isKeyDestroyed: true,
          selfCheck: '',
          accepted: [],
        },
        signer,
      ),
    );
  await book.value[Symbol.asyncDispose]();
});
after(() => rm(folder, { recursive: true, force: true }));

function call(file: string, operands: readonly string[] = []): Promise<Awaited<ReturnType<Run>>> {
  const config = readConfig();
  assert.ok(config.ok);
  const terminal = { print: () => {}, note: () => {}, readInput: async () => '', isTty: false };
  const made: Call = {
    config: config.value,
    configFile: '',
    operands,
    options: { file },
    switches: new Set(),
    json: false,
    terminal,
  };
  return operands.length > 0 ? show(made) : verify(made);
}

test('a whole book is good, and its last hash is shown to be kept elsewhere', async () => {
  const verified = await call(path);
  assert.ok(verified.ok && verified.value.isBad !== true);
  assert.match(verified.value.text, /^3 entries: .*\nHash of the last: [0-9a-f]{64}/);
});

test('one receipt is found by the number of its work; one that is not there is refused', async () => {
  const shown = await call(path, ['bbb']);
  assert.ok(shown.ok && /"job": "bbb"/.test(shown.value.text));
  const none = await call(path, ['zzz']);
  assert.ok(!none.ok && none.error.sentence.includes('no entry of zzz'));
});

test('what is wrong is named by the number of its entry; a torn end is said and is not good', async () => {
  const book = await readFile(path, 'utf8');
  const spoiled = join(folder, 'spoiled');
  await writeFile(spoiled, book.replace('"job":"bbb"', '"job":"bbx"'));
  const damaged = await call(spoiled);
  assert.ok(!damaged.ok && damaged.error.sentence.includes('entry 1 '), JSON.stringify(damaged));
  await writeFile(spoiled, book.slice(0, -1));
  const torn = await call(spoiled);
  assert.ok(torn.ok && torn.value.isBad === true && torn.value.text.includes('Behind entry 1'));
  const missing = await call(join(folder, 'none'));
  assert.ok(!missing.ok && missing.error.sentence.includes('cannot be read'));
});
