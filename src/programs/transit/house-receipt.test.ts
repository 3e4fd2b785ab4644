// A receipt of the room in the book of the house: it can be read back whole, with its signature, and not when a fact is another.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isReceiptGenuine, receiptHash, signReceipt, type DeletionReceipt } from '#post/transit/report/receipt.ts';
import { isFacts } from '#vault/book/check/receipt.ts';
import { factsOf, receiptFrom } from './house-receipt.ts';
import { signerFrom } from './signing-key.ts';

function receipt(documents: number, returnedMs: number | undefined = 2): DeletionReceipt {
  return signReceipt(
    {
      kind: 'siegel transit deletion receipt',
      version: 1,
      job: 'a'.repeat(26),
      receivedMs: 1,
      returnedMs,
      erasedMs: 3,
      saltedHashes: Array.from({ length: documents }, (_, at) => at.toString(16).padStart(64, '0')),
      objectsCreated: 4,
      objectsErased: 4,
      isKeyDestroyed: true,
      selfCheck: 'cd'.repeat(32),
      accepted: ['swap', 'cores'],
    },
    signerFrom(new Uint8Array(32).fill(5)),
  );
}

test('a receipt comes back from the facts of the book as it was signed, however many documents it names', () => {
  for (const documents of [0, 1, 31, 32, 248]) {
    const made = receipt(documents);
    const facts = factsOf(made);
    assert.ok(isFacts(facts), `${documents} fit`);
    assert.deepEqual(receiptFrom(facts), made);
  }
  const nobodys = receipt(1, undefined);
  assert.equal(receiptFrom(factsOf({ ...nobodys }))?.signature, nobodys.signature);
});

test('more documents than fit are counted only, and with their hashes the receipt is whole again', () => {
  const made = receipt(249);
  const facts = factsOf(made);
  assert.ok(isFacts(facts));
  const found = receiptFrom(facts);
  assert.ok(found !== undefined && 'counted' in found);
  assert.equal(found.documents, 249);
  const { counted, key, signature } = found;
  const whole = { facts: { ...counted, saltedHashes: made.facts.saltedHashes }, key, signature };
  assert.deepEqual(whole, made);
  assert.ok(isReceiptGenuine(whole));
  assert.equal(receiptHash(whole), found.receiptHash);
});

test('a fact that was altered gives no receipt', () => {
  const facts = factsOf(receipt(2));
  for (const name of Object.keys(facts).filter((one) => one !== 'documents')) {
    const value = facts[name];
    const other = typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : `x${String(value)}`;
    assert.equal(receiptFrom({ ...facts, [name]: other }), undefined, name);
  }
});
