// The worker's side of the pipe: takes one question after the other, answers each, and ends when the workshop does.

import type { Readable, Writable } from 'node:stream';
import { unreachable } from '#base/assert.ts';
import { limits } from '#base/limits.ts';
import type { Result } from '#base/result.ts';
import type { KeepReason } from '../contract.ts';
import { FrameReader, packFrame } from './frames.ts';
import { type Asked, type Question, requireAsked, type Work } from './messages.ts';

export type Answer<K extends Question> = Promise<Result<Work[K]['answer'], { readonly kind: KeepReason }>>;

/** What a worker of one role knows how to do. */
export type Skills = { readonly [K in Question]?: (order: Work[K]['order']) => Answer<K> };

/** Until the pipe ends. A library that throws has met what it cannot read: `damaged`, or what there was no room for. */
export async function serveWork(skills: Skills, input: Readable, output: Writable): Promise<void> {
  const frames = new FrameReader({
    wordsBytes: limits.transit.frameWordsBytes,
    partsBytes: limits.transit.framePartsBytes,
  });
  await write(output, { isReady: true });
  for await (const chunk of input) {
    if (!(chunk instanceof Uint8Array)) return;
    const taken = frames.take(chunk);
    if (!taken.ok) return;
    for (const message of taken.value) await write(output, await answer(skills, requireAsked(message)));
  }
}

async function answer(skills: Skills, asked: Asked): Promise<object> {
  try {
    const done = await dispatch(skills, asked);
    if (done === undefined) return { isDone: false, reason: 'workerFailed' };
    return done.ok ? { isDone: true, value: done.value } : { isDone: false, reason: done.error.kind };
  } catch (error) {
    return { isDone: false, reason: reasonOf(error) };
  }
}

type Done = Result<Work[Question]['answer'], { readonly kind: KeepReason }>;

async function dispatch(skills: Skills, asked: Asked): Promise<Done | undefined> {
  switch (asked.question) {
    case 'extract':
      return skills.extract?.(asked.order);
    case 'office':
      return skills.office?.(asked.order);
    case 'inspect':
      return skills.inspect?.(asked.order);
    case 'page':
      return skills.page?.(asked.order);
    case 'read':
      return skills.read?.(asked.order);
    case 'preview':
      return skills.preview?.(asked.order);
    case 'bind':
      return skills.bind?.(asked.order);
    case 'merge':
      return skills.merge?.(asked.order);
    case 'glance':
      return skills.glance?.(asked.order);
    case 'verify':
      return skills.verify?.(asked.order);
    case 'try':
      return skills.try?.(asked.order);
    default:
      return unreachable(asked);
  }
}

/** The runtime tells apart what it found no memory for and what is larger than anything may be. */
function reasonOf(error: unknown): KeepReason {
  if (!(error instanceof RangeError)) return 'damaged';
  if (/alloc|memory/i.test(error.message)) return 'outOfMemory';
  return /length|larger|too big/i.test(error.message) ? 'outOfSpace' : 'damaged';
}

async function write(output: Writable, message: object): Promise<void> {
  for (const chunk of packFrame(message)) {
    await new Promise<void>((resolve, reject) => {
      output.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
  }
}
