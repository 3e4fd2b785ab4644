// The conduct of an open mailbox: what a key or a press does, shown at once, saved behind it, taken back when it fails.

import type { LetterId, MailboxId } from '#base/ids.ts';
import type { Backend, Keyword, LetterPatch, ListRow, MailboxInfo, PageEvent } from '../backend.ts';
import { createStore, type Store } from '../store.ts';
import { afterMove, alike, sameBoxes, seenShift, unreadShift, withLabel, withoutLabel, type Places } from './labels.ts';
import { ListedPlace, type Had } from './listed-place.ts';
import {
  boxWithRole,
  firstState,
  headOf,
  isStarred,
  isUnread,
  shownRow,
  targetsOf,
  type MailState,
  type Notice,
} from './mail-state.ts';
import { samePlace, type Place } from './place.ts';
import { RowCache } from './row-cache.ts';

interface Undoable {
  readonly noticeKey: number;
  readonly undo: () => void | Promise<void>;
}

export class MailModel {
  readonly store: Store<MailState> = createStore(firstState);
  readonly #backend: Backend;
  readonly #cache: RowCache;
  readonly #list: ListedPlace;
  #noticeKey = 0;
  #undoable: Undoable | undefined;
  /** Something asked for could not be had: it is asked for again when the connection is back. */
  #isBehind = false;

  constructor(backend: Backend, isGrouping = true) {
    const { store } = this;
    this.#backend = backend;
    this.#cache = new RowCache(backend, (rows) => store.update({ rows }));
    const had: Had = (read) => this.#had(read);
    this.#list = new ListedPlace({ backend, store, cache: this.#cache, had, isGrouping });
    backend.onChange((event) => void this.#heard(event));
  }

  get #state(): MailState {
    return this.store.get();
  }

