// An open draft and the same draft on another device: untouched here it follows; written on here it goes its own way, so that both stay. Without DOM.

import type { ItemId } from '#base/ids.ts';
import type { Writing } from '../writing.ts';
import type { Composing, Elsewhere } from './compose-state.ts';

export interface FollowNeeds {
  readonly writing: Pick<Writing, 'lookAtDraft'>;
  /** The composer, unless what it holds is on its way. */
  readonly open: () => Composing | undefined;
  /** Something written here is not kept yet. */
  readonly isTouched: () => boolean;
  readonly patch: (part: Partial<Composing>) => void;
  /** Untouched here: its words are to be read and handed to `take`. */
  readonly onChanged: (id: ItemId) => void;
  /** A draft of its own from now on, to be kept. */
  readonly onParted: () => void;
  /** Untouched here, and sent or thrown away there. */
  readonly onEnded: (how: 'sent' | 'gone', id: ItemId) => void;
}

export class DraftFollow {
  readonly #needs: FollowNeeds;

  constructor(needs: FollowNeeds) {
    this.#needs = needs;
  }

  async heard(): Promise<void> {
    const before = this.#needs.open();
    if (before?.draftId === undefined) return;
    const how = await this.#news(before.draftId);
    const now = this.#needs.open();
    if (how === 'same' || now?.key !== before.key || now.draftId !== before.draftId) return;
    if (this.#needs.isTouched()) this.#part(before.draftId, how);
    else if (how === 'changed') this.#needs.onChanged(before.draftId);
    else this.#needs.onEnded(how, before.draftId);
  }

  take(id: ItemId, part: Partial<Composing>): void {
    const now = this.#needs.open();
    if (!now || now.draftId !== id) return;
    if (this.#needs.isTouched()) return this.#part(id, 'changed');
    this.#needs.patch({ ...part, textTurn: now.textTurn + 1, keeping: { kind: 'followed' } });
  }

  /** A save or a sending met the other device's version; false: there is nothing to part. */
  async part(): Promise<boolean> {
    const { draftId } = this.#needs.open() ?? {};
    if (draftId === undefined) return false;
    const how = await this.#news(draftId);
    if (this.#needs.open()?.draftId !== draftId) return false;
    this.#part(draftId, how === 'same' ? 'changed' : how);
    return true;
  }

  /** What follows from having been kept under this id. */
  savedAs({ draftId, elsewhere }: Composing, id: ItemId): Pick<Composing, 'draftId' | 'elsewhere'> {
    const isLost = draftId !== undefined && draftId !== id;
    return { draftId: id, elsewhere: isLost ? { how: 'gone', id: draftId } : elsewhere };
  }

  #part(id: ItemId, how: Elsewhere['how']): void {
    this.#needs.patch({ draftId: undefined, elsewhere: { how, id } });
    this.#needs.onParted();
  }

  #news(id: ItemId): ReturnType<Writing['lookAtDraft']> {
    return this.#needs.writing.lookAtDraft(id).catch(() => 'same');
  }
}
