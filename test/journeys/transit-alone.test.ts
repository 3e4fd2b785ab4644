// The room alone, as its operator starts it: who may send, what a retry hears, what the book says, what nobody but the sender gets.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { checkBook } from '#programs/transit/book-file.ts';
import { isReceiptGenuine, saltedHash, type DeletionReceipt } from '#post/transit/report/receipt.ts';
import { projectDir } from '../running-program.ts';
import { documentLetter, openAlone, sendLetter } from '../transit/alone.ts';

test('a letter with a document is worked on, sent back to its author, erased, and stands in the book', async () => {
  await using alone = await openAlone();
  const { smtpPort, httpUrl, bookPath } = alone.ready;
  const reply = await sendLetter(smtpPort, documentLetter({ id: '1', words: 'drow' }));
  const job = /^250 2\.0\.0 processed, returned, erased; receipt=([a-z2-7]{26})$/.exec(reply)?.[1];
  assert.ok(job !== undefined, reply);
  assert.equal(alone.sink.taken.length, 1);
  const [result] = alone.sink.taken;
  assert.equal(result?.to, 'anna@sender.test');
  assert.ok(result?.plainText.includes(Buffer.from('word').toString('base64')));
  assert.match(result?.plainText ?? '', /^Auto-Submitted: auto-replied/m);
  assert.match(result?.plainText ?? '', /^DKIM-Signature:/m);
  const book = await readFile(bookPath, 'utf8');
  const checked = checkBook(Buffer.from(book));
  assert.ok(checked.ok && checked.value.lines === 1);
  assert.ok(book.includes(job));
  assert.equal(book.includes('sender.test'), false, 'the book names nobody');
  const receipt: DeletionReceipt = await (await fetch(`${httpUrl}/transit/receipts/${job}`)).json();
  assert.ok(isReceiptGenuine(receipt));
  assert.ok(book.includes(receipt.signature));
  const check = await (await fetch(`${httpUrl}/transit/self-check`)).json();
  assert.equal(check.findings.length, 6);
  assert.equal((await fetch(`${httpUrl}/transit`)).status, 200);
});

test('strangers, forgeries and letters that nobody can vouch for are refused; loopback is not excepted', async () => {
  await using alone = await openAlone();
  const { smtpPort } = alone.ready;
  const send = (from: string, sender = from): Promise<string> =>
    sendLetter(smtpPort, documentLetter({ from, id: '1', words: 'x' }), sender);
  assert.match(await send('eve@elsewhere.test'), /^550 5\.7\.1 this address is not registered/);
  assert.match(await send('eve@elsewhere.test', 'anna@sender.test'), /^550 5\.7\.1 this address is not registered/);
  assert.match(await send('anna@forged.test'), /^550 5\.7\.1 nothing proves/);
  assert.match(await send('anna@forged.test', 'anna@sender.test'), /^550 5\.7\.1 nothing proves/);
  assert.match(await send('anna@broken.test'), /^451 4\.4\.3/);
  assert.equal(alone.sink.taken.length, 0);
});

test('what the sink cannot take now is 451 and its retry has it at once; what it refuses is 554', async () => {
  await using alone = await openAlone();
  const { smtpPort } = alone.ready;
  alone.sink.answer = () => 451;
  // the room is another user
  await chmod(alone.folder, 0o755);
  const held = join(alone.folder, 'held');
  const letter = documentLetter({ id: '1', words: `hold ${held}` });
  assert.match(await sendLetter(smtpPort, letter), /^451 4\.4\.1/);
  alone.sink.answer = () => 0;
  // from now on work on it has no end
  await writeFile(held, '');
  assert.match(await sendLetter(smtpPort, letter), /^250 /, 'the result was waiting');
  assert.match(await sendLetter(smtpPort, letter), /^250 /);
  assert.equal(alone.sink.taken.length, 1, 'and is not sent twice');
  alone.sink.answer = () => 550;
  assert.match(await sendLetter(smtpPort, documentLetter({ id: '2', words: 'x' })), /^554 5\.4\.0/);
  assert.equal(alone.sink.taken.length, 1);
  alone.sink.answer = () => 0;
  const another = sendLetter(smtpPort, documentLetter({ id: '3', words: `hold ${held}` }));
  assert.equal(await Promise.race([another, wait(1_000, 'held')]), 'held', 'the twin: a letter that is worked on');
  await rm(held);
  assert.match(await another, /^250 /);
});

test('a retry that comes while the letter is at work, and one after a kill: same Message-ID, same files', async () => {
  await using alone = await openAlone();
  const letter = documentLetter({ id: '1', words: 'wait 800' });
  const both = [sendLetter(alone.ready.smtpPort, letter), sendLetter(alone.ready.smtpPort, letter)];
  const [one, two] = await Promise.all(both);
  assert.match(one ?? '', /^250 /);
  assert.equal(one, two);
  assert.equal(alone.sink.taken.length, 1);
  await alone.kill();
  await alone.start();
  assert.match(await sendLetter(alone.ready.smtpPort, letter), /^250 /);
  assert.equal(alone.sink.taken.length, 2);
  assert.equal(new Set(alone.sink.taken.map(({ messageId }) => messageId)).size, 1);
  assert.equal(new Set(alone.sink.taken.map(({ filesDigest }) => filesDigest)).size, 1);
  const book = checkBook(await readFile(alone.ready.bookPath));
  assert.ok(book.ok && book.value.lines === 2);
});

