// The room's receipt as a promise in the book of the house, and back: flat facts that a person can read.

import {
  receiptHash,
  isReceiptGenuine,
  type DeletionReceipt,
  type FoundReceipt,
} from '#post/transit/report/receipt.ts';

type Facts = Readonly<Record<string, string | number | boolean | null>>;

export const ERASED = 'documents-erased';

/** Of a fact: hex digits of whole hashes, one behind the other. */
const HASH_CHARACTERS = 64;
const HASHES_IN_FACT = 31;
/** More documents of one job than these are counted only. */
const FACTS_OF_HASHES = 8;
const HASHES_MAX = HASHES_IN_FACT * FACTS_OF_HASHES;

export function factsOf(receipt: DeletionReceipt): Facts {
  const { facts, key, signature } = receipt;
  return {
    job: facts.job,
    receivedMs: facts.receivedMs,
    returnedMs: facts.returnedMs ?? null,
    erasedMs: facts.erasedMs,
    documents: facts.saltedHashes.length,
    ...hashFacts(facts.saltedHashes),
    objectsCreated: facts.objectsCreated,
    objectsErased: facts.objectsErased,
    isKeyDestroyed: facts.isKeyDestroyed,
    selfCheck: facts.selfCheck,
    accepted: facts.accepted.join(', '),
    receiptHash: receiptHash(receipt),
    receiptKey: key,
    receiptSignature: signature,
  };
}

/** Undefined: it is not what was signed. Of very many documents the book has the number alone, and nothing here can be checked. */
export function receiptFrom(facts: Facts): FoundReceipt | undefined {
  const text = (name: string): string => String(facts[name] ?? '');
  const number = (name: string): number => Number(facts[name] ?? 0);
  const receipt: DeletionReceipt = {
    facts: {
      kind: 'siegel transit deletion receipt',
      version: 1,
      job: text('job'),
      receivedMs: number('receivedMs'),
      returnedMs: facts['returnedMs'] === null ? undefined : number('returnedMs'),
      erasedMs: number('erasedMs'),
      saltedHashes: hashesFrom(facts),
      objectsCreated: number('objectsCreated'),
      objectsErased: number('objectsErased'),
      isKeyDestroyed: facts['isKeyDestroyed'] === true,
      selfCheck: text('selfCheck'),
      accepted: text('accepted') === '' ? [] : text('accepted').split(', '),
    },
    key: text('receiptKey'),
    signature: text('receiptSignature'),
  };
  const { key, signature } = receipt;
  const documents = number('documents');
  if (documents > HASHES_MAX && receipt.facts.saltedHashes.length === 0) {
    const { saltedHashes: _, ...counted } = receipt.facts;
    return { counted, documents, receiptHash: text('receiptHash'), key, signature };
  }
  return isReceiptGenuine(receipt) && receiptHash(receipt) === facts['receiptHash'] ? receipt : undefined;
}

function hashFacts(hashes: readonly string[]): Facts {
  if (hashes.length > HASHES_MAX) return {};
  const facts: Record<string, string> = {};
  for (let at = 0; at < hashes.length; at += HASHES_IN_FACT)
    facts[nameOf(at / HASHES_IN_FACT)] = hashes.slice(at, at + HASHES_IN_FACT).join('');
  return facts;
}

function hashesFrom(facts: Facts): readonly string[] {
  let digits = '';
  for (let nth = 0; nth < FACTS_OF_HASHES; nth++) digits += String(facts[nameOf(nth)] ?? '');
  return digits.match(new RegExp(`.{${HASH_CHARACTERS}}`, 'g')) ?? [];
}

function nameOf(nth: number): string {
  return nth === 0 ? 'saltedHashes' : `saltedHashes${nth + 1}`;
}
