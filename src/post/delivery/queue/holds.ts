// What is held: the whole queue or the letters of one account, kept over a restart; ids and reasons, never addresses.

import * as v from 'valibot';
import { isId, type AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { StateFile } from '#vault/live/state-file.ts';

const REASONS = ['operator', 'restored', 'mass', 'unknownRecipients'] as const;
export type HoldReason = (typeof REASONS)[number];

export interface Hold {
  readonly reason: HoldReason;
  readonly sinceMs: number;
}

const holdSchema = v.object({ reason: v.picklist(REASONS), sinceMs: v.number() });
const idSchema = v.custom<AccountId>((value) => typeof value === 'string' && isId(value));
const stateSchema = v.object({
  era: v.number(),
  queue: v.nullable(holdSchema),
  accounts: v.pipe(v.array(v.object({ accountId: idSchema, ...holdSchema.entries })), v.maxLength(100_000)),
  trusted: v.array(v.object({ accountId: idSchema, untilMs: v.number() })),
});

const TRUSTED_MS = 24 * 3_600_000;

export class Holds {
  readonly #file: StateFile;
  readonly #accounts = new Map<AccountId, Hold>();
  /** Accounts an operator has looked at: the brake leaves them alone for a day. */
  readonly #trusted = new Map<AccountId, number>();
  #queue: Hold | undefined;
  #era = 0;

  private constructor(file: StateFile) {
    this.#file = file;
  }

  /** A state that cannot be read holds the queue: what it held is unknown. */
  static async open(file: StateFile, nowMs: number): Promise<Holds> {
    const holds = new Holds(file);
    const text = await file.read();
    if (text === undefined) return holds;
    const read = v.safeParse(v.pipe(v.string(), v.parseJson(), stateSchema), text);
    if (!read.success) {
      holds.#queue = { reason: 'restored', sinceMs: nowMs };
      return holds;
    }
    const { era, queue, accounts, trusted } = read.output;
    holds.#era = era;
    holds.#queue = queue ?? undefined;
    for (const { accountId, ...hold } of accounts) holds.#accounts.set(accountId, hold);
    for (const { accountId, untilMs } of trusted) holds.#trusted.set(accountId, untilMs);
    return holds;
  }

  get queue(): Hold | undefined {
    return this.#queue;
  }

  get accounts(): ReadonlyMap<AccountId, Hold> {
    return this.#accounts;
  }

  /** The era at the last start; 0 when there was none. */
  get era(): number {
    return this.#era;
  }

  isTrusted(accountId: AccountId, nowMs: number): boolean {
    return (this.#trusted.get(accountId) ?? 0) > nowMs;
  }

  /** Where older rows were put back, nothing leaves until somebody has looked; not at the first start of all. */
  async hearEra(era: number, isOlder: boolean, nowMs: number): Promise<void> {
    if (era === this.#era) return;
    if (isOlder && this.#era > 0 && era > this.#era) this.#queue ??= { reason: 'restored', sinceMs: nowMs };
    this.#era = era;
    await this.#save();
  }

  /** `accountId` undefined: the whole queue. An older reason stays. */
  async hold(accountId: AccountId | undefined, hold: Hold): Promise<void> {
    if (accountId === undefined) this.#queue ??= hold;
    else if (!this.#accounts.has(accountId)) this.#accounts.set(accountId, hold);
    await this.#save();
  }

  async release(accountId: AccountId | undefined, nowMs: number): Promise<void> {
    if (accountId === undefined) this.#queue = undefined;
    else {
      this.#accounts.delete(accountId);
      for (const [id, untilMs] of this.#trusted) if (untilMs <= nowMs) this.#trusted.delete(id);
      if (this.#trusted.size < limits.queue.accountsRememberedMax) this.#trusted.set(accountId, nowMs + TRUSTED_MS);
    }
    await this.#save();
  }

  #save(): Promise<void> {
    return this.#file.write(
      JSON.stringify({
        era: this.#era,
        queue: this.#queue ?? null,
        accounts: [...this.#accounts].map(([accountId, hold]) => ({ accountId, ...hold })),
        trusted: [...this.#trusted].map(([accountId, untilMs]) => ({ accountId, untilMs })),
      }),
    );
  }
}
