// Letters by when they are due: the next one first, any one taken out.

export interface Due<Id> {
  readonly id: Id;
  readonly dueMs: number;
}

/** A binary heap; an id is in it once at most, and putting it again moves it. */
export class DueHeap<Id> {
  readonly #items: Due<Id>[] = [];
  readonly #live = new Map<Id, Due<Id>>();

  get size(): number {
    return this.#live.size;
  }

  put(id: Id, dueMs: number): void {
    const item = { id, dueMs };
    this.#live.set(id, item);
    this.#items.push(item);
    this.#rise(this.#items.length - 1);
  }

  has(id: Id): boolean {
    return this.#live.has(id);
  }

  /** Taken out when its turn comes: what is not live any more is passed over. */
  remove(id: Id): boolean {
    return this.#live.delete(id);
  }

  peek(): Due<Id> | undefined {
    for (;;) {
      const first = this.#items[0];
      if (first === undefined || this.#live.get(first.id) === first) return first;
      this.#dropFirst();
    }
  }

  pop(): Due<Id> | undefined {
    const first = this.peek();
    if (first === undefined) return undefined;
    this.#dropFirst();
    this.#live.delete(first.id);
    return first;
  }

  #dropFirst(): void {
    const last = this.#items.pop();
    if (last === undefined || this.#items.length === 0) return;
    this.#items[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#dueAt(parent) <= this.#dueAt(at)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(from: number): void {
    let at = from;
    for (;;) {
      const left = 2 * at + 1;
      const least = this.#dueAt(left + 1) < this.#dueAt(left) ? left + 1 : left;
      if (this.#dueAt(least) >= this.#dueAt(at)) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #dueAt(at: number): number {
    return this.#items[at]?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#items[a], this.#items[b]];
    if (one === undefined || other === undefined) return;
    this.#items[a] = other;
    this.#items[b] = one;
  }
}
