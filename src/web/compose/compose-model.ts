// The conduct of the open composer: what is typed is kept, what is pressed is sent or says why not. Without DOM: the editor hands in how to read it.

import type { ItemId } from '#base/ids.ts';
import { err } from '#base/result.ts';
import type { Person } from '../backend.ts';
import { createStore, type Store } from '../store.ts';
import type { Draft, Sent, SendRefusal, Writing } from '../writing.ts';
import type { ComposeEvent } from './compose-event.ts';
import {
  blank,
  blankComposing,
  changedIn,
  everybodyIn,
  invalidIn,
  isBlank,
  isTooLarge,
  unknownIn,
  unsealedIn,
  type ComposeFile,
  type ComposeState,
  type Composing,
  type Hindrance,
  type Keeping,
  type RecipientField,
  type Written,
} from './compose-state.ts';
import { draftOf } from './draft-form.ts';
import { DraftFollow } from './draft-follow.ts';
import { DraftKeeper } from './draft-keeper.ts';
import { Outbox } from './outbox.ts';
import { RecipientBook } from './recipient-book.ts';

export interface ComposeNeeds {
  readonly writing: Writing;
  readonly nowMs: () => number;
  readonly undoMs: () => number;
  readonly tell: (event: ComposeEvent) => void;
}

type Beginning = Partial<Composing>;
const AGAIN_AFTER_MS = 10_000;

export class ComposeModel {
  readonly store: Store<ComposeState>;
  readonly #needs: ComposeNeeds;
  readonly #book: RecipientBook;
  readonly #keeper: DraftKeeper;
  readonly #outbox: Outbox;
  readonly #follow: DraftFollow;
  #waitingSend: { readonly sendAtMs: number | undefined; readonly unsealed: readonly string[] } | undefined;
  #read: (() => Written) | undefined;
  #key = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  #flushing = false;

