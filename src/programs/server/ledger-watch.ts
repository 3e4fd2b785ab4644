// The ledger as this program last counted it: by itself once a day, at an operator’s wish, for an open incident; one count at a time for all who ask.

import type { Clock } from '#base/clock.ts';
import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { LedgerLook } from '#formats/auth-wire/safety-answers.ts';
import { isDamaged, isUnavailable } from '#vault/database/session.ts';
import { withLedgerRows } from '#vault/database/read-ledger.ts';
import type { AccountCount, Refused } from '#vault/safeguards/incident/neighbours.ts';
import { checkLedger, type LedgerReport } from '#vault/safeguards/ledger/check-ledger.ts';
import type { Vault } from './open-vault.ts';

export interface LedgerWatchParts {
  readonly vault: Pick<Vault, 'database' | 'journal'> & Partial<Pick<Vault, 'sumAside'>>;
  readonly ledgerKey: Uint8Array;
  readonly clock: Clock;
  readonly log: Log;
}

type Counted = Result<{ readonly look: LedgerLook; readonly counts: readonly AccountCount[] }, Refused>;

const UNAVAILABLE = {
  kind: 'unavailable',
  sentence:
    'The database does not answer, so nothing was counted. Letters are taken. Try again in a moment: siegel ledger check',
};

/** A page’s checksum is wrong. */
export const DAMAGED = {
  kind: 'damaged',
  sentence:
    'A page of the database is damaged, so nothing was counted. The journal has every letter; letters are taken. Make the rows anew: siegel database rebuild --apply. And look at the disk.',
};

export class LedgerWatch implements Disposable {
  readonly #parts: LedgerWatchParts;
  readonly #timer: NodeJS.Timeout;
  readonly #startedMs: number;
  #running: Promise<Counted> | undefined;
  #last: LedgerLook | undefined;

  constructor(parts: LedgerWatchParts) {
    this.#parts = parts;
    this.#startedMs = parts.clock.nowMs();
    this.#timer = setInterval(() => this.#look(), limits.ledgerWatch.lookMs);
    this.#timer.unref();
  }

  get last(): LedgerLook | undefined {
    return this.#last;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  async check(): Promise<Result<LedgerLook, Refused>> {
    const counted = await this.count();
    return counted.ok ? ok(counted.value.look) : counted;
  }

  /** Accounts that differ, with how many letters; those of `watched` too that do not. */
  async count(watched: readonly AccountId[] = []): Promise<Counted> {
    this.#running ??= this.#count().finally(() => (this.#running = undefined));
    const counted = await this.#running;
    if (!counted.ok) return counted;
    const { counts, look } = counted.value;
    const differing = new Set(counts.map(({ accountId }) => accountId));
    const equal = watched.filter((accountId) => !differing.has(accountId));
    if (equal.length === 0) return counted;
    const letters = await this.#lettersOf(equal);
    return letters.ok ? ok({ look, counts: [...counts, ...letters.value] }) : letters;
  }

  /** What a command has found out meanwhile. */
  note(report: LedgerReport, seconds: number): LedgerLook {
    const { head, isEqual } = report;
    const counts = countsOf(report);
    const missing = counts.reduce((sum, { expected, found }) => sum + Math.max(0, expected - found), 0);
    this.#last = {
      atMs: this.#parts.clock.nowMs(),
      isEqual,
      letters: head.letters.count,
      accounts: head.accounts,
      missing,
      differing: counts.length,
      seconds,
    };
    return this.#last;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const nowMs = this.#parts.clock.nowMs();
    const { afterStartMs, everyMs } = limits.ledgerWatch;
    const isDue =
      this.#last === undefined ? nowMs - this.#startedMs >= afterStartMs : nowMs - this.#last.atMs >= everyMs;
    if (isDue) void this.check();
  }

  async #count(): Promise<Counted> {
    const { vault, ledgerKey, clock } = this.#parts;
    const { database, journal, sumAside } = vault;
    const beganMs = clock.monotonicMs();
    return await this.#patiently(async () => {
      const report = await checkLedger({ database, journal, ledgerKey, sumAside });
      const look = this.note(report, Math.round(clock.monotonicMs() - beganMs) / 1_000);
      return { look, counts: countsOf(report) };
    });
  }

  /** Their rows are those of the journal, so rows alone say how many. */
  #lettersOf(accounts: readonly AccountId[]): Promise<Result<readonly AccountCount[], Refused>> {
    return this.#patiently(async () => {
      const { database, journal } = this.#parts.vault;
      await using session = await database.connect();
      return await withLedgerRows(session, journal.journal, async (rows, throughSeq) => {
        const counts = new Map((await rows.letters()).map(({ accountId, count }) => [accountId, count]));
        return accounts.map((accountId) => {
          const letters = counts.get(accountId) ?? 0;
          return { accountId, expected: letters, found: letters, mailboxes: 0, throughSeq };
        });
      });
    });
  }

  async #patiently<T>(work: () => Promise<T>): Promise<Result<T, Refused>> {
    try {
      return ok(await work());
    } catch (cause) {
      this.#parts.log.fault('ledger.notCounted', cause);
      if (isDamaged(cause)) return err(DAMAGED);
      if (!isUnavailable(cause)) throw cause;
      return err(UNAVAILABLE);
    }
  }
}

/** Letters first; where they are whole, what is missing from the mailboxes. A letter that changed is not there. */
function countsOf({ mailboxes, letters, head }: LedgerReport): readonly AccountCount[] {
  const ids = new Set([...mailboxes, ...letters].map(({ accountId }) => accountId));
  return [...ids].map((accountId) => {
    const own = mailboxes.filter((one) => one.accountId === accountId);
    const places = own.filter(({ mailboxId }) => mailboxId !== undefined);
    const whole = own.filter(({ mailboxId }) => mailboxId === undefined);
    const isWhole = whole.length === 0;
    const named = letters.filter(
      (one) => one.accountId === accountId && (one.mailboxId === undefined) !== isWhole && one.what !== 'extra',
    ).length;
    const sums = isWhole ? places : whole;
    const expected = sums.reduce((sum, { journal }) => sum + journal, 0);
    const rows = sums.reduce((sum, one) => sum + Math.min(one.rows, one.journal), 0);
    const found = Math.max(0, Math.min(rows, expected - named));
    const counted = { accountId, expected, found, mailboxes: places.length, throughSeq: head.appliedSeq };
    return isWhole ? { ...counted, isOfPlaces: true } : counted;
  });
}
