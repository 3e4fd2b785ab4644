// The room alone, as its operator starts it: who may send, what a retry hears, what the book says, what nobody but the sender gets.

import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { checkBook } from '#programs/transit/book-file.ts';
import { isReceiptGenuine, type DeletionReceipt } from '#post/transit/report/receipt.ts';
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
  assert.deepEqual(checkBook(book).ok && [checkBook(book)].map((one) => one.ok && one.value.lines), [1]);
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
  const letter = documentLetter({ id: '1', words: 'wait 1500' });
  assert.match(await sendLetter(smtpPort, letter), /^451 4\.4\.1/);
  alone.sink.answer = () => 0;
  const startMs = performance.now();
  assert.match(await sendLetter(smtpPort, letter), /^250 /);
  assert.ok(performance.now() - startMs < 1_000, 'the result was waiting');
  assert.match(await sendLetter(smtpPort, letter), /^250 /);
  assert.equal(alone.sink.taken.length, 1, 'and is not sent twice');
  alone.sink.answer = () => 550;
  assert.match(await sendLetter(smtpPort, documentLetter({ id: '2', words: 'x' })), /^554 5\.4\.0/);
  assert.equal(alone.sink.taken.length, 1);
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
  const book = checkBook(await readFile(alone.ready.bookPath, 'utf8'));
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

test('twenty senders at once, and kills: nobody’s words are in anybody else’s result, in the log or in the counters', async () => {
  await using alone = await openAlone();
  const mark = (at: number): string => `Merkmal${String(at).padStart(2, '0')}xyzzy`;
  const port = alone.ready.smtpPort;
  const sendUntilTaken = async (at: number): Promise<void> => {
    const from = `person${at}@sender.test`;
    const letter = documentLetter({ from, id: `m${at}`, words: `${mark(at)} wait ${100 + 37 * at}` });
    for (let tries = 0; tries < 60; tries++) {
      if ((await sendLetter(port, letter, from)).startsWith('250 ')) return;
      await wait(150);
    }
    assert.fail(`the letter of ${at} was never taken`);
  };
  const sending = Array.from({ length: 20 }, (_, at) => sendUntilTaken(at));
  for (let kills = 0; kills < 4; kills++) {
    await wait(500);
    const { roomPid } = await alone.look();
    if (roomPid !== undefined) process.kill(roomPid, 'SIGKILL');
  }
  await Promise.all(sending);
  for (let at = 0; at < 20; at++) {
    const own = Buffer.from(Array.from(mark(at)).toReversed().join(''));
    const holders = alone.sink.taken.filter(({ plainText }) => bytesOfFiles(plainText).includes(own));
    assert.ok(holders.length > 0);
    assert.deepEqual(new Set(holders.map(({ to }) => to)), new Set([`person${at}@sender.test`]));
    assert.equal(new Set(holders.map(({ filesDigest }) => filesDigest)).size, 1);
  }
  const { httpUrl, bookPath } = await alone.look();
  const told = [alone.said(), await readFile(bookPath, 'utf8')];
  for (const path of ['/transit/counters', '/transit/self-check', '/transit/door'])
    told.push(await (await fetch(`${httpUrl}${path}`)).text());
  assert.ok(told.every((words) => !words.includes('Merkmal') && !words.includes('person')));
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

function bytesOfFiles(plainText: string): Buffer {
  const coded = [...plainText.matchAll(/\r\n\r\n([A-Za-z0-9+/=\r\n]+)\r\n--/g)].map((match) => match[1] ?? '');
  return Buffer.concat(coded.map((part) => Buffer.from(part, 'base64')));
}