test('killed between the receiver’s 250 and its own, the sender gets a second copy that is known as one', async () => {
  await using alone = await openAlone();
  let isFirst = true;
  alone.sink.answer = async () => {
    if (!isFirst) return 0;
    isFirst = false;
    setTimeout(() => void alone.kill(), 0);
    await wait(100);
    return 0;
  };
  const letter = documentLetter({ id: '1', words: 'drow' });
  assert.equal(await sendLetter(alone.ready.smtpPort, letter), '');
  await alone.start();
  assert.match(await sendLetter(alone.ready.smtpPort, letter), /^250 /);
  assert.equal(alone.sink.taken.length, 2);
  assert.equal(new Set(alone.sink.taken.map(({ messageId, filesDigest }) => messageId + filesDigest)).size, 1);
});

test('a receipt is there by its link after a restart, for programs and for people, and ties the documents to the letter', async () => {
  await using alone = await openAlone();
  const reply = await sendLetter(alone.ready.smtpPort, documentLetter({ id: '1', words: 'drow' }));
  const job = /^250 .*receipt=([a-z2-7]{26})$/.exec(reply)?.[1];
  assert.ok(job !== undefined, reply);
  const ask = async (accept: string): Promise<string> => {
    // a connection of its own each time: one that is kept may be closed by the server just when it is used again
    const headers = { accept, 'accept-language': 'en', connection: 'close' };
    const answer = await fetch(`${alone.ready.httpUrl}/transit/receipts/${job}`, { headers });
    assert.equal(answer.status, 200);
    return answer.text();
  };
  const before: DeletionReceipt = JSON.parse(await ask('*/*'));
  await alone.kill();
  await alone.start();
  const after: DeletionReceipt = JSON.parse(await ask('*/*'));
  assert.deepEqual(after, before);
  assert.ok(isReceiptGenuine(after));
  // lines of quoted-printable go on behind a =
  const plainText = (alone.sink.taken[0]?.plainText ?? '').replaceAll(/=\r?\n/g, '');
  const [hashBefore = '', hashAfter = '', salt = ''] = ['SHA-256 before', 'SHA-256 now', 'Salt'].map(
    (word) => new RegExp(`^${word}: ([0-9a-f]+)`, 'm').exec(plainText)?.[1] ?? '',
  );
  assert.deepEqual(after.facts.saltedHashes, [saltedHash(salt, hashBefore, hashAfter)]);
  assert.equal(
    await guide('printf', { SALT: salt, 'HASH-BEFORE': hashBefore, 'HASH-NOW': hashAfter }),
    `${after.facts.saltedHashes[0]}  -`,
  );
  const book = { 'siegel transit-book': `${join(projectDir, 'siegel')} transit-book`, NUMBER: job };
  const env = { SIEGEL_DATA_DIR: join(alone.folder, 'data') };
  assert.match(await guide('siegel transit-book verify', book, env), /^1 entries: every one follows/);
  assert.match(await guide('siegel transit-book show NUMBER', book, env), new RegExp(`"job": "${job}"`));
  assert.match(
    await guide('siegel transit-book show', book, env),
    new RegExp(`^0 .*${job}  1 document, returned, erased$`),
  );
  const page = await ask('text/html');
  assert.ok(page.includes(job) && page.includes(after.facts.saltedHashes[0] ?? '?'));
});

test('a book that was altered keeps the room shut; a line that a kill tore is taken away', async () => {
  await using alone = await openAlone();
  await sendLetter(alone.ready.smtpPort, documentLetter({ id: '1', words: 'x' }));
  await alone.kill();
  const { bookPath } = alone.ready;
  const book = await readFile(bookPath, 'utf8');
  await writeFile(bookPath, `${book}{"nth":1,`);
  await alone.start();
  assert.equal((await stat(bookPath)).size, book.length);
  await alone.kill();
  await writeFile(bookPath, book.replace(/"objectsErased":\d+/, '"objectsErased":99'));
  await assert.rejects(alone.start());
});

/** What a line of the guide prints, with these words instead of its own. */
async function guide(
  begin: string,
  words: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const page = await readFile(join(projectDir, 'docs/guide/transit.md'), 'utf8');
  const line = page.split('\n').find((one) => one === begin || (begin === 'printf' && one.startsWith(begin)));
  assert.ok(line !== undefined, `the guide has no ${begin}`);
  const command = Object.entries(words).reduce((text, [word, mine]) => text.replaceAll(word, mine), line);
  const options = { env: { ...process.env, NODE_OPTIONS: '', ...env } };
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command], options);
  return stdout.trim();
}
