// The words of Settings, addresses, in English.

export const addressesEn = {
  title: 'Addresses',
  lead: 'Messages to each of these arrive here, and you can write from each.',
  alias: 'alias',
  add: 'New alias',
  name: 'Name',
  nameHelp: 'The part before @: letters, digits, dots and hyphens.',
  domain: 'Domain',
  make: 'Add',
  added: (address: string) => `Messages to ${address} now arrive here.`,
  taken: 'This address is in use or was. Choose another name.',
  invalid: 'This cannot be your address. Names such as postmaster belong to the house.',
  tooMany: 'There is no room for more aliases; those you gave up count.',
  remove: 'Give up',
  removeTitle: (address: string) => `Give up ${address}?`,
  removeText: 'Messages to it are refused from now on. Nobody else ever gets the address; you can take it up again.',
  removed: (address: string) => `${address} takes no messages any more.`,
  senderTitle: 'Your name',
  senderLead: 'Readers see it beside your address. It stands in your messages and nowhere else.',
  senderHelp: (address: string) => `Shown with messages from ${address}. May be empty.`,
  senderNone: 'No name',
  senderChange: 'Change',
  senderSave: 'Save',
  senderSaved: 'Your name is saved.',
};

export type AddressesWords = typeof addressesEn;
