// Which contacts fit what was typed, in the order they are shown. Pure.

import type { Contact } from '../writing.ts';

/** Every word must begin a word of name, organisation or address; by name, without regard to case or accents. */
export function findContacts(contacts: readonly Contact[], text: string, language: string): readonly Contact[] {
  const wanted = fold(text)
    .split(/\s+/)
    .filter((word) => word !== '');
  const { compare } = new Intl.Collator(language, { sensitivity: 'base', numeric: true });
  return contacts
    .filter((contact) => {
      const words = fold([contact.name, contact.organisation, ...contact.addresses].join(' ')).split(/[\s@,;()"'-]+/);
      return wanted.every((start) => words.some((word) => word.startsWith(start)));
    })
    .toSorted((a, b) => compare(shownName(a), shownName(b)));
}

/** The name, or the first address of somebody without one. */
export function shownName(contact: Contact): string {
  return contact.name || contact.addresses[0] || contact.organisation;
}

function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
