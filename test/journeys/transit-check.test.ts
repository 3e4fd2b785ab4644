// An answer that came with documents, dropped whole or pasted as text, leads to the receipt of their erasure: signed, the house's own, about these documents.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bestBodies } from '#formats/message/bodies.ts';
import { readLetter } from '#formats/message/letter-view.ts';
import { decodeText } from '#formats/message/part-content.ts';
import { saltedHash, signReceipt, type DeletionReceipt } from '#post/transit/report/receipt.ts';
import { signerFrom } from '#programs/transit/signing-key.ts';
import { factsOf, receiptFrom } from '#programs/transit/house-receipt.ts';
import { askErasure, judgeErasure, type ErasureJudgement } from '../../src/web/check/judge-erasure.ts';
import { readAnswer, type Answer } from '../../src/web/check/read-answer.ts';
import { documentLetter, openAlone, sendLetter, type AloneProgram } from '../transit/alone.ts';

let alone: AloneProgram;
let origin: string;
let letters: readonly string[] = [];

before(async () => {
  alone = await openAlone();
  origin = alone.ready.httpUrl;
  // written in the language of the letter
  for (const [id, word] of [
    ['1', 'please'],
    ['2', 'bitte, anbei die Klage für das Gericht'],
  ] as const) {
    const letter = documentLetter({ id, words: `drow ${id}` }).replace('please', word);
    assert.match(await sendLetter(alone.ready.smtpPort, letter), /^250 /);
  }
  letters = alone.sink.taken.map(({ plainText }) => plainText);
});
after(() => alone?.[Symbol.asyncDispose]());

function textOf(letter: string): string {
  const bytes = Buffer.from(letter);
  const [part] = bestBodies(readLetter(bytes).root).text;
  assert.ok(part);
  return decodeText(bytes, part);
}

function answerOf(text: string): Answer {
  const answer = readAnswer(Buffer.from(text));
  assert.ok(answer);
  return answer;
}

const here: typeof fetch = (path, init) => fetch(new URL(path instanceof Request ? path.url : path, origin), init);
const judge = (answer: Answer, ask = askErasure(here)): Promise<ErasureJudgement> => judgeErasure(answer, ask, origin);
const whyOf = (judged: ErasureJudgement): string => (judged.kind === 'refused' ? judged.why : judged.kind);

test('the whole letter, its text alone, and its text as a mail program quotes it: the house says the same of these documents', async () => {
  for (const letter of letters) {
    const { documents } = answerOf(letter);
    assert.equal(documents?.length, 1);
    const text = textOf(letter);
    const quoted = text.slice(text.indexOf('SHA-256')).replaceAll(/^/gm, '> ').replaceAll(': ', ':\n>  ');
    for (const brought of [letter, text, `${text.match(/: [a-z2-7]{26}/)?.[0] ?? ''}\n${quoted}`]) {
      const judged = await judge(answerOf(brought));
      assert.ok(judged.kind === 'house', whyOf(judged));
      assert.equal(judged.documents, 1);
      assert.equal(judged.erasure.facts.saltedHashes.length, 1);
    }
  }
  for (const word of ['Salz: ', 'Salt: '])
    assert.ok(
      letters.some((letter) => textOf(letter).includes(word)),
      word,
    );
});

test('a letter in which a hash, a salt or the number of the work is another one is found', async () => {
  const answer = answerOf(letters[0] ?? '');
  const [document] = answer.documents ?? [];
  assert.ok(document);
  const other = (digits: string): string => `${digits.startsWith('0') ? '1' : '0'}${digits.slice(1)}`;
  for (const part of ['salt', 'digestBefore', 'digestAfter'] as const) {
    const documents: Answer['documents'] = [{ ...document, [part]: other(document[part]) }];
    assert.equal(whyOf(await judge({ ...answer, documents })), 'otherDocuments', part);
  }
  assert.equal(whyOf(await judge({ ...answer, documents: [document, document] })), 'otherDocuments');
  const second = answerOf(letters[1] ?? '');
  assert.equal(whyOf(await judge({ ...answer, job: second.job })), 'otherDocuments');
  assert.equal(whyOf(await judge({ ...answer, job: 'a'.repeat(26) })), 'notFound');
  assert.equal(
    whyOf(await judge({ ...answer, url: `https://other.test/transit/receipts/${answer.job}` })),
    'elsewhere',
  );
  assert.equal(whyOf(await judge(answer, () => Promise.reject(new TypeError('no connection')))), 'notAsked');
});

