// The bytes behind BDAT (RFC 3030 §2): exactly as many as announced, whatever they are.

import type { PieceSink } from './data-scanner.ts';

export interface ChunkCounter {
  /** Reads at most the announced bytes of `chunk` from `from`; returns the index behind the last byte read. */
  push(chunk: Uint8Array, from: number): number;
  readonly ended: boolean;
}

/** `sink` undefined: the bytes are counted and dropped (the client must be able to go on after a refusal). */
export function createChunkCounter(sizeBytes: number, sink: PieceSink | undefined): ChunkCounter {
  let missing = sizeBytes;
  return {
    push(chunk, from) {
      const to = Math.min(chunk.length, from + missing);
      if (to > from) sink?.(chunk, from, to);
      missing -= to - from;
      return to;
    },
    get ended() {
      return missing === 0;
    },
  };
}
