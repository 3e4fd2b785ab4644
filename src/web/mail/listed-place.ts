// The letters of the place that is looked at: which they are, and how they are folded into the rows of the list.

import type { LetterId } from '#base/ids.ts';
import type { Backend, Conversation, MailboxRole } from '../backend.ts';
import type { Store } from '../store.ts';
import { byLetter, fold } from './fold.ts';
import { boxOf, DRAFT_FILES_KEYWORD, headOf, type MailState } from './mail-state.ts';
import { samePlace, type Place } from './place.ts';
import type { RowCache } from './row-cache.ts';

/** Undefined when an answer does not come: it is asked for again later. */
export type Had = <T>(read: () => Promise<T>) => Promise<T | undefined>;

interface Parts {
  readonly backend: Backend;
  readonly store: Store<MailState>;
  readonly cache: RowCache;
  readonly had: Had;
  readonly isGrouping: boolean;
}

/** Here each letter stands alone: one writes, empties or looks through them one by one. */
const SINGLE_ROLES: readonly (MailboxRole | undefined)[] = ['drafts', 'trash', 'junk'];

export class ListedPlace {
  readonly #backend: Backend;
  readonly #store: Store<MailState>;
  readonly #cache: RowCache;
  readonly #had: Had;
  #listing = 0;
  #waiting: ReadonlySet<LetterId> = new Set();
  /** All of the place, before conversations are folded. */
  #letters: readonly LetterId[] | undefined;
  #conversations: ReadonlyMap<LetterId, Conversation> = new Map();
  #isGrouping: boolean;

  constructor({ backend, store, cache, had, isGrouping }: Parts) {
    this.#backend = backend;
    this.#store = store;
    this.#cache = cache;
    this.#had = had;
    this.#isGrouping = isGrouping;
  }

  get #state(): MailState {
    return this.#store.get();
  }

  leave(): void {
    this.#letters = undefined;
    this.#store.update({ ids: undefined, groups: new Map() });
  }

  /** These are no longer in the place. */
  drop(leaving: ReadonlySet<LetterId>): void {
    this.#show((this.#letters ?? []).filter((id) => !leaving.has(id)));
  }

  async read(): Promise<void> {
    const place = this.#state.place;
    if (!place) return;
    const turn = ++this.#listing;
    const ids = await this.#had(() => this.#idsOf(place));
    if (!ids || turn !== this.#listing || !samePlace(place, this.#state.place)) return;
    await this.#cache.need(ids.slice(0, 64));
    const [letters] = await Promise.all([this.#withoutWaiting(ids), this.#readConversations()]);
    if (turn === this.#listing) this.#show(letters);
  }

  /** Folded where the place is one to fold; cursor and marks stay with their conversations. */
  #show(letters: readonly LetterId[]): void {
    this.#letters = letters;
    const { ids: before, cursor, marked } = this.#state;
    const role = boxOf(this.#state)?.role;
    const single = !this.#isGrouping || this.#state.place?.kind !== 'mailbox' || SINGLE_ROLES.includes(role);
    const { ids, groups } = fold(letters, single ? new Map() : this.#conversations);
    const isSame = before?.length === ids.length && ids.every((id, at) => id === before[at]);
    const head = (id: LetterId): LetterId => headOf({ groups }, id);
    this.#store.update({
      ids: isSame ? before : ids,
      groups,
      cursor: cursor && head(cursor),
      ...(marked.size > 0 ? { marked: new Set([...marked].map(head)) } : {}),
    });
  }

  setGrouping(isGrouping: boolean): void {
    if (isGrouping === this.#isGrouping) return;
    this.#isGrouping = isGrouping;
    if (this.#letters) this.#show(this.#letters);
  }

  async refold(): Promise<void> {
    await this.#readConversations();
    if (this.#letters) this.#show(this.#letters);
  }

  async #readConversations(): Promise<void> {
    const known = await this.#had(() => this.#backend.conversations());
    if (known) this.#conversations = byLetter(known);
  }

  /** Sent copies of letters that leave later: they stand above the list and are not sent yet. */
  setWaiting(ids: readonly LetterId[]): void {
    const isSame = ids.length === this.#waiting.size && ids.every((id) => this.#waiting.has(id));
    this.#waiting = new Set(ids);
    if (!isSame && boxOf(this.#state)?.role === 'sent') void this.read();
  }

  async #withoutWaiting(ids: readonly LetterId[]): Promise<readonly LetterId[]> {
    const role = boxOf(this.#state)?.role;
    if (role === 'sent') return ids.filter((id) => !this.#waiting.has(id));
    if (role !== 'drafts') return ids;
    await this.#cache.need(ids);
    return ids.filter((id) => !this.#state.rows.get(id)?.keywords.includes(DRAFT_FILES_KEYWORD));
  }

  #idsOf(place: Place): Promise<readonly LetterId[]> {
    if (place.kind === 'mailbox') return this.#backend.list(place.id);
    return place.kind === 'starred' ? this.#backend.listKeyword('$flagged') : this.#backend.search(place.plainText);
  }
}
