// Signed heads, one JSON line each, synced before anybody is given one; a line torn by a crash stays and is passed over (decision 0012).

import { limits } from '#base/limits.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import type { Disk, DiskFile } from '../journal/disk.ts';
import { parseHead, type SignedHead } from './check/receipt.ts';
import { openOrCreate } from './record-file.ts';

const NAME = 'heads';
const NEWLINE = 0x0a;

interface Line {
  readonly offset: number;
  readonly bytes: number;
  readonly timeMs: number;
}

export class Heads {
  readonly #file: DiskFile;
  readonly #lines: Line[] = [];
  #endBytes = 0;
  /** A torn line is closed by a line end of its own. */
  #isTorn = false;
  #newest: SignedHead | undefined;

  private constructor(file: DiskFile) {
    this.#file = file;
  }

  static async open(disk: Disk, directory: string): Promise<Heads> {
    const heads = new Heads(await openOrCreate(disk, directory, NAME));
    await heads.#load();
    return heads;
  }

  get newest(): SignedHead | undefined {
    return this.#newest;
  }

  get count(): number {
    return this.#lines.length;
  }

  /** Resolves when it is on the medium. */
  async append(head: SignedHead): Promise<void> {
    const line = Buffer.from(`${canonicalJson(head)}\n`);
    const parts = this.#isTorn ? [Buffer.of(NEWLINE), line] : [line];
    this.#isTorn = true; // until it is known to stand
    await this.#file.write(parts, this.#endBytes);
    await this.#file.sync();
    const offset = this.#endBytes + (parts.length - 1);
    this.#lines.push({ offset, bytes: line.length - 1, timeMs: head.timeMs });
    this.#endBytes = offset + line.length;
    this.#isTorn = false;
    this.#newest = head;
  }

  /** Heads signed at `fromMs` or later, oldest first, at most `max`. */
  async readFrom(fromMs: number, max: number = limits.book.headsInAnswer): Promise<readonly SignedHead[]> {
    const first = this.#lines.findIndex(({ timeMs }) => timeMs >= fromMs);
    if (first < 0) return [];
    return Promise.all(this.#lines.slice(first, first + max).map((line) => this.#read(line)));
  }

  async *readAll(): AsyncGenerator<SignedHead> {
    for (const line of this.#lines) yield await this.#read(line);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #read({ offset, bytes }: Line): Promise<SignedHead> {
    const head = parseLine(await this.#file.read(offset, bytes));
    if (head === undefined) throw new Error('a head of the book cannot be read again');
    return head;
  }

  /** A line may lack nothing but its end: it counts, once it is on the medium. */
  async #load(): Promise<void> {
    await this.#file.sync();
    const bytes = await this.#file.read(0, await this.#file.size());
    for (let offset = 0; offset < bytes.length;) {
      const found = bytes.indexOf(NEWLINE, offset);
      const end = found < 0 ? bytes.length : found;
      const head = parseLine(bytes.subarray(offset, end));
      if (head !== undefined) {
        this.#lines.push({ offset, bytes: end - offset, timeMs: head.timeMs });
        this.#newest = head;
      }
      offset = end + 1;
    }
    this.#endBytes = bytes.length;
    this.#isTorn = bytes.length > 0 && bytes.at(-1) !== NEWLINE;
  }
}

function parseLine(bytes: Buffer): SignedHead | undefined {
  try {
    return parseHead(JSON.parse(bytes.toString('utf8')));
  } catch {
    return undefined;
  }
}
