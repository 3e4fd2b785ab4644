// Operators and changes as the journal has them, with what this program noted since; one writer, one thing at a time.

import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import { Mutexes } from '#base/mutexes.ts';
import { ok, type Result } from '#base/result.ts';
import type { RegisterEntry } from '../../directory/directory.ts';
import { isUnderWay, readChanges, type Change, type StepFacts, type StepName } from './change-state.ts';
import type { HouseNote, RegisterNeighbour } from './neighbours.ts';
import { readOperators, type Operator } from './operators.ts';
import { asJson } from './plan.ts';
import { refuse, shownTime, type ChangeRefusal } from './refusals.ts';

export class ChangeBook {
  readonly #register: RegisterNeighbour;
  readonly #clock: Clock;
  readonly #mutex = new Mutexes<'book'>();
  #operatorEntries: readonly RegisterEntry[];
  #changeEntries: RegisterEntry[];
  #lookedMs: { readonly wall: number; readonly pace: number };

  constructor(register: RegisterNeighbour, clock: Clock) {
    this.#register = register;
    this.#clock = clock;
    this.#operatorEntries = register.read('operator');
    this.#changeEntries = [...register.read('change')];
    this.#lookedMs = { wall: clock.nowMs(), pace: clock.monotonicMs() };
  }

  get operators(): readonly Operator[] {
    return readOperators(this.#operatorEntries);
  }

  get changes(): ReadonlyMap<number, Change> {
    return readChanges(this.#changeEntries);
  }

  get nextNumber(): number {
    return Math.max(0, ...this.#changeEntries.map(({ id }) => Number(id))) + 1;
  }

  get underWay(): Change | undefined {
    return [...this.changes.values()].find(isUnderWay);
  }

  find(number: number): Result<Change, ChangeRefusal> {
    const change = this.changes.get(number);
    return change === undefined ? refuse('noSuchChange', { change: number }) : ok(change);
  }

  /** Never before the newest record: what has expired stays expired when the clock is set back. */
  nowMs(): number {
    return Math.max(this.#clock.nowMs(), this.#register.lastMs);
  }

  /** Against the machine's own pace, and against the journal. A clock that was wrong before the program began is not seen here. */
  checkClock(): Result<void, ChangeRefusal> {
    const now = this.#clock.nowMs();
    const jumpMs = now - this.#lookedMs.wall - (this.#clock.monotonicMs() - this.#lookedMs.pace);
    if (Math.abs(jumpMs) > limits.change.clockJumpMs)
      return refuse('clockJumped', {
        what: `${jumpMs > 0 ? 'on' : 'back'} by ${Math.round(Math.abs(jumpMs) / 60_000)} minutes`,
      });
    const behindMs = this.#register.lastMs - now;
    if (behindMs > limits.change.clockJumpMs) return refuse('clockBehind', { what: shownTime(this.#register.lastMs) });
    return ok(undefined);
  }

  /** One at a time, in the order they came. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#mutex.run('book', work);
  }

  async step<S extends StepName>(change: number, step: S, facts: StepFacts<S>): Promise<Result<Change, ChangeRefusal>> {
    const noted = await this.note({ kind: 'changeStepped', effect: { change, step, facts: asJson(facts) } });
    return noted.ok ? this.find(change) : noted;
  }

  async note(command: HouseNote): Promise<Result<void, ChangeRefusal>> {
    const noted = await this.#register.note(command);
    if (!noted.ok) return refuse('neighbour', { what: noted.error.sentence });
    const at = noted.value;
    switch (command.kind) {
      case 'changeStepped': {
        const { change, step, facts } = command.effect;
        this.#changeEntries.push({ id: String(change), ...at, content: { step, facts } });
        break;
      }
      case 'operatorPut': {
        const { operatorId, content } = command.effect;
        this.#operatorEntries = [...this.#without(operatorId), { id: operatorId, ...at, content }];
        break;
      }
      case 'operatorRemoved':
        this.#operatorEntries = this.#without(command.effect.operatorId);
    }
    return ok(undefined);
  }

  #without(id: string): readonly RegisterEntry[] {
    return this.#operatorEntries.filter((entry) => entry.id !== id);
  }
}
