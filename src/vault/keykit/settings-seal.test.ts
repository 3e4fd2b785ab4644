// What opens under the settings key, and what does not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId, type AccountId } from '#base/ids.ts';
import { openSetting, sealSetting } from './settings-seal.ts';

const key = new Uint8Array(32).fill(7);
const plain = new TextEncoder().encode('a secret of twenty b');

test('a setting opens only for its own account, purpose and house, and only unchanged', () => {
  const anna = newId<AccountId>();
  const sealed = sealSetting(key, anna, 'second-factor', plain);
  assert.deepEqual(openSetting(key, anna, 'second-factor', sealed), plain);
  assert.equal(openSetting(key, newId<AccountId>(), 'second-factor', sealed), undefined);
  assert.equal(openSetting(key, anna, 'rules', sealed), undefined);
  assert.equal(openSetting(new Uint8Array(32).fill(8), anna, 'second-factor', sealed), undefined);
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal(openSetting(key, anna, 'second-factor', changed), undefined, `byte ${at}`);
  }
  assert.equal(openSetting(key, anna, 'second-factor', new Uint8Array()), undefined);
});
