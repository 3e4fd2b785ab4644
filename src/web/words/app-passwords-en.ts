// The words of Settings, Security, app passwords, in English.

export const appPasswordsEn = {
  title: 'App passwords',
  lead: 'For mail programs that send in your name. An app password can only send: it opens no message and no settings.',
  inClear:
    'What a mail program sends is not sealed before it comes here: the running server can read it until your copy is sealed and the message has left. What you write on this page to people with a key is sealed before.',
  none: 'None yet.',
  add: 'New app password',
  name: 'Name',
  nameHelp: 'For yourself, such as the device it is for. It is sealed.',
  make: 'Create',
  shownTitle: 'Your new app password',
  shownLead: (address: string) =>
    `Enter it in the mail program as the password for sending, with ${address} as the user name. It is shown once.`,
  shownDone: 'Close',
  unnamed: 'Without a name',
  made: (when: string) => `created ${when}`,
  used: (when: string) => `last used ${when}`,
  neverUsed: 'never used',
  remove: 'Remove',
  removed: 'The app password sends nothing any more.',
  endsWithPassword: 'A new password for your mailbox ends all app passwords.',
};
