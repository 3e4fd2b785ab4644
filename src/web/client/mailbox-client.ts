// The mailbox side of the client: every part on one open session, as the page's Backend.

import type { Clock } from '#base/clock.ts';
import type { AccountId, LetterId } from '#base/ids.ts';
import type { Backend, MailboxInfo, PageEvent, Person, SignedIn } from '../backend.ts';
import type { Writing } from '../writing.ts';
import { laterWriting } from './compose/later-writing.ts';
import type { Conversations } from './conversations.ts';
import { createLetterChanges } from './letter-changes.ts';
import { factsOf } from './letter-row.ts';
import { createFolders } from './mailbox-folders.ts';
import { createSharing } from './holders/sharing.ts';
import { openSession, readState, type OpenSession } from './open-session.ts';
import type { PageOpener } from './open-for-page.ts';
import { createPreferences } from './preferences.ts';
import { Push, type EventStream } from './push.ts';
import { createRowStore, type RowStore } from './row-store.ts';
import type { Search } from './search.ts';
import { createThreadNews } from './thread-news.ts';
import { laterSecurity } from './later-security.ts';
import type { Security } from './security.ts';

export interface MailboxParts {
  readonly reach: typeof fetch;
  readonly signedIn: SignedIn;
  readonly openStream: (path: string) => EventStream;
  readonly clock: Clock;
  /** A mailbox held beside the own one, opened in its place. */
  readonly shared?: AccountId | undefined;
}

/** Beside `Backend`: the second factor's reset, for the page that announces it. */
export type MailboxClient = Backend & Writing & Pick<Security, 'recoveryDueMs' | 'cancelRecovery'>;

/** Throws when the session has ended, or when what the server shows does not fit the account's keys. */
export async function openMailboxClient(parts: MailboxParts): Promise<MailboxClient> {
  const { clock, signedIn } = parts;
  const { own, session, openStream, info } = await openBoth(parts);
  const rows = createRowStore(session);
  const folders = rememberingFolders(createFolders(session));
  const { search, opener, conversations, writing } = createLaterParts(session, clock, rows, folders);
  const security = whenNeeded(async () =>
    (await import('./security.ts')).createSecurity(own, signedIn.session, session),
  );
  const listeners = new Set<(event: PageEvent) => void>();
  const tell = (event: PageEvent): void => listeners.forEach((listener) => listener(event));
  const news = createThreadNews(() => conversations.loaded(), tell);
  const push = new Push({
    jmap: session.jmap,
    openStream,
    onLetters: ({ arrived, other }) => {
      rows.forget(other);
      void search.loaded()?.then((loaded) => loaded.forget(other));
      void rebuildClosed(arrived, rows, () => opener.load()).then(news.now);
    },
  });
  return {
    ...folders.part,
    ...createLetterChanges(session),
    ...laterServerView(session),
    ...createPreferences(own),
    ...laterDoorRules(own),
    ...laterSecurity(own, () => security.load()),
    ...createSharing(own, clock, signedIn.session.address, parts.shared),
    ...(parts.shared === undefined ? {} : { session: info }),
    list: rows.list,
    listKeyword: rows.listKeyword,
    async rows(ids) {
      const loading = conversations.load().catch(() => undefined); // without it each letter stands alone
      const list = await rows.rows(ids);
      for (const row of list) push.place(row.id, row.mailboxIds);
      const counted = (await loading)?.count(list, ids) ?? list;
      news.soon();
      return counted;
    },
    open: async (id) => (await opener.load()).open(id),
    thread: async (id) => (await conversations.load()).threadOf(id),
    conversations: async () => (await conversations.load()).all(),
    async learnThreads() {
      await (await conversations.load()).learn();
      await news.now();
    },
    search: async (text) => (await search.load()).search(text),
    onChange(listener) {
      listeners.add(listener);
      const stop = push.onChange(listener);
      return () => {
        listeners.delete(listener);
        stop();
      };
    },
    ...laterWriting(() => writing.load()),
  };
}

