// What the closed composer still holds: letters sent without a connection, and drafts that could not be saved. They wait here and go by themselves.

import type { ItemId } from '#base/ids.ts';
import { err, type Result } from '#base/result.ts';
import type { Draft, DraftRefusal, Sent, SendRefusal, Writing } from '../writing.ts';
import type { OutgoingDraft } from './compose-state.ts';

export interface OutboxNeeds {
  readonly writing: Pick<Writing, 'send' | 'saveDraft'>;
  readonly undoMs: () => number;
  readonly show: (outbox: readonly OutgoingDraft[]) => void;
  readonly onSent: (sent: Sent) => void;
  /** Refused for good; it is a draft again, to be looked at by the person who wrote it. */
  readonly onReturned: (refusal: SendRefusal) => void;
}

type Kept = Result<{ readonly id: ItemId; readonly savedMs: number }, DraftRefusal>;
const unavailable = { ok: false, error: { kind: 'server-unavailable' } } as const;

export class Outbox {
  readonly #needs: OutboxNeeds;
  #letters: readonly OutgoingDraft[] = [];
  #unsaved: readonly Draft[] = [];

  constructor(needs: OutboxNeeds) {
    this.#needs = needs;
  }

  get isEmpty(): boolean {
    return this.#letters.length === 0 && this.#unsaved.length === 0;
  }

  async sendNow({ draft, unsealed, sendAtMs }: OutgoingDraft): Promise<Result<Sent, SendRefusal>> {
    const options = { undoMs: this.#needs.undoMs(), sendAtMs, unsealed };
    return await this.#needs.writing.send(draft, options).catch(() => unavailable);
  }

  async keepNow(draft: Draft): Promise<Kept> {
    return await this.#needs.writing.saveDraft(draft).catch(() => err({ kind: 'server-unavailable' }));
  }

  putLetter(outgoing: OutgoingDraft): void {
    this.#show([...this.#letters, outgoing]);
  }

  putDraft(draft: Draft): void {
    this.#unsaved = [...this.#unsaved, draft];
  }

  /** Tries everything once more, in order; a letter without a connection ends the turn of the letters. */
  async again(): Promise<void> {
    for (const outgoing of this.#letters) {
      const result = await this.sendNow(outgoing);
      // Nothing to decide: the same again, later.
      if (!result.ok && (result.error.kind === 'no-connection' || result.error.kind === 'server-unavailable')) break;
      this.#show(this.#letters.filter((other) => other !== outgoing));
      if (result.ok) this.#needs.onSent(result.value);
      else {
        this.putDraft(outgoing.draft);
        this.#needs.onReturned(result.error);
      }
    }
    for (const draft of this.#unsaved) {
      if (await this.#keepApart(draft)) this.#unsaved = this.#unsaved.filter((other) => other !== draft);
    }
  }

  /** Written on elsewhere meanwhile, it is a draft of its own. */
  async #keepApart(draft: Draft): Promise<boolean> {
    const kept = await this.keepNow(draft);
    if (kept.ok || kept.error.kind !== 'changed-elsewhere') return kept.ok;
    return (await this.keepNow({ ...draft, id: undefined })).ok;
  }

  #show(letters: readonly OutgoingDraft[]): void {
    this.#letters = letters;
    this.#needs.show(letters);
  }
}
