// The standing statement: made for its signatures, and put into the register with those of two people; nothing else renews it.

import { limits } from '#base/limits.ts';
import { ok, type Result } from '#base/result.ts';
import { dayOf } from '#formats/desk/calendar-day.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import { checkStatement } from '../statement/check-statement.ts';
import {
  checkDays,
  isOver,
  parseStatement,
  parseWish,
  refuse,
  statementText,
  type Statement,
  type StatementRefusal,
} from '../statement/statement.ts';
import type { DeskBook, Noted, Register } from './desk-book.ts';
import type { Desk, DeskRefusal } from './desk.ts';

type Refusal = DeskRefusal | StatementRefusal;

export class DeskStatements {
  readonly #desk: Desk;
  readonly #book: DeskBook;

  constructor({ desk, book }: { readonly desk: Desk; readonly book: DeskBook }) {
    this.#desk = desk;
    this.#book = book;
  }

  /** Exactly what both sign. `wish`: {until, says, fact}, from outside. */
  async draft(wish: unknown): Promise<Result<string, Refusal>> {
    const register = await this.#desk.register();
    const standing = await this.#desk.inForce(register);
    if (!standing.ok) return standing;
    const wanted = parseWish(wish);
    if (!wanted.ok) return wanted;
    const { policy } = standing.value;
    const madeAt = `${new Date(register.nowMs).toISOString().slice(0, 19)}Z`;
    const statement: Statement = {
      what: 'siegel standing statement 1',
      house: policy.house.name,
      dated: dayOf(policy.zone, Date.parse(madeAt)),
      ...wanted.value,
      policy: policyDigest(policy),
      head: { entries: register.entries, hash: register.head },
      madeAt,
    };
    const days = checkDays(statement, policy.zone);
    return days.ok ? ok(statementText(statement)) : days;
  }

  publish(text: string, signatures: readonly string[]): Promise<Result<Noted, Refusal>> {
    return this.#book.note<Refusal>(async (register) => {
      const standing = await this.#desk.inForce(register);
      if (!standing.ok) return standing;
      const checked = await checkStatement(text, signatures, standing.value.policy);
      if (!checked.ok) return checked;
      const { statement } = checked.value;
      const fresh = await checkFresh(statement, register, standing.value.policy.zone);
      return fresh.ok ? ok([{ kind: 'STATED', statement: text, signatures }]) : fresh;
    });
  }
}

/** Made lately, about this register, and after the one before. */
async function checkFresh(
  statement: Statement,
  register: Register,
  zone: string,
): Promise<Result<void, StatementRefusal>> {
  const { head, madeAt } = statement;
  if ((await register.headAt(head.entries)) !== head.hash)
    return refuse('otherHead', 'The statement names a register that is not this one: make it anew here.');
  const ageMs = register.nowMs - Date.parse(madeAt);
  if (ageMs < -limits.deskReview.clockSlackMs || ageMs > limits.deskReview.signWithinMs)
    return refuse('tooOld', 'The statement was not made within the last 14 days: make it anew.');
  if (isOver(statement, dayOf(zone, register.nowMs)))
    return refuse('past', `The statement was good until ${statement.until}: make it anew.`);
  const before = (await register.ofKind('STATED')).at(-1)?.event;
  const last = before?.kind === 'STATED' ? parseStatement(before.statement) : undefined;
  if (last?.ok === true && last.value.madeAt >= madeAt)
    return refuse('notNewer', 'A statement that was made later stands already: make it anew.');
  return ok(undefined);
}
