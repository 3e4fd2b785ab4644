// Looks for a text in the memory of a running process, in each form in which it may lie there.

import { openSync, closeSync, readFileSync, readSync } from 'node:fs';

const CHUNK_BYTES = 4 * 1024 * 1024;

/** As it is, as UTF-16 (texts of JavaScript), and as base64 at each of its three places. */
export function formsOf(text: string): readonly Buffer[] {
  const plain = Buffer.from(text);
  const base64 = [0, 1, 2].map((shift) => {
    const coded = Buffer.concat([Buffer.alloc(shift), plain]).toString('base64');
    // the first and last characters depend on what stands beside
    return Buffer.from(coded.slice(shift === 0 ? 0 : shift + 1, -4));
  });
  return [plain, Buffer.from(text, 'utf16le'), ...base64];
}

/** How often any of the forms stands in what the process may write to. */
export function countInMemory(pid: number, forms: readonly Buffer[]): number {
  const overlap = Math.max(...forms.map(({ length }) => length));
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    return areasOf(pid).reduce((sum, area) => sum + countIn(memory, area, { forms, overlap }), 0);
  } finally {
    closeSync(memory);
  }
}

interface Area {
  readonly from: number;
  readonly to: number;
}

function areasOf(pid: number): readonly Area[] {
  return readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, from = '', to = '', rights = ''] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? [];
      // kernel pages that nobody reads through this file
      const isWritable = rights.startsWith('rw') && !/\[v(?:var|syscall|dso)/.test(line);
      return isWritable ? [{ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16) }] : [];
    });
}

function countIn(
  memory: number,
  { from, to }: Area,
  { forms, overlap }: { readonly forms: readonly Buffer[]; readonly overlap: number },
): number {
  let count = 0;
  const chunk = Buffer.alloc(CHUNK_BYTES + overlap);
  for (let at = from; at < to; at += CHUNK_BYTES) {
    const wanted = Math.min(chunk.length, to - at);
    let length = 0;
    try {
      length = readSync(memory, chunk, 0, wanted, at);
    } catch {
      continue; // an area that went away meanwhile
    }
    const read = chunk.subarray(0, length);
    for (const form of forms) count += occurrences(read, form, Math.min(CHUNK_BYTES, length));
  }
  // the search must not find what it read itself, when it looks at its own process
  chunk.fill(0);
  return count;
}

/** Those that begin before `end`: the next piece has the others. */
function occurrences(bytes: Buffer, form: Buffer, end: number): number {
  let count = 0;
  for (let at = bytes.indexOf(form); at >= 0 && at < end; at = bytes.indexOf(form, at + 1)) count += 1;
  return count;
}
