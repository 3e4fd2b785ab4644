// An independent JMAP client (jmap-jam) that loads once and then only follows changes (RFC 8620 §5.2, RFC 8621 §2.2).

import { JamClient } from 'jmap-jam';

const EMAIL_PROPERTIES = ['id', 'blobId', 'keywords', 'mailboxIds', 'size', 'receivedAt'] as const;
const CHANGES_MAX = 50;

export interface Seen {
  readonly emails: ReadonlyMap<string, unknown>;
  readonly mailboxes: ReadonlyMap<string, unknown>;
}

export class Follower {
  readonly #jam: JamClient;
  readonly #accountId: string;
  readonly #emails = new Map<string, unknown>();
  readonly #mailboxes = new Map<string, unknown>();
  /** How often it had to begin anew. */
  reloads = 0;
  #emailState = '';
  #mailboxState = '';

  constructor(url: string, { accountId, token }: { readonly accountId: string; readonly token: string }) {
    this.#jam = new JamClient({ sessionUrl: `${url}/jmap/session`, bearerToken: token });
    this.#accountId = accountId;
  }

  get seen(): Seen {
    return { emails: sorted(this.#emails), mailboxes: sorted(this.#mailboxes) };
  }

  /** Everything at once, as a client does that knows nothing. */
  async load(): Promise<Seen> {
    const accountId = this.#accountId;
    const [emails] = await this.#jam.request([
      'Email/get',
      { accountId, ids: null, properties: [...EMAIL_PROPERTIES] },
    ]);
    const [mailboxes] = await this.#jam.request(['Mailbox/get', { accountId }]);
    this.#emails.clear();
    this.#mailboxes.clear();
    for (const email of emails.list) this.#emails.set(email.id, email);
    for (const mailbox of mailboxes.list) this.#mailboxes.set(mailbox.id, mailbox);
    this.#emailState = emails.state;
    this.#mailboxState = mailboxes.state;
    return this.seen;
  }

  /** Told that changes cannot be counted from where it stands, it loads again, as RFC 8620 §5.2 asks. */
  async catchUp(): Promise<Seen> {
    try {
      while (await this.#followEmails());
      while (await this.#followMailboxes());
    } catch (cause) {
      if (!isTooOld(cause)) throw cause;
      this.reloads += 1;
      return this.load();
    }
    return this.seen;
  }

  async #followEmails(): Promise<boolean> {
    const asked = { accountId: this.#accountId, sinceState: this.#emailState, maxChanges: CHANGES_MAX };
    const [changes] = await this.#jam.request(['Email/changes', asked]);
    const ids = [...changes.created, ...changes.updated];
    const properties = [...EMAIL_PROPERTIES];
    const [got] = await this.#jam.request(['Email/get', { accountId: this.#accountId, ids, properties }]);
    for (const email of got.list) this.#emails.set(email.id, email);
    for (const id of [...changes.destroyed, ...got.notFound]) this.#emails.delete(id);
    this.#emailState = changes.newState;
    return changes.hasMoreChanges;
  }

  async #followMailboxes(): Promise<boolean> {
    const asked = { accountId: this.#accountId, sinceState: this.#mailboxState, maxChanges: CHANGES_MAX };
    const [changes] = await this.#jam.request(['Mailbox/changes', asked]);
    const ids = [...changes.created, ...changes.updated];
    const [got] = await this.#jam.request(['Mailbox/get', { accountId: this.#accountId, ids }]);
    for (const mailbox of got.list) this.#mailboxes.set(mailbox.id, mailbox);
    for (const id of [...changes.destroyed, ...got.notFound]) this.#mailboxes.delete(id);
    this.#mailboxState = changes.newState;
    return changes.hasMoreChanges;
  }
}

function isTooOld(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'type' in cause && cause.type === 'cannotCalculateChanges';
}

function sorted(map: ReadonlyMap<string, unknown>): ReadonlyMap<string, unknown> {
  return new Map([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
