// Frames: what was written is read back in whatever pieces it comes; what is none is refused within its bounds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createFrameReader, frameLine, type Frame } from './frames.ts';

const bounds = { headBytes: 200, bytes: 1_000 };

function readAll(whole: Uint8Array, cuts: readonly number[]): readonly Frame[] {
  const reader = createFrameReader(bounds);
  const frames: Frame[] = [];
  const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)).toSorted((a, b) => a - b), whole.length];
  for (const [at, start] of places.entries()) {
    const pushed = reader.push(whole.subarray(start, places[at + 1] ?? whole.length));
    assert.ok(pushed.ok);
    frames.push(...pushed.value);
  }
  assert.ok(reader.end().ok);
  return frames;
}

const one = fc.record({ name: fc.string({ maxLength: 20 }), bytes: fc.uint8Array({ maxLength: 300 }) });

test('frames are read back as they were written, in any pieces', () => {
  fc.assert(
    fc.property(fc.array(one, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 8 }), (all, cuts) => {
      const parts = all.flatMap(({ name, bytes }) => [frameLine({ name }, bytes.length), bytes]);
      const frames = readAll(new Uint8Array(Buffer.concat(parts)), cuts);
      assert.deepEqual(
        frames.map(({ head, bytes }) => [Reflect.get(head as object, 'name'), [...bytes]]),
        all.map(({ name, bytes }) => [name, [...bytes]]),
      );
    }),
    { numRuns: 200 },
  );
});

function refusalOf(text: string): string {
  const reader = createFrameReader(bounds);
  const pushed = reader.push(new TextEncoder().encode(text));
  const outcome = pushed.ok ? reader.end() : pushed;
  return outcome.ok ? 'none' : outcome.error.kind;
}

test('what is no frame is refused', () => {
  assert.equal(refusalOf('{"a":1}\n'), 'none');
  for (const line of ['hello\n', '[1\n', '"text"\n', 'null\n', '{"bytes":-1}\n', '{"bytes":1.5}\n', '{"bytes":"9"}\n'])
    assert.equal(refusalOf(line), 'notAFrame', line);
});

test('a line or a body beyond its bounds is refused before it is kept', () => {
  assert.equal(refusalOf(`{"a":"${'x'.repeat(300)}`), 'tooLarge');
  assert.equal(refusalOf('{"bytes":1001}\n'), 'tooLarge');
  assert.equal(refusalOf('{"bytes":9007199254740991}\n'), 'tooLarge');
});

test('what ends in the middle is cut off', () => {
  assert.equal(refusalOf('{"a":1'), 'cutOff');
  assert.equal(refusalOf('{"bytes":4}\nabc'), 'cutOff');
});

test('no bytes at all make the reader fail or hang', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 5 }), (pieces) => {
      const reader = createFrameReader(bounds);
      for (const piece of pieces) if (!reader.push(piece).ok) break;
      reader.end();
    }),
    { numRuns: 300 },
  );
});
