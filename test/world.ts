// A house among others for journeys: the whole program, names from a fake name server, other people's servers on loopback, and each of its connections noted.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { requireValue } from '#base/assert.ts';
import { systemClock } from '#base/clock.ts';
import { openDkimKeys, publishedRecords } from '#vault/keykit/dkim-keys.ts';
import type { ListRow } from '../src/web/backend.ts';
import { openMailboxClient, type MailboxClient } from '../src/web/client/mailbox-client.ts';
import type { Draft } from '../src/web/writing.ts';
import { noteConnections, type Connection } from './connections.ts';
import type { Zone } from './fakes/dns-server.ts';
import { startProgram, type RunningProgram } from './running-program.ts';
import type { Person } from './signed-in.ts';

/** What world-program.ts is told. */
export interface WorldOrder {
  /** Of every mail server outside, instead of 25. */
  readonly peerPort: number;
  /** Of every web server outside, instead of 443. */
  readonly securePort: number;
  /** Certificates of the servers outside. */
  readonly trustPem: string;
  readonly retriesMs?: readonly number[];
}

export interface WorldHouse extends AsyncDisposable {
  readonly program: RunningProgram;
  readonly folder: string;
  /** Each connection that the program or a child of it began so far; undefined where nobody can watch (no strace). */
  connections(): Promise<readonly Connection[] | undefined>;
}

export interface WorldHouseOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly isSecure?: boolean;
  readonly ports?: { readonly smtp: number; readonly http: number };
}

export async function openWorldHouse(order: WorldOrder, options: WorldHouseOptions): Promise<WorldHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-world-'));
  const notes = noteConnections(join(folder, 'connections'));
  const program = await startProgram({
    script: fileURLToPath(new URL('world-program.ts', import.meta.url)),
    under: notes.under,
    env: { SIEGEL_TRUSTED_NETWORKS: '', WORLD_ORDER: JSON.stringify(order), ...options.env },
    isSecure: options.isSecure ?? false,
    ...(options.ports ? { ports: options.ports } : {}),
  });
  return {
    program,
    folder,
    connections: () => notes.read(),
    async [Symbol.asyncDispose]() {
      await program.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a house with this domain publishes of its signing keys. */
export async function dkimZone({ dataDir }: RunningProgram, domain: string): Promise<Zone> {
  const keys = await openDkimKeys(`${dataDir}-kit`, 0);
  if (!keys.ok) throw new Error(keys.error.kind);
  const records = publishedRecords(keys.value, keys.value[0]?.fromMs ?? 0);
  return Object.fromEntries(records.map(({ name, text }) => [`${name}.${domain}`, { TXT: [text] }]));
}

/** The page's own client, without a page. */
export function openMailbox({ reach, signedIn }: Pick<Person, 'reach' | 'signedIn'>): Promise<MailboxClient> {
  const stream = { addEventListener: () => undefined, close: () => undefined, readyState: 1 };
  return openMailboxClient({ reach, signedIn, openStream: () => stream, clock: systemClock });
}

export async function draftFor(
  mail: MailboxClient,
  to: string,
  { subject, plainText }: Pick<Draft, 'subject' | 'plainText'>,
): Promise<Draft> {
  const [identity] = await mail.identities();
  return {
    id: undefined,
    identityId: requireValue(identity, 'an identity').id,
    to: [{ name: '', address: to }],
    cc: [],
    bcc: [],
    subject,
    plainHtml: undefined,
    plainText,
    files: [],
    answers: undefined,
  };
}

/** The newest letter of the inbox, as soon as there are `count`. */
export async function arrival(mail: MailboxClient, count = 1, waitMs = 20_000): Promise<ListRow> {
  const inbox = requireValue(
    (await mail.mailboxes()).find(({ role }) => role === 'inbox'),
    'an inbox',
  );
  for (const untilMs = performance.now() + waitMs; performance.now() < untilMs; await wait(100)) {
    const ids = await mail.list(inbox.id);
    if (ids.length >= count) return requireValue((await mail.rows(ids.slice(0, 1)))[0], 'a row');
  }
  throw new Error(`nothing came within ${waitMs} ms`);
}

/** Until something is there. */
export async function until<T>(find: () => T | undefined | Promise<T | undefined>, what: string): Promise<T> {
  for (const untilMs = performance.now() + 20_000; performance.now() < untilMs; await wait(50)) {
    const found = await find();
    if (found !== undefined) return found;
  }
  throw new Error(`waited in vain for ${what}`);
}
