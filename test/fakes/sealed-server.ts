// A server of sealed mail in memory, for tests of the client alone: items, own letters, submissions, keys; it can lose answers and refuse.

import { newId, type LetterId, type MailboxId } from '#base/ids.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { readLetter } from '#formats/message/letter-view.ts';
import { createJmapClient } from '#web/client/jmap-client.ts';
import type { OpenSession } from '#web/client/open-session.ts';
import { createSummaryReader } from '#web/client/summary-reader.ts';
import { render } from '#vault/sealing/render.ts';
import { makeDoorKey, type TestMailbox } from '#vault/sealing/test-mailbox.ts';

type Members = Record<string, unknown>;
type Bytes = Uint8Array<ArrayBuffer>;

interface HeldItem {
  readonly collection: string;
  readonly id: string;
  readonly version: number;
  readonly sealed: string;
}

interface HeldLetter {
  readonly id: LetterId;
  readonly blobId: string;
  mailboxIds: Members;
  keywords: Members;
  readonly receivedAt: string;
  readonly summary: string;
  readonly terms: string;
  readonly rendered: Bytes;
}

export interface HeldSubmission {
  readonly id: string;
  readonly emailId: string;
  readonly recipients: readonly string[];
  readonly transit: Bytes;
  readonly undoMs: number;
  undoStatus: 'pending' | 'final' | 'canceled';
}

export interface ShownKey {
  readonly source: 'house' | 'wkd' | 'none' | 'unreachable' | 'limited';
  readonly certificate?: Bytes;
  readonly deliverable?: boolean;
}

export class SealedServer {
  readonly items = new Map<string, HeldItem>();
  readonly letters = new Map<string, HeldLetter>();
  readonly submissions: HeldSubmission[] = [];
  readonly keys = new Map<string, ShownKey>();
  readonly uploads = new Map<string, Bytes>();
  readonly asked: string[] = [];
  readonly boxes = new Map<string, MailboxId>(
    ['inbox', 'drafts', 'sent', 'archive', 'trash', 'junk'].map((role) => [role, newId<MailboxId>()]),
  );
  /** Called in front of each method; may throw to lose the question, or return an error to refuse it. */
  before: (method: string, args: Members) => Members | undefined = () => undefined;
  /** Called when the work is done: may throw to lose the answer. */
  after: (method: string) => void = () => undefined;
  /** What happens elsewhere before the answer to these methods goes out. */
  meanwhile: (methods: readonly string[]) => Promise<void> = async () => undefined;
  /** SetError for the next submissions, by the number of those made. */
  refuseSubmission: (count: number) => Members | undefined = () => undefined;
  readonly #addresses: readonly string[];

  constructor(addresses: readonly string[]) {
    this.#addresses = addresses;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const path = typeof input === 'string' ? input : input instanceof URL ? input.pathname : input.url;
    if (path.startsWith('/jmap/upload/')) return this.#upload(init?.body);
    if (path.startsWith('/jmap/download/')) {
      const found = [...this.letters.values()].find(({ blobId }) => path.includes(blobId));
      return found ? new Response(found.rendered) : new Response(null, { status: 404 });
    }
    const body: unknown = init?.body;
    const { methodCalls } = JSON.parse(typeof body === 'string' ? body : '') as {
      methodCalls: [string, Members, string][];
    };
    const methodResponses = methodCalls.map(([name, args, place]) => {
      this.asked.push(name);
      const refused = this.before(name, args);
      const result = refused ?? this.#call(name, args);
      this.after(name);
      return [refused ? 'error' : name, result, place];
    });
    await this.meanwhile(methodCalls.map(([name]) => name));
    return Response.json({ methodResponses });
  };

