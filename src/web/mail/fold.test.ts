// Which letters stand behind which row, and what the row says of them.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'node:test';
import { newId, type LetterId, type MailboxId } from '#base/ids.ts';
import type { Conversation, ListRow } from '../backend.ts';
import { byLetter, fold, rowOf } from './fold.ts';

const ids = (count: number): readonly LetterId[] => Array.from({ length: count }, () => newId<LetterId>());
const [a, b, c, d, e] = ids(5) as readonly [LetterId, LetterId, LetterId, LetterId, LetterId];
const inbox = newId<MailboxId>();

function row(id: LetterId, part: Partial<ListRow>): ListRow {
  return {
    id,
    mailboxIds: [inbox],
    keywords: ['$seen'],
    from: [],
    to: [],
    subject: '',
    snippet: '',
    receivedMs: 0,
    sizeBytes: 1,
    attachmentsCount: 0,
    sign: 'on-arrival',
    expiresMs: undefined,
    altered: false,
    threadCount: 1,
    ...part,
  };
}

test('a conversation stands where its newest letter does, and holds its others in this list, newest first', () => {
  const { ids: shown, groups } = fold([a, b, c, d], byLetter([[[c], [e], [a]]]));
  assert.deepEqual(shown, [a, b, d]);
  assert.deepEqual(groups.get(c), { head: a, here: [a, c], whole: [c, e, a] });
  assert.ok(groups.get(a) === groups.get(c));
  assert.equal(groups.has(e), false, 'it lies elsewhere');
});

test('a copy that lies elsewhere is not shown twice, one that lies here is not hidden', () => {
  const elsewhere = fold([a, b], byLetter([[[d, a], [b]]]));
  assert.deepEqual(elsewhere.groups.get(a)?.whole, [a, b]);
  const here = fold([a, b], byLetter([[[a, b]]]));
  assert.deepEqual(here.ids, [a]);
  assert.deepEqual(here.groups.get(a)?.whole, [a, b]);
  const alone = fold([a], byLetter([[[a, d]]]));
  assert.equal(alone.groups.size, 0, 'a letter and its copy in another folder are one message');
});

test('no letter is lost and none stands behind two rows, whatever belongs together', () => {
  const all = ids(12);
  const parts = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(parts, fc.subarray([...all]), (part, letters) => {
      const conversations = [1, 2, 3, 4].map((which): Conversation =>
        all.filter((_, at) => part[at] === which).map((id) => [id]),
      );
      const { ids: shown, groups } = fold(letters, byLetter(conversations));
      assert.deepEqual(shown.flatMap((id) => groups.get(id)?.here ?? id).toSorted(), letters.toSorted());
      for (const id of shown) assert.ok(groups.get(id) === undefined || groups.get(id)?.head === id);
    }),
  );
});

test('a row says who wrote, newest first, and what holds for any of its letters', () => {
  const anna = { name: 'Anna', address: 'anna@kanzlei.test' };
  const ben = { name: 'Ben', address: 'ben@kanzlei.test' };
  const rows = new Map(
    [
      row(a, { from: [anna], receivedMs: 4, subject: 'Re: Zaun' }),
      row(b, { from: [ben], receivedMs: 3, keywords: ['$flagged'], attachmentsCount: 2 }),
      row(c, { from: [anna], receivedMs: 2, keywords: ['$seen', '$answered'] }),
      row(d, {
        from: [{ name: 'Cem', address: 'cem@kanzlei.test' }],
        receivedMs: 1,
        keywords: [],
        attachmentsCount: 1,
      }),
    ].map((one) => [one.id, one]),
  );
  const { groups } = fold([a, b, c], byLetter([[[a], [b], [c], [d]]]));
  const shown = rowOf(rows, groups, a);
  assert.deepEqual(
    shown?.from.map(({ name }) => name),
    ['Anna', 'Ben', 'Cem'],
  );
  assert.deepEqual(shown?.keywords, ['$flagged'], 'unread because b is, starred because b is; c’s answer is not a’s');
  assert.equal(shown?.attachmentsCount, 2, 'd lies elsewhere');
  assert.equal(shown?.threadCount, 4);
  assert.equal(shown?.receivedMs, 4);
  rows.set(b, row(b, { from: [ben], receivedMs: 3 }));
  assert.deepEqual(rowOf(rows, groups, a)?.keywords, ['$seen']);
});
