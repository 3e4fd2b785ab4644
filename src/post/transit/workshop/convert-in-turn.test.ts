// Conversions wait for one another; whoever is stopped waits no longer, and takes nobody's turn.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ok } from '#base/result.ts';
import { convertInTurn } from './convert-in-turn.ts';
import type { OfficePlaces } from './convert-office.ts';

const places: OfficePlaces = { sandbox: '/nowhere', programFolder: '/nowhere', modules: ['writer'] };
const order = { bytes: new Uint8Array(), format: 'docx' } as const;

test('one at a time, in the order they came; one that was stopped while it waited costs nobody a turn', async () => {
  let atWork = 0;
  let most = 0;
  let begun = 0;
  const convert = convertInTurn(places, async () => {
    begun += 1;
    most = Math.max(most, ++atWork);
    await wait(20);
    atWork -= 1;
    return ok(new Uint8Array());
  });
  const stopping = new AbortController();
  const go = new AbortController().signal;
  const all = [convert(order, go), convert(order, stopping.signal), convert(order, go)];
  stopping.abort();
  assert.deepEqual(await all[1], { ok: false, error: { kind: 'workerFailed' } });
  assert.equal(begun, 1, 'the one that was stopped did not wait for the first');
  assert.deepEqual([(await all[0])?.ok, (await all[2])?.ok], [true, true]);
  assert.equal(begun, 2);
  assert.equal(most, 1);
});

test('without LibreOffice, or without the part of it that opens the document, it goes back as it came', async () => {
  const { signal } = new AbortController();
  const none = { ok: false, error: { kind: 'noOffice' } };
  assert.deepEqual(await convertInTurn(undefined)(order, signal), none);
  assert.deepEqual(await convertInTurn(places)({ ...order, format: 'xlsx' }, signal), none);
});
