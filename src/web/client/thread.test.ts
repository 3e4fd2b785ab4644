// What is one conversation and what is not.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'node:test';
import { newId, type LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { Threads } from './thread.ts';

/** Letters by name: `b: ['a']` is message b that answers a; names starting with `-` have no Message-ID. */
function office(letters: Readonly<Record<string, readonly string[]>>) {
  const threads = new Threads();
  const ids = new Map(Object.keys(letters).map((name) => [name, newId<LetterId>()]));
  const id = (name: string): LetterId => ids.get(name) ?? newId<LetterId>();
  for (const [name, references] of Object.entries(letters)) {
    threads.put(id(name), { messageId: name.startsWith('-') ? undefined : name, references });
  }
  const names = (found: readonly LetterId[]): string[] =>
    found.map((one) => [...ids].find(([, known]) => known === one)?.[0] ?? '?').toSorted();
  return { threads, id, thread: (name: string) => names(threads.threadOf(id(name))) };
}

test('a letter, its answer and the answer to that are one conversation, whichever is asked', () => {
  const { thread } = office({ a: [], b: ['a'], c: ['a', 'b'], other: [] });
  for (const name of ['a', 'b', 'c']) assert.deepEqual(thread(name), ['a', 'b', 'c']);
  assert.deepEqual(thread('other'), ['other']);
});

test('the order of arrival does not matter', () => {
  const { thread } = office({ c: ['a', 'b'], a: [], b: ['a'] });
  assert.deepEqual(thread('a'), ['a', 'b', 'c']);
});

test('answers to a message that is not here belong together, and to it when it comes', () => {
  const { threads, thread, id } = office({ b: ['a'], c: ['a', 'x'], d: ['a', 'x', 'y'] });
  assert.deepEqual(thread('b'), ['b', 'c', 'd']);
  threads.put(id('a'), { messageId: 'a', references: [] });
  assert.equal(threads.threadOf(id('b')).length, 4);
});

test('the same subject joins nothing: there is no subject to compare', () => {
  const { thread } = office({ a: [], b: [] });
  assert.deepEqual(thread('a'), ['a']);
});

test('a letter that names messages of two conversations ties them not together', () => {
  const { thread } = office({ a: [], b: ['a'], p: [], q: ['p'], forged: ['b', 'q'] });
  assert.deepEqual(thread('a'), ['a', 'b']);
  assert.deepEqual(thread('p'), ['forged', 'p', 'q']);
});

test('letters that name each other in a circle are one conversation, and those who answer into it too', () => {
  const { thread } = office({ a: ['c'], b: ['a'], c: ['b'], d: ['b'], self: ['self'] });
  for (const name of ['a', 'b', 'c', 'd']) assert.deepEqual(thread(name), ['a', 'b', 'c', 'd']);
  assert.deepEqual(thread('self'), ['self']);
});

test('a letter without Message-ID can answer and stands alone otherwise', () => {
  const { thread } = office({ a: [], '-b': ['a'], '-c': [], '-d': [] });
  assert.deepEqual(thread('a'), ['-b', 'a']);
  assert.deepEqual(thread('-c'), ['-c']);
});

test('two copies of one message count once', () => {
  const threads = new Threads();
  const [sent, arrived, answer] = [newId<LetterId>(), newId<LetterId>(), newId<LetterId>()];
  threads.put(sent, { messageId: 'a', references: [] });
  threads.put(arrived, { messageId: 'a', references: [] });
  threads.put(answer, { messageId: 'b', references: ['a'] });
  assert.equal(threads.threadOf(answer).length, 2);
  assert.deepEqual(threads.threadOf(arrived), [arrived, answer], 'the copy asked for is the one shown');
  threads.drop(sent);
  assert.deepEqual(new Set(threads.threadOf(answer)), new Set([answer, arrived]));
});

test('a letter that is gone leaves its conversation', () => {
  const { threads, thread, id } = office({ a: [], b: ['a'], c: ['a', 'b'] });
  threads.drop(id('b'));
  assert.deepEqual(thread('a'), ['a', 'c']);
  threads.drop(id('c'));
  assert.deepEqual(thread('a'), ['a']);
});

test('an endless conversation ends: so many letters and no more', () => {
  const threads = new Threads();
  const ids = Array.from({ length: 5_000 }, () => newId<LetterId>());
  ids.forEach((id, at) => threads.put(id, { messageId: `m${at}`, references: at === 0 ? [] : ['m0', `m${at - 1}`] }));
  const last = ids.at(-1);
  assert.ok(last);
  assert.ok(threads.threadOf(last).length <= limits.client.threadLettersMax);
});

test('whatever letters name, every one of a conversation finds the same conversation', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
  const letters = fc.dictionary(name, fc.array(name, { maxLength: 4 }), { minKeys: 1, maxKeys: 7 });
  fc.assert(
    fc.property(letters, (written) => {
      const { thread } = office(written);
      for (const one of Object.keys(written)) {
        const found = thread(one);
        assert.ok(found.includes(one));
        for (const other of found) assert.deepEqual(thread(other), found);
      }
    }),
    { numRuns: 300 },
  );
});
