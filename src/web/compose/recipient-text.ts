// What is typed or pasted into a recipient field, as people. Pure.

import { parseAddresses } from '#formats/message/addresses.ts';
import type { Person } from '../backend.ts';

/** Everything that reads like a list of addresses; a line, a semicolon or a tab ends one too. What is none stays as it is, to be corrected. */
export function peopleInText(text: string): readonly Person[] {
  const lines = text
    .split(/[\n\r\t;]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const found = lines.flatMap((line) => {
    const spaced = /^[^\s,<>"]+@[^\s,<>"]+(?:\s+[^\s,<>"]+@[^\s,<>"]+)+$/.test(line);
    return spaced ? line.split(/\s+/).map((address) => ({ name: '', address })) : parseAddresses(line);
  });
  return found.flatMap(({ name, address }) => {
    const shown = address.replace(/^mailto:/i, '').trim();
    if (shown !== '') return { name: name === shown ? '' : name, address: shown };
    return name.trim() === '' ? [] : { name: '', address: name.trim() };
  });
}

/** Whether a paste is more than one address or has a name with it: then it becomes chips at once. */
export function isManyAddresses(text: string): boolean {
  return text.includes('@') && /[\n\r;,<]|@.*\s.*@/.test(text.trim());
}

/** Added once, whatever the case of its letters. */
export function withPeople(known: readonly Person[], more: readonly Person[]): readonly Person[] {
  const seen = new Set(known.map((person) => person.address.toLowerCase()));
  return [
    ...known,
    ...more.filter(({ address }) => !seen.has(address.toLowerCase()) && seen.add(address.toLowerCase())),
  ];
}