test('a house that says something else, or nothing that is signed, is found', async () => {
  const answer = answerOf(letters[0] ?? '');
  const receipt: DeletionReceipt = await (await fetch(`${origin}/transit/receipts/${answer.job}`)).json();
  const mended = { ...receipt, facts: { ...receipt.facts, objectsErased: receipt.facts.objectsErased + 1 } };
  assert.equal(whyOf(await judge(answer, () => Promise.resolve(mended))), 'notSigned');
  assert.equal(whyOf(await judge(answer, () => Promise.resolve('x'))), 'notSigned');
  const signer = signerFrom(new Uint8Array(32).fill(5));
  const left = signReceipt({ ...receipt.facts, objectsErased: 0 }, signer);
  assert.equal(whyOf(await judge(answer, () => Promise.resolve(left))), 'notErased');
});

test('the receipt file of the page is compared with what the house says; without a connection its signature alone is', async () => {
  const { job } = answerOf(letters[0] ?? '');
  const receipt: DeletionReceipt = await (await fetch(`${origin}/transit/receipts/${job}`)).json();
  const file = (of: object): Answer => answerOf(JSON.stringify({ receipt: of, salts: ['ab'] }, undefined, 2));
  assert.equal(whyOf(await judge(file(receipt))), 'house');
  const unreachable = () => Promise.reject(new TypeError('no connection'));
  assert.equal(whyOf(await judge(file(receipt), unreachable)), 'unknown');
  const forged = signReceipt({ ...receipt.facts, receivedMs: 1 }, signerFrom(new Uint8Array(32).fill(6)));
  assert.equal(whyOf(await judge(file(forged))), 'notTheHouses');
});

test('of more documents than the book of a house names, the answer makes the receipt whole again', async () => {
  const documents = Array.from({ length: 300 }, (_, at) => ({
    salt: at.toString(16).padStart(32, '0'),
    digestBefore: at.toString(16).padStart(64, 'a'),
    digestAfter: at.toString(16).padStart(64, 'b'),
  }));
  const job = 'b'.repeat(26);
  const lines = documents.map(
    ({ salt, digestBefore, digestAfter }) =>
      `SHA-256 vorher: ${digestBefore}\nSHA-256 jetzt: ${digestAfter}\nSalz: ${salt}\n`,
  );
  const answer = answerOf(`Nummer der Arbeit: ${job}\n${lines.join('\n')}`);
  const hashes = documents.map(({ salt, digestBefore, digestAfter }) => saltedHash(salt, digestBefore, digestAfter));
  const signed = signReceipt({ ...SAID, job, saltedHashes: hashes }, signerFrom(new Uint8Array(32).fill(5)));
  const counted = receiptFrom(factsOf(signed));
  assert.ok(counted !== undefined && 'counted' in counted);
  const asked = () => Promise.resolve(JSON.parse(JSON.stringify(counted)) as unknown);
  assert.equal(whyOf(await judge(answer, asked)), 'house');
  assert.equal(whyOf(await judge({ ...answer, documents: documents.slice(1) }, asked)), 'notSigned');
  const file = answerOf(JSON.stringify({ receipt: signed, salts: [] }));
  assert.equal(whyOf(await judge(file, asked)), 'house', 'so does the receipt file of the page');
  // where the house names them all, a part of the text is enough
  const part = { ...answer, documents: documents.slice(7, 9) };
  assert.equal(whyOf(await judge(part, () => Promise.resolve(signed))), 'house');
});

const SAID = {
  kind: 'siegel transit deletion receipt',
  version: 1,
  receivedMs: 1,
  returnedMs: 2,
  erasedMs: 3,
  objectsCreated: 2,
  objectsErased: 2,
  isKeyDestroyed: true,
  selfCheck: 'cd'.repeat(32),
  accepted: [],
} as const;

test('a letter of something else, a receipt of the book and any text are no such answers', () => {
  for (const text of [
    '',
    'Hallo',
    documentLetter({ id: '9', words: 'x' }),
    `Nummer: ${'a'.repeat(26)}`,
    '{"receipt":{}}',
  ])
    assert.equal(readAnswer(Buffer.from(text)), undefined, text.slice(0, 40));
});
