// For tests of this room: a house with a real journal, a real database and a real port, and people signed in to it.

import { serve } from '@hono/node-server';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { after } from 'node:test';
import type { Hono } from 'hono';
import { requireValue } from '#base/assert.ts';
import { systemClock } from '#base/clock.ts';
import { newId, type AccountId, type LetterId, type MailboxId, type SessionId } from '#base/ids.ts';
import { silentLog } from '#base/log/log.ts';
import { CORE, MAIL, QUOTA, SEALED, SUBMISSION } from '#formats/jmap/capabilities.ts';
import { openCommitDoor, type CommitDoor } from '#vault/database/commit.ts';
import type { Reader } from '#vault/database/reader.ts';
import { rebuildDatabase } from '#vault/database/test-rebuild.ts';
import { startTestCluster, type TestCluster } from '#vault/database/test-cluster.ts';
import {
  makeLetter,
  makeSignUp,
  mustCommit,
  newDatabase,
  openTestHouse,
  type TestHouse,
} from '#vault/database/test-house.ts';
import type { Command } from '#vault/journal/commands.ts';
import { renderedSizeBytes } from '#vault/sealing/render.ts';
import { createJmap, type JmapNeighbours } from './jmap.ts';

/** What came back, to be looked into: `text` and `list` say what a member must be. */
export interface Json {
  readonly [member: string]: Json;
}
export type Arguments = Readonly<Record<string, unknown>>;

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`not a text: ${JSON.stringify(value)}`);
  return value;
}

export function list(value: unknown): readonly Json[] {
  if (!Array.isArray(value)) throw new Error(`not a list: ${JSON.stringify(value)}`);
  return value;
}

export function texts(value: unknown): readonly string[] {
  return list(value).map(text);
}

export interface Person {
  readonly id: AccountId;
  readonly address: string;
  readonly token: string;
  readonly mailboxes: Readonly<Record<'inbox' | 'drafts' | 'sent' | 'archive' | 'junk' | 'trash', MailboxId>>;
}

type Sessions = Map<string, { readonly accountId: AccountId; readonly sessionId: SessionId }>;

interface Opened {
  readonly cluster: TestCluster;
  readonly journal: TestHouse['journal'];
  readonly server: ReturnType<typeof serve>;
  options: TestHouse['options'];
  door: CommitDoor;
  app: Hono;
}

export class JmapHouse implements AsyncDisposable {
  url = '';
  readonly #sessions: Sessions = new Map();
  readonly #neighbours: Partial<JmapNeighbours>;
  #opened: Opened | undefined;
  #people = 0;

  /** `neighbours`: what a test brings itself. */
  constructor(neighbours: Partial<JmapNeighbours> = {}) {
    this.#neighbours = neighbours;
  }

  get #house(): Opened {
    return requireValue(this.#opened, 'the house is open');
  }

  async open(cluster: TestCluster, directory: string): Promise<void> {
    const { journal, options, door } = await openTestHouse(cluster, directory);
    const fetch = (request: Request): Response | Promise<Response> => this.#house.app.fetch(request);
    const server = serve({ fetch, hostname: '127.0.0.1', port: 0, overrideGlobalObjects: false });
    this.#opened = { cluster, journal, options, door, server, app: this.#createApp(options, door, journal) };
    if (!server.listening) await once(server, 'listening');
    const address = server.address();
    this.url = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
  }

