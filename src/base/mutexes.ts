// One at a time per key, in the order they came.

export class Mutexes<Key> {
  readonly #last = new Map<Key, Promise<unknown>>();

  /** Runs `work` when all earlier work of `key` is over, whatever became of it. */
  async run<T>(key: Key, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const mine = before === undefined ? work() : before.then(work, work);
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}
