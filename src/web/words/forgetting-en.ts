// Words about what was deleted for good, and about closing a mailbox.

export const forgettingEn = {
  deleted: 'Deleted for good',
  deletedNone: 'Nothing that was deleted for good can still come back.',
  deletedLead: (count: number, day: string) =>
    `${count === 1 ? '1 message' : `${count} messages`} can come back; the first until ${day}.`,
  bringBack: 'Bring back',
  broughtBack: 'They are back in the inbox.',
  eraseNow: 'Erase now',
  eraseNowTitle: 'Erase all of this now?',
  eraseNowText: 'Nothing of it can be brought back then.',
  erased: 'Erased.',
  close: 'Close mailbox',
  closeLead: 'For everybody who leaves. Your address is never given to anybody else.',
  closeTitle: 'Close this mailbox?',
  closeText: (until: string, gone: string) =>
    `From now on it takes no messages and nobody signs in. Until ${until} you can open it again by signing in. By ${gone} it is gone from every copy on this server.`,
};

export type ForgettingWords = typeof forgettingEn;