  #createApp(options: TestHouse['options'], door: CommitDoor, journal: TestHouse['journal']): Hono {
    return createJmap(
      { log: silentLog, clock: systemClock, publicOrigin: undefined },
      {
        authenticate: async (request) => this.#sessions.get(request.headers.get('Authorization')?.slice(7) ?? ''),
        reader: options.database.reader,
        door,
        findJournal: (number) => (number === journal.journal ? journal : undefined),
        ledgerElement: (letterId, digest) => createHmac('sha256', 'ledger').update(letterId).update(digest).digest(),
        ...this.#neighbours,
      },
    );
  }

  /** The database is thrown away and made again from the journal. */
  async rebuild(): Promise<void> {
    const house = this.#house;
    await house.door[Symbol.asyncDispose]();
    await house.options.database.close();
    house.options = { ...house.options, database: await newDatabase(house.cluster) };
    const rebuilt = await rebuildDatabase(house.options);
    if (!rebuilt.ok) throw new Error(rebuilt.error.kind);
    const opened = await openCommitDoor(house.options);
    if (!opened.ok) throw new Error(opened.error.kind);
    house.door = opened.value;
    house.app = this.#createApp(house.options, house.door, house.journal);
  }

  get door(): CommitDoor {
    return this.#house.door;
  }

  get reader(): Reader {
    return this.#house.options.database.reader;
  }

  get cluster(): TestCluster {
    return this.#house.cluster;
  }

  /** Somebody new, with an address nobody has yet unless one is given. */
  async signUp(address = `anna${++this.#people}@siegel.test`): Promise<Person> {
    const { account, command } = makeSignUp(address);
    await mustCommit(this.door, account.id, command);
    const token = newId<SessionId>();
    this.#sessions.set(token, { accountId: account.id, sessionId: token });
    const [inbox, drafts, sent, archive, junk, trash] = account.mailboxes.map((id) => requireValue(id, 'mailbox'));
    const mailboxes = { inbox, drafts, sent, archive, junk, trash } as Person['mailboxes'];
    return { id: account.id, address, token, mailboxes };
  }

  async command(person: Person, command: Command): Promise<void> {
    await mustCommit(this.door, person.id, command);
  }

  signOut(person: Person): void {
    this.#sessions.delete(person.token);
  }

  /** Keeps a letter for one person; resolves when its row is there. */
  async deliver(
    person: Person,
    of: {
      mailboxId?: MailboxId;
      receivedMs?: number;
      sizeBytes?: number;
      keywords?: string[];
      expiresMs?: number;
    } = {},
  ): Promise<LetterId> {
    const entry = makeLetter([
      { accountId: person.id, mailboxId: of.mailboxId ?? person.mailboxes.inbox, keywords: of.keywords ?? [] },
    ]);
    const [copy] = entry.copies;
    const record = {
      ...requireValue(copy, 'copy').record,
      ...(of.receivedMs === undefined ? {} : { receivedMs: of.receivedMs }),
      renderSizeBytes: of.sizeBytes ?? renderedSizeBytes(1, KEY_PACKET_BYTES, entry.packet.length),
      ...(of.expiresMs === undefined ? {} : { expiresMs: of.expiresMs }),
    };
    const kept = await this.door.keepLetter({ ...entry, copies: [{ ...requireValue(copy, 'copy'), record }] });
    if (!kept.ok) throw new Error(kept.error.kind);
    await this.door.settled(person.id);
    return record.letterId;
  }

  fetch(person: Person, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${person.token}`);
    return fetch(path.startsWith('http') ? path : this.url + path, { ...init, headers });
  }

  async post(person: Person, body: BodyInit, contentType = 'application/json'): Promise<Response> {
    return this.fetch(person, '/jmap/api', { method: 'POST', headers: { 'Content-Type': contentType }, body });
  }

  /** The answers of several calls: [name, arguments] each. */
  async calls(
    person: Person,
    calls: readonly (readonly [string, Arguments])[],
    using = ALL,
  ): Promise<readonly Answer[]> {
    const methodCalls = calls.map(([name, args], index) => [name, withAccount(name, args, person), `c${index}`]);
    const response = await this.post(person, JSON.stringify({ using, methodCalls }));
    const body = (await response.json()) as { methodResponses: readonly Answer[] };
    if (response.status !== 200) throw new Error(`${response.status} ${JSON.stringify(body)}`);
    return body.methodResponses;
  }

  /** The answer of one call, which must not be an error. */
  async call(person: Person, name: string, args: Arguments = {}, using = ALL): Promise<Json> {
    const [answered, result] = requireValue((await this.calls(person, [[name, args]], using))[0], 'an answer');
    if (answered === 'error') throw new Error(`${name}: ${JSON.stringify(result)}`);
    return result;
  }

  /** After the database was away. */
  async untilAnswered(person: Person): Promise<void> {
    for (let tries = 0; ; tries++) {
      const answer = await this.calls(person, [['Mailbox/get', {}]]).catch(() => undefined);
      if (answer?.[0]?.[0] === 'Mailbox/get') return;
      if (tries === 100) throw new Error('not answered after 20 s');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** The type of the error of one call, which must be one. */
  async error(person: Person, name: string, args: Arguments = {}, using = ALL): Promise<string> {
    const [answered, result] = requireValue((await this.calls(person, [[name, args]], using))[0], 'an answer');
    if (answered !== 'error') throw new Error(`${name} was answered: ${JSON.stringify(result)}`);
    return text(result['type']);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { server, door, journal, options } = this.#house;
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await door[Symbol.asyncDispose]();
    await journal.close();
    await options.database.close();
  }
}

/** As makeLetter makes them. */
const KEY_PACKET_BYTES = 94;
export const ALL = [CORE, MAIL, SUBMISSION, QUOTA, SEALED];

export type Answer = readonly [name: string, args: Json, callId: string];

function withAccount(name: string, args: Arguments, person: Person): Arguments {
  return name === 'Core/echo' || 'accountId' in args ? args : { accountId: person.id, ...args };
}

/** A house that stands open while the tests of a file run, on a cluster and in a folder of its own. */
export async function jmapHouse(neighbours?: Partial<JmapNeighbours>): Promise<JmapHouse> {
  const house = new JmapHouse(neighbours);
  const stack = new AsyncDisposableStack();
  const directory = await mkdtemp('/tmp/siegel-jmap-');
  stack.defer(() => rm(directory, { recursive: true }));
  const cluster = stack.use(await startTestCluster());
  await house.open(cluster, directory);
  stack.use(house);
  after(() => stack.disposeAsync());
  return house;
}
