// Overwrites what the room's process no longer needs, as soon as it has nothing to do: the collector frees it, and the flags and the environment of start-process.ts make what is freed be overwritten.

/** After the last work is over: at once; when a slow reader has taken the answer; and for what came in and was refused. */
const WIPES_AFTER_MS = [300, 5_000, 60_000];
/** Where there is always something at work, so often all the same. */
const BUSY_MS = 60_000;
/** Of the youngest objects' space, each half of which keeps what it held until it is filled anew. */
const YOUNG_BYTES = 4 * 1024 * 1024;
/** An empty array: nothing smaller is made, so that the end of no page is left as it was. */
const SMALLEST_BYTES = 32;
const HELD = 64;
/** More than the runtime reads at once. */
const RINSE_BYTES = 256 * 1024;

export interface IdleWipe {
  /** Whatever this work leaves in memory is overwritten soon after the last of such works is over. */
  after<T>(work: Promise<T>): Promise<T>;
}

export interface IdleWipeParts {
  /** Undefined (a test opened this lock): nothing is wiped. */
  readonly collect: (() => void) | undefined;
  /** Sends zeros to the program and has it send some, so many that they fill the one buffer into which each runtime reads its messages. */
  readonly rinse: () => Promise<unknown>;
  readonly nowMs?: () => number;
}

/** Before the first work. Small buffers would share slabs that live as long as any of them. */
export function keepBuffersApart(): void {
  Buffer.poolSize = 0;
}

export function createIdleWipe({ collect, rinse, nowMs = () => performance.now() }: IdleWipeParts): IdleWipe {
  let atWork = 0;
  let wipedMs = nowMs();
  let timers: NodeJS.Timeout[] = [];
  const wipe = async (): Promise<void> => {
    wipedMs = nowMs();
    await rinse().catch(() => undefined); // nobody is there to talk to: the end is near
    if (collect !== undefined) wipeFreed(collect);
  };
  const planWipes = (waitsMs: readonly number[]): void => {
    for (const timer of timers) clearTimeout(timer);
    timers = waitsMs.map((waitMs) => setTimeout(() => void wipe(), waitMs).unref());
  };
  return {
    async after(work) {
      planWipes([]);
      atWork += 1;
      try {
        return await work;
      } finally {
        atWork -= 1;
        const isOverdue = nowMs() - wipedMs > BUSY_MS;
        if (collect !== undefined && (atWork === 0 || isOverdue)) planWipes(atWork === 0 ? WIPES_AFTER_MS : [0]);
      }
    },
  };
}

function wipeFreed(collect: () => void): void {
  // the runtime keeps the text in which it found something last (RegExp.input), however long ago
  /./.exec('.');
  collect();
  // what moved out of the young space left its old place as it was
  const held: unknown[] = Array.from({ length: HELD });
  // held for a moment, or the runtime would leave out what nobody looks at
  for (let made = 0; made < YOUNG_BYTES / SMALLEST_BYTES; made++) held[made % HELD] = [];
  collect();
}

/** What both send, to be read over what was read before. */
export function rinsing(): Uint8Array {
  return new Uint8Array(RINSE_BYTES);
}

/** The runtime's own, which start-process.ts hands to the process. */
export function collector(): (() => void) | undefined {
  const { gc } = globalThis;
  return gc && (() => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' }));
}
