// First the Sent copy, then the queue: a try that broke between them leaves a copy that the next try finds again, and never a second letter.

import { createHmac } from 'node:crypto';
import { unreachable } from '#base/assert.ts';
import type { Clock } from '#base/clock.ts';
import { idFromBytes, idToBytes, newId, type LetterId, type TraceId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Actor } from '#vault/journal/record.ts';
import type { WireRefusal } from '../wire/conduct.ts';
import type { RefusalKind } from '../wire/refusals.ts';
import type { LeavingRefusal, SignedInProgram, SubmissionNeighbours } from './neighbours.ts';
import type { PreparedLetter } from './prepare-letter.ts';
import { createRepeats, type Repeats } from './repeats.ts';

export interface LetterToHandOver extends PreparedLetter {
  readonly program: SignedInProgram;
  readonly traceId: TraceId;
  readonly beganMs: number;
  readonly mailFrom: string;
  readonly recipients: readonly string[];
}

type Outcome = Result<TraceId, WireRefusal>;
type Neighbours = Pick<SubmissionNeighbours, 'findEarlier' | 'keepSent' | 'dropSent' | 'send'>;

/** `idKey`: names Sent copies, so that a try before a crash is found again. */
export class HandOver {
  readonly #clock: Clock;
  readonly #neighbours: Neighbours;
  readonly #idKey: Uint8Array;
  readonly #repeats: Repeats<Outcome>;

  constructor(clock: Clock, neighbours: Neighbours, idKey: Uint8Array) {
    this.#clock = clock;
    this.#neighbours = neighbours;
    this.#idKey = idKey;
    this.#repeats = createRepeats(clock);
  }

  /** The trace id that the letter has: an earlier one where it is known already. */
  run(letter: LetterToHandOver): Promise<Outcome> {
    if (!letter.hasOwnMessageId) return this.#handOver(letter, newId<LetterId>(), false);
    const letterId = this.#idOf(letter);
    return this.#repeats.once(
      letterId,
      () => this.#resume(letter, letterId),
      ({ ok: isTaken }) => isTaken,
    );
  }

  /** The same bytes for the same people from the same account have the same id; to everybody else it is random. */
  #idOf({ program, plainSentCopy, mailFrom, recipients }: LetterToHandOver): LetterId {
    const hash = createHmac('sha256', this.#idKey).update(idToBytes(program.accountId));
    hash.update(JSON.stringify([mailFrom, recipients.toSorted()])).update(plainSentCopy);
    return idFromBytes<LetterId>(hash.digest().subarray(0, 16));
  }

  async #resume(letter: LetterToHandOver, letterId: LetterId): Promise<Outcome> {
    const { copy, queuedMs } = await this.#neighbours.findEarlier(letter.program.accountId, letterId);
    if (queuedMs !== undefined && this.#clock.nowMs() - queuedMs < limits.submission.repeatMs)
      return ok(letter.traceId);
    const isFresh = copy === 'none' || (copy === 'kept' && queuedMs === undefined);
    return this.#handOver(letter, isFresh ? letterId : newId<LetterId>(), isFresh && copy === 'kept');
  }

  async #handOver(letter: LetterToHandOver, letterId: LetterId, isKept: boolean): Promise<Outcome> {
    const { program, traceId, mailFrom } = letter;
    const { accountId } = program;
    const actor: Actor = { kind: 'app', id: idToBytes(program.appPasswordId) };
    const kept = isKept
      ? ok(undefined)
      : await this.#neighbours.keepSent({
          traceId,
          accountId,
          letterId,
          mailFrom,
          plainLetter: letter.plainSentCopy,
          plainSinceMs: letter.beganMs,
        });
    if (!kept.ok) return kept;
    const sent = await this.#neighbours.send({
      accountId,
      actor,
      letterId,
      identity: letter.author,
      mailFrom,
      recipients: letter.recipients,
      plainLetter: letter.plainLeaving,
      dueMs: 0,
    });
    if (sent.ok) return ok(traceId);
    // Not taken back now: the next try finds it by its id, and goes on from here.
    await this.#neighbours.dropSent(accountId, letterId, actor);
    return err({ kind: refusalOf(sent.error) });
  }
}

function refusalOf({ kind }: LeavingRefusal): RefusalKind {
  switch (kind) {
    case 'tooManyRecipients':
      return 'tooManyForSending';
    case 'tooManyToday':
      return 'tooManyToday';
    case 'held':
      return 'sendingHeld';
    case 'diskFull':
      return 'diskFull';
    case 'unavailable':
      return 'journalFailed';
    default:
      return unreachable(kind);
  }
}
