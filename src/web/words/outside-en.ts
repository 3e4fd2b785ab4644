// Pictures from elsewhere and leaving lists, in English; loaded with the first letter that is opened.

export const outsideEn = {
  picturesOutside: (count: number) => (count === 1 ? '1 picture stays outside' : `${count} pictures stay outside`),
  trackersBlocked: (count: number) => (count === 1 ? '1 tracker blocked' : `${count} trackers blocked`),
  show: 'Show',
  showing: 'Fetching',
  why: 'Who learns of it?',
  picturesMissing: (count: number) => (count === 1 ? '1 picture did not come' : `${count} pictures did not come`),
  tooMany: 'This server fetched many pictures for you within an hour. Try again later.',
  signedOut: 'Your session ended. Sign in and try again.',
  again: 'Try again',
  unsubscribe: 'Unsubscribe',
  oneClickTitle: 'Leave this list',
  oneClickText: (host: string) =>
    `This server tells ${host} that you leave the list. The sender signed this link, and it may name you to them.`,
  leaving: 'One moment',
  left: (host: string) => `${host} was told that you leave this list.`,
  notLeft: (host: string) => `${host} did not take it. Nothing was changed; try again later.`,
  byLetterTitle: 'Leave this list by message',
  byLetterText: (address: string) =>
    `The list is left by a message from you to ${address}. You see it before it is sent.`,
  write: 'Write it',
  byPageTitle: 'Leave this list on its own page',
  byPageText: (host: string) =>
    `${host} opens in a new tab and sees your network address; the link may name you to them. Nobody vouches for it but this message.`,
  openPage: 'Open page',
};

export type OutsideWords = typeof outsideEn;
