// Changes told by the server's event stream, turned into what the page must ask again (RFC 8620 §§5.2, 7.3).

import * as v from 'valibot';
import { isId, type LetterId, type MailboxId } from '#base/ids.ts';
import type { PageEvent } from '../backend.ts';
import type { JmapClient, Members } from './jmap-client.ts';
import { mailboxIdsOf } from './letter-row.ts';
import { readLetterRows } from './mail-reads.ts';

/** What of EventSource is used; Node has none. */
export interface EventStream {
  addEventListener(kind: string, listener: (event: { readonly data?: unknown }) => void): void;
  close(): void;
  readonly readyState: number;
}

export interface PushParts {
  readonly jmap: JmapClient;
  readonly openStream: (path: string) => EventStream;
  /** Letters that arrived, changed or went: what memory knows of them is old. */
  readonly onLetters: (changed: { readonly arrived: readonly LetterId[]; readonly other: readonly LetterId[] }) => void;
}

const PATH = '/jmap/events?types=Email,Mailbox,SealedItem&closeafter=no&ping=60';
const CLOSED = 2;
const OPEN_AGAIN_MS = 5_000;

const ids = v.array(v.custom<LetterId>((value) => typeof value === 'string' && isId(value)));
const changesShape = v.object({
  newState: v.string(),
  hasMoreChanges: v.boolean(),
  created: ids,
  updated: ids,
  destroyed: ids,
});
const stateShape = v.object({ state: v.string() });

export class Push {
  readonly #parts: PushParts;
  readonly #listeners = new Set<(event: PageEvent) => void>();
  /** Where letters lay when they were last told about. */
  readonly #places = new Map<LetterId, readonly MailboxId[]>();
  #stream: EventStream | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #emailState: string | undefined;
  #isOnline = true;
  #reading: Promise<void> = Promise.resolve();

  constructor(parts: PushParts) {
    this.#parts = parts;
  }

  onChange(listener: (event: PageEvent) => void): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#begin();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#end();
    };
  }

  /** Remembers where rows lie, so that a move can be told for both mailboxes. What was told before stands: rows may be ahead of it. */
  place(id: LetterId, mailboxIds: readonly MailboxId[]): void {
    if (!this.#places.has(id)) this.#places.set(id, mailboxIds);
  }

  #begin(): void {
    this.#reading = this.#readState();
    this.#open();
  }

  #open(): void {
    const stream = this.#parts.openStream(PATH);
    this.#stream = stream;
    stream.addEventListener('open', () => this.#tellConnection(true));
    stream.addEventListener('state', ({ data }) => {
      this.#tellConnection(true);
      // Only the names of the types count: what became of them is asked for.
      const told = String(data);
      if (told.includes('"SealedItem"')) this.#tell({ kind: 'items' });
      if (/"(Email|Mailbox)"/.test(told)) this.#reading = this.#reading.then(() => this.#readChanges());
    });
    stream.addEventListener('error', () => {
      this.#tellConnection(false);
      // The browser comes back by itself unless the server said no: then only a new stream helps.
      if (stream.readyState === CLOSED) this.#openLater(stream);
    });
  }

  #openLater(stream: EventStream): void {
    if (this.#stream !== stream || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#stream !== stream) return;
      this.#tell({ kind: 'items' });
      this.#reading = this.#reading.then(() => this.#readChanges());
      this.#open();
    }, OPEN_AGAIN_MS);
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stream?.close();
    this.#stream = undefined;
  }

  async #readState(): Promise<void> {
    const answer = await this.#parts.jmap.run([['Email/get', { ids: [], properties: ['id'] }]]);
    const parsed = v.safeParse(stateShape, answer.ok ? answer.value[0] : undefined);
    if (parsed.success) this.#emailState = parsed.output.state;
    else if (!answer.ok && answer.error.kind === 'signed-out') this.#tell({ kind: 'signed-out' });
  }

  async #readChanges(): Promise<void> {
    this.#tell({ kind: 'mailboxes' });
    for (;;) {
      const sinceState = this.#emailState;
      if (sinceState === undefined) return this.#readState();
      const answer = await this.#parts.jmap.run([['Email/changes', { sinceState }]]);
      if (!answer.ok) return this.#changesFailed(answer.error.kind);
      const done = await this.#take(answer.value[0]);
      if (done) return;
    }
  }

  /** Whether everything is told. */
  async #take(result: Members | undefined): Promise<boolean> {
    const parsed = v.safeParse(changesShape, result);
    if (!parsed.success) return true;
    const { newState, hasMoreChanges, created, updated, destroyed } = parsed.output;
    this.#emailState = newState;
    this.#parts.onLetters({ arrived: created, other: [...updated, ...destroyed] });
    const before = [...updated, ...destroyed].flatMap((id) => this.#places.get(id) ?? []);
    for (const id of destroyed) this.#places.delete(id);
    const read = await readLetterRows(this.#parts.jmap, [...created, ...updated], []);
    const now = new Map<LetterId, readonly MailboxId[]>();
    if (read.ok) for (const [id, place] of read.value.places) now.set(id, mailboxIdsOf(place));
    const moved = updated.filter((id) => !isSame(this.#places.get(id), now.get(id)));
    for (const [id, mailboxIds] of now) this.#places.set(id, mailboxIds);
    if (created.length + moved.length + destroyed.length > 0) {
      const mailboxIds = [...new Set([...before, ...[...now.values()].flat()])];
      this.#tell({ kind: 'letters', mailboxIds, arrived: created });
    }
    if (updated.length > 0) this.#tell({ kind: 'rows', ids: updated });
    return !hasMoreChanges;
  }

  /** The state is too old to tell changes from: everything may be different. */
  #changesFailed(kind: string): void {
    if (kind === 'signed-out') {
      this.#tell({ kind: 'signed-out' });
      this.#end();
    } else if (kind !== 'no-connection') {
      const known = [...new Set([...this.#places.values()].flat())];
      this.#emailState = undefined;
      this.#places.clear();
      this.#tell({ kind: 'letters', mailboxIds: known, arrived: [] });
      this.#reading = this.#readState();
    }
  }

  #tellConnection(online: boolean): void {
    if (this.#isOnline === online) return;
    this.#isOnline = online;
    this.#tell({ kind: 'connection', online });
  }

  #tell(event: PageEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function isSame(a: readonly MailboxId[] | undefined, b: readonly MailboxId[] | undefined): boolean {
  return a !== undefined && b !== undefined && a.length === b.length && a.every((id) => b.includes(id));
}
