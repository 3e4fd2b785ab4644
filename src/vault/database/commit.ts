// The one door for change: decide against the rows, journal the absolute effect, apply it, answer. Letters only journal.

import { requireValue } from '#base/assert.ts';
import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Refusal, type Result } from '#base/result.ts';
import type { Command, CommandKind, CommandOf, SubmissionCommand } from '../journal/commands.ts';
import type { AppendRefusal, ErasedContent, KeyRecord, LetterEntry, VoidedContent } from '../journal/journal.ts';
import type { Actor } from '../journal/record.ts';
import { ApplyQueue, type DatabaseHealth, type QueueOptions } from './apply-queue.ts';
import { explainDatabaseRefusal, type DatabaseRefusal } from './check-database.ts';
import { uuidToId } from './ids.ts';
import { Mutexes } from '#base/mutexes.ts';
import type { Reader } from './reader.ts';
import { isUnavailable } from './session.ts';

export interface AppliedChange {
  readonly accountId: AccountId;
  readonly emailModseq: number;
  readonly mailboxModseq: number;
  readonly itemModseq: number;
  readonly submissionModseq: number;
}

export type CommitRefusal = { readonly kind: 'unavailable' } | { readonly kind: 'diskFull' };

/** Reads the rows, which hold everything the account did so far, and says what shall happen. May be asked twice: only reads. */
export type Decide<E extends Refusal> = (read: Reader) => Promise<Result<Command, E>>;

export interface CommitDoor extends AsyncDisposable {
  /**
   * One change. Resolves after its effect is durable and in the rows. `unavailable`: the database does not answer; a command
   * that was already journalled then is applied as soon as it does, so callers decide anew and do not send blindly again.
   */
  commit<E extends Refusal>(
    accountId: AccountId | undefined,
    actor: Actor,
    decide: Decide<E>,
  ): Promise<Result<{ readonly record: KeyRecord }, E | CommitRefusal>>;
  /** Journals a letter for its readers; resolves when it is durable. Rows follow within limits.database.applyLingerMs. */
  keepLetter(entry: LetterEntry): Promise<Result<readonly KeyRecord[], AppendRefusal>>;
  /**
   * Journals what became of a letter that leaves: nothing is decided against the rows, so it works without the database and
   * shares its sync with others. Resolves when it is durable; rows follow within limits.database.applyLingerMs.
   */
  noteSubmission(
    accountId: AccountId,
    actor: Actor,
    command: SubmissionCommand,
  ): Promise<Result<KeyRecord, AppendRefusal>>;
  /** Journals that other rows serve from now on; works without the database, which hears of it as soon as it answers. */
  noteEra(effect: CommandOf<'eraRaised'>['effect']): Promise<Result<KeyRecord, AppendRefusal>>;
  /** Journals what the house keeps in its register; works without the database. */
  noteHouse(command: RegisterCommand): Promise<Result<KeyRecord, AppendRefusal>>;
  /** Journals that a command is left out from now on. Rows that hold its effect keep it: only another generation is without it. */
  noteVoided(content: VoidedContent): Promise<Result<KeyRecord, AppendRefusal>>;
  /** Journals that records of the account (undefined: of none) are erased. `decide` reads the rows as `commit`'s does. */
  erase(
    accountId: AccountId | undefined,
    decide: (read: Reader) => Promise<readonly ErasedContent[]>,
  ): Promise<Result<void, CommitRefusal>>;
  /** Resolves when everything durable of this account now is in the rows; within limits.database.applyWaitMs where the database is away, commitWaitMs where it works. */
  settled(accountId: AccountId): Promise<Result<void, { readonly kind: 'unavailable' }>>;
  /** For push and the directory snapshot; `records` are those whose effect is now in the rows, in order. */
  onApplied(listener: (changes: readonly AppliedChange[], records: readonly KeyRecord[]) => void): () => void;
  readonly health: DatabaseHealth;
}

/** What no row holds: the directory's register does (decision 0015). */
export type RegisterCommand =
  CommandOf<'operatorPut'> | CommandOf<'operatorRemoved'> | CommandOf<'changeStepped'> | CommandOf<'incidentPut'>;

const SYSTEM: Actor = { kind: 'system', id: new Uint8Array(16) };

/** These decide by what other accounts have too (addresses, invites): one at a time in the whole house. */
const HOUSE_WIDE: ReadonlySet<CommandKind> = new Set<CommandKind>(['accountCreated', 'addressAdded', 'addressRemoved']);

/**
 * Connects, migrates, brings the rows up to the journal. A database that does not answer is no refusal: letters are taken and
 * the rows follow; one that is not ours, or newer than the journal, is refused with what to do.
 */
export async function openCommitDoor(
  options: QueueOptions,
): Promise<Result<CommitDoor, DatabaseRefusal & { readonly whatToDo: string }>> {
  const queue = new ApplyQueue(options);
  const { refusal } = await queue.start();
  if (refusal !== undefined) {
    await queue.close();
    return err({ ...refusal, whatToDo: explainDatabaseRefusal(refusal) });
  }
  return ok(new Door(options, queue));
}

class Door implements CommitDoor {
  readonly #options: QueueOptions;
  readonly #queue: ApplyQueue;
  readonly #mutexes = new Mutexes<AccountId | 'house'>();

  constructor(options: QueueOptions, queue: ApplyQueue) {
    this.#options = options;
    this.#queue = queue;
  }

