// The changes of one /set: through the commit door one by one, and the states before and after them (RFC 8620 §5.3).

import { idToBytes } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { MethodError } from '#formats/jmap/errors.ts';
import { stateAt } from '#formats/jmap/state.ts';
import type { AccountStates } from '#vault/database/read-states.ts';
import { commandSpan, type Command } from '#vault/journal/commands.ts';
import type { LetterEntry } from '#vault/journal/journal.ts';
import type { Actor } from '#vault/journal/record.ts';
import { refusedChange, refusedLetter } from './change-door.ts';
import type { Call } from './method.ts';

const AT_ONCE = 32;

/** Account numbers a command took. */
interface Span {
  readonly first: number;
  readonly last: number;
}

/** A letter for the account itself. */
export interface LetterToKeep extends Pick<LetterEntry, 'packet' | 'packetDigest'> {
  readonly record: LetterEntry['copies'][number]['record'];
}

export class ChangeRun {
  readonly #call: Call;
  readonly #spans: Span[] = [];

  constructor(call: Call) {
    this.#call = call;
  }

  /** Resolves when reads see the change. */
  commit(command: Command): Promise<Result<void, MethodError>> {
    return this.commitAll([command]);
  }

  /**
   * Commands that do not depend on each other. After a refusal no further one is begun; when some were kept before it, the
   * client is told that only part happened.
   */
  async commitAll(commands: readonly Command[]): Promise<Result<void, MethodError>> {
    const { accountId, house } = this.#call;
    const actor = this.#actor();
    for (let at = 0; at < commands.length; at += AT_ONCE) {
      const batch = commands.slice(at, at + AT_ONCE);
      const done = await Promise.all(
        batch.map((command) => house.door.commit<never>(accountId, actor, async () => ok(command))),
      );
      for (const [index, result] of done.entries()) {
        const command = batch[index];
        if (!result.ok || command === undefined) continue;
        const first = result.value.record.header.accountSeq;
        this.#spans.push({ first, last: first + commandSpan(command) - 1 });
      }
      const refused = done.find((result) => !result.ok);
      if (refused === undefined || refused.ok) continue;
      return err(this.#spans.length === 0 ? refusedChange(refused.error) : { kind: 'serverPartialFail' });
    }
    return ok(undefined);
  }

  /** Letters; resolves when both lanes of the journal are synced and reads see them. */
  async keepLetters(letters: readonly LetterToKeep[]): Promise<Result<void, MethodError>> {
    const { accountId, house } = this.#call;
    for (const { packet, packetDigest, record } of letters) {
      const copies = [{ accountId, actor: this.#actor(), record }];
      const kept = await house.door.keepLetter({ packet, packetDigest, copies });
      const first = kept.ok ? kept.value[0]?.header.accountSeq : undefined;
      if (first !== undefined) this.#spans.push({ first, last: first });
      else return err(this.#spans.length > 0 ? { kind: 'serverPartialFail' } : refusedLetter(kept));
    }
    if (letters.length === 0) return ok(undefined);
    const settled = await house.door.settled(accountId);
    return settled.ok ? settled : err(refusedChange(settled.error));
  }

  /** A change that came about in another way, by its account number. */
  note(accountSeq: number): void {
    this.#spans.push({ first: accountSeq, last: accountSeq });
  }

  #actor(): Actor {
    return { kind: 'session', id: idToBytes(this.#call.sessionId) };
  }

  /**
   * A client whose state is `oldState` takes `newState` for its own without asking, so nothing else may lie between them: not
   * a letter that arrived at the same moment. When account numbers show a gap, the states enclose our own changes only, and
   * the client asks for the rest.
   */
  statesAround(
    before: AccountStates,
    type: 'emailModseq' | 'mailboxModseq' | 'itemModseq',
  ): { readonly oldState: string; readonly newState: string } {
    const [first, ...rest] = this.#spans.toSorted((a, b) => a.first - b.first);
    const unchanged = stateAt(before.era, before[type]);
    if (first === undefined) return { oldState: unchanged, newState: unchanged };
    let { last } = first;
    for (const span of rest) {
      if (span.first !== last + 1) break;
      last = span.last;
    }
    const isNext = first.first === before.accountSeq + 1;
    return {
      oldState: isNext ? unchanged : stateAt(before.era, first.first - 1),
      newState: stateAt(before.era, last),
    };
  }
}
