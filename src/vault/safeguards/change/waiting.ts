// Counts the hours that one person alone has to wait: hours in which this program ran, by the machine's own pace and not by its clock.

import { limits } from '#base/limits.ts';
import { approvalState } from './approve-change.ts';
import type { ChangeParts } from './parts.ts';

const NOTE_EVERY_MS = 3_600_000;

export class Waiting {
  readonly #parts: ChangeParts;
  readonly #passedMs = new Map<number, number>();
  #lookedMs: number;

  constructor(parts: ChangeParts) {
    this.#parts = parts;
    this.#lookedMs = parts.clock.monotonicMs();
  }

  /** Called once a minute; every hour, and when it is over, it is written down. */
  async look(): Promise<void> {
    const { book, clock } = this.#parts;
    const nowMs = clock.monotonicMs();
    const sinceMs = Math.max(0, nowMs - this.#lookedMs);
    this.#lookedMs = nowMs;
    for (const change of book.changes.values()) {
      const { number, draft, standing, waitedMs } = change;
      if (standing !== 'rehearsed' || draft.class !== 'R2') continue;
      const { by, isEnough } = approvalState(this.#parts, change);
      if (by.length === 0 || isEnough) continue;
      const passedMs = (this.#passedMs.get(number) ?? 0) + sinceMs;
      const isOver = waitedMs + passedMs >= limits.change.alonePauseMs;
      this.#passedMs.set(number, passedMs);
      if (passedMs < NOTE_EVERY_MS && !isOver) continue;
      const noted = await book.step(number, 'waited', { ms: waitedMs + passedMs });
      if (noted.ok) this.#passedMs.set(number, 0);
    }
  }
}
