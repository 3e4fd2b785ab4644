// One entry of an address book, whatever file it came from.

import { limits } from '#base/limits.ts';
import { oneLine } from '../compose/field-lines.ts';

export interface Card {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly phones: readonly string[];
  readonly organisation: string;
  readonly note: string;
  /** OpenPGP certificates, binary or armoured. */
  readonly certificates: readonly Uint8Array<ArrayBuffer>[];
}

/** Bounded and without controls; addresses without an @ are left out, each stays once. Undefined when nothing is left of it. */
export function tidyCard(card: Card): Card | undefined {
  const { contactFieldCharacters, contactNoteCharacters, contactAddressesMax } = limits.compose;
  const line = (text: string): string => oneLine(text).slice(0, contactFieldCharacters).toWellFormed();
  const list = (texts: readonly string[]): readonly string[] =>
    [...new Set(texts.map(line))].filter((text) => text !== '').slice(0, contactAddressesMax);
  const addresses = uniqueAddresses(list(card.addresses).filter((text) => /^[^\s<>",;]+@[^\s<>",;@]+$/.test(text)));
  const name = line(card.name) || line(card.organisation);
  const phones = list(card.phones);
  if (addresses.length === 0 && (name === '' || phones.length === 0)) return undefined;
  return {
    name,
    addresses,
    phones,
    organisation: line(card.organisation),
    note: card.note
      .replaceAll(/\r\n?/g, '\n')
      .replaceAll(/[^\P{Cc}\n\t]/gu, '')
      .trim()
      .slice(0, contactNoteCharacters)
      .toWellFormed(),
    certificates: card.certificates.filter((bytes) => bytes.length <= limits.compose.certificateBytes),
  };
}

function uniqueAddresses(addresses: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return addresses.filter((address) => {
    const key = address.toLowerCase();
    return !seen.has(key) && seen.add(key);
  });
}
