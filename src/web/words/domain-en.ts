// The words of Settings, Domain, in English.

import { reportWordsEn, type ReportWords } from '#formats/zone/report-words.ts';

const report: ReportWords = reportWordsEn;

export const domainEn = {
  title: (domain: string) => `How the world sees ${domain}`,
  looking: 'Asking the name servers …',
  inOrder: (count: number) => `Everything that has to be there is there (${count} looked at).`,
  toSet: (count: number) => (count === 1 ? 'One record is to be set.' : `${count} are to be set.`),
  unread: 'The server could not look. Try again in a minute.',
  again: 'Look again',
  which: 'Domain',
  states: { red: 'To set', hint: 'Hint', green: 'In order' },
  things: {
    'mta-sts-policy': 'Rule of MTA-STS as it is served',
    ptr: 'Address back to name',
    'port-25': 'Port 25',
    certificate: 'Certificate',
  },
  name: 'Name',
  value: 'Value',
  found: 'There is',
  copyName: 'Copy name',
  copyValue: 'Copy value',
  copied: 'Copied.',
  report,
};

export type DomainWords = typeof domainEn;
