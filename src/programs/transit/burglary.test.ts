// What a burglar finds of a document that went through: nothing on disk, nothing in the store, nothing in the room’s next process; and the search is not blind.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '#base/log/log.ts';
import { tryBurglary } from './burglary.ts';
import { formsOf } from './search-memory.ts';

test('a marked document leaves no trace that the search would find, and the search finds the mark where it is', async () => {
  const entry = new URL('../../../test/transit/tiny-room.ts', import.meta.url);
  const tried = await tryBurglary({ domain: 'siegel.test', transitAccept: ['swap', 'piped-cores'] }, silentLog, {
    entry,
    flags: [],
  });
  assert.ok(tried.ok, JSON.stringify(tried));
  const { inStore, onDisk, inMemory, control } = tried.value;
  assert.deepEqual({ inStore, onDisk, inMemory }, { inStore: 0, onDisk: 0, inMemory: 0 });
  assert.ok(control.onDisk >= 1 && control.inMemory >= 1);
});

test('a text is searched for as it is, as UTF-16, and as base64 wherever it begins', () => {
  const text = 'Aktenzeichen 4711/26';
  for (const before of ['', 'x', 'xy', 'xyz']) {
    const coded = Buffer.from(Buffer.from(`${before}${text} and more`).toString('base64'));
    assert.ok(
      formsOf(text).some((form) => coded.includes(form)),
      before,
    );
  }
  assert.ok(formsOf(text).some((form) => Buffer.from(`a${text}`, 'utf16le').includes(form)));
});
