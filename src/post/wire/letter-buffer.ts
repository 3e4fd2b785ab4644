// The bytes of one letter while they come in: one copy into a buffer of its own, which can then be handed to a worker whole.

import type { LettersInFlight } from './letters-in-flight.ts';

export interface LetterBuffer {
  add(chunk: Uint8Array, from: number, to: number): void;
  /** Set once the letter was too large or the budget for letters in flight was used up; nothing is kept from then on. */
  readonly refusal: 'tooLarge' | 'noRoom' | undefined;
  /** The letter. Its place in the budget stays taken until `drop`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Gives its place in the budget back. */
  drop(): void;
}

const FIRST_BYTES = 16 * 1024;
const TRUSTED_SIZE_BYTES = 256 * 1024; // how much of an announced SIZE is believed before bytes came

/** `announcedBytes`: SIZE of MAIL, if the client named it. */
export function createLetterBuffer(
  inFlight: LettersInFlight,
  letterBytesMax: number,
  announcedBytes: number | undefined,
): LetterBuffer {
  let buffer = noBytes();
  let takenBytes = 0; // not buffer.length: that is 0 once the buffer was transferred to a worker
  let length = 0;
  let refusal: 'tooLarge' | 'noRoom' | undefined;

  function drop(): void {
    inFlight.putBack(takenBytes);
    takenBytes = 0;
    buffer = noBytes();
    length = 0;
  }

  function refuse(kind: 'tooLarge' | 'noRoom'): void {
    drop();
    refusal = kind;
  }

  function grow(needed: number): void {
    const announced = Math.min(announcedBytes ?? 0, letterBytesMax);
    const first = Math.max(FIRST_BYTES, Math.min(announced + 64, TRUSTED_SIZE_BYTES));
    const wanted = buffer.length === 0 ? first : Math.max(buffer.length * 2, announced);
    const capacity = Math.max(needed, Math.min(wanted, letterBytesMax));
    if (!inFlight.take(capacity - takenBytes)) return refuse('noRoom');
    takenBytes = capacity;
    const bigger = Buffer.allocUnsafeSlow(capacity);
    bigger.set(buffer.subarray(0, length), 0);
    buffer = bigger;
  }

  return {
    add(chunk, from, to) {
      if (refusal !== undefined) return;
      const needed = length + to - from;
      if (needed > letterBytesMax) return refuse('tooLarge');
      if (needed > buffer.length) grow(needed);
      if (buffer.length < needed) return;
      if (chunk instanceof Buffer) chunk.copy(buffer, length, from, to);
      else buffer.set(chunk.subarray(from, to), length);
      length = needed;
    },
    get refusal() {
      return refusal;
    },
    get bytes() {
      return buffer.subarray(0, length);
    },
    drop,
  };
}

/** Never one shared array: an empty letter is handed to a worker too, and what was handed over is gone for everybody. */
function noBytes(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(0);
}
