// How many entries and bytes a letter may still unpack to; what was spent on an archive that then proved bad stays spent.

import type { KeepReason } from '../contract.ts';

export class Budget {
  #entries: number;
  #bytes: number;

  constructor({ entries, bytes }: { readonly entries: number; readonly bytes: number }) {
    this.#entries = entries;
    this.#bytes = bytes;
  }

  entriesLeft(): number {
    return this.#entries;
  }

  bytesLeft(): number {
    return this.#bytes;
  }

  /** The reason why not, or undefined: spent. */
  spend(entries: number, bytes: number): KeepReason | undefined {
    if (entries > this.#entries) return 'tooManyEntries';
    if (bytes > this.#bytes) return 'expandsTooFar';
    this.#entries -= entries;
    this.#bytes -= bytes;
    return undefined;
  }
}
