// What one file takes of several documents, and what it claims to be; the rest of it stands in the tests of the whole workshop.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import type { SentFile } from '../contract.ts';
import type { FileToName } from '../names/name-files.ts';
import { findSandbox } from './locks.ts';
import { makeOptimise } from './make-optimise.ts';
import { packsOf } from './merge-files.ts';
import { type Draft, keptDraft } from './return-files.ts';
import { startWorker, type StartWorker } from './start-worker.ts';
import { testProgram } from './test-workshop.ts';

const program = testProgram('test-worker.ts');

/** A picture as the stand-in workers understand it, long enough that its new form is smaller. */
function paper(name: string, text = ''): SentFile {
  return { name, bytes: Buffer.from(`\x89PNG\r\n\x1a\n${text} ${'.'.repeat(2_000)}`, 'latin1') };
}

test('together, as many as one file may hold are put into one, in order', () => {
  const drafts = [3, 4, 9, 2, 2, 5].map((bytes, at): Draft => {
    const found = { name: `${at}`, kind: 'png', foundIn: [], bytes: new Uint8Array(bytes), kept: undefined } as const;
    return { ...keptDraft({ ...found, restOf: undefined }, 'damaged'), kept: undefined };
  });
  const names = (bytes: number): readonly string[] =>
    packsOf(drafts, { bytes, pages: 500 }).map((pack) => pack.map(({ found }) => found.name).join(''));
  assert.deepEqual(names(8), ['01', '2', '34', '5']);
  assert.deepEqual(names(9), ['01', '2', '345']);
  assert.deepEqual(names(25), ['012345']);
});

test('together, the whole claims to be for archives where each document does, and goes without where that is not true', async () => {
  const sandbox = await findSandbox(program);
  const start: StartWorker = (role) => startWorker(program, role, { sandbox, hasBounds: true, hasPermissions: true });
  const nameFiles = (all: readonly FileToName[]): readonly string[] => all.map(({ name }) => name);
  const optimise = makeOptimise({ clock: systemClock, start, pagesAtOnce: 2, nameFiles });
  const { signal } = new AbortController();
  const wholeOf = async (...files: readonly SentFile[]): Promise<string> => {
    const { files: back } = await optimise(
      { files, profile: 'balanced+together' },
      { signal, onProgress: () => undefined },
    );
    assert.deepEqual(
      back.map(({ name }) => name),
      ['Zusammen'],
    );
    return Buffer.from(back[0]?.bytes ?? []).toString();
  };
  const claiming = paper('a', 'CLAIM-true');
  assert.equal(await wholeOf(claiming, paper('b', 'CLAIM-true')), '%PDF-made a b CLAIMED');
  assert.equal(await wholeOf(claiming, paper('b')), '%PDF-made a b');
  assert.equal(await wholeOf(claiming, paper('CLAIM-false', 'CLAIM-true')), '%PDF-made a CLAIM-false');
});
