// For tests of this room: a queue and a door that keep letters in memory and journal what the real ones do, so that rows and states are real.

import { newId, type AccountId, type SubmissionId } from '#base/ids.ts';
import { systemClock } from '#base/clock.ts';
import { err, ok } from '#base/result.ts';
import type { CancelRefusal, LetterToSend, Outbox, RecipientProgress, SubmitRefusal } from '#post/delivery/outbox.ts';
import type { OwnCopy, SubmitOutcome } from '#post/reception/submit.ts';
import type { CommitDoor } from '#vault/database/commit.ts';
import { makeLetter } from '#vault/database/test-house.ts';
import type { SubmissionCommand } from '#vault/journal/commands.ts';

const QUEUE = { kind: 'door', id: new Uint8Array(16) } as const;

export class TestOutbox implements Outbox {
  readonly letters = new Map<SubmissionId, LetterToSend>();
  readonly answers = new Map<SubmissionId, readonly RecipientProgress[]>();
  refuseNext: SubmitRefusal['kind'] | undefined;
  refuseCancel: CancelRefusal['kind'] | undefined;
  readonly #door: () => CommitDoor;

  constructor(door: () => CommitDoor) {
    this.#door = door;
  }

  submit: Outbox['submit'] = async (letter) => {
    const kind = this.refuseNext;
    this.refuseNext = undefined;
    if (kind !== undefined) return err({ kind });
    const { accountId, letterId, identity, recipients } = letter;
    const submissionId = newId<SubmissionId>();
    const dueMs = letter.dueMs === 0 ? systemClock.nowMs() : letter.dueMs;
    const effect = { submissionId, letterId, identity, dueMs, recipients: recipients.length };
    await this.note(accountId, { kind: 'submissionQueued', effect });
    this.letters.set(submissionId, { ...letter, plainLetter: letter.plainLetter.slice() });
    return ok({ submissionId, dueMs });
  };

  cancel: Outbox['cancel'] = async (accountId, submissionId) => {
    if (this.refuseCancel !== undefined) return err({ kind: this.refuseCancel });
    await this.note(accountId, { kind: 'submissionCanceled', effect: { submissionId } });
    this.letters.delete(submissionId);
    return ok(undefined);
  };

  progress: Outbox['progress'] = async (_, submissionId) => this.answers.get(submissionId);

  async note(accountId: AccountId, command: SubmissionCommand): Promise<void> {
    const noted = await this.#door().noteSubmission(accountId, QUEUE, command);
    if (!noted.ok) throw new Error(noted.error.kind);
  }
}

/** Keeps random bytes under the letter's id, as if they were its seal. */
export class TestDoor {
  readonly letters = new Map<string, OwnCopy>();
  refuseNext: SubmitOutcome['outcome'] | undefined;
  readonly #door: () => CommitDoor;

  constructor(door: () => CommitDoor) {
    this.#door = door;
  }

  keepOwnCopy = async (copy: OwnCopy): Promise<SubmitOutcome['outcome']> => {
    const refused = this.refuseNext;
    this.refuseNext = undefined;
    if (refused !== undefined) return refused;
    const entry = makeLetter([copy]);
    const copies = entry.copies.map((one) => ({ ...one, record: { ...one.record, letterId: copy.letterId } }));
    const kept = await this.#door().keepLetter({ ...entry, copies });
    if (!kept.ok) return kept.error.kind;
    this.letters.set(copy.letterId, copy);
    return 'kept';
  };
}
