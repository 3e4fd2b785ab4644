// What a burglar finds of a document that went through: nothing on disk, nothing in the store, nothing in the room’s next process; and the search is not blind.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '#base/log/log.ts';
import { tryBurglary } from './burglary.ts';
import { formsOf } from './search-memory.ts';

const place = { domain: 'siegel.test', transitAccept: ['swap', 'piped-cores'], dataDir: '/nonexistent' } as const;

test('a marked document leaves no trace that the search would find, and the search finds the mark where it is', async (t) => {
  const entry = new URL('../../../test/transit/tiny-room.ts', import.meta.url);
  const tried = await tryBurglary(place, silentLog, { entry, flags: [] });
  assert.ok(tried.ok, JSON.stringify(tried));
  t.diagnostic(JSON.stringify(tried.value));
  const { inStore, onDisk, inLivingMemory, inMemory, control } = tried.value;
  assert.deepEqual([inStore, onDisk, inLivingMemory, inMemory], [0, 0, 0, 0]);
  assert.equal(control.onDisk, 1);
  assert.ok(control.inMemory >= 1);
  assert.ok(control.unwiped > 100, 'a room that does not wipe holds it');
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