/** What opens letters, searches and writes is loaded when it is first used: the list does not wait for it. */
function createLaterParts(session: OpenSession, clock: Clock, rows: RowStore, folders: Folders) {
  const search = whenNeeded<Search>(async () => (await import('./search.ts')).createSearch(session, rows));
  const opener = whenNeeded<PageOpener>(async () => {
    const [{ createPageOpener }, { createPinnedKeys }] = await Promise.all([
      import('./open-for-page.ts'),
      import('./pinned-keys.ts'),
    ]);
    return createPageOpener(session, createPinnedKeys(session, clock), clock);
  });
  const conversations = whenNeeded<Conversations>(async () => {
    const [part, boxes] = await Promise.all([import('./conversations.ts'), folders.known()]);
    return new part.Conversations(session, rows, boxes);
  });
  const writing = whenNeeded<Writing>(async () => {
    const { createWriting } = await import('./compose/writing-client.ts');
    return createWriting(session, clock, () => peopleOf(rows));
  });
  return { search, opener, conversations, writing };
}

type Folders = ReturnType<typeof rememberingFolders>;

/** The answer asked for last, for what only asks which mailbox is the trash. */
function rememberingFolders(folders: ReturnType<typeof createFolders>) {
  let last: Promise<readonly MailboxInfo[]> | undefined;
  const part = { ...folders, mailboxes: () => (last = folders.mailboxes()) };
  return { part, known: () => last ?? part.mailboxes() };
}

/** Both are asked for long after the list stands. */
function laterServerView(session: OpenSession): Pick<Backend, 'serverRows' | 'serverMailboxes' | 'serverLetter'> {
  const view = async () => (await import('./server-view.ts')).createServerView(session);
  return {
    serverRows: async (ids) => (await view()).serverRows(ids),
    serverMailboxes: async () => (await view()).serverMailboxes(),
    serverLetter: async (id) => (await view()).serverLetter(id),
  };
}

function laterDoorRules(session: OpenSession): Pick<Backend, 'rules' | 'setRules'> {
  const part = async () => (await import('./door-rules.ts')).createDoorRules(session);
  return {
    rules: async () => (await part()).rules(),
    setRules: async (rules) => (await part()).setRules(rules),
  };
}

interface Opened {
  /** The person's own: settings, security, sharing. */
  readonly own: OpenSession;
  /** The one whose letters are shown. */
  readonly session: OpenSession;
  readonly openStream: MailboxParts['openStream'];
  readonly info: Backend['session'];
}

async function openBoth({ reach, signedIn, openStream, clock, shared }: MailboxParts): Promise<Opened> {
  const opened = await openSession(reach, signedIn);
  if (!opened.ok) throw new Error(`the mailbox does not open: ${opened.error.kind}`);
  const own = opened.value;
  const info = async () => signedIn.session;
  if (shared === undefined) return { own, session: own, openStream, info };
  const [{ openShared }, { readShared }] = await Promise.all([
    import('./holders/open-shared.ts'),
    import('./holders/shared-mailboxes.ts'),
  ]);
  const session = await openShared({ session: own, clock }, shared);
  if (!session.ok) throw new Error(`the mailbox does not open: ${session.error.kind}`);
  const all = await readShared(own);
  const address = (all.ok ? all.value : []).find((one) => one.accountId === shared)?.address ?? '';
  return {
    own,
    session: session.value,
    openStream: (path) => openStream(`${path}&account=${shared}`),
    async info() {
      const living = await readState(own.door);
      return living.ok ? { ...living.value.session, accountId: shared, address } : undefined;
    },
  };
}

/** Who stands in the letters of this session, for the composer's suggestions. */
function* peopleOf(rows: RowStore): Generator<Person> {
  for (const { summary } of rows.opened()) {
    if (!summary) continue;
    const { from, to } = factsOf(summary);
    yield* from;
    yield* to;
  }
}

/** Letters that came encrypted say nothing in the list until a client of the account has opened them once. */
async function rebuildClosed(
  ids: readonly LetterId[],
  rows: RowStore,
  loadOpener: () => Promise<PageOpener>,
): Promise<void> {
  for (const id of ids) {
    try {
      await rows.rows([id]);
      if (rows.find(id)?.summary?.kind === 'outer') await (await loadOpener()).rebuild(id);
    } catch {
      return; // the connection is gone: opening the letter does the same later
    }
  }
}

interface WhenNeeded<T> {
  load(): Promise<T>;
  /** Undefined while nobody has needed it. */
  loaded(): Promise<T> | undefined;
}

function whenNeeded<T>(make: () => Promise<T>): WhenNeeded<T> {
  let made: Promise<T> | undefined;
  return {
    load: () => (made ??= make()),
    loaded: () => made,
  };
}