  #upload(body: unknown): Response {
    this.before('upload', {});
    const blobId = `U${newId()}`;
    this.uploads.set(blobId, Uint8Array.from(body as Uint8Array));
    return Response.json({ blobId }, { status: 201 });
  }

  #call(name: string, args: Members): Members {
    const ids = args['ids'] as readonly string[] | null | undefined;
    const wanted = <T extends { readonly id: string }>(all: Iterable<T>): T[] =>
      [...all].filter(({ id }) => ids === null || ids === undefined || ids.includes(id));
    if (name === 'SealedItem/get') {
      return { list: wanted([...this.items.values()].filter(({ collection }) => collection === args['collection'])) };
    }
    if (name === 'SealedItem/set') return this.#setItems(args);
    if (name === 'Identity/get') return { list: this.#addresses.map((email, n) => ({ id: `I${n}`, email })) };
    if (name === 'Mailbox/get') return { list: [...this.boxes].map(boxOf) };
    if (name === 'Email/get')
      return { list: wanted(this.letters.values()).map((one) => ({ ...one, size: one.rendered.length })) };
    if (name === 'SealedSummary/get')
      return {
        list: wanted(this.letters.values()).map(({ id, summary, terms }) => ({ id, version: 1, summary, terms })),
      };
    if (name === 'Email/set') return this.#setEmails(args);
    if (name === 'SealedEmail/set') return this.#keep(args);
    if (name === 'EmailSubmission/set') return this.#submit(args);
    if (name === 'EmailSubmission/query') return { ids: this.#query(args['filter'] as Members) };
    if (name === 'RecipientKey/lookup')
      return { list: (args['addresses'] as readonly string[]).map((one) => this.#shown(one)) };
    throw new Error(`the test server does not know ${name}`);
  }

  #shown(address: string): Members {
    const { source, certificate, deliverable = true } = this.keys.get(address.toLowerCase()) ?? { source: 'none' };
    return { address, source, certificate: certificate ? toBase64Url(certificate) : null, deliverable };
  }

  #setItems(args: Members): Members {
    const collection = String(args['collection']);
    const notCreated: Members = {};
    const notUpdated: Members = {};
    for (const [key, members] of Object.entries((args['create'] ?? {}) as Record<string, HeldItem>)) {
      if (this.items.has(members.id)) notCreated[key] = { type: 'invalidProperties' };
      else this.items.set(members.id, { ...members, collection });
    }
    for (const [id, members] of Object.entries((args['update'] ?? {}) as Record<string, HeldItem>)) {
      const old = this.items.get(id);
      if (!old) notUpdated[id] = { type: 'notFound' };
      else if (members.version !== old.version + 1) notUpdated[id] = { type: 'versionMismatch' };
      else this.items.set(id, { ...old, ...members });
    }
    for (const id of (args['destroy'] ?? []) as readonly string[]) this.items.delete(id);
    return { notCreated, notUpdated };
  }

  #setEmails(args: Members): Members {
    for (const id of (args['destroy'] ?? []) as readonly string[]) this.letters.delete(id);
    for (const [id, patch] of Object.entries((args['update'] ?? {}) as Record<string, Members>)) {
      const letter = this.letters.get(id);
      for (const [path, value] of Object.entries(patch)) {
        const keyword = path.replace('keywords/', '');
        if (letter && value === null) delete letter.keywords[keyword];
        else if (letter) letter.keywords[keyword] = true;
      }
    }
    return {};
  }

  #keep(args: Members): Members {
    const notCreated: Members = {};
    for (const [key, made] of Object.entries((args['create'] ?? {}) as Record<string, Record<string, string>>)) {
      const id = made['letterId'] as LetterId;
      const packet = this.uploads.get(made['packetBlobId'] ?? '');
      const replaces = made['replaces'];
      if (!packet || this.letters.has(id) || (replaces && !this.letters.has(replaces))) {
        notCreated[key] = { type: 'invalidProperties' };
        continue;
      }
      if (replaces) this.letters.delete(replaces);
      const receivedMs = Date.parse(made['receivedAt'] ?? '');
      const keyPacket = fromBase64(made['keyPacket'] ?? '') ?? new Uint8Array();
      this.letters.set(id, {
        id,
        blobId: `B${id}`,
        mailboxIds: made['mailboxIds'] as unknown as Members,
        keywords: made['keywords'] as unknown as Members,
        receivedAt: made['receivedAt'] ?? '',
        summary: made['summary'] ?? '',
        terms: made['terms'] ?? '',
        rendered: render(1, { letterId: id, receivedMs, keyPacket }, packet),
      });
    }
    return { notCreated };
  }

  #submit(args: Members): Members {
    const created: Members = {};
    const notCreated: Members = {};
    const updated: Members = {};
    const notUpdated: Members = {};
    for (const [key, made] of Object.entries((args['create'] ?? {}) as Record<string, Members>)) {
      const refused = this.refuseSubmission(this.submissions.length);
      const transit = this.uploads.get(String(made['transitBlobId']));
      if (refused || !transit || readLetter(transit).from.length !== 1) {
        notCreated[key] = refused ?? { type: 'invalidEmail' };
        continue;
      }
      const { rcptTo } = made['envelope'] as { rcptTo: readonly { email: string }[] };
      const submission: HeldSubmission = {
        id: newId(),
        emailId: String(made['emailId']),
        recipients: rcptTo.map(({ email }) => email),
        transit,
        undoMs: Number(made['undoMs']),
        undoStatus: 'pending',
      };
      this.submissions.push(submission);
      created[key] = { id: submission.id, sendAt: made['sendAt'] ?? null, undoStatus: 'pending' };
    }
    for (const id of Object.keys(args['update'] ?? {})) {
      const found = this.submissions.find((one) => one.id === id);
      if (found?.undoStatus === 'pending') {
        found.undoStatus = 'canceled';
        updated[id] = null;
      } else notUpdated[id] = { type: 'cannotUnsend' };
    }
    return { created, notCreated, updated, notUpdated };
  }

  #query({ emailIds, undoStatus }: Members): readonly string[] {
    return this.submissions
      .filter((one) => (emailIds as readonly string[]).includes(one.emailId) && one.undoStatus === undoStatus)
      .map(({ id }) => id);
  }
}

function boxOf([role, id]: readonly [string, MailboxId]) {
  return { id, role, parentId: null, sortOrder: 0, totalEmails: 0, unreadEmails: 0 };
}

/** A session of this mailbox at that server, as after signing in. */
export async function sessionAt(server: SealedServer, mailbox: TestMailbox): Promise<OpenSession> {
  const account = {
    keys: mailbox.accountKeys,
    keyring: mailbox.keyring,
    doorKey: makeDoorKey().publicKey,
    summaryKey: mailbox.made.summaryKey,
  } as OpenSession['account'];
  return {
    reach: server.fetch,
    jmap: createJmapClient(server.fetch, mailbox.accountId),
    account,
    summaries: await createSummaryReader(account),
  } as OpenSession;
}
