// How much an account may send, and when it sends so unlike itself that somebody else may be at its desk.

import type { AccountId } from '#base/ids.ts';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { QueueRows } from './neighbours.ts';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const HISTORY_HOURS = 30 * DAY_HOURS;
/** Below this an account's habit says nothing. */
const USUAL_MIN = 5;

interface Account {
  /** Recipients by hour since 1970. */
  readonly hours: Map<number, number>;
  createdMs: number | undefined;
  /** Whether the rows were asked. */
  isLoaded: boolean;
  /** Answers of peers in the window: refused as unknown, and all. */
  windowMs: number;
  unknown: number;
  answers: number;
}

export type Verdict = 'ok' | 'tooMany' | 'brake';

export class SenderLimits {
  readonly #clock: Clock;
  readonly #rows: Pick<QueueRows, 'recipientsByHour' | 'createdMs'>;
  readonly #accounts = new Map<AccountId, Account>();

  constructor(clock: Clock, rows: Pick<QueueRows, 'recipientsByHour' | 'createdMs'>) {
    this.#clock = clock;
    this.#rows = rows;
  }

  /** Asked before a letter is taken; `isTrusted`: the operator has looked at this account lately, no brake. */
  async judge(accountId: AccountId, recipients: number, isTrusted: boolean): Promise<Verdict> {
    const account = await this.#account(accountId);
    const nowMs = this.#clock.nowMs();
    const { recipientsPerHourMax, recipientsPerDayMax, newAccountMs, newAccountShare, brakeRecipientsMin } =
      limits.queue;
    const isNew = account.createdMs !== undefined && nowMs - account.createdMs < newAccountMs;
    const share = isNew ? newAccountShare : 1;
    const inHour = this.#lastHour(account, nowMs) + recipients;
    if (
      !isTrusted &&
      inHour > Math.max(brakeRecipientsMin, limits.queue.brakeTimesUsual * usualPerHour(account, nowMs))
    )
      return 'brake';
    const inDay = sumSince(account, Math.floor(nowMs / HOUR_MS) - DAY_HOURS + 1) + recipients;
    return inHour > recipientsPerHourMax * share || inDay > recipientsPerDayMax * share ? 'tooMany' : 'ok';
  }

  /** A letter was taken; at once, so that the next judgement knows. Negative: it was not, after all. */
  count(accountId: AccountId, recipients: number): void {
    const account = this.#accounts.get(accountId);
    const hour = Math.floor(this.#clock.nowMs() / HOUR_MS);
    account?.hours.set(hour, (account.hours.get(hour) ?? 0) + recipients);
  }

  /** What peers said; true when so many recipients are unknown that the account is not writing to people it knows. */
  heard(accountId: AccountId, answers: readonly { readonly kind: string; readonly enhanced: string }[]): boolean {
    const account = this.#accounts.get(accountId);
    if (account === undefined) return false;
    const nowMs = this.#clock.nowMs();
    if (nowMs - account.windowMs >= limits.queue.brakeWindowMs) {
      [account.windowMs, account.unknown, account.answers] = [nowMs, 0, 0];
    }
    account.answers += answers.length;
    account.unknown += answers.filter(({ kind, enhanced }) => kind === 'failed' && enhanced.startsWith('5.1.')).length;
    const { brakeUnknownMin, brakeUnknownShare } = limits.queue;
    return account.unknown >= brakeUnknownMin && account.unknown >= account.answers * brakeUnknownShare;
  }

  forgive(accountId: AccountId): void {
    const account = this.#accounts.get(accountId);
    if (account !== undefined) [account.unknown, account.answers] = [0, 0];
  }

  /** While the database does not answer, what was counted since the start is all that is known. */
  async #account(accountId: AccountId): Promise<Account> {
    const known = this.#accounts.get(accountId);
    if (known?.isLoaded) return known;
    const sinceMs = this.#clock.nowMs() - HISTORY_HOURS * HOUR_MS;
    const rows = await Promise.all([
      this.#rows.recipientsByHour(accountId, sinceMs),
      this.#rows.createdMs(accountId),
    ]).catch(() => undefined);
    const account = this.#accounts.get(accountId) ?? {
      hours: new Map<number, number>(),
      createdMs: undefined,
      isLoaded: false,
      windowMs: 0,
      unknown: 0,
      answers: 0,
    };
    if (!account.isLoaded && rows !== undefined) {
      account.isLoaded = true;
      account.createdMs = rows[1];
      // the rows may hold some of what was counted here: better once too often than not at all
      for (const [hour, recipients] of rows[0]) account.hours.set(hour, (account.hours.get(hour) ?? 0) + recipients);
    }
    if (this.#accounts.size >= limits.queue.accountsRememberedMax) this.#accounts.clear();
    this.#accounts.set(accountId, account);
    return account;
  }

  /** This hour and as much of the last one as still lies within sixty minutes. */
  #lastHour({ hours }: Account, nowMs: number): number {
    const hour = Math.floor(nowMs / HOUR_MS);
    const passed = (nowMs % HOUR_MS) / HOUR_MS;
    return (hours.get(hour) ?? 0) + Math.floor((hours.get(hour - 1) ?? 0) * (1 - passed));
  }
}

function sumSince({ hours }: Account, firstHour: number): number {
  let sum = 0;
  for (const [hour, recipients] of hours) {
    if (hour < firstHour - HISTORY_HOURS) hours.delete(hour);
    if (hour >= firstHour) sum += recipients;
  }
  return sum;
}

/** In an hour in which it sends at all, the last one left out. */
function usualPerHour({ hours }: Account, nowMs: number): number {
  const now = Math.floor(nowMs / HOUR_MS);
  const before = [...hours].filter(([hour]) => hour < now - 1).map(([, recipients]) => recipients);
  const sum = before.reduce((total, recipients) => total + recipients, 0);
  return Math.max(USUAL_MIN, before.length === 0 ? 0 : sum / before.length);
}
