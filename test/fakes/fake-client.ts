// A stand-in for the page's client, for journeys of the page alone: the law office's letters in memory, no keys, no server.
// Addresses choose the case: many@ has 100,000 letters, empty@ none, first@ none until its first arrives, hostile@ only hostile ones, live@ gets new ones, talk@ holds conversations, lost@ had its second factor reported lost; code@ is asked for a code; the password "wrong" is refused.

import { newId, type ItemId, type LetterId, type MailboxId, type SessionId } from '#base/ids.ts';
import { err, ok } from '#base/result.ts';
import type {
  Backend,
  LetterPatch,
  ListRow,
  MailboxInfo,
  MailboxRole,
  PageEvent,
  Preferences,
  Rule,
  ServerRow,
  SessionInfo,
} from '#web/backend.ts';
import { disclosure } from '#office/api/disclosure.ts';
import { FakeSharing } from './fake-sharing.ts';
import { me, openedSample, scramble, threadIn, threadsIn, type Held } from './held-letters.ts';
import { samples, type Sample } from './sample-letters.ts';

const HOUR_MS = 3_600_000;
const places: readonly (readonly [key: string, role: MailboxRole | undefined, name: string])[] = [
  ['inbox', 'inbox', 'Inbox'],
  ['drafts', 'drafts', 'Drafts'],
  ['sent', 'sent', 'Sent'],
  ['archive', 'archive', 'Archive'],
  ['junk', 'junk', 'Junk'],
  ['trash', 'trash', 'Trash'],
  ['court', undefined, 'Demir ./. Quittenhof'],
  ['insurance', undefined, 'Versicherungen'],
];

