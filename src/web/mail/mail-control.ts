// From commands and addresses to the model: what is open beside the list (menus, dialogs, settings), and the browser's back button.

import type { LetterId, MailboxId } from '#base/ids.ts';
import type { MailboxInfo } from '../backend.ts';
import type { Asked, ComposeAsk } from '../compose/compose-ask.ts';
import type { SafetyLook } from '../safety/watch-safety.ts';
import { createStore, type Store } from '../store.ts';
import type { CommandName } from './command-keys.ts';
import { boxOf, boxWithRole, chosenOf, lettersOf, targetsOf } from './mail-state.ts';
import type { MailModel } from './mail-model.ts';
import { parseRoute, routeText, samePlace, type Place, type SettingsSection } from './place.ts';

export type Overlay =
  | { readonly kind: 'palette' | 'help' | 'more' | 'new-folder' }
  | { readonly kind: 'folders'; readonly at: HTMLElement }
  | { readonly kind: 'move' | 'label'; readonly at: HTMLElement; readonly ids: readonly LetterId[] }
  | { readonly kind: 'delete'; readonly ids: readonly LetterId[] }
  | { readonly kind: 'rename'; readonly box: MailboxInfo }
  | { readonly kind: 'remove'; readonly box: MailboxInfo };

export interface ControlState {
  readonly overlay: Overlay | undefined;
  readonly settings: SettingsSection | undefined;
  /** Counts up when the search field shall take the keyboard. */
  readonly searchAsked: number;
  /** What the composer was last asked for. */
  readonly asked: Asked;
  /** Counts up when drafts, or what waits to be sent, changed. */
  readonly draftsTurn: number;
}

/** The address bar: where we are, and going there. */
export interface AddressBar {
  hash(): string;
  go(hash: string): void;
  replace(hash: string): void;
}

export interface ControlNeeds {
  readonly model: MailModel;
  readonly bar: AddressBar;
  /** One pane at a time: opening a letter is a step the back button undoes. */
  readonly isNarrow: () => boolean;
  readonly signOut: () => void;
  /** Where the menu of "move" or "label" stands when a key opened it. */
  readonly menuAnchor: (name: 'move' | 'label') => HTMLElement | undefined;
}

export class MailControl {
  readonly store: Store<ControlState> = createStore<ControlState>({
    overlay: undefined,
    settings: undefined,
    searchAsked: 0,
    asked: { turn: 0, ask: undefined },
    draftsTurn: 0,
  });
  /** What operators last heard of the house's safety. */
  readonly safety: Store<SafetyLook> = createStore<SafetyLook>({ safety: undefined, trouble: undefined, atMs: 0 });
  readonly model: MailModel;
  readonly #needs: ControlNeeds;
  #beforeSearch: Place | undefined;

  constructor(needs: ControlNeeds) {
    this.#needs = needs;
    this.model = needs.model;
  }

  // ---- where we are ------------------------------------------------------------------------------------------------

