// What goes through the pipes between the workshop and its workers: a length, JSON, and the bytes it speaks of, as they are.

import { unreachable } from '#base/assert.ts';
import { err, ok, type Result } from '#base/result.ts';

/** The other side does not keep to the form, or goes beyond a bound: nothing more is read from it. */
export type FrameRefusal = { readonly kind: 'badFrame' };

/** Two lengths (words, parts), then the words. */
const HEAD_BYTES = 8;
const LENGTH_BYTES = 4;

export interface FrameBounds {
  readonly wordsBytes: number;
  readonly partsBytes: number;
}

/** Chunks to write one after the other; bytes are views into the message, not copies. Undefined becomes null. */
export function packFrame(message: object): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  const words = Buffer.from(
    JSON.stringify(message, function (this: Readonly<Record<string, unknown>>, key, given: unknown) {
      const value = this[key]; // as it is: a Buffer would come as a list of numbers
      if (value instanceof Uint8Array) return { $bytes: parts.push(value) - 1 };
      return given === undefined ? null : given;
    }),
  );
  const head = Buffer.alloc(HEAD_BYTES + LENGTH_BYTES * parts.length);
  head.writeUInt32BE(words.length, 0);
  head.writeUInt32BE(parts.length, 4);
  for (const [index, part] of parts.entries()) head.writeUInt32BE(part.length, HEAD_BYTES + LENGTH_BYTES * index);
  return [head, words, ...parts.filter((part) => part.length > 0)];
}

/** Takes chunks as they come and gives each message once it is whole; copies each byte once, into memory of its message. */
export class FrameReader {
  readonly #bounds: FrameBounds;
  #wanted: Uint8Array[] = [new Uint8Array(HEAD_BYTES)];
  #filling = 0;
  #filled = 0;
  #step: 'head' | 'lengths' | 'content' = 'head';
  #wordsBytes = 0;

  constructor(bounds: FrameBounds) {
    this.#bounds = bounds;
  }

  /** Messages that end within this chunk, as they were packed; after a refusal the reader is of no more use. */
  take(chunk: Uint8Array): Result<readonly unknown[], FrameRefusal> {
    const whole: unknown[] = [];
    let at = 0;
    for (;;) {
      at = this.#fill(chunk, at);
      if (this.#filling < this.#wanted.length) return ok(whole);
      const turned = this.#turn();
      if (!turned.ok) return turned;
      if (turned.value !== undefined) whole.push(turned.value.message);
    }
  }

  #fill(chunk: Uint8Array, from: number): number {
    let at = from;
    for (; this.#filling < this.#wanted.length; this.#filling++) {
      const target = this.#wanted[this.#filling] ?? new Uint8Array();
      const piece = chunk.subarray(at, at + target.length - this.#filled);
      target.set(piece, this.#filled);
      at += piece.length;
      this.#filled += piece.length;
      if (this.#filled < target.length) return at;
      this.#filled = 0;
    }
    return at;
  }

  /** What was wanted is there: what is wanted next, and the message when that was all of it. */
  #turn(): Result<{ readonly message: unknown } | undefined, FrameRefusal> {
    const [first = new Uint8Array(), ...parts] = this.#wanted;
    switch (this.#step) {
      case 'head': {
        this.#wordsBytes = lengthAt(first, 0);
        const partsMax = Math.floor(this.#bounds.wordsBytes / LENGTH_BYTES);
        if (this.#wordsBytes > this.#bounds.wordsBytes || lengthAt(first, 4) > partsMax)
          return err({ kind: 'badFrame' });
        this.#want('lengths', [lengthAt(first, 4) * LENGTH_BYTES]);
        return ok(undefined);
      }
      case 'lengths': {
        const lengths = Array.from({ length: first.length / LENGTH_BYTES }, (_, index) =>
          lengthAt(first, index * LENGTH_BYTES),
        );
        if (lengths.reduce((sum, length) => sum + length, 0) > this.#bounds.partsBytes)
          return err({ kind: 'badFrame' });
        this.#want('content', [this.#wordsBytes, ...lengths]);
        return ok(undefined);
      }
      case 'content':
        this.#want('head', [HEAD_BYTES]);
        return readMessage(first, parts);
      default:
        return unreachable(this.#step);
    }
  }

  #want(step: 'head' | 'lengths' | 'content', lengths: readonly number[]): void {
    this.#step = step;
    this.#wanted = lengths.map((length) => new Uint8Array(length));
    this.#filling = 0;
    this.#filled = 0;
  }
}

function lengthAt(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
}

function readMessage(
  words: Uint8Array,
  parts: readonly Uint8Array[],
): Result<{ readonly message: unknown }, FrameRefusal> {
  try {
    const message: unknown = JSON.parse(new TextDecoder().decode(words), (_key, value: unknown) => {
      const index = typeof value === 'object' && value !== null && '$bytes' in value ? value.$bytes : undefined;
      return typeof index === 'number' ? parts[index] : value;
    });
    return ok({ message });
  } catch {
    return err({ kind: 'badFrame' });
  }
}
