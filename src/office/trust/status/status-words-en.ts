// The words of /status in English: what happened, what is safe, what to do.

export const statusWordsEn = {
  title: 'How this house is',
  productName: 'Siegel',
  languages: 'Language',
  works: (domain: string) => `${domain} works: letters are taken, and people read theirs.`,
  worksBut: (domain: string) => `${domain} takes letters and keeps them. What is wrong stands below.`,
  waits: (domain: string) =>
    `${domain} takes letters and keeps them; for now people wait to read theirs. You need to do nothing.`,
  takesNone: (domain: string) =>
    `${domain} asks other servers to come again with their letters, so they wait there. What was accepted is kept. You need to do nothing.`,
  open: (n: number) => (n === 1 ? 'One incident is open.' : `${n} incidents are open.`),
  none: 'No incident is open.',
  quiet: 'None in the last 90 days.',
  past: 'The last 90 days',
  now: 'Open now',
  mailboxes: (n: string, isOne: boolean) => (isOne ? '1 mailbox is affected' : `${n} mailboxes are affected`),
  mailboxesWere: (n: string, isOne: boolean) => (isOne ? '1 mailbox was affected' : `${n} mailboxes were affected`),
  found: (found: string, expected: string) => `${found} of ${expected} found`,
  progress: 'How many messages are back',
  countedAt: (time: string) => `counted ${time}`,
  safe: 'Every message that was accepted stands in the journal of this house and is brought back from it. Whoever is affected got a message, and another follows at the end. You need to do nothing.',
  safeUncounted:
    'New messages are taken and kept. Whoever is affected got a message, and another follows at the end. You need to do nothing.',
  lostNone: (expected: string) => `All ${expected} messages are there; none was lost.`,
  lost: (lost: string, expected: string) => `${lost} of ${expected} messages were lost. Whoever is affected was told.`,
  opened: 'Opened',
  closed: 'Over',
  changeApplied: (change: number) => `Change ${change} was applied.`,
  changeVerified: (change: number) => `Change ${change} was checked: nothing was missing.`,
  changeUndone: (change: number, seconds: string) =>
    `Change ${change} was undone in ${seconds} seconds; what came meanwhile was kept.`,
  backupVerified: 'A backup was restored beside and checked.',
  lasted: (time: string) => `lasted ${time}`,
  ages: {
    minutes: (n: number) => (n === 1 ? '1 minute' : `${n} minutes`),
    hours: (n: number) => (n === 1 ? '1 hour' : `${n} hours`),
    days: (n: number) => (n === 1 ? '1 day' : `${n} days`),
  },
  data: 'The same for programs',
  trust: 'What this house answers for',
  signIn: 'Sign in',
};

export type StatusWords = typeof statusWordsEn;
