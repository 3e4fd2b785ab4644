// What a person is told about a receipt: by this house, by another, by nobody known, forged; and how a head kept earlier fits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId, type LetterId } from '#base/ids.ts';
import { Bodies } from '#vault/book/bodies.ts';
import { formatReceiptFile, type ReceiptFile, type SignedHead } from '#vault/book/check/receipt.ts';
import { receiptLeaf } from '#vault/book/check/receipt.ts';
import { buildLevels, fillPlan, inclusionPlan, leafHash, nodeHash, rootOf } from '#vault/book/merkle.ts';
import { makeBookKeys } from '#vault/book/test-feed.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { checkDe } from '../words/check-de.ts';
import { checkEn } from '../words/check-en.ts';
import { compareWithHead, fingerprintOf, judgeReceipt, type SignedReceipt } from './judge-receipt.ts';

const bodies = new Bodies(makeBookKeys());
const house = { house: bodies.house, key: bodies.key };
const bytesOf = (file: ReceiptFile): Uint8Array => new TextEncoder().encode(formatReceiptFile(file));

/** A promise that lies in a book of `size` entries. */
function placed(size: number): { readonly file: ReceiptFile; readonly heads: readonly SignedHead[] } {
  const facts = { account: newId<LetterId>(), version: 2 };
  const body = bodies.promised({ journal: 1, seq: 7, nth: 0, kind: 'password-changed', timeMs: 1_000, facts });
  const leaves = Array.from({ length: size }, (_, at) => (at === 0 ? receiptLeaf(body) : leafHash(Uint8Array.of(at))));
  const heads = leaves.map((_, at) => {
    const levels = buildLevels(leaves.slice(0, at + 1), nodeHash);
    return bodies.head(at + 1, rootOf(levels), 2_000 + at);
  });
  const path = fillPlan(buildLevels(leaves, nodeHash), inclusionPlan(0, size)).map(toBase64Url);
  const head = heads.at(-1);
  assert.ok(head);
  return { file: { ...bodies.signed(body), proof: { index: 0, size, path, head } }, heads };
}

async function signed(file: ReceiptFile): Promise<SignedReceipt> {
  const judged = await judgeReceipt(bytesOf(file), house);
  assert.ok(judged.kind !== 'refused', JSON.stringify(judged));
  return judged;
}

test('a receipt is good only when its key is that of this house', async () => {
  const { file } = placed(5);
  assert.equal((await judgeReceipt(bytesOf(file), house)).kind, 'house');
  assert.equal((await judgeReceipt(bytesOf(file), undefined)).kind, 'unknown');
  const other = new Bodies(makeBookKeys());
  assert.equal((await judgeReceipt(bytesOf(file), { house: other.house, key: other.key })).kind, 'other');
  assert.equal((await judgeReceipt(bytesOf(file), { house: other.house, key: bodies.key })).kind, 'other');
});

test('a changed word, a changed place and another file are told apart from a good receipt', async () => {
  const { file } = placed(5);
  const why = async (bytes: Uint8Array): Promise<string> => {
    const judged = await judgeReceipt(bytes, house);
    return judged.kind === 'refused' ? judged.why : judged.kind;
  };
  const { proof } = file;
  assert.ok(proof);
  assert.equal(await why(bytesOf({ ...file, receipt: { ...file.receipt, timeMs: 1_001 } })), 'notSigned');
  assert.equal(await why(bytesOf({ ...file, proof: { ...proof, index: 1 } })), 'notInBook');
  assert.equal(await why(new TextEncoder().encode('{"a":1}')), 'notAReceipt');
  assert.equal(await why(new TextEncoder().encode(JSON.stringify(file, undefined, 2))), 'rewritten');
});

test('heads of one book belong together once the proof is there, and heads of another book never do', async () => {
  const { file, heads } = placed(5);
  const [, second, , , fifth] = heads;
  assert.ok(second && fifth);
  const receipt = await signed(file);
  assert.equal((await compareWithHead(receipt, fifth, undefined)).kind, 'one-book');
  assert.deepEqual(await compareWithHead(receipt, second, undefined), { kind: 'needs-proof', from: 2, to: 5 });
  assert.deepEqual(await compareWithHead(receipt, second, []), { kind: 'refused', why: 'bookRewritten' });
  const rewritten = bodies.head(5, leafHash(Uint8Array.of(9)), 9_000);
  assert.deepEqual(await compareWithHead(receipt, rewritten, undefined), { kind: 'refused', why: 'bookRewritten' });
  const unsigned = { ...second, timeMs: 1 };
  assert.deepEqual(await compareWithHead(receipt, unsigned, undefined), {
    kind: 'refused',
    why: 'earlierHeadNotSigned',
  });
});

test('the fingerprint is read out in groups of four', () => {
  assert.match(fingerprintOf(bodies.key), /^(?:[0-9a-f]{4} ){15}[0-9a-f]{4}$/);
});

test('the words of receipts exist in both languages, in the house’s manner', () => {
  const sentences = (value: unknown): readonly string[] => {
    if (typeof value === 'string') return [value];
    if (typeof value === 'function') return [String(value('letter-sealed', {}, '')), String(value('x-y', {}, ''))];
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(sentences) : [];
  };
  for (const sentence of [...sentences(checkEn), ...sentences(checkDe)]) {
    assert.doesNotMatch(sentence, /!|undefined|\b(?:du|dein|deine)\b/i, sentence);
    assert.notEqual(sentence.trim(), '');
  }
});
