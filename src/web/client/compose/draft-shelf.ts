// Drafts on all devices of the account: each is written whole, one write after the other; those that were sent are kept until they cannot be taken back.

import type { Clock } from '#base/clock.ts';
import { newId, type ItemId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import type { ChangeRefusal, OpenRefusal } from '../../backend.ts';
import type { Draft, DraftNews, DraftRow } from '../../writing.ts';
import type { OpenSession } from '../open-session.ts';
import { putItems, readItem, readItems, removeItem } from '../sealed-items.ts';
import { draftItem, draftOf, DRAFTS, keptDraft, type DraftItem, type KeptDraft } from './draft-item.ts';
import { OwnVersions } from './own-versions.ts';
import { readDraftFiles, saveParts } from './draft-parts.ts';
import { removeOwnLetter, type KeepRefusal } from './own-letters.ts';
import { submissionsOf } from './submissions.ts';

type Plain<T> = Promise<Result<T, ChangeRefusal>>;
type ShelfRefusal = KeepRefusal | { readonly kind: 'changed-elsewhere' };
type Saved<T> = Promise<Result<T, ShelfRefusal>>;

/** A sent draft is dropped this long after its letter left: clocks differ a little. */
const SENT_KEPT_MS = 5 * 60_000;
const TRIES = 3;

export class DraftShelf {
  readonly #session: OpenSession;
  readonly #clock: Clock;
  /** What lies beyond them is another device's: it is never overwritten. */
  readonly own = new OwnVersions();
  #last: Promise<unknown> = Promise.resolve();

  constructor(session: OpenSession, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
  }

  async read(id: ItemId): Plain<DraftItem> {
    const item = await readItem(this.#session, DRAFTS, id);
    if (!item.ok) return item;
    const found = item.value && draftItem(item.value);
    return found ? ok(found) : err({ kind: 'gone' });
  }

  async all(): Plain<readonly DraftItem[]> {
    const items = await readItems(this.#session, DRAFTS);
    return items.ok ? ok(items.value.map(draftItem).filter((item) => item !== undefined)) : items;
  }

  save(draft: Draft): Saved<DraftItem> {
    return this.#inTurn(() => this.#save(draft));
  }

  /** How far sending has come; the words stay. */
  note({ id }: DraftItem, change: Pick<Partial<KeptDraft>, 'attempt' | 'sent'>): Saved<DraftItem> {
    return this.#inTurn(async () => {
      for (let tries = 0; tries < TRIES; tries++) {
        const now = await this.read(id);
        if (!now.ok) return now;
        if (!this.own.has(now.value)) return err({ kind: 'changed-elsewhere' });
        const noted = { id, version: now.value.version + 1, kept: { ...now.value.kept, ...change } };
        const put = await this.#put(noted);
        if (put.ok) return ok(noted);
        if (put.error.kind !== 'gone') return put;
      }
      return err({ kind: 'server-unavailable' });
    });
  }

  /** Its words and its files; gone already is dropped too. */
  drop(id: ItemId): Plain<undefined> {
    return this.#inTurn(async () => {
      const found = await this.read(id);
      if (!found.ok) return found.error.kind === 'gone' ? ok(undefined) : found;
      const { parts, attempt, sent } = found.value.kept;
      if (attempt && !sent) {
        // A try that broke off may have left a copy of a letter that nobody got.
        const handed = await submissionsOf(this.#session.jmap, attempt.letterId);
        if (!handed.ok) return handed;
        const gone = handed.value.length === 0 ? await removeOwnLetter(this.#session, attempt.letterId) : ok(undefined);
        if (!gone.ok) return gone;
      }
      const removed = parts ? await removeOwnLetter(this.#session, parts.letterId) : ok(undefined);
      return removed.ok ? removeItem(this.#session, DRAFTS, id) : removed;
    });
  }

  /** Newest first, without those on their way; drops what has left for good. */
  async rows(): Promise<readonly DraftRow[]> {
    const items = await this.all();
    if (!items.ok) throw new Error(`drafts cannot be read: ${items.error.kind}`);
    const goneMs = this.#clock.nowMs() - SENT_KEPT_MS;
    const left = items.value.filter(({ kept }) => kept.sent && kept.sent.leavesMs < goneMs);
    for (const { id } of left) await this.drop(id);
    return items.value
      .filter(({ kept }) => kept.sent === null)
      .map(rowOf)
      .toSorted((a, b) => b.savedMs - a.savedMs);
  }

  /** What another device did since this page wrote or opened it. Without an answer nothing is new. */
  look(id: ItemId): Promise<DraftNews> {
    return this.#inTurn(async () => {
      const now = await this.read(id);
      if (!now.ok) return now.error.kind === 'gone' ? 'gone' : 'same';
      if (this.own.has(now.value)) return 'same';
      return now.value.kept.sent === null ? 'changed' : 'sent';
    });
  }

  async open(id: ItemId): Promise<Result<Draft, OpenRefusal>> {
    const found = await this.read(id);
    if (!found.ok) return err({ kind: openKind(found.error.kind) });
    this.own.put(found.value);
    const files = await readDraftFiles(this.#session, found.value.kept.parts);
    return files.ok ? ok(draftOf(found.value, files.value)) : files;
  }

  async #save(draft: Draft): Saved<DraftItem> {
    const sizeBytes = draft.files.reduce((sum, file) => sum + file.bytes.length, 0);
    if (sizeBytes > limits.compose.draftFilesBytes) return err({ kind: 'too-large' });
    let wantedId = draft.id;
    for (let tries = 0; tries < TRIES; tries++) {
      const before = draft.id && (await this.read(draft.id));
      if (before && !before.ok && before.error.kind !== 'gone') return before;
      const old = before?.ok ? before.value : undefined;
      // Dropped elsewhere, it comes back as another.
      if (!old && draft.id && this.own.isKept(draft.id)) wantedId = undefined;
      if (old && !this.own.has(old)) return err({ kind: 'changed-elsewhere' });
      // A late autosave must not make a draft again of what is on its way.
      if (old?.kept.sent) return err({ kind: 'gone' });
      const kept = await this.#keep(draft, old);
      if (!kept.ok) return kept;
      const id: ItemId = old?.id ?? wantedId ?? newId<ItemId>();
      const item = { id, version: (old?.version ?? 0) + 1, kept: kept.value };
      const put = await this.#put(item);
      if (put.ok) return ok(item);
      // A draft dropped elsewhere comes back under another id: the server takes none twice.
      if (put.error.kind === 'not-allowed' && wantedId !== undefined) wantedId = undefined;
      else if (put.error.kind !== 'gone') return put;
    }
    return err({ kind: 'server-unavailable' });
  }

  async #keep(draft: Draft, old: DraftItem | undefined): Saved<KeptDraft> {
    const nowMs = this.#clock.nowMs();
    const parts = await saveParts(this.#session, old?.kept.parts ?? null, draft.files, nowMs);
    if (!parts.ok) return parts;
    const kept = { ...keptDraft(draft, nowMs), parts: parts.value, attempt: old?.kept.attempt ?? null };
    return canonicalBytes(kept).length > TEXT_BYTES_MAX ? err({ kind: 'too-large' }) : ok(kept);
  }

  async #put(item: DraftItem): Plain<undefined> {
    this.own.trying(item);
    const { id, version, kept } = item;
    const put = await putItems(this.#session, DRAFTS, [{ id, version: version - 1, plainValue: kept }]);
    if (put.ok) this.own.put(item);
    return put;
  }

  /** One writer after the other: an autosave and a letter being sent write the same item. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

/** With its padding an item is at most 1 MiB. */
const TEXT_BYTES_MAX = Math.floor(limits.account.itemBytes * 0.85);
const SNIPPET = limits.message.snippetCharacters;

function rowOf({ id, kept }: DraftItem): DraftRow {
  const snippet = kept.plainText.replaceAll(/\s+/g, ' ').trim().slice(0, SNIPPET).toWellFormed();
  return { id, to: kept.to, subject: kept.subject, snippet, savedMs: kept.savedMs };
}

function openKind(kind: ChangeRefusal['kind']): 'gone' | 'no-connection' | 'server-unavailable' {
  return kind === 'gone' || kind === 'no-connection' ? kind : 'server-unavailable';
}
