// The book's process killed again and again in the middle of its work: every record is in it once, and every head it ever gave out holds.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { limits } from '#base/limits.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import { areHeadsConsistent, checkReceipt, isHeadSigned } from './check/check-receipt.ts';
import { formatReceiptFile, parseHead, type SignedHead } from './check/receipt.ts';
import { isPromise, lettersOf, promiseOf } from './test-feed.ts';
import { openKilledHouse } from './test-killed-house.ts';

const KILLS = Number(process.env['SIEGEL_KILLS'] ?? 8);
const script = fileURLToPath(new URL('./test-killed-house.ts', import.meta.url));

/** The heads that the process told before it was killed. */
async function runAndKill(directory: string, forgets: boolean): Promise<readonly SignedHead[]> {
  const child = spawn(process.execPath, [script, directory, ...(forgets ? ['forgets'] : [])], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let printed = '';
  const gone = new Promise((resolve) => child.once('close', resolve));
  const began = new Promise<void>((resolve) =>
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      resolve();
    }),
  );
  await Promise.race([began, gone]);
  await wait(20 + Math.random() * 250);
  child.kill('SIGKILL');
  await gone;
  const lines = printed.split('\n').slice(0, -1);
  return lines.map((line) => parseHead(JSON.parse(line))).filter((head) => head !== undefined);
}

interface Outcome {
  readonly letters: number;
  readonly promises: number;
  readonly heads: number;
  readonly problems: number;
}

async function killAgainAndAgain(kills: number, forgets: boolean): Promise<Outcome> {
  const directory = await mkdtemp(join(tmpdir(), 'siegel-book-kills-'));
  try {
    const heads: SignedHead[] = [];
    for (let n = 0; n < kills; n++) heads.push(...(await runAndKill(directory, forgets)));
    return await judge(directory, heads, forgets);
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function judge(directory: string, heads: readonly SignedHead[], forgets: boolean): Promise<Outcome> {
  const { journal, book, clock } = await openKilledHouse(directory, forgets);
  await book.work();
  clock.advanceMs(2 * limits.book.batchOpenMs); // the clock begins at the last head, the batch may be open since later
  await book.work();
  const found = { letters: 0, promises: 0, problems: (await book.verify()).length };
  for await (const records of journal.readKeyRecords(0)) {
    for (const record of records) {
      const [letter] = lettersOf(record);
      const made = letter ? await book.letterReceipt(letter) : undefined;
      const file = made ?? (isPromise(record) ? await book.promiseReceipt(promiseOf(record)) : undefined);
      if (file === undefined) continue;
      const checked = file.ok ? await checkReceipt(Buffer.from(formatReceiptFile(file.value))) : undefined;
      if (!checked?.ok || checked.value.standing !== 'in-book') found.problems += 1;
      else if (letter) found.letters += 1;
      else found.promises += 1;
    }
  }
  const now = book.newestHead();
  for (const head of new Map(heads.map((head) => [head.timeMs, head])).values()) {
    const proof = await book.consistency(head.size, now.size);
    const path = proof.ok ? proof.value.path.map((text) => fromBase64(text) ?? new Uint8Array(0)) : undefined;
    if (!(await isHeadSigned(book.key, head)) || !areHeadsConsistent(head, now, path).ok) found.problems += 1;
  }
  await book.close();
  await journal.close();
  return { ...found, heads: heads.length };
}

test(`after ${KILLS} kills every letter and promise is in the book once, and every head that was given out holds`, async (t) => {
  const outcome = await killAgainAndAgain(KILLS, false);
  t.diagnostic(JSON.stringify(outcome));
  assert.ok(outcome.letters > KILLS * 16 && outcome.promises > KILLS * 2 && outcome.heads > KILLS);
  assert.equal(outcome.problems, 0);
});

test('twin: a book whose checkpoint forgets the last record takes records twice in the same test', async (t) => {
  const outcome = await killAgainAndAgain(3, true);
  t.diagnostic(JSON.stringify(outcome));
  assert.ok(outcome.problems > 0);
});