  /** Asks who is signed in and for the mailboxes; false when nobody is. */
  async start(): Promise<boolean> {
    const session = await this.#backend.session();
    if (!session) return false;
    this.store.update({ session, mailboxes: await this.#backend.mailboxes() });
    return true;
  }

  // ---- moving about ------------------------------------------------------------------------------------------------

  async goTo(place: Place): Promise<void> {
    if (!samePlace(place, this.#state.place)) {
      this.#list.leave();
      this.store.update({ place, cursor: undefined, marked: new Set(), fresh: new Set() });
      this.close();
    }
    await this.#list.read();
  }

  /** Sent copies of letters that leave later: they stand above the list and are not sent yet. */
  setWaiting(ids: readonly LetterId[]): void {
    this.#list.setWaiting(ids);
  }

  setGrouping(isGrouping: boolean): void {
    this.#list.setGrouping(isGrouping);
  }

  /** Those that are shown are asked for again. */
  async reread(ids: readonly LetterId[]): Promise<void> {
    this.#cache.forget(ids);
    await this.#cache.need(ids.filter((id) => this.#state.rows.has(id) || id === this.#state.opened));
  }

  /** The list shows these rows now: fetch what is not here yet of them and of the letters behind them. */
  need(ids: readonly LetterId[]): void {
    void this.#cache.need(ids.flatMap((id) => this.#state.groups.get(id)?.whole ?? id));
  }

  moveCursor(by: number): LetterId | undefined {
    const ids = this.#state.ids ?? [];
    const from = this.#state.cursor ?? this.#state.opened;
    const at = from ? ids.indexOf(headOf(this.#state, from)) : -1;
    const next = ids[at < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, at + by))];
    if (next) this.store.update({ cursor: next });
    return next;
  }

  async open(id: LetterId): Promise<void> {
    this.store.update({ opened: id, cursor: headOf(this.#state, id), letter: undefined, marked: new Set() });
    await this.#cache.need([id]);
    const letter = await this.#backend.open(id);
    if (this.#state.opened !== id) return;
    this.store.update({ letter });
    if (letter.ok && isUnread(this.#state.rows.get(id))) await this.#flag([id], '$seen', true);
  }

  /** Another message of the conversation, beside the open one. */
  async openOther(id: LetterId): ReturnType<Backend['open']> {
    const letter = await this.#backend.open(id);
    if (letter.ok && isUnread(this.#state.rows.get(id))) await this.#flag([id], '$seen', true);
    return letter;
  }

  close(): void {
    this.store.update({ opened: undefined, letter: undefined });
  }

  mark(id: LetterId, how: 'toggle' | 'range'): void {
    const { ids = [], cursor, marked } = this.#state;
    const next = new Set(marked);
    if (how === 'range' && cursor) {
      const [from = 0, to = 0] = [ids.indexOf(cursor), ids.indexOf(id)].toSorted((a, b) => a - b);
      for (const between of ids.slice(from, to + 1)) next.add(between);
    } else if (!next.delete(id)) next.add(id);
    this.store.update({ marked: next, cursor: id });
  }

  unmark(): void {
    this.store.update({ marked: new Set() });
  }

  toggleServerView(): void {
    this.store.update({ serverView: !this.#state.serverView });
  }

  // ---- changing ----------------------------------------------------------------------------------------------------

  async archive(ids = targetsOf(this.#state)): Promise<void> {
    const box = boxWithRole(this.#state, 'archive');
    if (box) await this.#moveTo(ids, box, { kind: 'archived', count: ids.length });
  }

  async trash(ids = targetsOf(this.#state)): Promise<void> {
    const box = boxWithRole(this.#state, 'trash');
    if (box) await this.#moveTo(ids, box, { kind: 'trashed', count: ids.length });
  }

  async move(mailboxId: MailboxId, ids = targetsOf(this.#state)): Promise<void> {
    const box = this.#state.mailboxes.find((known) => known.id === mailboxId);
    if (box) await this.#moveTo(ids, box, { kind: 'moved', count: ids.length, mailboxId });
  }

  async #moveTo(ids: readonly LetterId[], to: MailboxInfo, what: Notice['what']): Promise<void> {
    const { place, mailboxes: boxes } = this.#state;
    const here = place?.kind === 'mailbox' ? place.id : undefined;
    await this.#lay(ids, (lies) => afterMove(lies, { to, here, boxes }), what);
  }

  /** The letters stay where they are and lie in this folder too, or no longer. */
  async label(mailboxId: MailboxId, on: boolean, ids = targetsOf(this.#state)): Promise<void> {
    const { mailboxes } = this.#state;
    const next = on ? withLabel : withoutLabel;
    const kind = on ? 'labelled' : 'unlabelled';
    await this.#lay(ids, (lies) => next(lies, mailboxId, mailboxes), { kind, count: ids.length, mailboxId });
  }

  async #lay(
    ids: readonly LetterId[],
    next: (lies: readonly MailboxId[]) => readonly MailboxId[],
    what: Notice['what'],
  ): Promise<void> {
    if (ids.some((id) => !this.#state.rows.has(id))) await this.#cache.need(ids);
    const before = new Map<LetterId, readonly MailboxId[]>();
    const after = new Map<LetterId, readonly MailboxId[]>();
    for (const id of ids) {
      const lies = this.#state.rows.get(id)?.mailboxIds ?? [];
      const lays = next(lies);
      if (lies.length === 0 || sameBoxes(lies, lays)) continue;
      before.set(id, lies);
      after.set(id, lays);
    }
    if (before.size === 0) return;
    const { place } = this.#state;
    this.#shiftCounts(unreadShift(this.#unreadOf(ids), before, after));
    if (place?.kind === 'mailbox')
      this.#leaveList([...after].flatMap(([id, boxes]) => (boxes.includes(place.id) ? [] : id)));
    this.#undoable = { noticeKey: this.#say(what, true), undo: () => this.#putBack(before) };
    await this.#put(after);
  }

  /** Shows the letters where they lie now and saves it, in one call for all that lie alike. */
  async #put(places: Places): Promise<void> {
    this.#patchRows([...places.keys()], (row) => ({ ...row, mailboxIds: places.get(row.id) ?? row.mailboxIds }));
    for (const { ids, mailboxIds } of alike(places)) await this.#save(ids, { mailboxIds });
  }

  /** Takes back what the notice shown now speaks of. */
  async undo(): Promise<void> {
    const undoable = this.#undoable;
    if (!undoable || this.#state.notice?.key !== undoable.noticeKey) return;
    this.#undoable = undefined;
    this.dropNotice(undoable.noticeKey);
    await undoable.undo();
  }

  async #putBack(before: Places): Promise<void> {
    this.#say({ kind: 'undone' }, false);
    await this.#put(before);
    await this.#list.read();
    const [first] = before.keys();
    const row = first && headOf(this.#state, first);
    if (row && this.#state.ids?.includes(row)) this.store.update({ cursor: row });
  }

  /** Deletes for good; the page asks first. `isNow`: without a way back. */
  async destroy(ids = targetsOf(this.#state), isNow = false): Promise<void> {
    if (ids.length === 0) return;
    const before = new Map(ids.map((id) => [id, this.#state.rows.get(id)?.mailboxIds ?? []]));
    this.#shiftCounts(unreadShift(this.#unreadOf(ids), before, new Map()));
    this.#leaveList(ids);
    const result = await (isNow ? this.#backend.destroyNow(ids) : this.#backend.destroy(ids));
    if (!result.ok) return this.#takeBack(ids);
    if (isNow) return void this.#say({ kind: 'destroyed', count: ids.length }, false);
    const to = [...before.values()].flat()[0];
    const undo = async (): Promise<void> => {
      if (to) await this.#backend.bringBack(ids, to);
      await this.#list.read();
    };
    this.#undoable = { noticeKey: this.#say({ kind: 'deleted', count: ids.length }, true), undo };
  }

  /** Reading holds for all letters of a conversation; unread becomes only the newest. */
  async toggleUnread(ids = targetsOf(this.#state)): Promise<void> {
    await this.#cache.need(ids);
    const anyUnread = ids.some((id) => isUnread(this.#state.rows.get(id)));
    const newest = new Map(ids.toReversed().map((id) => [headOf(this.#state, id), id]));
    await this.#flag(anyUnread ? ids : [...newest.values()], '$seen', anyUnread);
  }

  /** A row shows a star when one of its letters has it; taking it away takes it from all. */
  async toggleStar(ids = targetsOf(this.#state)): Promise<void> {
    const all = ids.length > 0 && ids.every((id) => isStarred(shownRow(this.#state, id)));
    await this.#flag(ids, '$flagged', !all);
  }

  async #flag(ids: readonly LetterId[], keyword: Keyword, on: boolean): Promise<void> {
    if (ids.length === 0) return;
    const known = ids.flatMap((id) => this.#state.rows.get(id) ?? []);
    if (keyword === '$seen') this.#shiftCounts(seenShift(known, on));
    this.#patchRows(ids, (row) => {
      const others = row.keywords.filter((known) => known !== keyword);
      return { ...row, keywords: on ? [...others, keyword] : others };
    });
    await this.#save(ids, on ? { addKeywords: [keyword] } : { removeKeywords: [keyword] });
  }

  // ---- folders -----------------------------------------------------------------------------------------------------

  async createFolder(name: string): Promise<void> {
    const result = await this.#backend.createMailbox(name, undefined);
    this.#say(result.ok ? { kind: 'folder-made', name } : { kind: 'failed' }, false);
    await this.#readMailboxes();
  }

  async renameFolder(id: MailboxId, name: string): Promise<void> {
    const result = await this.#backend.renameMailbox(id, name);
    this.#say({ kind: result.ok ? 'saved' : 'failed' }, false);
    await this.#readMailboxes();
  }

  async removeFolder(box: MailboxInfo): Promise<void> {
    const result = await this.#backend.removeMailbox(box.id);
    this.#say(result.ok ? { kind: 'folder-removed', name: box.name } : { kind: 'failed' }, false);
    await this.#readMailboxes();
  }

  // ---- saying ------------------------------------------------------------------------------------------------------

  say(text: string): void {
    this.#say({ kind: 'said', text }, false);
  }

  /** Says what happened and how it is taken back while that is shown. */
  offer(text: string, undo: () => void, shownMs: number | undefined): void {
    this.#undoable = { noticeKey: this.#say({ kind: 'said', text }, true, shownMs), undo };
  }

  dropNotice(key: number): void {
    if (this.#state.notice?.key === key) this.store.update({ notice: undefined });
  }

  #say(what: Notice['what'], undoable: boolean, shownMs?: number): number {
    const key = ++this.#noticeKey;
    this.store.update({ notice: { key, what, undoable, shownMs } });
    return key;
  }

  // ---- behind it ---------------------------------------------------------------------------------------------------

  async #save(ids: readonly LetterId[], patch: LetterPatch): Promise<void> {
    const result = await this.#backend.change(ids, patch);
    if (!result.ok) await this.#takeBack(ids);
  }

  async #takeBack(ids: readonly LetterId[]): Promise<void> {
    this.#undoable = undefined;
    this.#say({ kind: 'failed' }, false);
    this.#cache.forget(ids);
    await this.#cache.need(ids);
    await Promise.all([this.#list.read(), this.#readMailboxes()]);
  }

  #patchRows(ids: readonly LetterId[], patch: (row: ListRow) => ListRow): void {
    this.#cache.patch(ids, patch);
  }

  #unreadOf(ids: readonly LetterId[]): readonly LetterId[] {
    return ids.filter((id) => isUnread(this.#state.rows.get(id)));
  }

  #shiftCounts(unreadBy: ReadonlyMap<MailboxId, number>): void {
    this.store.update({
      mailboxes: this.#state.mailboxes.map((box) => ({
        ...box,
        unread: Math.max(0, box.unread + (unreadBy.get(box.id) ?? 0)),
      })),
    });
  }

  /** The letters leave the list at once; cursor and open letter go to the next one that stays. */
  #leaveList(ids: readonly LetterId[]): void {
    const { place, ids: all = [], cursor, opened } = this.#state;
    if (place?.kind !== 'mailbox' || ids.length === 0) return;
    const leaving = new Set(ids);
    const from = opened ?? cursor;
    const at = from ? all.indexOf(headOf(this.#state, from)) : -1;
    const moves = cursor !== undefined && leaving.has(cursor);
    const isOpenLeaving = opened !== undefined && leaving.has(opened);
    this.store.update({ marked: new Set() });
    this.#list.drop(leaving);
    const next = all.slice(Math.max(0, at)).find((id) => !leaving.has(id)) ?? this.#state.ids?.at(-1);
    if (moves) this.store.update({ cursor: next });
    if (isOpenLeaving) this.close();
  }

  async #readMailboxes(): Promise<void> {
    const mailboxes = await this.#had(() => this.#backend.mailboxes());
    if (mailboxes) this.store.update({ mailboxes });
  }

  /** What is shown stays when an answer does not come: the banner says why. */
  async #had<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch {
      this.#isBehind = true;
      return undefined;
    }
  }

  async #connected(online: boolean): Promise<void> {
    this.store.update({ online });
    if (!online || !this.#isBehind) return;
    this.#isBehind = false;
    await Promise.all([this.#list.read(), this.#readMailboxes()]);
  }

  /** A star that somebody else set, or took, or another device, is one in the list of stars. One's own stays until that is looked at anew. */
  async #rowsChanged(ids: readonly LetterId[]): Promise<void> {
    const before = this.#state.rows;
    await this.reread(ids);
    const { place, rows } = this.#state;
    const isOther = (id: LetterId): boolean => !rows.has(id) || isStarred(before.get(id)) !== isStarred(rows.get(id));
    if (place?.kind === 'starred' && ids.some(isOther)) await this.#list.read();
  }

  async #heard(event: PageEvent): Promise<void> {
    switch (event.kind) {
      case 'mailboxes':
        return await this.#readMailboxes();
      case 'connection':
        return await this.#connected(event.online);
      case 'conversations':
        return await this.#list.refold();
      case 'signed-out':
        return this.store.update({ signedOut: true });
      case 'rows':
        return await this.#rowsChanged(event.ids);
      case 'items':
        return undefined; // drafts and the composer listen
      case 'letters': {
        const place = this.#state.place;
        if (place?.kind === 'starred') return await this.#list.read();
        if (place?.kind !== 'mailbox' || !event.mailboxIds.includes(place.id)) return undefined;
        await this.#list.read();
        return this.store.update({ fresh: new Set(event.arrived) });
      }
    }
  }
}
