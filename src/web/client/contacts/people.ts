// All persons of the account, read once a session and written with compare and swap: contacts and pinned keys are one store.

import { newId, type ItemId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { ChangeRefusal } from '../../backend.ts';
import { chunks } from '../mail-reads.ts';
import type { OpenSession } from '../open-session.ts';
import { putItems, readItems, removeItem } from '../sealed-items.ts';
import { CONTACTS, hasAddress, NOBODY, personItem, type Person, type PersonItem } from './person-item.ts';

type Done<T> = Promise<Result<T, ChangeRefusal>>;

export interface People {
  all(): Done<readonly PersonItem[]>;
  /** The one with this address, in any case of letters. */
  find(address: string): Done<PersonItem | undefined>;
  /** `change` gets the person as they are now, or nobody, and may be asked again; undefined: leave it. */
  changeFor(address: string, change: (person: Person) => Person | undefined): Done<undefined>;
  put(id: ItemId | undefined, change: (person: Person) => Person): Done<ItemId>;
  putMany(persons: readonly { readonly old: PersonItem | undefined; readonly person: Person }[]): Done<undefined>;
  remove(id: ItemId): Done<undefined>;
}

const shared = new WeakMap<OpenSession, People>();

/** The same for everybody who asks with this session. */
export function peopleOf(session: OpenSession): People {
  const known = shared.get(session);
  if (known) return known;
  const made = new SealedPeople(session);
  shared.set(session, made);
  return made;
}

const TRIES = 3;
const PUT_AT_ONCE = 200;
const PUT_BYTES_AT_ONCE = 4 * 1024 * 1024;

class SealedPeople implements People {
  readonly #session: OpenSession;
  #reading: Promise<Result<Map<ItemId, PersonItem>, ChangeRefusal>> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(session: OpenSession) {
    this.#session = session;
  }

  async #read(): Done<Map<ItemId, PersonItem>> {
    this.#reading ??= this.#readAll();
    const read = await this.#reading;
    if (!read.ok) this.#reading = undefined;
    return read;
  }

  async #readAll(): Done<Map<ItemId, PersonItem>> {
    const items = await readItems(this.#session, CONTACTS);
    if (!items.ok) return items;
    const found = items.value.map(personItem).filter((item) => item !== undefined);
    return ok(new Map(found.map((item) => [item.id, item])));
  }

  async all(): Done<readonly PersonItem[]> {
    const read = await this.#read();
    return read.ok ? ok([...read.value.values()]) : read;
  }

  async find(address: string): Done<PersonItem | undefined> {
    const read = await this.#read();
    return read.ok ? ok(byAddress(read.value, address)) : read;
  }

  changeFor(address: string, change: (person: Person) => Person | undefined): Done<undefined> {
    const key = address.toLowerCase();
    return this.#inTurn(async () => {
      const done = await this.#change(
        (all) => byAddress(all, key),
        (person) => change(hasAddress(person, key) ? person : { ...person, addresses: [key] }),
      );
      return done.ok ? ok(undefined) : done;
    });
  }

  put(id: ItemId | undefined, change: (person: Person) => Person): Done<ItemId> {
    return this.#inTurn(() => this.#change((all) => (id === undefined ? undefined : all.get(id)), change, id));
  }

  /** Another device may have written meanwhile: read again, change again. */
  async #change(
    pick: (all: ReadonlyMap<ItemId, PersonItem>) => PersonItem | undefined,
    change: (person: Person) => Person | undefined,
    wantedId?: ItemId,
  ): Done<ItemId> {
    for (let tries = 0; tries < TRIES; tries++) {
      const all = await this.#read();
      if (!all.ok) return all;
      const old = pick(all.value);
      if (wantedId !== undefined && old === undefined) return err({ kind: 'gone' });
      const id = old?.id ?? newId<ItemId>();
      const person = change(old?.person ?? NOBODY);
      if (person === undefined) return ok(id);
      const version = old?.version ?? 0;
      const put = await putItems(this.#session, CONTACTS, [{ id, version, plainValue: person }]);
      if (put.ok) {
        all.value.set(id, { id, version: version + 1, person });
        return ok(id);
      }
      this.#reading = undefined;
      if (put.error.kind !== 'gone') return put;
    }
    return err({ kind: 'server-unavailable' });
  }

  putMany(persons: readonly { readonly old: PersonItem | undefined; readonly person: Person }[]): Done<undefined> {
    return this.#inTurn(async () => {
      const sized = persons.map(({ old, person }) => ({
        id: old?.id ?? newId<ItemId>(),
        version: old?.version ?? 0,
        plainValue: person,
      }));
      const bytes = sized.reduce((sum, one) => Math.max(sum, JSON.stringify(one.plainValue).length), 1);
      const atOnce = Math.max(1, Math.min(PUT_AT_ONCE, Math.floor(PUT_BYTES_AT_ONCE / bytes)));
      for (const chunk of chunks(sized, atOnce)) {
        const put = await putItems(this.#session, CONTACTS, chunk);
        this.#reading = undefined;
        if (!put.ok) return put;
      }
      return ok(undefined);
    });
  }

  remove(id: ItemId): Done<undefined> {
    return this.#inTurn(async () => {
      const removed = await removeItem(this.#session, CONTACTS, id);
      if (removed.ok) (await this.#read().then((all) => (all.ok ? all.value : undefined)))?.delete(id);
      return removed;
    });
  }

  /** One writer after the other: two changes of one person at once would refuse each other. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

function byAddress(all: ReadonlyMap<ItemId, PersonItem>, address: string): PersonItem | undefined {
  const key = address.toLowerCase();
  let found: PersonItem | undefined;
  for (const item of all.values()) {
    if (!hasAddress(item.person, key)) continue;
    // Of two with one address the one in the address book, then the one that has a key.
    if (!found || rank(item.person) > rank(found.person)) found = item;
  }
  return found;
}

function rank(person: Person): number {
  return (person.keys.length > 0 ? 2 : 0) + (person.kept ? 1 : 0);
}