/** The office's mailbox in memory; `count` letters in the inbox and folders together. */
export class FakeBackend extends FakeSharing implements Backend {
  readonly #letters = new Map<LetterId, Held>();
  readonly #deleted = new Map<LetterId, Held>();
  readonly #boxes = new Map<string, MailboxInfo>();
  readonly #listeners = new Set<(event: PageEvent) => void>();
  readonly #info: SessionInfo;
  #preferences: Preferences = {
    language: undefined,
    theme: undefined,
    density: 'cosy',
    grouped: true,
    welcomeGone: [],
  };
  #rules: readonly Rule[] = [];
  #dueMs: number | undefined;
  #sessions: { id: SessionId; startedMs: number; lastSeenMs: number; current: boolean }[];
  /** Set to make every change fail, as without a connection. */
  failing = false;
  /** Set to make what the page reads fail too. */
  unreadable = false;

  readonly #samples: readonly Sample[];

  constructor(info: SessionInfo, count = 240, nowMs = Date.now(), letters: readonly Sample[] = samples) {
    super();
    this.#info = info;
    this.#samples = letters;
    places.forEach(([key, role, name], sortOrder) =>
      this.#boxes.set(key, {
        id: newId<MailboxId>(),
        role,
        name,
        parentId: undefined,
        sortOrder,
        total: 0,
        unread: 0,
      }),
    );
    this.#dueMs = info.address.startsWith('lost@') ? nowMs + 70 * HOUR_MS : undefined;
    this.#sessions = [
      { id: newId<SessionId>(), startedMs: nowMs - 2 * HOUR_MS, lastSeenMs: nowMs, current: true },
      { id: newId<SessionId>(), startedMs: nowMs - 190 * HOUR_MS, lastSeenMs: nowMs - 26 * HOUR_MS, current: false },
    ];
    for (let i = 0; i < count; i++) this.#add(i, nowMs);
    if (count > 0) this.#rules = [this.#sampleRule()];
  }

  #sampleRule(): Rule {
    return {
      id: newId<ItemId>(),
      field: 'from',
      contains: 'allbank.test',
      action: { kind: 'move', mailboxId: this.box('insurance').id },
    };
  }

  #add(index: number, nowMs: number): Held | undefined {
    const sample = this.#samples[index % this.#samples.length];
    if (!sample) return undefined;
    const first = index < this.#samples.length;
    const box = this.box(first ? (sample.place ?? 'inbox') : index % 5 === 0 ? 'archive' : (sample.place ?? 'inbox'));
    const gapMs = index < 4 ? 0.55 * HOUR_MS : 2.9 * HOUR_MS;
    const row: ListRow = {
      id: newId<LetterId>(),
      mailboxIds: [box.id],
      keywords: [
        ...(sample.unread && first ? [] : ['$seen']),
        ...(sample.starred && (first || index % 3 === 0) ? ['$flagged'] : []),
      ],
      from: [{ name: sample.from[0], address: sample.from[1] }],
      to: sample.place === 'sent' ? [{ name: 'Ayşe Öztürk', address: 'ayse.oeztuerk@briefkiste.test' }] : [me],
      subject: sample.subject,
      snippet: sample.text.replaceAll(/\s+/g, ' ').slice(0, 110),
      receivedMs: nowMs - 6 * 60_000 - index * gapMs,
      sizeBytes: 4_000 + (sample.files ?? []).reduce((sum, [, , size]) => sum + size * 1.37, sample.text.length),
      attachmentsCount: sample.files?.length ?? 0,
      sign: sample.sign,
      expiresMs: sample.expiresHours && first ? nowMs + sample.expiresHours * HOUR_MS : undefined,
      altered: sample.altered === true && first,
      threadCount: 1,
    };
    const held = { row, sample, ...(first ? { thread: sample.thread } : {}) };
    this.#letters.set(row.id, held);
    return held;
  }

  box(key: string): MailboxInfo {
    const box = this.#boxes.get(key);
    if (!box) throw new Error(`no mailbox ${key}`);
    return box;
  }

  tell(event: PageEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** A letter arrives now. */
  arrive(index = 3): LetterId | undefined {
    const held = this.#add(index, Date.now() + 6 * 60_000 + index * 0.55 * HOUR_MS);
    if (!held) return undefined;
    held.row = { ...held.row, keywords: [], receivedMs: Date.now() };
    this.tell({ kind: 'letters', mailboxIds: held.row.mailboxIds, arrived: [held.row.id] });
    this.tell({ kind: 'mailboxes' });
    return held.row.id;
  }

  /** Puts a letter where its row says, as the client does with what was sent. */
  keep(held: Held): void {
    this.#letters.set(held.row.id, held);
    this.tell({ kind: 'letters', mailboxIds: held.row.mailboxIds, arrived: [held.row.id] });
    this.tell({ kind: 'mailboxes' });
  }

  async session(): Promise<SessionInfo> {
    return this.#info;
  }
  async signOut(): Promise<void> {
    this.tell({ kind: 'signed-out' });
  }

  #where(wanted: (row: ListRow) => boolean): LetterId[] {
    return [...this.#letters.values()]
      .filter((held) => wanted(held.row))
      .toSorted((a, b) => b.row.receivedMs - a.row.receivedMs)
      .map((held) => held.row.id);
  }

  #mayBeRead(): void {
    if (this.unreadable) throw new Error('no-connection');
  }

  async mailboxes(): Promise<readonly MailboxInfo[]> {
    this.#mayBeRead();
    const counts = new Map<MailboxId, { total: number; unread: number }>();
    for (const { row } of this.#letters.values()) {
      for (const id of row.mailboxIds) {
        const count = counts.get(id) ?? { total: 0, unread: 0 };
        count.total++;
        if (!row.keywords.includes('$seen')) count.unread++;
        counts.set(id, count);
      }
    }
    return [...this.#boxes.values()].map((box) => ({ ...box, ...(counts.get(box.id) ?? { total: 0, unread: 0 }) }));
  }
  async list(mailboxId: MailboxId): Promise<readonly LetterId[]> {
    this.#mayBeRead();
    return this.#where((row) => row.mailboxIds.includes(mailboxId));
  }
  async listKeyword(keyword: string): Promise<readonly LetterId[]> {
    return this.#where((row) => row.keywords.includes(keyword));
  }
  async rows(ids: readonly LetterId[]): Promise<readonly ListRow[]> {
    return ids.flatMap((id) => {
      const held = this.#letters.get(id);
      return held ? { ...held.row, threadCount: threadIn(this.#letters.values(), held).length } : [];
    });
  }

  async open(id: LetterId): ReturnType<Backend['open']> {
    const held = this.#letters.get(id);
    if (!held) return err({ kind: 'gone' });
    if (held.row.altered) return err({ kind: 'altered' });
    return ok(openedSample(held));
  }

  async thread(id: LetterId): ReturnType<Backend['thread']> {
    const held = this.#letters.get(id);
    return held ? threadIn(this.#letters.values(), held).map((other) => other.row.id) : [id];
  }
  async learnThreads(): Promise<void> {}
  async conversations(): ReturnType<Backend['conversations']> {
    return threadsIn(this.#letters.values());
  }

  async change(ids: readonly LetterId[], patch: LetterPatch): ReturnType<Backend['change']> {
    if (this.failing) return err({ kind: 'no-connection' });
    for (const id of ids) {
      const held = this.#letters.get(id);
      if (!held) continue;
      const gone = new Set(patch.removeKeywords);
      const keywords = [...new Set([...held.row.keywords, ...(patch.addKeywords ?? [])])].filter((k) => !gone.has(k));
      held.row = { ...held.row, keywords, mailboxIds: patch.mailboxIds ?? held.row.mailboxIds };
    }
    this.tell({ kind: 'mailboxes' });
    return ok(undefined);
  }
  async destroy(ids: readonly LetterId[]): ReturnType<Backend['destroy']> {
    if (this.failing) return err({ kind: 'no-connection' });
    for (const id of ids) {
      const held = this.#letters.get(id);
      if (held) this.#deleted.set(id, held);
      this.#letters.delete(id);
    }
    this.tell({ kind: 'mailboxes' });
    return ok(undefined);
  }
  deleted: Backend['deleted'] = async () => ({
    ids: [...this.#deleted.keys()],
    nextPurgeMs: this.#deleted.size === 0 ? undefined : Date.now() + 7 * 24 * HOUR_MS,
  });
  bringBack: Backend['bringBack'] = async (ids, to) => {
    for (const id of ids) {
      const held = this.#deleted.get(id);
      if (held) this.#letters.set(id, { ...held, row: { ...held.row, mailboxIds: [to] } });
      this.#deleted.delete(id);
    }
    this.tell({ kind: 'mailboxes' });
    return ok(undefined);
  };
  destroyNow: Backend['destroyNow'] = async (ids) => {
    for (const id of ids) if (!this.#deleted.delete(id)) this.#letters.delete(id);
    this.tell({ kind: 'mailboxes' });
    return ok(undefined);
  };
  closeMailbox: Backend['closeMailbox'] = async () => ok(undefined);
  async createMailbox(name: string, parentId: MailboxId | undefined): ReturnType<Backend['createMailbox']> {
    const id = newId<MailboxId>();
    this.#boxes.set(id, { id, role: undefined, name, parentId, sortOrder: this.#boxes.size, total: 0, unread: 0 });
    this.tell({ kind: 'mailboxes' });
    return ok({ id });
  }
  async renameMailbox(id: MailboxId, name: string): ReturnType<Backend['renameMailbox']> {
    for (const [key, box] of this.#boxes) if (box.id === id) this.#boxes.set(key, { ...box, name });
    this.tell({ kind: 'mailboxes' });
    return ok(undefined);
  }
  async removeMailbox(id: MailboxId): ReturnType<Backend['removeMailbox']> {
    if (this.#where((row) => row.mailboxIds.includes(id)).length > 0) return err({ kind: 'not-allowed' });
    for (const [key, box] of this.#boxes) if (box.id === id) this.#boxes.delete(key);
    this.tell({ kind: 'mailboxes' });
    return ok(undefined);
  }
  async search(text: string): Promise<readonly LetterId[]> {
    const wanted = text.toLowerCase();
    return [...this.#letters.values()]
      .filter(({ row, sample }) =>
        `${row.subject} ${sample.text} ${sample.from.join(' ')}`.toLowerCase().includes(wanted),
      )
      .toSorted((a, b) => b.row.receivedMs - a.row.receivedMs)
      .map((held) => held.row.id);
  }
  onChange(listener: (event: PageEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async serverRows(ids: readonly LetterId[]): Promise<readonly ServerRow[]> {
    return ids.map((id, index) => ({ id, text: this.#serverRow(id, index) }));
  }
  #serverRow(id: LetterId, index: number): string {
    const row = this.#letters.get(id)?.row;
    return JSON.stringify({
      id,
      mailboxIds: Object.fromEntries((row?.mailboxIds ?? []).map((box) => [box, true])),
      receivedAt: new Date(row?.receivedMs ?? 0).toISOString(),
      size: Math.round(row?.sizeBytes ?? 0),
      subject: '[...]',
      preview: '',
      sealedSummary: scramble(index + (row?.sizeBytes ?? 0), 256),
    });
  }
  async serverMailboxes(): Promise<readonly ServerRow[]> {
    return [...this.#boxes.values()].map((box, index) => ({
      id: box.id,
      text: JSON.stringify({ id: box.id, role: box.role ?? null, sealedName: scramble(index + 7, 48) }),
    }));
  }
  async serverLetter(id: LetterId): Promise<ServerRow> {
    const lines = (scramble(id.charCodeAt(3), 6_000).match(/.{1,64}/g) ?? []).join('\n');
    return { id, text: `-----BEGIN PGP MESSAGE-----\n\n${lines}\n-----END PGP MESSAGE-----` };
  }

  async disclosure(): ReturnType<Backend['disclosure']> {
    return disclosure;
  }
  async storage(): Promise<{ usedBytes: number; limitBytes: number }> {
    return { usedBytes: 1_284_000_000, limitBytes: 10_737_418_240 };
  }
  async preferences(): Promise<Preferences> {
    return this.#preferences;
  }
  async setPreferences(preferences: Preferences): ReturnType<Backend['setPreferences']> {
    this.#preferences = preferences;
    return ok(undefined);
  }
  async rules(): Promise<readonly Rule[]> {
    return this.#rules;
  }
  async setRules(rules: readonly Rule[]): ReturnType<Backend['setRules']> {
    this.#rules = rules.map((rule) => ({ ...rule, id: rule.id ?? newId<ItemId>() }));
    return ok(undefined);
  }
  async sessions(): ReturnType<Backend['sessions']> {
    return this.#sessions;
  }
  async endSession(id: SessionId): ReturnType<Backend['endSession']> {
    this.#sessions = this.#sessions.filter((session) => session.id !== id);
    return ok(undefined);
  }
  async recoveryDueMs(): Promise<number | undefined> {
    return this.#dueMs;
  }
  async cancelRecovery(): ReturnType<Backend['cancelRecovery']> {
    this.#dueMs = undefined;
    return ok(undefined);
  }
}
