// How many letters are under way to one domain: a slow one holds up no others.

import type { SubmissionId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';

export class Lanes {
  readonly #busy = new Map<string, number>();
  readonly #waiting = new Map<string, SubmissionId[]>();
  /** Whose turn it is, with which domain, until they come. */
  readonly #called = new Map<SubmissionId, string>();

  /** False: one of the domains is busy; the letter is handed back by `leave` when there is room. */
  enter(id: SubmissionId, domains: readonly string[]): boolean {
    const full = domains.find((domain) => (this.#busy.get(domain) ?? 0) >= limits.queue.lettersPerDomainMax);
    if (full !== undefined) {
      const line = this.#waiting.get(full);
      if (line === undefined) this.#waiting.set(full, [id]);
      else line.push(id);
      return false;
    }
    for (const domain of domains) this.#busy.set(domain, (this.#busy.get(domain) ?? 0) + 1);
    this.#called.delete(id);
    return true;
  }

  /** Letters whose turn it is now. */
  leave(domains: readonly string[]): readonly SubmissionId[] {
    const next: SubmissionId[] = [];
    for (const domain of domains) {
      const left = (this.#busy.get(domain) ?? 1) - 1;
      if (left === 0) this.#busy.delete(domain);
      else this.#busy.set(domain, left);
      const called = this.#call(domain);
      if (called !== undefined) next.push(called);
    }
    return next;
  }

  /** A letter that was called does not come: the next one, if there is still room for it. */
  passOn(id: SubmissionId): SubmissionId | undefined {
    const domain = this.#called.get(id);
    this.#called.delete(id);
    if (domain === undefined || (this.#busy.get(domain) ?? 0) >= limits.queue.lettersPerDomainMax) return undefined;
    return this.#call(domain);
  }

  #call(domain: string): SubmissionId | undefined {
    const line = this.#waiting.get(domain);
    const first = line?.shift();
    if (first !== undefined) this.#called.set(first, domain);
    if (line?.length === 0) this.#waiting.delete(domain);
    return first;
  }
}
