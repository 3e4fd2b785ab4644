// The address book: persons that somebody keeps, put in, taken out, joined by address, in and out as files.

import type { Clock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import { tidyCard, type Card } from '#formats/contacts/card.ts';
import { readCards } from '#formats/contacts/read-cards.ts';
import { writeVcards } from '#formats/contacts/vcard.ts';
import { checkCertificate } from '#vault/sealing/client/certificate.ts';
import type { ChangeRefusal } from '../../backend.ts';
import type { Contact, Writing } from '../../writing.ts';
import type { OpenSession } from '../open-session.ts';
import { peopleOf, type People } from './people.ts';
import { boundKeys, certificateOf, contactOf, keyOf, NOBODY, type Person, type PersonItem } from './person-item.ts';

export type ContactBook = Pick<
  Writing,
  'contacts' | 'putContact' | 'removeContact' | 'importContacts' | 'exportContacts'
>;

export function createContactBook(session: OpenSession, clock: Clock): ContactBook {
  const people = peopleOf(session);
  return {
    contacts: async () => (await keptPersons(people)).map(contactOf).toSorted((a, b) => a.name.localeCompare(b.name)),
    putContact: (contact) => putContact(people, contact),
    async removeContact(id) {
      const all = await people.all();
      if (!all.ok) return all;
      const found = all.value.find((item) => item.id === id);
      if (!found) return err({ kind: 'gone' });
      if (found.person.keys.length === 0) return people.remove(id);
      // Keys outlive the entry: forgetting them would take the next one unasked.
      const { addresses, keys, offered } = found.person;
      const done = await people.put(id, () => ({ ...NOBODY, addresses, keys, offered }));
      return done.ok ? ok(undefined) : done;
    },
    importContacts: (bytes) => importContacts(people, bytes, clock.nowMs()),
    async exportContacts() {
      const cards = (await keptPersons(people)).map(({ person }): Card => {
        const certificates = person.keys.map(certificateOf).filter((bytes) => bytes !== undefined);
        return { ...person, certificates: certificates.slice(0, 1) };
      });
      return new TextEncoder().encode(writeVcards(cards));
    },
  };
}

async function keptPersons(people: People): Promise<readonly PersonItem[]> {
  const all = await people.all();
  if (!all.ok) throw new Error(`contacts cannot be read: ${all.error.kind}`);
  return all.value.filter(({ person }) => person.kept);
}

/** A new contact with a known address becomes that person: keys that were pinned stay theirs. */
async function putContact(
  people: People,
  contact: Contact,
): Promise<Result<{ readonly id: PersonItem['id'] }, ChangeRefusal>> {
  const { name, addresses, phones, organisation, note } = contact;
  const card = tidyCard({ name, addresses, phones, organisation, note, certificates: [] });
  if (!card) return err({ kind: 'not-allowed' });
  let { id } = contact;
  if (id === undefined) {
    for (const address of card.addresses) {
      const known = await people.find(address);
      if (!known.ok) return known;
      if (known.value && !known.value.person.kept) id ??= known.value.id;
    }
  }
  const done = await people.put(id, (person) => fromCard(person, card));
  return done.ok ? ok({ id: done.value }) : done;
}

function fromCard(person: Person, { name, addresses, phones, organisation, note }: Card): Person {
  return { ...person, kept: true, name, addresses: [...addresses], phones: [...phones], organisation, note };
}

type Imported = Awaited<ReturnType<Writing['importContacts']>>;

async function importContacts(people: People, bytes: Uint8Array<ArrayBuffer>, nowMs: number): Promise<Imported> {
  const read = readCards(bytes);
  if (!read.ok) return err({ kind: 'not-understood' });
  const all = await people.all();
  if (!all.ok) return all;
  const work = new ImportWork(all.value);
  for (const card of read.value.cards) work.take(card, await keysOf(card, nowMs));
  const changed = work.changed();
  const put = await people.putMany(changed);
  if (!put.ok) return put;
  return ok({ added: work.added, joined: work.joined, skipped: read.value.skipped });
}

/** Keys in a file are taken only for persons who have none. */
async function keysOf(card: Card, nowMs: number): Promise<Person['keys']> {
  const keys: Person['keys'] = [];
  for (const bytes of card.certificates) {
    const checked = await checkCertificate(bytes, nowMs);
    if (!checked.ok) continue;
    const { fingerprint, addresses, bytes: certificate } = checked.value;
    for (const address of addresses) {
      const isOwn = card.addresses.some((one) => one.toLowerCase() === address);
      if (isOwn) keys.push(keyOf({ address, fingerprint, certificate, source: 'file' }, nowMs));
    }
  }
  return keys;
}

interface Slot {
  readonly old: PersonItem | undefined;
  person: Person;
  isChanged: boolean;
}

/** Cards joined with what is there and with each other, by address. */
class ImportWork {
  readonly #slots: Slot[] = [];
  readonly #byAddress = new Map<string, Slot>();
  added = 0;
  joined = 0;

  constructor(all: readonly PersonItem[]) {
    for (const old of all) this.#keep({ old, person: old.person, isChanged: false });
  }

  take(card: Card, keys: Person['keys']): void {
    const known = card.addresses.map((address) => this.#byAddress.get(address.toLowerCase())).find(Boolean);
    const slot: Slot = known ?? { old: undefined, person: NOBODY, isChanged: false };
    if (slot.person.kept) this.joined++;
    else this.added++;
    const joined = joinPerson(slot.person, card, keys);
    slot.isChanged ||= JSON.stringify(joined) !== JSON.stringify(slot.person);
    slot.person = joined;
    if (known) for (const address of joined.addresses) this.#byAddress.set(address.toLowerCase(), slot);
    else this.#keep(slot);
  }

  changed(): readonly { readonly old: PersonItem | undefined; readonly person: Person }[] {
    return this.#slots.filter(({ isChanged }) => isChanged);
  }

  #keep(slot: Slot): void {
    this.#slots.push(slot);
    for (const address of slot.person.addresses) this.#byAddress.set(address.toLowerCase(), slot);
  }
}

/** What is there stays; the card fills what is missing. */
function joinPerson(person: Person, card: Card, keys: Person['keys']): Person {
  const has = new Set(person.addresses.map((address) => address.toLowerCase()));
  const addresses = [...person.addresses, ...card.addresses.filter((address) => !has.has(address.toLowerCase()))];
  const missing = keys.filter(({ address }) => !person.keys.some((key) => key.address === address));
  return {
    ...person,
    kept: true,
    name: person.name || card.name,
    addresses,
    phones: [...new Set([...person.phones, ...card.phones])],
    organisation: person.organisation || card.organisation,
    note: person.note || card.note,
    keys: boundKeys([...person.keys, ...missing]),
  };
}
