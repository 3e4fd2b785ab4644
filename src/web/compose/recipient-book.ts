// What is known of each recipient's key: asked once an address stands as a chip, and again when it mattered and changed.

import type { RecipientState, Writing } from '../writing.ts';
import { isAddress } from './compose-state.ts';

export class RecipientBook {
  readonly #writing: Pick<Writing, 'recipientStates'>;
  readonly #show: (known: ReadonlyMap<string, RecipientState>) => void;
  readonly #asking = new Map<string, Promise<void>>();
  #known: ReadonlyMap<string, RecipientState> = new Map();

  constructor(writing: Pick<Writing, 'recipientStates'>, show: (known: ReadonlyMap<string, RecipientState>) => void) {
    this.#writing = writing;
    this.#show = show;
  }

  /** Resolves when what can be known of these is; without a connection they stay unknown. */
  async need(addresses: readonly string[]): Promise<void> {
    const keys = [...new Set(addresses.filter(isAddress).map((address) => address.toLowerCase()))];
    const missing = keys.filter((key) => !this.#known.has(key) && !this.#asking.has(key));
    if (missing.length > 0) {
      const asking = this.#ask(missing);
      for (const key of missing) this.#asking.set(key, asking);
    }
    await Promise.all(keys.flatMap((key) => this.#asking.get(key) ?? []));
  }

  /** Shown as they were until the new answer is here. */
  async again(addresses: readonly string[]): Promise<void> {
    await this.#ask(addresses.map((address) => address.toLowerCase()));
  }

  async #ask(keys: readonly string[]): Promise<void> {
    try {
      const states = await this.#writing.recipientStates(keys);
      const next = new Map(this.#known);
      for (const state of states) next.set(state.address.toLowerCase(), state);
      this.#known = next;
      this.#show(next);
    } catch {
      // No answer: asked again when it is next needed.
    } finally {
      for (const key of keys) this.#asking.delete(key);
    }
  }
}