  /** Follows the address bar; nowhere in particular is the inbox. */
  async follow(): Promise<void> {
    const hash = this.#needs.bar.hash();
    const route = parseRoute(hash);
    this.store.update({ settings: route.settings });
    if (route.settings) return;
    const state = this.model.store.get();
    const known =
      route.place?.kind !== 'mailbox' ||
      state.mailboxes.some((box) => samePlace(route.place, { kind: 'mailbox', id: box.id }));
    const inbox = boxWithRole(state, 'inbox');
    const place = route.place && known ? route.place : inbox ? { kind: 'mailbox' as const, id: inbox.id } : undefined;
    if (!place) return;
    if (state.place?.kind !== 'search' || route.place) await this.model.goTo(place);
    // whoever went elsewhere or opened a letter while the list was read is there already
    if (hash !== this.#needs.bar.hash()) return;
    if (!route.letter) this.model.close();
    else if (route.letter !== this.model.store.get().opened) await this.model.open(route.letter);
  }

  go(place: Place): void {
    this.overlay(undefined);
    const text = routeText({ place, letter: undefined, settings: undefined });
    if (this.#needs.bar.hash() === text) void this.follow();
    else this.#needs.bar.go(text);
  }

  goInbox(): void {
    const inbox = boxWithRole(this.model.store.get(), 'inbox');
    if (inbox) this.go({ kind: 'mailbox', id: inbox.id });
  }

  openLetter(id: LetterId): void {
    const { place } = this.model.store.get();
    void this.model.open(id);
    if (!place || place.kind === 'search') return;
    const text = routeText({ place, letter: id, settings: undefined });
    if (this.#needs.isNarrow()) this.#needs.bar.go(text);
    else this.#needs.bar.replace(text);
  }

  closeLetter(): void {
    const { place } = this.model.store.get();
    this.model.close();
    if (place && place.kind !== 'search') {
      this.#needs.bar.replace(routeText({ place, letter: undefined, settings: undefined }));
    }
  }

  openSettings(section: SettingsSection = 'general'): void {
    this.overlay(undefined);
    this.#needs.bar.go(routeText({ place: undefined, letter: undefined, settings: section }));
  }

  leaveSettings(): void {
    const { place } = this.model.store.get();
    if (place && place.kind !== 'search') this.go(place);
    else this.goInbox();
  }

  // ---- writing -----------------------------------------------------------------------------------------------------

  compose(ask: ComposeAsk): void {
    this.overlay(undefined);
    this.store.update({ asked: { turn: this.store.get().asked.turn + 1, ask } });
  }

  draftsChanged(): void {
    this.store.update({ draftsTurn: this.store.get().draftsTurn + 1 });
  }

  #answer(how: 'reply' | 'reply-all' | 'forward'): void {
    const state = this.model.store.get();
    const [row] = chosenOf(state);
    const id = state.marked.size > 0 ? row : (state.opened ?? row);
    if (id) this.compose({ kind: 'answer', how, id });
  }

  // ---- search ------------------------------------------------------------------------------------------------------

  search(plainText: string): void {
    const { place } = this.model.store.get();
    if (place && place.kind !== 'search') this.#beforeSearch = place;
    void this.model.goTo({ kind: 'search', plainText });
  }

  leaveSearch(): void {
    if (this.model.store.get().place?.kind !== 'search') return;
    const back = this.#beforeSearch;
    if (back) void this.model.goTo(back);
    else this.goInbox();
  }

  // ---- commands ----------------------------------------------------------------------------------------------------

  overlay(overlay: Overlay | undefined): void {
    this.store.update({ overlay });
  }

  run(name: CommandName, at?: HTMLElement): void {
    switch (name) {
      case 'next':
      case 'previous':
        return this.#step(name === 'next' ? 1 : -1);
      case 'open':
        return this.#openCursor();
      case 'archive':
      case 'star':
      case 'unread':
      case 'undo':
        return void this.#change(name);
      case 'trash':
        return this.#trash();
      case 'write':
        return this.compose({ kind: 'new', to: [] });
      case 'reply':
      case 'reply-all':
      case 'forward':
        return this.#answer(name);
      case 'move':
      case 'label':
        return this.#ask(name, at);
      case 'search':
        return this.store.update({ searchAsked: this.store.get().searchAsked + 1, settings: undefined });
      case 'server-view':
        return this.model.toggleServerView();
      case 'inbox':
        return this.goInbox();
      case 'settings':
        return this.openSettings();
      case 'help':
      case 'palette':
        return this.overlay({ kind: name });
      case 'sign-out':
        return this.#needs.signOut();
      case 'escape':
        return this.#escape();
    }
  }

  moveTo(id: MailboxId): void {
    this.overlay(undefined);
    void this.#leaving(() => this.model.move(id));
  }

  /** For the letters the menu was opened for, whatever became of the list meanwhile. */
  label(box: MailboxId, on: boolean, ids: readonly LetterId[]): void {
    void this.#leaving(() => this.model.label(box, on, ids));
  }

  /** A row swiped out of the list, right to the archive, left to the trash. */
  swipe(id: LetterId, way: 'left' | 'right'): void {
    const ids = lettersOf(this.model.store.get(), [id]);
    void (way === 'right' ? this.model.archive(ids) : this.model.trash(ids));
  }

  askEmptyTrash(): void {
    this.overlay({ kind: 'delete', ids: this.model.store.get().ids ?? [] });
  }

  #step(by: number): void {
    const wasOpen = this.model.store.get().opened !== undefined;
    const next = this.model.moveCursor(by);
    if (next && wasOpen) this.openLetter(next);
  }

  #openCursor(): void {
    const { cursor, ids } = this.model.store.get();
    const id = cursor ?? ids?.[0];
    if (id) this.openLetter(id);
  }

  async #change(name: 'archive' | 'star' | 'unread' | 'undo'): Promise<void> {
    if (name === 'archive') return await this.#leaving(() => this.model.archive());
    if (name === 'star') return await this.model.toggleStar();
    if (name === 'undo') return await this.model.undo();
    await this.model.toggleUnread();
    if (this.#needs.isNarrow()) this.closeLetter();
    return undefined;
  }

  /** After an open letter left the list, the next one opens; with one pane the list comes back. */
  async #leaving(act: () => Promise<void>): Promise<void> {
    const wasOpen = this.model.store.get().opened !== undefined;
    const acting = act();
    const { opened, cursor } = this.model.store.get();
    if (wasOpen && !opened) {
      if (this.#needs.isNarrow() || !cursor) this.closeLetter();
      else this.openLetter(cursor);
    }
    await acting;
  }

  #trash(): void {
    const state = this.model.store.get();
    const ids = targetsOf(state);
    if (ids.length === 0) return;
    if (boxOf(state)?.role === 'trash') this.overlay({ kind: 'delete', ids });
    else void this.#leaving(() => this.model.trash(ids));
  }

  #ask(kind: 'move' | 'label', at: HTMLElement | undefined): void {
    const anchor = at ?? this.#needs.menuAnchor(kind);
    const ids = targetsOf(this.model.store.get());
    if (anchor && ids.length > 0) this.overlay({ kind, at: anchor, ids });
  }

  #escape(): void {
    const state = this.model.store.get();
    if (this.store.get().overlay) this.overlay(undefined);
    else if (state.serverView) this.model.toggleServerView();
    else if (this.store.get().settings) this.leaveSettings();
    else if (state.marked.size > 0) this.model.unmark();
    else if (state.opened) this.closeLetter();
    else this.leaveSearch();
  }
}
