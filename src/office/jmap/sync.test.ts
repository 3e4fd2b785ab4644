// An independent client (jmap-jam) that follows changes through 1,000 random operations ends with what a reload shows.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JamClient } from 'jmap-jam';
import { newId, type MailboxId } from '#base/ids.ts';
import { jmapHouse, type Person } from './test-house.ts';

const OPERATIONS = 1000;
/** After so many operations the database is made again from the journal: states, ids and order must hold. */
const REBUILDS = [300, 700];

const house = await jmapHouse();

const below = (bound: number): number => Math.floor(Math.random() * bound);
const pick = <T>(from: readonly T[]): T | undefined => from[below(from.length)];

/** Does things to one account, through the API and at the door. */
class Doer {
  readonly #person: Person;
  readonly #letters: string[] = [];
  readonly #folders: string[] = [];

  constructor(person: Person) {
    this.#person = person;
  }

  async doOneThing(): Promise<void> {
    const dice = Math.random();
    if (dice < 0.35 || this.#letters.length < 5) await this.#deliver();
    else if (dice < 0.6) await this.#flag();
    else if (dice < 0.78) await this.#move();
    else if (dice < 0.88) await this.#destroy();
    else await this.#changeFolders();
  }

  async #deliver(): Promise<void> {
    const receivedMs = 1_700_000_000_000 + below(50) * 1000; // equal times are wanted
    const keywords = below(2) === 0 ? ['$seen'] : [];
    this.#letters.push(await house.deliver(this.#person, { receivedMs, keywords }));
  }

  async #flag(): Promise<void> {
    const keyword = pick(['$seen', '$flagged', 'work']) ?? '';
    const update = this.#some((id) => [id, { [`keywords/${keyword}`]: below(2) === 0 ? true : null }]);
    await house.call(this.#person, 'Email/set', { update });
  }

