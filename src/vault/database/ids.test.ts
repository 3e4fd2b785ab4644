// Ids and uuids are the same 16 bytes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as holds, property, uint8Array } from 'fast-check';
import { idFromBytes, type LetterId } from '#base/ids.ts';
import { idToUuid, uuidToId } from './ids.ts';

test('every id becomes the uuid with its bytes, and comes back', () => {
  holds(
    property(uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const id = idFromBytes<LetterId>(bytes);
      assert.equal(idToUuid(id).replaceAll('-', ''), Buffer.from(bytes).toString('hex'));
      assert.equal(uuidToId(idToUuid(id)), id);
    }),
  );
});

test('what is not an id becomes no uuid', () => {
  const id = idFromBytes<LetterId>(new Uint8Array(16).fill(7));
  for (const text of ['', id.slice(1), `${id}a`, id.toUpperCase(), `${id.slice(0, 25)}b`, `ü${id.slice(1)}`])
    assert.throws(() => idToUuid(text as LetterId));
});
