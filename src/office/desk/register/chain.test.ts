// The chain against fixed values computed by another program, and against a second reckoning written differently; what it gives away and what not.

import assert from 'node:assert/strict';
import { hash, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FIRST_HEAD, headAfter, leafOf, sha256 } from './chain.ts';
import { commitTarget, parseDigest } from '#formats/desk/digest.ts';
import type { DeskEvent, Entry } from './event.ts';
import type { Digest } from '#formats/desk/model.ts';
import { DIGEST, FILING, usual } from './test-walk.ts';

/** Hashes computed with Python's hashlib from the words of decision 0018. */
const known: readonly (readonly [entry: Entry, leaf: string, head: string])[] = [
  [
    { nth: 0, atMs: 1672527600000, blind: parseDigest('00'.repeat(32)), event: usual.ADMITTED },
    'af50f834145e62c7748c7b585a2ff4b749b6be4c1d6a99e23e74c79ca22367e1',
    '7e4a9a2ff06e2b704e155ba0a617bd30b6633ba35c99b16caf6e3e73d15145fe',
  ],
  [
    { nth: 1, atMs: 1672527600001, blind: parseDigest('ff'.repeat(32)), event: usual.NARROWED },
    '7ab537e9165c9c3d477029777475f6dcbf4bd0ca1346e2a94572bf0f3151eb0d',
    '7e1e8413537b49af59302b947d9a969a48c455d1ea763f90b7a3e14c948a0ac2',
  ],
  [
    {
      nth: 2,
      atMs: 1672527600001,
      blind: parseDigest('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'),
      event: { ...usual.CORRECTION, letter: parseDigest('ab'.repeat(32)), by: 'Zoë "Ö"\n' },
    },
    'e37be72859ff82eee55a7a59c0826e6afbfc1bd2913d5e480c06b92cf3bea7c7',
    'e9df72ffb9830d8220853c10ff314508ae3ecb0c551e5c03070e914df0a560a9',
  ],
];

