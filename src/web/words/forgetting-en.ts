// Words about what was deleted for good, and about closing a mailbox.

const messages = (count: number): string => (count === 1 ? '1 message' : `${count} messages`);

export const forgettingEn = {
  deleteTitle: (count: number) =>
    count === 1 ? 'Delete this message for good?' : `Delete ${count} messages for good?`,
  deleteText: (until: string, gone: string) =>
    `Until ${until} you can bring back what you delete: it is named at the top of Trash. By ${gone} it is gone from every copy on this server.`,
  deleteButton: (count: number) => `Delete ${messages(count)}`,
  destroyAsk: 'Destroy now, without a way back',
  destroyText: (gone: string) =>
    `Nothing of it can be brought back then. Of drafts, earlier versions go too. It is erased within a day, and by ${gone} from every backup on this server.`,
  destroyButton: (count: number) => `Destroy ${messages(count)}`,
  destroyNow: 'Destroy now',
  destroyTitle: (count: number) => (count === 1 ? 'Destroy this message now?' : `Destroy ${count} messages now?`),
  deleted: 'Deleted for good',
  deletedLead: (count: number, day: string) =>
    count === 1
      ? `1 message deleted for good can come back until ${day}.`
      : `${count} messages deleted for good can come back; the first until ${day}.`,
  bringBack: 'Bring back',
  broughtBack: 'Back in the inbox.',
  close: 'Close mailbox',
  closeLead: 'For everybody who leaves. Your address is never given to anybody else.',
  closeTitle: 'Close this mailbox?',
  closeText: (until: string, gone: string) =>
    `From now on it takes no messages and nobody signs in. Until ${until} you can open it again by signing in. By ${gone} it is gone from every copy on this server. Shared mailboxes stay with their other holders, who can add you again.`,
  closeLastHolder:
    'Nothing was closed: you are the only one who opens one of your shared mailboxes. Add somebody who takes it over, above; or ask the operator to close it first.',
};

export type ForgettingWords = typeof forgettingEn;
