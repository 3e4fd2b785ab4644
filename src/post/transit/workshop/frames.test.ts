// Frames between workshop and worker: whatever is packed comes out, however it is cut; what is no frame is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameReader, packFrame } from './frames.ts';

const BOUNDS = { wordsBytes: 10_000, partsBytes: 10_000 };

function readAll(chunks: readonly Uint8Array[], bounds = BOUNDS): readonly unknown[] | string {
  const reader = new FrameReader(bounds);
  const found: unknown[] = [];
  for (const chunk of chunks) {
    const taken = reader.take(chunk);
    if (!taken.ok) return taken.error.kind;
    found.push(...taken.value);
  }
  return found;
}

test('messages with bytes come out as they were packed, however the stream is cut', () => {
  const message = fc.record(
    {
      name: fc.string(),
      files: fc.array(
        fc.record({ bytes: fc.uint8Array({ maxLength: 50 }), page: fc.nat() }, { noNullPrototype: true }),
        { maxLength: 5 },
      ),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(message, { maxLength: 4 }), fc.integer({ min: 1, max: 40 }), (messages, size) => {
      const stream = Buffer.concat(messages.flatMap((one) => packFrame(one)));
      const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, at) =>
        stream.subarray(at * size, (at + 1) * size),
      );
      assert.deepEqual(readAll(chunks), messages);
    }),
    { numRuns: 200 },
  );
});

test('a Buffer travels as bytes, and what is not there as null', () => {
  const [message] = readAll(packFrame({ bytes: Buffer.from('x'), kept: undefined }));
  assert.deepEqual(message, { bytes: Uint8Array.of(120), kept: null });
});

test('a frame beyond its bounds is refused before a byte of it is kept', () => {
  assert.equal(readAll(packFrame({ text: 'x'.repeat(10_000) })), 'badFrame');
  assert.equal(readAll(packFrame({ bytes: new Uint8Array(10_001) })), 'badFrame');
  assert.equal(readAll([Buffer.from('ffffffffffffffff', 'hex')]), 'badFrame');
  assert.notEqual(readAll(packFrame({ bytes: new Uint8Array(10_000) })), 'badFrame');
});

test('bytes that are no frame never make the reader throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      const head = Buffer.alloc(8);
      head.writeUInt32BE(noise.length, 0);
      assert.ok(readAll([noise]) !== undefined && readAll([head, noise]) !== undefined);
    }),
    { numRuns: 500 },
  );
});
