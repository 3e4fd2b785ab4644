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

/** Which names stand together, one string a conversation. */
function together(threads: Threads, name: (id: LetterId) => string): readonly string[] {
  return threads
    .conversations()
    .map((messages) => messages.flat().map(name).toSorted().join(' '))
    .toSorted();
}

test('copies of one message stand together, and alone they are a conversation of one message', () => {
  const threads = new Threads();
  const [sent, arrived] = [newId<LetterId>(), newId<LetterId>()];
  threads.put(sent, { messageId: 'a', references: [] });
  assert.deepEqual(threads.conversations(), []);
  threads.put(arrived, { messageId: 'a', references: [] });
  assert.deepEqual(threads.conversations(), [[[sent, arrived]]]);
});

test('a conversation without end comes in parts, each of which is shown whole', () => {
  const threads = new Threads();
  const ids = Array.from({ length: 250 }, () => newId<LetterId>());
  ids.forEach((id, at) => threads.put(id, { messageId: `m${at}`, references: at === 0 ? [] : [`m${at - 1}`] }));
  const parts = threads.conversations().map((messages) => messages.flat());
  assert.deepEqual(new Set(parts.flat()), new Set(ids));
  for (const part of parts) {
    assert.ok(part.length <= limits.client.threadLettersMax);
    for (const id of part) assert.deepEqual(new Set(threads.threadOf(id)), new Set(part));
  }
});

test('it is told when a conversation became another, and not when a letter stands alone', () => {
  const { threads, id } = office({ a: [], b: ['a'] });
  const before = threads.turn();
  threads.put(newId<LetterId>(), { messageId: 'lonely', references: [] });
  assert.equal(threads.turn(), before);
  threads.put(newId<LetterId>(), { messageId: 'c', references: ['b'] });
  const grown = threads.turn();
  assert.notEqual(grown, before);
  threads.drop(id('b'));
  assert.notEqual(threads.turn(), grown);
});

test('whatever comes and goes in whatever order, conversations are those a fresh start finds', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
  const step = fc.record({
    name,
    references: fc.array(name, { maxLength: 3 }),
    gone: fc.boolean(),
    asked: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 24 }), (steps) => {
      const threads = new Threads();
      const ids = new Map(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((one) => [one, newId<LetterId>()]));
      const nameOf = (id: LetterId): string => [...ids].find(([, known]) => known === id)?.[0] ?? '?';
      const held = new Map<LetterId, { messageId: string; references: readonly string[] }>();
      for (const { name: messageId, references, gone, asked } of steps) {
        const id = ids.get(messageId) ?? newId<LetterId>();
        held.delete(id);
        if (gone) threads.drop(id);
        else threads.put(id, held.set(id, { messageId, references }).get(id) ?? { messageId, references });
        if (asked) threads.conversations();
      }
      const fresh = new Threads();
      for (const [id, facts] of held) fresh.put(id, facts);
      assert.deepEqual(together(threads, nameOf), together(fresh, nameOf));
    }),
    { numRuns: 500 },
  );
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