  async #move(): Promise<void> {
    const mailboxes = [...Object.values(this.#person.mailboxes), ...this.#folders];
    const places = (): Record<string, true> => ({ [pick(mailboxes) ?? '']: true, [pick(mailboxes) ?? '']: true });
    const update = this.#some((id) => [id, { mailboxIds: places() }]);
    await house.call(this.#person, 'Email/set', { update });
  }

  async #destroy(): Promise<void> {
    const [id] = this.#letters.splice(below(this.#letters.length), 1);
    await house.call(this.#person, 'Email/set', { destroy: [id] });
  }

  async #changeFolders(): Promise<void> {
    const sealed = { siegelSealedName: newId().slice(0, 24) }; // 26 characters are no base64url
    const folder = pick(this.#folders);
    const dice = below(4);
    if (folder === undefined || dice < 2) {
      const id = newId<MailboxId>();
      this.#folders.push(id);
      await house.call(this.#person, 'Mailbox/set', { create: { f: { id, parentId: folder ?? null, ...sealed } } });
    } else if (dice === 2) {
      await house.call(this.#person, 'Mailbox/set', { update: { [folder]: sealed } });
    } else {
      const args = { destroy: [folder], onDestroyRemoveEmails: true };
      const set = await house.call(this.#person, 'Mailbox/set', args);
      if (set['destroyed'] !== null) this.#folders.splice(this.#folders.indexOf(folder), 1);
    }
  }

  #some(entry: (id: string) => [string, unknown]): Record<string, unknown> {
    return Object.fromEntries(Array.from({ length: 1 + below(4) }, () => entry(pick(this.#letters) ?? '')));
  }
}

/** A client that only follows changes; it never reloads. */
class Follower {
  readonly #jam: JamClient;
  readonly #accountId: string;
  readonly emails = new Map<string, unknown>();
  readonly mailboxes = new Map<string, unknown>();
  list: string[] = [];
  #emailState = '';
  #mailboxState = '';
  #queryState = '';
  readonly #filter: { inMailbox: string };

  constructor(jam: JamClient, person: Person) {
    this.#jam = jam;
    this.#accountId = person.id;
    this.#filter = { inMailbox: person.mailboxes.inbox };
  }

  async begin(): Promise<void> {
    const accountId = this.#accountId;
    const [email] = await this.#jam.request(['Email/get', { accountId, ids: [] }]);
    this.#emailState = email.state;
    const [mailboxes] = await this.#jam.request(['Mailbox/get', { accountId }]);
    this.#mailboxState = mailboxes.state;
    for (const mailbox of mailboxes.list) this.mailboxes.set(mailbox.id, mailbox);
    const [query] = await this.#jam.request(['Email/query', { accountId, filter: this.#filter }]);
    this.#queryState = query.queryState;
    this.list = query.ids;
  }

  async followEmails(): Promise<boolean> {
    const accountId = this.#accountId;
    const maxChanges = 1 + below(6);
    const [changes] = await this.#jam.request([
      'Email/changes',
      { accountId, sinceState: this.#emailState, maxChanges },
    ]);
    assert.ok(changes.created.length + changes.updated.length + changes.destroyed.length <= maxChanges);
    for (const id of changes.updated) assert.ok(this.emails.has(id), 'updated before it was told as created');
    const ids = [...changes.created, ...changes.updated];
    const properties = ['id', 'keywords', 'mailboxIds', 'size', 'receivedAt'] as const;
    const [got] = await this.#jam.request(['Email/get', { accountId, ids, properties: [...properties] }]);
    for (const email of got.list) this.emails.set(email.id, email);
    // gone again between the two calls: it is told as destroyed when the states catch up
    for (const id of [...changes.destroyed, ...got.notFound]) this.emails.delete(id);
    this.#emailState = changes.newState;
    return changes.hasMoreChanges;
  }

  async followMailboxes(): Promise<boolean> {
    const accountId = this.#accountId;
    const maxChanges = 2 + below(6);
    const [changes] = await this.#jam.request([
      'Mailbox/changes',
      { accountId, sinceState: this.#mailboxState, maxChanges },
    ]);
    const ids = [...changes.created, ...changes.updated];
    const [got] = await this.#jam.request(['Mailbox/get', { accountId, ids }]);
    const onlyCounts = changes.updatedProperties !== null && changes.updatedProperties !== undefined;
    for (const mailbox of got.list) {
      if (onlyCounts && changes.updated.includes(mailbox.id)) {
        const counts = changes.updatedProperties ?? [];
        const told = Object.entries(mailbox).filter(([name]) => counts.some((count) => count === name));
        this.mailboxes.set(mailbox.id, { ...(this.mailboxes.get(mailbox.id) as object), ...Object.fromEntries(told) });
      } else this.mailboxes.set(mailbox.id, mailbox);
    }
    for (const id of [...changes.destroyed, ...got.notFound]) this.mailboxes.delete(id);
    this.#mailboxState = changes.newState;
    return changes.hasMoreChanges;
  }

  async followList(): Promise<void> {
    const args = { accountId: this.#accountId, filter: this.#filter, sinceQueryState: this.#queryState };
    const [changes] = await this.#jam.request(['Email/queryChanges', args]);
    const removed = new Set(changes.removed);
    this.list = this.list.filter((id) => !removed.has(id));
    for (const { id, index } of changes.added) {
      this.list = this.list.filter((other) => other !== id);
      this.list.splice(index, 0, id);
    }
    this.#queryState = changes.newQueryState;
  }

  async catchUp(): Promise<void> {
    while (await this.followEmails());
    while (await this.followMailboxes());
    await this.followList();
  }
}

test(
  'a client that only follows changes, through two rebuilds of the database, ends equal to one that reloads',
  { timeout: 240_000 },
  async () => {
    const person = await house.signUp('anna@siegel.test');
    const jam = new JamClient({ sessionUrl: `${house.url}/jmap/session`, bearerToken: person.token });
    assert.equal(await jam.getPrimaryAccount(), person.id);
    const doer = new Doer(person);
    const follower = new Follower(jam, person);
    await follower.begin();
    for (let done = 0; done < OPERATIONS; done++) {
      if (REBUILDS.includes(done)) await house.rebuild();
      const follow = pick([
        () => follower.followEmails(),
        () => follower.followMailboxes(),
        () => follower.followList(),
      ]);
      // the client asks while things happen
      await Promise.all([doer.doOneThing(), below(4) === 0 ? follow?.() : undefined]);
    }
    await follower.catchUp();

    const accountId = person.id;
    const [query] = await jam.request(['Email/query', { accountId, filter: { inMailbox: person.mailboxes.inbox } }]);
    assert.deepEqual(follower.list, query.ids);
    const properties = [
      'id' as const,
      'keywords' as const,
      'mailboxIds' as const,
      'size' as const,
      'receivedAt' as const,
    ];
    const [emails] = await jam.request(['Email/get', { accountId, ids: null, properties }]);
    const byId = (entries: Iterable<readonly [string, unknown]>): unknown =>
      new Map([...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    assert.ok(emails.list.length > 100);
    assert.deepEqual(byId(follower.emails), byId(emails.list.map((email) => [email.id, email] as const)));
    const [mailboxes] = await jam.request(['Mailbox/get', { accountId }]);
    assert.deepEqual(byId(follower.mailboxes), byId(mailboxes.list.map((mailbox) => [mailbox.id, mailbox] as const)));
    for (const mailbox of mailboxes.list) {
      const lying = emails.list.filter((email) => Object.hasOwn(email.mailboxIds ?? {}, mailbox.id));
      const unread = lying.filter((email) => !Object.hasOwn(email.keywords ?? {}, '$seen'));
      assert.deepEqual([mailbox.totalEmails, mailbox.unreadEmails], [lying.length, unread.length], mailbox.name);
    }
  },
);

test('the independent client downloads a letter, uploads a blob and sends several calls at once', async () => {
  const person = await house.signUp('bert@siegel.test');
  const id = await house.deliver(person);
  const jam = new JamClient({ sessionUrl: `${house.url}/jmap/session`, bearerToken: person.token });
  const accountId = await jam.getPrimaryAccount();
  const [{ emails }] = await jam.requestMany((draft) => {
    const ids = draft.Email.query({ accountId, filter: { inMailbox: person.mailboxes.inbox } });
    const emails = draft.Email.get({ accountId, ids: ids.$ref('/ids'), properties: ['id', 'blobId', 'subject'] });
    return { ids, emails };
  });
  assert.deepEqual(emails.list, [{ id, blobId: `L1-${id}`, subject: '[...]' }]);
  const download = await jam.downloadBlob({
    accountId,
    blobId: `L1-${id}`,
    mimeType: 'message/rfc822',
    fileName: 'a.eml',
  });
  assert.match(await download.text(), /BEGIN PGP MESSAGE/);
  const upload = await jam.uploadBlob(accountId, 'sealed bytes');
  assert.equal(upload.size, 12);
});
