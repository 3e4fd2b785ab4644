// Questions and answers through a pipe: they find each other, notes come on the way, and a closed pipe ends all waiting.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTalk, type AnswerQuestion, type Talk, type TalkPort } from './talk.ts';

function pair(
  left: AnswerQuestion,
  right: AnswerQuestion,
): { readonly left: Talk; readonly right: Talk; close(): void } {
  const closing: (() => void)[] = [];
  const listeners: ((message: unknown) => void)[][] = [[], []];
  const port = (mine: number): TalkPort => ({
    send: (message) =>
      void setImmediate(() => listeners[1 - mine]?.forEach((listener) => listener(structuredClone(message)))),
    onMessage: (listener) => void listeners[mine]?.push(listener),
    onClose: (listener) => void closing.push(listener),
  });
  const talks = { left: createTalk(port(0), left), right: createTalk(port(1), right) };
  return { ...talks, close: () => closing.forEach((listener) => listener()) };
}

const noAnswer: AnswerQuestion = () => Promise.reject(new Error('a word of a document'));

test('answers find their questions, in whatever order they come', async () => {
  const slowFirst: AnswerQuestion = async (question, value) => {
    if (question === 'slow') await new Promise((resolve) => setTimeout(resolve, 20));
    return [question, value];
  };
  const { left } = pair(noAnswer, slowFirst);
  const asked = [left.ask('slow', 1), left.ask('quick', new Uint8Array([2]))];
  assert.deepEqual(await Promise.all(asked), [
    ['slow', 1],
    ['quick', new Uint8Array([2])],
  ]);
});

test('a question without an answer is told so, and nothing of why', async () => {
  const { right } = pair(noAnswer, noAnswer);
  await assert.rejects(right.ask('x', 1), (cause) => cause instanceof Error && !cause.message.includes('document'));
});

test('notes come on the way, and who no longer waits is heard', async () => {
  const notes: unknown[] = [];
  const { left } = pair(noAnswer, async (_, __, { note, signal }) => {
    note('begun');
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    return 'stopped';
  });
  const stopping = new AbortController();
  const asked = left.ask('work', 1, { signal: stopping.signal, onNote: (note) => void notes.push(note) });
  setTimeout(() => stopping.abort(), 20);
  assert.equal(await asked, 'stopped');
  assert.deepEqual(notes, ['begun']);
});

test('a closed pipe ends all waiting, now and later; what no side of ours sends is ignored', async () => {
  const { left, close } = pair(noAnswer, () => new Promise(() => undefined));
  const asked = left.ask('x', 1);
  close();
  await assert.rejects(asked, /gone/);
  await assert.rejects(left.ask('y', 1), /gone/);
  const heard: unknown[] = [];
  const listeners: ((message: unknown) => void)[] = [];
  createTalk(
    { send: (m) => void heard.push(m), onMessage: (l) => void listeners.push(l), onClose: () => undefined },
    noAnswer,
  );
  for (const message of [
    null,
    1,
    {},
    { kind: 'ask' },
    { kind: 'ask', id: 'x' },
    { kind: 'ask', id: 1 },
    { kind: 'other', id: 1 },
  ])
    listeners[0]?.(message);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(heard, []);
});
