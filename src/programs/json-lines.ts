// One JSON value per line out of a stream of bytes; the stream ends where a line is too long or not JSON.

import type { Readable } from 'node:stream';

/** Yields each line's value. Stops without a word at the first line above `lineBytesMax` or that is not JSON. */
export async function* readLines(stream: Readable, lineBytesMax: number): AsyncGenerator<unknown, void, void> {
  let pending: Buffer = Buffer.alloc(0);
  const chunks: AsyncIterable<Buffer> = stream;
  for await (const chunk of chunks) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (let end = pending.indexOf(10); end >= 0; end = pending.indexOf(10)) {
      if (end > lineBytesMax) return;
      const value = parse(pending.subarray(0, end).toString('utf8'));
      if (value === undefined) return;
      pending = pending.subarray(end + 1);
      yield value;
    }
    if (pending.length > lineBytesMax) return;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
