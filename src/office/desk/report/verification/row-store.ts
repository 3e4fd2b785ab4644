// The rows of the register while its entries stream by: those touched last as objects, all others as text, which takes a third of the memory.

import { parseFilingRow } from '../../book/parse-entry.ts';
import { limits } from '#base/limits.ts';
import type { FilingRow } from '../../register/fold.ts';
import type { FilingNumber } from '#formats/desk/model.ts';

export class RowStore {
  readonly #hot = new Map<FilingNumber, FilingRow>();
  readonly #packed = new Map<FilingNumber, string>();

  get(filing: FilingNumber): FilingRow | undefined {
    const hot = this.#hot.get(filing);
    if (hot) return hot;
    const text = this.#packed.get(filing);
    return text === undefined ? undefined : parseFilingRow(text);
  }

  set(row: FilingRow): void {
    this.#packed.delete(row.filing);
    this.#hot.delete(row.filing);
    this.#hot.set(row.filing, row);
    if (this.#hot.size <= limits.deskVerification.rowsInHand) return;
    const [oldest] = this.#hot.values();
    if (!oldest) return;
    this.#hot.delete(oldest.filing);
    this.#packed.set(oldest.filing, JSON.stringify(oldest));
  }

  get size(): number {
    return this.#hot.size + this.#packed.size;
  }

  *values(): Generator<FilingRow> {
    for (const text of this.#packed.values()) yield parseFilingRow(text);
    yield* this.#hot.values();
  }
}
