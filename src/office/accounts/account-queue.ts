// One change of an account at a time, in this process: what is checked is still true when it is committed.

export interface AccountQueue {
  /** Runs `work` after everything else queued under `key` has ended. */
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
}

export function createAccountQueue(): AccountQueue {
  const tails = new Map<string, Promise<unknown>>();
  return {
    async run(key, work) {
      const before = tails.get(key) ?? Promise.resolve();
      const mine = before.then(work, work);
      tails.set(key, mine);
      try {
        return await mine;
      } finally {
        if (tails.get(key) === mine) tails.delete(key);
      }
    },
  };
}