describe('the chain', () => {
  it('begins with the hash of its name', () => {
    assert.equal(FIRST_HEAD, '1fc645b3962a8bca796d78a341b703ee7afa07a7eb40689fef9b2f91a710183a');
  });

  it('has these leaves and heads', () => {
    let head = FIRST_HEAD;
    for (const [entry, leaf, after] of known) {
      assert.equal(leafOf(entry), leaf);
      head = headAfter(head, leafOf(entry));
      assert.equal(head, after);
    }
  });

  it('has the heads of a second reckoning, for any entries', () => {
    const entries = fc.array(
      fc.record({
        atMs: fc.nat(),
        blind: fc.uint8Array({ minLength: 32, maxLength: 32 }),
        by: fc.string({ unit: 'grapheme' }),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(entries, (made) => {
        let head = FIRST_HEAD;
        let other = hash('sha256', 'siegel desk register v1');
        for (const [nth, { atMs, blind, by }] of made.entries()) {
          const event = { ...usual.CORRECTION, by };
          head = headAfter(head, leafOf({ nth, atMs, blind: hex(blind), event }));
          other = secondHead(other, hex(blind), secondText({ nth, atMs, by }));
        }
        assert.equal(head, other);
      }),
      { seed: 18, numRuns: 200 },
    );
  });

  it('changes with every part of an entry, and with their order', () => {
    const [[entry], [next]] = [known[0], known[1]].map((item) => item ?? assert.fail()) as [
      (typeof known)[number],
      (typeof known)[number],
    ];
    const changed: readonly Entry[] = [
      { ...entry, nth: 1 },
      { ...entry, atMs: entry.atMs + 1 },
      { ...entry, blind: parseDigest(`01${'00'.repeat(31)}`) },
      { ...entry, event: usual.CLOSED },
      { ...entry, event: { ...usual.ADMITTED, note: 'x' } as DeskEvent },
    ];
    const leaves = new Set([entry, ...changed].map(leafOf));
    assert.equal(leaves.size, changed.length + 1);
    const [a, b] = [leafOf(entry), leafOf(next)];
    assert.notEqual(headAfter(headAfter(FIRST_HEAD, a), b), headAfter(headAfter(FIRST_HEAD, b), a));
    assert.notEqual(headAfter(FIRST_HEAD, a), headAfter(a, FIRST_HEAD));
  });

  it('stays when what an entry said is erased, and nobody finds it by trying what it could have said', () => {
    const blind = hex(randomBytes(32));
    const entry: Entry = { nth: 7, atMs: 1_000, blind, event: usual.CASE_FILE_PUT };
    const leaf = leafOf(entry);
    const guesses = Object.values(usual).map((event) => leafOf({ ...entry, event, blind: DIGEST }));
    assert.ok(!guesses.includes(leaf));
    // the twin: who still has the blind finds it
    assert.ok(Object.values(usual).some((event) => leafOf({ ...entry, event }) === leaf));
  });

  it('takes a leaf for no head, and a head for no leaf', () => {
    // an event of just the right bytes would have to be the canonical JSON of an entry: the first byte tells them apart
    const inner = sha256(Buffer.of(0), Buffer.from(FIRST_HEAD, 'hex'), Buffer.from(DIGEST, 'hex'));
    assert.notEqual(inner, headAfter(FIRST_HEAD, DIGEST));
  });
});

describe('a commitment to whom it is about', () => {
  const random = new Uint8Array(32).fill(7);

  it('has this value', () => {
    assert.equal(
      commitTarget(random, 'jörg@example.org'),
      '99ae03f622c222806bae474ade6fdc8bf4342836df2f877c04a26e4730243635',
    );
    assert.equal(
      commitTarget(new Uint8Array(32), ''),
      '94aaea6b3f5903fe960f9b6f7b7384196c3608e5a5a7fe92a13bd268d77d36aa',
    );
  });

  it('needs 32 random bytes', () => {
    for (const length of [0, 31, 33]) {
      assert.throws(() => commitTarget(new Uint8Array(length), 'a@example.org'), /32 random bytes/);
    }
  });

  it('is found by none of 250,000 addresses tried without its random bytes, and by the one with them', () => {
    const target = 'person123456@example.org';
    const salts = [randomBytes(32), randomBytes(32)];
    const commitments = new Set<string>(salts.map((salt) => commitTarget(salt, target)));
    let hits = 0;
    for (let at = 0; at < 250_000; at++) {
      const address = `person${at}@example.org`;
      const tried = [hash('sha256', address), commitTarget(new Uint8Array(32), address)];
      if (tried.some((digest) => commitments.has(digest))) hits += 1;
    }
    assert.equal(hits, 0);
    assert.ok(salts.every((salt) => commitments.has(commitTarget(salt, target))));
  });

  it('is another one each time, so that two filings about one person are not told to be', () => {
    assert.notEqual(commitTarget(randomBytes(32), 'a@example.org'), commitTarget(randomBytes(32), 'a@example.org'));
  });
});

describe('a digest', () => {
  it('has 64 lower-case hex digits', () => {
    assert.equal(parseDigest(DIGEST), DIGEST);
    for (const text of ['', DIGEST.slice(1), `${DIGEST}0`, 'AB'.repeat(32), `${'ab'.repeat(31)}zz`, `${DIGEST}\n`]) {
      assert.throws(() => parseDigest(text), /64 hex digits/);
    }
  });

  it('is over its parts one after the other', () => {
    assert.equal(sha256(Buffer.from('ab'), Buffer.from('c')), hash('sha256', 'abc'));
  });
});

function hex(bytes: Uint8Array): Digest {
  return parseDigest(Buffer.from(bytes).toString('hex'));
}

/** The entry's canonical JSON, written by hand. */
function secondText({ nth, atMs, by }: { nth: number; atMs: number; by: string }): string {
  const event = `{"by":${JSON.stringify(by)},"filing":"${FILING}","kind":"ANSWERED","language":"de","letter":"${DIGEST}","letterKind":"CORRECTION"}`;
  return `{"atMs":${atMs},"event":${event},"nth":${nth}}`;
}

function secondHead(before: string, blind: string, text: string): string {
  const leaf = hash('sha256', Buffer.from(`00${blind}${Buffer.from(text).toString('hex')}`, 'hex'));
  return hash('sha256', Buffer.from(`01${before}${leaf}`, 'hex'));
}
