// A job of the drop page: each frame of the answer changes it as a person would expect; how far it is, and at which station.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnswerFrame, FileFacts } from '#formats/transit-wire/drop-frames.ts';
import { newJob, shareOf, stationsNow, sumOf, takeFrame, type Job } from './job-model.ts';

const none = new Uint8Array(0);

function after(...frames: readonly AnswerFrame[]): Job {
  return frames.reduce((job, frame) => takeFrame(job, frame, none), newJob(1, [{ name: 'a.pdf', sizeBytes: 9 }]));
}

function at(step: Extract<AnswerFrame, { kind: 'progress' }>['step'], page = 0, pages = 0): AnswerFrame {
  return { kind: 'progress', file: 'a.pdf', step, page, pages };
}

test('a document goes from station to station and never back', () => {
  const steps = [
    at('reading'),
    at('page', 0, 3),
    at('page', 1, 3),
    at('page', 2, 3),
    at('page', 3, 3),
    at('binding', 3, 3),
  ];
  const all = [...steps, at('checking', 3, 3), at('done', 3, 3)];
  const shares = all.map((_, index) => after(...all.slice(0, index + 1)).docs.map(shareOf)[0] ?? -1);
  assert.deepEqual(
    shares,
    shares.toSorted((one, other) => one - other),
  );
  assert.equal(shares.at(-1), 1);
  assert.deepEqual(stationsNow(after()), ['door']);
  assert.deepEqual(stationsNow(after(at('reading'))), ['unpack']);
  assert.deepEqual(stationsNow(after(at('page', 1, 3))), ['page', 'text']);
  assert.deepEqual(stationsNow(after(at('binding'))), ['bind']);
});

test('it is done only when its end came; what broke off before is not', () => {
  const report: AnswerFrame = { kind: 'report', report: { files: [], profile: 'balanced', tookMs: 1 } };
  assert.equal(after(at('done'), report).phase.kind, 'returning');
  assert.equal(after(at('done'), report, { kind: 'end' }).phase.kind, 'done');
  assert.deepEqual(after({ kind: 'refused', why: 'noRoom' }, { kind: 'end' }).phase, {
    kind: 'refused',
    why: 'noRoom',
  });
});

test('a house that only says it is there is waited for', () => {
  assert.equal(after({ kind: 'beat' }).phase.kind, 'waiting');
  assert.equal(after(at('reading'), { kind: 'beat' }).phase.kind, 'working');
});

test('both pictures of a document find each other', () => {
  const { results } = after(
    { kind: 'preview', report: 0, side: 'before', bytes: 0 },
    { kind: 'preview', report: 0, side: 'after', bytes: 0 },
  );
  assert.deepEqual(results.previews.get(0), { before: none, after: none });
});

test('pages of what came back unchanged are not called upright or unsure', () => {
  const page = (confidence: number) => ({ confidence, tookMs: 1 });
  const file: FileFacts = {
    oldName: 'a.pdf',
    newName: 'a.pdf',
    kind: 'pdf',
    foundIn: [],
    bytesBefore: 100,
    bytesAfter: 20,
    pages: [page(99), page(60)],
    criteria: [],
    digestBefore: '',
    digestAfter: '',
  };
  const files = [file, { ...file, kept: 'signed' as const, bytesAfter: 100 }];
  assert.deepEqual(sumOf({ files, profile: 'balanced', tookMs: 1 }, 80), {
    before: 200,
    after: 120,
    pages: 2,
    toCheck: 1,
  });
});