  commit<E extends Refusal>(
    accountId: AccountId | undefined,
    actor: Actor,
    decide: Decide<E>,
  ): Promise<Result<{ readonly record: KeyRecord }, E | CommitRefusal>> {
    return this.#mutexes.run(accountId ?? 'house', async () => {
      const decided = await this.#decide(accountId, decide);
      if (!decided.ok) return decided;
      const isHouseWide = HOUSE_WIDE.has(decided.value.kind);
      if (accountId === undefined || !isHouseWide) return this.#journalAndApply(accountId, actor, decided.value);
      // always the account's first, then the house's: nobody waits in a circle. What was decided before is decided again.
      return this.#mutexes.run('house', async () => {
        const again = await this.#decide(undefined, decide);
        return again.ok ? this.#journalAndApply(accountId, actor, again.value) : again;
      });
    });
  }

  async keepLetter(entry: LetterEntry): Promise<Result<readonly KeyRecord[], AppendRefusal>> {
    const kept = await this.#options.journal.appendLetter(entry);
    if (kept.ok) this.#queue.offer(kept.value, false);
    return kept;
  }

  async noteSubmission(
    accountId: AccountId,
    actor: Actor,
    command: SubmissionCommand,
  ): Promise<Result<KeyRecord, AppendRefusal>> {
    const noted = await this.#options.journal.appendCommand({ accountId, actor, command });
    if (noted.ok) this.#queue.offer([noted.value], false);
    return noted;
  }

  async noteEra(effect: CommandOf<'eraRaised'>['effect']): Promise<Result<KeyRecord, AppendRefusal>> {
    const command = { kind: 'eraRaised', effect } as const;
    const noted = await this.#options.journal.appendCommand({ accountId: undefined, actor: SYSTEM, command });
    if (noted.ok) this.#queue.offer([noted.value], true);
    return noted;
  }

  async noteHouse(command: RegisterCommand): Promise<Result<KeyRecord, AppendRefusal>> {
    const noted = await this.#options.journal.appendCommand({ accountId: undefined, actor: SYSTEM, command });
    if (noted.ok) this.#queue.offer([noted.value], true);
    return noted;
  }

  async noteVoided(content: VoidedContent): Promise<Result<KeyRecord, AppendRefusal>> {
    const noted = await this.#options.journal.appendVoided(content);
    if (!noted.ok) return noted;
    const record = requireValue(noted.value, 'a journal that is written');
    this.#queue.offer([record], true);
    return ok(record);
  }

  erase(
    accountId: AccountId | undefined,
    decide: (read: Reader) => Promise<readonly ErasedContent[]>,
  ): Promise<Result<void, CommitRefusal>> {
    return this.#mutexes.run(accountId ?? 'house', async () => {
      const decided = await this.#ask<readonly ErasedContent[], never>(accountId, async (read) =>
        ok(await decide(read)),
      );
      if (!decided.ok) return decided;
      for (const content of decided.value) {
        const { journal } = this.#options;
        if (journal.appendErased === undefined) throw new Error('a journal that is only read');
        const appended = await journal.appendErased(accountId, content);
        if (!appended.ok) return err({ kind: appended.error.kind === 'diskFull' ? 'diskFull' : 'unavailable' });
        this.#queue.offer([appended.value], false);
      }
      return ok(undefined);
    });
  }

  async settled(accountId: AccountId): Promise<Result<void, { readonly kind: 'unavailable' }>> {
    return (await this.#isSettled(accountId)) ? ok(undefined) : err({ kind: 'unavailable' });
  }

  /** A database that works on, only behind, is waited for: nobody is sent away for a busy second. */
  async #isSettled(accountId: AccountId | undefined): Promise<boolean> {
    const { applyWaitMs, commitWaitMs } = limits.database;
    for (let waitedMs = 0; waitedMs < commitWaitMs; waitedMs += applyWaitMs) {
      if (await this.#queue.settled(accountId, applyWaitMs)) return true;
      if (this.#queue.health.state !== 'up') return false;
    }
    return false;
  }

  onApplied(listener: (changes: readonly AppliedChange[], records: readonly KeyRecord[]) => void): () => void {
    return this.#queue.onApplied((states, records) => {
      const changes = states.map(({ accountUuid, ...state }) => ({
        accountId: uuidToId<AccountId>(accountUuid),
        ...state,
      }));
      listener(changes, records);
    });
  }

  get health(): DatabaseHealth {
    return this.#queue.health;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue.close();
  }

  #decide<E extends Refusal>(
    accountId: AccountId | undefined,
    decide: Decide<E>,
  ): Promise<Result<Command, E | { readonly kind: 'unavailable' }>> {
    return this.#ask(accountId, decide);
  }

  async #ask<T, E extends Refusal>(
    accountId: AccountId | undefined,
    decide: (read: Reader) => Promise<Result<T, E>>,
  ): Promise<Result<T, E | { readonly kind: 'unavailable' }>> {
    if (!(await this.#isSettled(accountId))) return err({ kind: 'unavailable' });
    try {
      return await decide(this.#options.database.reader);
    } catch (cause) {
      if (!isUnavailable(cause)) throw cause;
      this.#options.log.fault('commit.databaseLost', cause);
      return err({ kind: 'unavailable' });
    }
  }

  async #journalAndApply(
    accountId: AccountId | undefined,
    actor: Actor,
    command: Command,
  ): Promise<Result<{ readonly record: KeyRecord }, CommitRefusal>> {
    const appended = await this.#options.journal.appendCommand({ accountId, actor, command });
    if (!appended.ok) return err({ kind: appended.error.kind === 'diskFull' ? 'diskFull' : 'unavailable' });
    const record = appended.value;
    const outcome = this.#queue.outcomeOf(record.header.seq, limits.database.commitWaitMs);
    this.#queue.offer([record], true);
    return (await outcome) === 'applied' ? ok({ record }) : err({ kind: 'unavailable' });
  }
}
