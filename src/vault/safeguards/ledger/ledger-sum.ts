// A count and the sum of elements, eight words of 32 bits, each mod 2³²: two sets of letters with equal sums are the same set (0015).

export const WORDS = 8;
export const ELEMENT_BYTES = WORDS * 4;

export interface LedgerSum {
  readonly count: number;
  /** Eight unsigned words. */
  readonly words: readonly number[];
}

export const EMPTY_SUM: LedgerSum = { count: 0, words: Array.from({ length: WORDS }, () => 0) };

/** Adds and takes away elements of 32 bytes. */
export class RunningSum {
  #count = 0;
  readonly #words = new Uint32Array(WORDS);

  add(element: Buffer, at = 0): void {
    this.#count += 1;
    for (let word = 0; word < WORDS; word += 1) {
      this.#words[word] = (this.#words[word] ?? 0) + element.readUInt32BE(at + word * 4);
    }
  }

  addSum(sum: LedgerSum): void {
    this.#count += sum.count;
    for (let word = 0; word < WORDS; word += 1) {
      this.#words[word] = (this.#words[word] ?? 0) + (sum.words[word] ?? 0);
    }
  }

  get value(): LedgerSum {
    return { count: this.#count, words: [...this.#words] };
  }
}

export function isSameSum(left: LedgerSum, right: LedgerSum): boolean {
  return left.count === right.count && left.words.every((word, index) => word === right.words[index]);
}

/** `count:` and 64 hexadecimal digits, for plans and receipts. */
export function formatSum({ count, words }: LedgerSum): string {
  return `${count}:${words.map((word) => word.toString(16).padStart(8, '0')).join('')}`;
}
