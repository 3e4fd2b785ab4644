// A list asked for around a letter is the list asked for at that letter's position (RFC 8620 §5.5), in every order and filter.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jmapHouse, texts, type Arguments } from './test-house.ts';

const house = await jmapHouse();
const anna = await house.signUp('anna@siegel.test');

test('around a letter and at its position stands the same, also when several arrived in one moment', async () => {
  const { inbox } = anna.mailboxes;
  for (let i = 0; i < 24; i++) {
    // four letters to each moment, every third of them flagged
    const receivedMs = 1_700_000_000_000 + Math.floor(i / 4) * 1000;
    await house.deliver(anna, { receivedMs, keywords: i % 3 === 0 ? ['$flagged'] : [] });
  }
  const orders: Arguments[] = [
    {},
    { sort: [{ property: 'receivedAt' }] },
    { sort: [{ property: 'receivedAt', isAscending: false }] },
    { sort: [{ property: 'hasKeyword', keyword: '$flagged', isAscending: false }, { property: 'receivedAt' }] },
    { sort: [{ property: 'size' }] },
  ];
  const filters = [
    null,
    { inMailbox: inbox },
    { inMailbox: inbox, hasKeyword: '$flagged' },
    { hasKeyword: '$flagged' },
  ];
  for (const order of orders) {
    for (const filter of filters) {
      const ids = texts((await house.call(anna, 'Email/query', { ...order, filter }))['ids']);
      assert.equal(ids.length, filter && 'hasKeyword' in filter ? 8 : 24);
      for (const [position, anchor] of ids.entries()) {
        const around = await house.call(anna, 'Email/query', { ...order, filter, anchor, limit: 2 });
        assert.deepEqual([around['position'], around['ids']], [position, ids.slice(position, position + 2)]);
      }
    }
  }
});

test('a letter that is there but not among the results is no anchor', async () => {
  const plain = await house.deliver(anna, { receivedMs: 1_700_000_002_000 });
  const { inbox, trash } = anna.mailboxes;
  const refusal = (filter: Arguments | null): Promise<unknown> =>
    house.error(anna, 'Email/query', { filter, anchor: plain });
  assert.equal(await refusal({ inMailbox: inbox, hasKeyword: '$flagged' }), 'anchorNotFound');
  assert.equal(await refusal({ inMailbox: trash }), 'anchorNotFound');
  assert.equal(await refusal({ hasKeyword: '$flagged' }), 'anchorNotFound');
  await house.call(anna, 'Email/set', { destroy: [plain] });
  assert.equal(await refusal({ inMailbox: inbox }), 'anchorNotFound');
  assert.equal(await refusal(null), 'anchorNotFound');
});
