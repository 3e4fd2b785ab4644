// Which record speaks for an erased one: always the newest, also when the one known before is erased meanwhile.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import { Restatements } from './restatements.ts';

interface Told {
  readonly seq: number;
  readonly payload: Buffer;
}

function carrier(seq: number, name: string): Told {
  return { seq, payload: Buffer.from(canonicalBytes({ records: [{ seq: 3, effect: { name } }] })) };
}

function openSource(told: Map<number, Told>): Restatements {
  return new Restatements({
    list: async function* (afterSeq) {
      for (const one of told.values()) if (one.seq > afterSeq) yield one;
    },
    read: async (seq) => told.get(seq)?.payload,
    untilSeq: () => Math.max(0, ...told.keys()),
  });
}

test('a record that was restated anew speaks with its newest words', async () => {
  const told = new Map([[10, carrier(10, 'old')]]);
  const restatements = openSource(told);
  assert.deepEqual(await restatements.find(3), { name: 'old' });
  told.set(20, carrier(20, 'new'));
  restatements.forget();
  assert.deepEqual(await restatements.find(3), { name: 'new' });
});

test('a carrier that was erased since it was found is not the end: the newer one is looked for', async () => {
  const told = new Map([[10, carrier(10, 'old')]]);
  for (let seq = 40; seq < 80; seq += 1) {
    const payload = Buffer.from(canonicalBytes({ records: [{ seq, effect: {} }] }));
    told.set(100 + seq, { seq: 100 + seq, payload });
  }
  const restatements = openSource(told);
  await restatements.find(3);
  for (let seq = 40; seq < 80; seq += 1) await restatements.find(seq); // pushes the first carrier out of memory
  told.set(200, carrier(200, 'new'));
  told.delete(10);
  assert.deepEqual(await restatements.find(3), { name: 'new' });
});

test('what nobody restated says nothing', async () => {
  assert.equal(await openSource(new Map([[10, carrier(10, 'x')]])).find(4), undefined);
});
