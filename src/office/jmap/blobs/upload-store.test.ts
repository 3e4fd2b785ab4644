// The room for uploads: bounded in bytes and in number, and an account's own oldest go first.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { newId, type AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { UploadStore } from './upload-store.ts';

const [anna, ben] = [newId<AccountId>(), newId<AccountId>()];
const { uploadBytes } = limits.http;
const small = new Uint8Array(1);

test('many small uploads cost an account its own oldest ones, and nobody else anything', () => {
  const store = new UploadStore(manualClock(0));
  const bens = store.put(ben, small, '');
  const most = uploadBytes / limits.jmap.uploadCountsBytesMin;
  const ids = Array.from({ length: most + 100 }, () => store.put(anna, small, '')?.blobId ?? '');
  assert.equal(ids.filter((id) => store.find(anna, id) !== undefined).length, most);
  assert.ok(store.find(anna, ids.at(-1) ?? ''));
  assert.ok(store.find(ben, bens?.blobId ?? ''));
});

test('one as large as an account may have takes the place of all its small ones at once', () => {
  const store = new UploadStore(manualClock(0));
  const ids = Array.from({ length: 3_000 }, () => store.put(anna, small, '')?.blobId ?? '');
  const large = store.put(anna, new Uint8Array(uploadBytes), '');
  assert.ok(store.find(anna, large?.blobId ?? ''));
  assert.equal(ids.filter((id) => store.find(anna, id) !== undefined).length, 0);
});
