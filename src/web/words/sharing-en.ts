// The words of Settings, shared mailboxes, in English.

export const sharingEn = {
  title: 'Shared mailboxes',
  lead: 'Mailboxes that several people of this house open, each with their own key. The server has none of them.',
  none: 'None. “./siegel user share create” makes one, with an invitation of the operator.',
  offered: (address: string) => `${address} is offered to you.`,
  accept: 'Take it up',
  accepted: (address: string) => `${address} now stands beside your own mailbox.`,
  open: 'Open',
  own: 'Back to my mailbox',
  shown: 'open now',
  holders: (count: number) => (count === 1 ? '1 person' : `${count} people`),
  you: 'you',
  add: 'Add somebody',
  addTitle: (address: string) => `Who shall open ${address}?`,
  addLead: 'They can read everything in it, and add and remove people. Their key is the one known to you.',
  address: 'Their address in this house',
  addDone: (address: string) => `Offered to ${address}. They find it in their settings.`,
  noKey: 'Nobody in this house has this address, or several people read it.',
  keyChanged: 'Another key than the known one is shown for this person. Compare it first: write them a message.',
  tooMany: 'There is no room for more people.',
  remove: 'Remove',
  removeTitle: (person: string) => `Remove ${person}?`,
  removeText:
    'They are out at once, and the mailbox gets new keys: what arrives from now on they cannot open. What they could read before they may have kept.',
  removed: (person: string) => `${person} opens it no more. The mailbox has new keys.`,
  altered: 'What the server shows of this mailbox does not fit its keys. Nothing was opened.',
};

export type SharingWords = typeof sharingEn;
