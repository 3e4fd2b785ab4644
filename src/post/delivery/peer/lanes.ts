// Who may have a connection: so many to one destination, so many in all, and idle ones for whoever comes next.

import { limits } from '#base/limits.ts';
import type { Session } from './session.ts';
import type { Waits } from './waits.ts';

export interface Lane {
  /** A session that lay idle, to be used first. */
  readonly session: Session | undefined;
  /** With a session that can take another letter, or without. Once. */
  release(session: Session | undefined): void;
}

export interface Lanes extends AsyncDisposable {
  /** Waits for a place; undefined when everything is being closed. */
  take(key: string): Promise<Lane | undefined>;
  readonly openCount: number;
}

export interface LanesOptions {
  readonly waits: Pick<Waits, 'idleMs'>;
  readonly connectionsMax?: number;
  readonly connectionsPerDestinationMax?: number;
}

interface Idle {
  readonly key: string;
  readonly session: Session;
  readonly timer: NodeJS.Timeout;
}

interface Waiter {
  readonly key: string;
  readonly give: (lane: Lane | undefined) => void;
}

export function createLanes(options: LanesOptions): Lanes {
  const lanes = new OpenLanes(options);
  return lanes;
}

class OpenLanes implements Lanes {
  readonly #idleMs: number;
  readonly #max: number;
  readonly #maxEach: number;
  /** Oldest first. */
  readonly #idle = new Set<Idle>();
  readonly #waiting = new Set<Waiter>();
  /** Places taken: in use and idle. */
  readonly #places = new Map<string, number>();
  readonly #inUse = new Set<symbol>();
  #total = 0;
  #isClosed = false;
  #emptied: (() => void) | undefined;

  constructor({ waits, connectionsMax, connectionsPerDestinationMax }: LanesOptions) {
    this.#idleMs = waits.idleMs;
    this.#max = connectionsMax ?? limits.delivery.connectionsMax;
    this.#maxEach = connectionsPerDestinationMax ?? limits.delivery.connectionsPerDestinationMax;
  }

  get openCount(): number {
    return this.#total;
  }

  take(key: string): Promise<Lane | undefined> {
    if (this.#isClosed) return Promise.resolve(undefined);
    const lane = this.#tryTake(key);
    if (lane !== undefined) return Promise.resolve(lane);
    return new Promise((give) => {
      this.#waiting.add({ key, give });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const { give } of this.#waiting) give(undefined);
    this.#waiting.clear();
    for (const idle of this.#idle) this.#drop(idle);
    if (this.#inUse.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
  }

  #tryTake(key: string): Lane | undefined {
    for (const idle of this.#idle) {
      if (idle.key !== key) continue;
      this.#unlist(idle);
      return this.#lane(key, idle.session);
    }
    if ((this.#places.get(key) ?? 0) >= this.#maxEach) return undefined;
    const [oldest] = this.#idle;
    if (this.#total >= this.#max && oldest !== undefined) this.#drop(oldest);
    if (this.#total >= this.#max) return undefined;
    this.#count(key, 1);
    return this.#lane(key, undefined);
  }

  #lane(key: string, session: Session | undefined): Lane {
    const mark = Symbol(key);
    this.#inUse.add(mark);
    return {
      session,
      release: (left) => {
        if (!this.#inUse.delete(mark)) return;
        if (left === undefined || this.#isClosed || !isReusable(left)) {
          if (left !== undefined) hangUp(left);
          this.#count(key, -1);
        } else this.#lay(key, left);
        this.#serve();
        if (this.#inUse.size === 0) this.#emptied?.();
      },
    };
  }

  #lay(key: string, session: Session): void {
    const idle: Idle = { key, session, timer: setTimeout(() => this.#dropAndServe(idle), this.#idleMs) };
    idle.timer.unref();
    this.#idle.add(idle);
    // a peer that speaks unasked says good-bye
    session.wire.onDisturbed(() => this.#dropAndServe(idle));
  }

  #unlist(idle: Idle): void {
    this.#idle.delete(idle);
    clearTimeout(idle.timer);
    idle.session.wire.onDisturbed(undefined);
  }

  #drop(idle: Idle): void {
    if (!this.#idle.has(idle)) return;
    this.#unlist(idle);
    hangUp(idle.session);
    this.#count(idle.key, -1);
  }

  #dropAndServe(idle: Idle): void {
    this.#drop(idle);
    this.#serve();
  }

  #count(key: string, by: 1 | -1): void {
    const places = (this.#places.get(key) ?? 0) + by;
    if (places === 0) this.#places.delete(key);
    else this.#places.set(key, places);
    this.#total += by;
  }

  /** First come, first served, as far as there is a place for them. */
  #serve(): void {
    for (const waiter of this.#waiting) {
      if (this.#total >= this.#max && this.#idle.size === 0) return;
      const lane = this.#tryTake(waiter.key);
      if (lane === undefined) continue;
      this.#waiting.delete(waiter);
      waiter.give(lane);
    }
  }
}

function isReusable({ wire, lettersCount }: Session): boolean {
  return wire.isOpen && lettersCount < limits.delivery.lettersPerConnectionMax;
}

/** Politely, but without waiting for long. */
export function hangUp({ wire }: Session): void {
  if (!wire.isOpen) return;
  wire.write(['QUIT\r\n']);
  void wire.reply(limits.delivery.quitWaitMs).finally(() => wire.destroy());
}