  constructor(needs: ComposeNeeds) {
    this.#needs = needs;
    this.store = createStore<ComposeState>({ composing: undefined, identities: [], known: new Map(), outbox: [] });
    this.#book = new RecipientBook(needs.writing, (known) => this.store.update({ known }));
    this.#keeper = new DraftKeeper(() => this.#save());
    this.#outbox = new Outbox({
      writing: needs.writing,
      undoMs: needs.undoMs,
      show: (outbox) => this.store.update({ outbox }),
      onSent: (sent) => this.#tellSent(sent, false),
      onReturned: (refusal) => needs.tell({ kind: 'returned', refusal }),
    });
    this.#follow = new DraftFollow({
      writing: needs.writing,
      open: () => (this.#waitingSend || this.#composing?.isSending ? undefined : this.#composing),
      isTouched: () => this.#keeper.isDirty,
      patch: (part) => this.patch(part),
      onChanged: (id) => needs.tell({ kind: 'changed-elsewhere', how: 'changed', id }),
      onParted: () => this.#keeper.touch(),
      onEnded: (how, id) => {
        this.#close();
        needs.tell({ kind: 'ended-elsewhere', how, id });
      },
    });
  }

  get #composing(): Composing | undefined {
    return this.store.get().composing;
  }

  /** Something written here is nowhere else yet. */
  get isHolding(): boolean {
    return this.#keeper.isDirty || this.#waitingSend !== undefined || !this.#outbox.isEmpty;
  }

  nextKey(): number {
    return ++this.#key;
  }

  // ---- opening and closing -----------------------------------------------------------------------------------------

  async begin(beginning: Beginning): Promise<void> {
    await this.leave();
    const { identities } = this.store.get();
    const composing = { ...blankComposing(this.nextKey(), identities[0]?.id ?? ''), ...beginning };
    this.store.update({ composing });
    this.#look();
    await this.identities();
  }

  /** Asked once they can be had; the first is used until another is chosen. */
  async identities(): Promise<void> {
    if (this.store.get().identities.length > 0) return;
    const identities = await this.#needs.writing.identities().catch(() => []);
    const { composing } = this.store.get();
    const first = identities[0]?.id ?? '';
    this.store.update({ identities });
    if (composing && composing.identityId === '') this.store.update({ composing: { ...composing, identityId: first } });
  }

  /** The editor stands: this is how it is read. */
  reads(read: () => Written): void {
    this.#read = read;
  }

  #written(): Written {
    return this.#read?.() ?? this.#composing?.first ?? blank;
  }

  /** Puts away what is open: what waits goes on waiting, everything else is a draft. */
  async leave(): Promise<'nothing' | 'kept' | 'kept-both' | 'waits'> {
    const composing = this.#composing;
    if (!composing) return 'nothing';
    const written = this.#written();
    if (this.#waitingSend) {
      const outgoing = { key: composing.key, draft: draftOf(composing, written), ...this.#waitingSend };
      await this.#keeper.stop();
      this.#close();
      this.#outbox.putLetter(outgoing);
      return 'waits';
    }
    await this.#keeper.settle();
    const now = this.#composing ?? composing;
    if (this.#keeper.isDirty) {
      this.#outbox.putDraft(draftOf(now, written));
      this.#tryAgain();
    }
    await this.#keeper.stop();
    this.#close();
    if (now.elsewhere?.how === 'changed') return 'kept-both';
    return now.draftId === undefined && isBlank(now, written) ? 'nothing' : 'kept';
  }

  async close(): Promise<void> {
    const how = await this.leave();
    if (how !== 'nothing') this.#needs.tell({ kind: how });
  }

  #close(): void {
    this.#read = undefined;
    this.#waitingSend = undefined;
    this.store.update({ composing: undefined });
    this.#needs.tell({ kind: 'drafts' });
  }

  /** Thrown away, with a way back. */
  async drop(): Promise<void> {
    const composing = this.#composing;
    if (!composing) return;
    const written = this.#written();
    await this.#keeper.stop();
    const { draftId = composing.draftId } = this.#composing ?? composing;
    const isNothing = draftId === undefined && isBlank(composing, written);
    this.#close();
    if (isNothing) return;
    const again = async (): Promise<void> => {
      await this.begin({ ...composing, key: this.nextKey(), draftId: undefined, first: written, hindrance: undefined });
      this.#keeper.touch();
    };
    this.#needs.tell({ kind: 'dropped', again: () => void again() });
    if (draftId !== undefined) await this.#needs.writing.dropDraft(draftId).catch(() => undefined);
    this.#needs.tell({ kind: 'drafts' });
  }

  // ---- writing -----------------------------------------------------------------------------------------------------

  patch(part: Partial<Composing>): void {
    const composing = this.#composing;
    if (composing) this.store.update({ composing: { ...composing, ...part } });
  }

  /** A change that is to be kept. */
  write(part: Partial<Composing>): void {
    const { hindrance } = this.#composing ?? {};
    this.patch({ ...part, hindrance: hindrance?.kind === 'waits' ? hindrance : undefined });
    this.#keeper.touch();
  }

  setPeople(field: RecipientField, list: readonly Person[]): void {
    const composing = this.#composing;
    if (!composing) return;
    this.write({ people: { ...composing.people, [field]: list } });
    this.#look();
  }

  addFile(file: Omit<ComposeFile, 'key'>): number {
    const key = this.nextKey();
    this.write({ files: [...(this.#composing?.files ?? []), { ...file, key }] });
    return key;
  }

  patchFile(key: number, part: Partial<ComposeFile>): void {
    const files = this.#composing?.files.map((file) => (file.key === key ? { ...file, ...part } : file));
    if (files && part.bytes) this.write({ files });
    else if (files) this.patch({ files });
  }

  removeFile(key: number): void {
    this.write({ files: this.#composing?.files.filter((file) => file.key !== key) ?? [] });
  }

  /** Sealed items changed: it may be this draft, on another device. */
  heard(): Promise<void> {
    return this.#follow.heard();
  }

  /** The other device's words, if nothing was written here meanwhile. */
  follow(id: ItemId, part: Partial<Composing>): void {
    this.#follow.take(id, part);
    this.#look();
  }

  #look(): void {
    const composing = this.#composing;
    if (composing) void this.#book.need(everybodyIn(composing.people).map(({ address }) => address));
  }

  async trust(address: string, fingerprint: string, how: 'compared' | 'accepted'): Promise<void> {
    const result = await this.#needs.writing
      .trustKey(address, fingerprint, how)
      .catch(() => err({ kind: 'server-unavailable' as const }));
    if (!result.ok) this.#needs.tell({ kind: 'failed' });
    await this.#book.again([address]);
  }

  // ---- keeping -----------------------------------------------------------------------------------------------------

  async #save(): Promise<boolean> {
    const composing = this.#composing;
    if (!composing) return true;
    const written = this.#written();
    if (composing.draftId === undefined && isBlank(composing, written)) return true;
    if (isTooLarge(composing.files)) return false;
    this.patch({ keeping: { kind: 'saving' } });
    const saved = await this.#outbox.keepNow(draftOf(composing, written));
    const isSame = this.#composing?.key === composing.key && this.#composing.draftId === composing.draftId;
    if (!saved.ok && saved.error.kind === 'changed-elsewhere' && isSame && !this.#waitingSend) {
      if (await this.#follow.part()) return this.#save();
    }
    const keeping: Keeping = saved.ok ? { kind: 'saved', atMs: saved.value.savedMs } : { kind: 'offline' };
    if (isSame) this.patch({ keeping, ...(saved.ok ? this.#follow.savedAs(composing, saved.value.id) : {}) });
    if (saved.ok) this.#needs.tell({ kind: 'drafts' });
    else this.#tryAgain();
    return saved.ok;
  }

  /** Before the page goes, or when it is put aside. */
  async settle(): Promise<void> {
    await this.#keeper.settle();
  }

  // ---- sending -----------------------------------------------------------------------------------------------------

  #hinder(hindrance: Hindrance): void {
    this.patch({ hindrance, isSending: false });
  }

  /** What stands against sending before anything is asked; the sentences below the recipients say the rest. */
  #mayLeave(composing: Composing): boolean {
    const { known } = this.store.get();
    const { people, files } = composing;
    if (everybodyIn(people).length === 0) {
      this.#hinder({ kind: 'refused', refusal: { kind: 'no-recipient' } });
      return false;
    }
    if (isTooLarge(files)) this.#hinder({ kind: 'files-too-large' });
    const stands = [invalidIn, unknownIn, changedIn].some((find) => find(people, known).length > 0);
    return !stands && !isTooLarge(files) && files.every((file) => file.bytes !== undefined);
  }

  async send(sendAtMs?: number): Promise<void> {
    const before = this.#composing;
    if (!before || before.isSending) return;
    const named = unsealedIn(before.people, this.store.get().known).map(({ address }) => address);
    if (!this.#mayLeave(before)) return;
    this.patch({ isSending: true, hindrance: undefined });
    await this.identities();
    await this.#book.need(everybodyIn(before.people).map(({ address }) => address));
    const composing = this.#composing;
    if (!composing || composing.key !== before.key) return;
    const nowOpen = unsealedIn(composing.people, this.store.get().known);
    if (nowOpen.some(({ address }) => !named.includes(address))) return this.#hinder({ kind: 'now-unsealed' });
    if (!this.#mayLeave(composing)) return this.patch({ isSending: false });
    await this.#keeper.stop();
    await this.#leaveWith({ sendAtMs, unsealed: named });
  }

  async #leaveWith(how: {
    readonly sendAtMs: number | undefined;
    readonly unsealed: readonly string[];
  }): Promise<void> {
    const composing = this.#composing;
    if (!composing) return;
    const draft = draftOf(composing, this.#written());
    const result = await this.#outbox.sendNow({ key: composing.key, draft, ...how });
    if (this.#composing?.key !== composing.key) return;
    if (result.ok) {
      this.#close();
      this.#tellSent(result.value, how.sendAtMs !== undefined);
      if (draft.answers) this.#needs.tell({ kind: 'answered', id: draft.answers.id });
      return;
    }
    await this.#refused(result.error, how);
  }

  async #refused(
    refusal: SendRefusal,
    how: { readonly sendAtMs: number | undefined; readonly unsealed: readonly string[] },
  ): Promise<void> {
    if (refusal.kind === 'no-connection') {
      this.#waitingSend = how;
      this.#hinder({ kind: 'waits' });
      this.#keeper.touch();
      this.#tryAgain();
      return;
    }
    this.#waitingSend = undefined;
    this.#keeper.touch();
    if (refusal.kind === 'changed-elsewhere') {
      this.patch({ isSending: false });
      return void (await this.#follow.part());
    }
    if ('addresses' in refusal) await this.#book.again(refusal.addresses);
    this.#hinder(refusal.kind === 'would-be-unsealed' ? { kind: 'now-unsealed' } : { kind: 'refused', refusal });
  }

  #tellSent(sent: Sent, isLater: boolean): void {
    // what is gone already is not offered back
    const undoMs = sent.isFinal ? 0 : this.#needs.undoMs();
    this.#needs.tell({ kind: 'sent', sent, isLater: isLater && !sent.isFinal, undoMs });
    this.#needs.tell({ kind: 'drafts' });
  }

  /** Takes it back; it is a draft again, whose id is returned. */
  async unsend(submissionIds: readonly string[]): Promise<ItemId | undefined> {
    const result = await this.#needs.writing
      .unsend(submissionIds)
      .catch(() => err({ kind: 'server-unavailable' as const }));
    this.#needs.tell({ kind: 'drafts' });
    if (result.ok) return result.value.draftId;
    this.#needs.tell({ kind: result.error.kind === 'left' ? 'left' : 'failed' });
    return undefined;
  }

  // ---- without a connection ----------------------------------------------------------------------------------------

  #tryAgain(): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => void this.connected(), AGAIN_AFTER_MS);
  }

  /** The connection is back, or may be: what waits leaves, what is unsaved is saved. */
  async connected(): Promise<void> {
    if (this.#flushing) return;
    this.#flushing = true;
    try {
      await this.#sendWaiting();
      await this.#outbox.again();
      this.#look();
      await this.#keeper.settle();
      if (this.isHolding) this.#tryAgain();
      else this.#needs.tell({ kind: 'drafts' });
    } finally {
      this.#flushing = false;
    }
  }

  async #sendWaiting(): Promise<void> {
    const how = this.#waitingSend;
    if (how && this.#composing && !this.#composing.isSending) {
      this.patch({ isSending: true });
      await this.#keeper.stop();
      await this.#leaveWith(how);
    }
  }

  /** A draft of the list, as it was kept. */
  async readDraft(id: ItemId): Promise<Draft | undefined> {
    const result = await this.#needs.writing.openDraft(id).catch(() => err({ kind: 'gone' as const }));
    return result.ok ? result.value : undefined;
  }
}
