// The words of the contacts, in English.

export const contactsEn = {
  title: 'Contacts',
  search: 'Search contacts',
  add: 'New contact',
  edit: 'Edit',
  remove: 'Remove',
  removeTitle: (name: string) => `Remove ${name}?`,
  removeText:
    'The contact is removed from your address book on all your devices, and what is known of their keys with it.',
  none: 'No contacts yet.',
  noneFound: (text: string) => `No contact matches “${text}”.`,
  nobody: 'Choose somebody from the list.',
  name: 'Name',
  addresses: 'Addresses',
  addressesHelp: 'Several are divided by commas.',
  addressWrong: (address: string) => `“${address}” is not an address.`,
  phones: 'Phone numbers',
  organisation: 'Organisation',
  note: 'Note',
  keys: 'Keys',
  noKey: 'No key is known. Messages to this person are sealed only where they arrive.',
  fingerprint: 'Fingerprint',
  verified: 'Compared by you',
  firstUse: 'Used since first seen, not compared',
  formerKey: 'Earlier key, no longer used',
  seen: (first: string, last: string) => `First seen ${first}, last seen ${last}.`,
  sources: {
    house: 'From this house.',
    wkd: 'From the directory of their domain.',
    autocrypt: 'From the header of a message.',
    letter: 'Attached to a message.',
    file: 'From an imported file.',
  },
  compared: 'I have compared it, it is right',
  comparedDone: 'The key counts as compared.',
  import: 'Import',
  export: 'Export all',
  exportName: 'contacts.vcf',
  imported: (added: number, joined: number, skipped: number) =>
    [
      added === 1 ? '1 contact added' : `${added} contacts added`,
      joined > 0 ? `${joined} joined with known ones` : '',
      skipped > 0 ? `${skipped} left out because they hold no name or address that can be used` : '',
    ]
      .filter((part) => part !== '')
      .join(', ') + '.',
  notUnderstood: 'This file is neither vCard nor a CSV with addresses. Nothing was changed.',
};

export type ContactsWords = typeof contactsEn;
