// Each standing statement: signed by two of the roster of its time, about the register as it stood, one after the other.

import { limits } from '#base/limits.ts';
import type { DeskEvent } from '../../register/event.ts';
import { checkStatement } from '../../statement/check-statement.ts';
import type { ChainCheck } from './chain-check.ts';
import type { Note } from './findings.ts';
import type { PolicyCheck } from './policy-check.ts';

export class StatementCheck {
  readonly #note: Note;
  readonly #chain: ChainCheck;
  readonly #policies: PolicyCheck;
  #madeAt = '';

  constructor({ note, chain, policies }: { note: Note; chain: ChainCheck; policies: PolicyCheck }) {
    this.#note = note;
    this.#chain = chain;
    this.#policies = policies;
  }

  async take(event: Extract<DeskEvent, { kind: 'STATED' }>, atMs: number, place: string): Promise<void> {
    const { inForce } = this.#policies;
    if (inForce === undefined) return this.#note(place, 'noPolicy');
    const checked = await checkStatement(event.statement, event.signatures, inForce.policy);
    if (!checked.ok) return this.#note(place, 'badStatement', checked.error.what);
    const { head, madeAt } = checked.value.statement;
    if (this.#chain.headAt(head.entries) !== head.hash) this.#note(place, 'headNotSeen');
    const { clockSlackMs, signWithinMs } = limits.deskReview;
    const ageMs = atMs - Date.parse(madeAt);
    if (ageMs < -clockSlackMs || ageMs > signWithinMs || madeAt <= this.#madeAt) this.#note(place, 'otherTime');
    this.#madeAt = madeAt;
    return undefined;
  }
}
