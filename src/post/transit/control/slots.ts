// So many at once, the others in the order they came, and no endless queue.

export interface Slots {
  /** Undefined: too many wait already. Else a function that gives the slot back, once it is there. */
  take(): Promise<() => void> | undefined;
  /** As `take`, but undefined unless one is free at once. */
  takeFree(): (() => void) | undefined;
  readonly taken: number;
  readonly waiting: number;
}

export function createSlots(atOnceMax: number, waitingMax: number): Slots {
  const waiting: (() => void)[] = [];
  let taken = 0;
  const free = (): void => {
    const next = waiting.shift();
    if (next === undefined) taken -= 1;
    else next();
  };
  const once = (): (() => void) => {
    let isFree = false;
    return () => {
      if (isFree) return;
      isFree = true;
      free();
    };
  };
  return {
    take() {
      if (taken < atOnceMax) {
        taken += 1;
        return Promise.resolve(once());
      }
      if (waiting.length >= waitingMax) return undefined;
      return new Promise((resolve) => {
        waiting.push(() => resolve(once()));
      });
    },
    takeFree() {
      if (taken >= atOnceMax) return undefined;
      taken += 1;
      return once();
    },
    get taken() {
      return taken;
    },
    get waiting() {
      return waiting.length;
    },
  };
}
