// Sealed pages, search segments and their manifest give back what was put in, and only where it belongs.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { idToBytes, newId, type ItemId, type LetterId } from '#base/ids.ts';
import {
  decodeSegment,
  encodeSegment,
  openCacheManifest,
  openPage,
  openSegment,
  sealCacheManifest,
  sealPage,
  sealSegment,
} from './keys.ts';
import { makeMailbox } from './test-mailbox.ts';

const anna = await makeMailbox();
const bert = await makeMailbox('bert@siegel.test');
const letters = Array.from({ length: 256 }, () => newId<LetterId>());

describe('a sealed page', () => {
  it('gives its rows back, in steps of 4 kB, only under its own id', async () => {
    const rows = letters.map((letterId, i) => ({
      letterId,
      facts: { subject: `Subject ${i}`, from: 'carl@example.org' },
    }));
    const id = newId<ItemId>();
    const sealed = await sealPage(anna.accountKeys, id, rows);
    assert.equal((sealed.length - 1 - 32 - 16) % 4096, 0);
    assert.deepEqual(await openPage(anna.accountKeys, id, sealed), rows);
    assert.equal(await openPage(anna.accountKeys, newId<ItemId>(), sealed), undefined);
    assert.equal(await openPage(bert.accountKeys, id, sealed), undefined);
    assert.equal(await openSegment(anna.accountKeys, id, sealed), undefined);
    assert.notDeepEqual(await sealPage(anna.accountKeys, id, rows), sealed);
  });

  it('changed in any byte does not open', async () => {
    const id = newId<ItemId>();
    const sealed = await sealPage(anna.accountKeys, id, []);
    for (let at = 0; at < sealed.length; at += 13) {
      const changed = Uint8Array.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      assert.equal(await openPage(anna.accountKeys, id, changed), undefined);
    }
  });
});

describe('a search segment', () => {
  const ids = letters.map((id) => idToBytes(id));

  it('finds every word, and words that begin alike, as a plain search would', () => {
    const vocabulary = Array.from({ length: 6_000 }, (_, i) => `w${((i * 7919) % 6_000).toString(36)}ä`);
    const words = new Map(
      vocabulary.map((word, i) => [word, [...new Set([i % 256, (i * 31) % 256, 255])].sort((a, b) => a - b)]),
    );
    const bytes = encodeSegment({ tokeniser: 1, letters: ids, words });
    const segment = decodeSegment(bytes);
    assert.ok(segment.ok);
    assert.deepEqual(
      segment.value.letters.map((id) => Buffer.from(id)),
      ids.map((id) => Buffer.from(id)),
    );
    for (const word of vocabulary.slice(0, 300)) assert.deepEqual(segment.value.find(word, false), words.get(word));
    for (const prefix of ['w', 'w1', 'w1a', 'w1ab', 'x', '', 'w9ä']) {
      const expected = new Set(
        [...words].filter(([word]) => word.startsWith(prefix)).flatMap(([, numbers]) => numbers),
      );
      assert.deepEqual(
        segment.value.find(prefix, true),
        [...expected].sort((a, b) => a - b),
        prefix,
      );
    }
    assert.deepEqual(segment.value.find('nothing', false), []);
    assert.equal([...segment.value.entries()].length, words.size);
  });

  it('is a function both ways for any words', () => {
    const any = fc.dictionary(
      fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
      fc.uniqueArray(fc.nat(255), { minLength: 1, maxLength: 9 }),
    );
    fc.assert(
      fc.property(any, (drawn) => {
        const words = new Map(
          Object.entries(drawn)
            .filter(([word]) => word.isWellFormed())
            .map(([word, list]) => [word, list.sort((a, b) => a - b)]),
        );
        const decoded = decodeSegment(encodeSegment({ tokeniser: 3, letters: ids, words }));
        assert.ok(decoded.ok);
        assert.deepEqual(new Map(decoded.value.entries()), words);
      }),
      { numRuns: 60 },
    );
  });

  it('of any bytes is refused or read, and never more than its own length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (drawn) => {
        const segment = decodeSegment(Uint8Array.from([1, ...drawn]));
        if (!segment.ok) return;
        try {
          segment.value.find('a', true);
        } catch (error) {
          assert.ok(error instanceof Error);
        }
      }),
    );
    assert.deepEqual(decodeSegment(new Uint8Array(0)), { ok: false, error: { kind: 'notASegment' } });
    assert.deepEqual(decodeSegment(Uint8Array.of(1, 1, 255, 255, 255, 127)), {
      ok: false,
      error: { kind: 'notASegment' },
    });
  });

  it('sealed opens under its own id', async () => {
    const id = newId<ItemId>();
    const plain = encodeSegment({ tokeniser: 1, letters: [], words: new Map() });
    const sealed = await sealSegment(anna.accountKeys, id, plain);
    assert.deepEqual(await openSegment(anna.accountKeys, id, sealed), plain);
    assert.equal(await openSegment(anna.accountKeys, newId<ItemId>(), sealed), undefined);
  });
});

it('a cache manifest opens under its own counter only', async () => {
  const manifest = { counter: 7, pages: [{ id: newId<ItemId>(), sha256: 'x', letters }], segments: [] };
  const sealed = await sealCacheManifest(anna.accountKeys, manifest);
  const opened = await openCacheManifest(anna.accountKeys, 7, sealed);
  assert.deepEqual(opened?.pages, manifest.pages);
  assert.equal(await openCacheManifest(anna.accountKeys, 8, sealed), undefined);
});
