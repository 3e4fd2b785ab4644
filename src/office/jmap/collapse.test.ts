// Email/query and /queryChanges with collapseThreads against a list made here from every letter (RFC 8621 §4.4.3): the server knows no conversations, so a thread is its letter.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jmapHouse, list, text, texts, type Arguments, type Json } from './test-house.ts';

const house = await jmapHouse();
const anna = await house.signUp('anna@siegel.test');
const START_MS = 1_700_000_000_000;

interface Asked {
  readonly inMailbox?: string;
  readonly hasKeyword?: string;
  readonly isAscending: boolean;
}

const marked = (of: unknown, name: string): boolean => Object.entries(of ?? {}).some(([key]) => key === name);

/** Every letter there is, filtered, sorted and collapsed to the first of each thread. */
async function oracle({ inMailbox, hasKeyword, isAscending }: Asked): Promise<readonly string[]> {
  const every = texts((await house.call(anna, 'Email/query', { filter: null }))['ids']);
  const properties = ['id', 'threadId', 'mailboxIds', 'keywords', 'receivedAt'];
  const letters = list((await house.call(anna, 'Email/get', { ids: every, properties }))['list']);
  const timeOf = (letter: Json): number => Date.parse(text(letter['receivedAt'])) * (isAscending ? 1 : -1);
  const found = letters
    .filter((letter) => inMailbox === undefined || marked(letter['mailboxIds'], inMailbox))
    .filter((letter) => hasKeyword === undefined || marked(letter['keywords'], hasKeyword))
    .toSorted((a, b) => timeOf(a) - timeOf(b));
  const threads = new Set<string>();
  return found.flatMap((letter) => {
    const thread = text(letter['threadId']);
    if (threads.has(thread)) return [];
    threads.add(thread);
    return [text(letter['id'])];
  });
}

function argumentsOf({ isAscending, ...filter }: Asked): Arguments {
  return { filter, sort: [{ property: 'receivedAt', isAscending }], collapseThreads: true, calculateTotal: true };
}

const { inbox, archive } = anna.mailboxes;
const questions: readonly Asked[] = [inbox, archive, undefined].flatMap((inMailbox) =>
  [true, false].flatMap((isAscending) =>
    [undefined, '$flagged'].map((hasKeyword) => ({
      ...(inMailbox === undefined ? {} : { inMailbox }),
      ...(hasKeyword === undefined ? {} : { hasKeyword }),
      isAscending,
    })),
  ),
);

test('collapsed pages, totals and anchors are those of the whole collapsed list', async () => {
  for (let i = 0; i < 18; i++) {
    const id = await house.deliver(anna, {
      receivedMs: START_MS + ((i * 7) % 18) * 1000,
      keywords: i % 3 === 0 ? ['$flagged'] : [],
    });
    if (i % 4 === 0) await house.call(anna, 'Email/set', { update: { [id]: { mailboxIds: { [archive]: true } } } });
  }
  for (const asked of questions) {
    const wanted = await oracle(asked);
    const args = argumentsOf(asked);
    assert.ok(wanted.length > 0);
    for (const position of new Set([0, 1, wanted.length >> 1, wanted.length - 1])) {
      const anchor = wanted[position];
      const page = await house.call(anna, 'Email/query', { ...args, position, limit: 3 });
      assert.deepEqual(
        [page['position'], page['total'], page['ids']],
        [position, wanted.length, wanted.slice(position, position + 3)],
      );
      const around = await house.call(anna, 'Email/query', { ...args, anchor, anchorOffset: -1, limit: 3 });
      const from = Math.max(0, position - 1);
      assert.deepEqual([around['position'], around['ids']], [from, wanted.slice(from, from + 3)]);
    }
    const last = await house.call(anna, 'Email/query', { ...args, position: -2 });
    assert.deepEqual(last['ids'], wanted.slice(-2));
  }
});

/** What a client does with the answer (RFC 8620 §5.6): removed go, added are put at their index, lowest first. */
function applied(before: readonly string[], answer: Json): readonly string[] {
  const removed = new Set(texts(answer['removed']));
  const ids = before.filter((id) => !removed.has(id));
  for (const { id, index } of list(answer['added'])) ids.splice(Number(index), 0, text(id));
  return ids;
}

test('changes of a collapsed list lead a client from the old list to the new one', async () => {
  const before = new Map<Asked, { readonly ids: readonly string[]; readonly state: unknown }>();
  for (const asked of questions) {
    const answer = await house.call(anna, 'Email/query', argumentsOf(asked));
    before.set(asked, { ids: texts(answer['ids']), state: answer['queryState'] });
  }
  const all = texts((await house.call(anna, 'Email/query', { filter: { inMailbox: inbox } }))['ids']);
  const [first = '', second = '', third = '', fourth = ''] = all;
  await house.deliver(anna, { receivedMs: START_MS + 5_500, keywords: ['$flagged'] });
  const update = {
    [first]: { mailboxIds: { [archive]: true } },
    [second]: { 'keywords/$flagged': true },
    [third]: { 'keywords/$flagged': null },
  };
  await house.call(anna, 'Email/set', { update, destroy: [fourth] });
  for (const [asked, { ids, state }] of before) {
    const args = { ...argumentsOf(asked), sinceQueryState: state };
    const answer = await house.call(anna, 'Email/queryChanges', args);
    const wanted = await oracle(asked);
    assert.deepEqual(applied(ids, answer), wanted);
    assert.equal(answer['total'], wanted.length);
  }
});
