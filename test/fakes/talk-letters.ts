// A few people who answer each other, for journeys of conversations in the list; the newest first.

import type { Sample } from './sample-letters.ts';

const anna = ['Anna Keller', 'anna.keller@briefkiste.test'] as const;
const ben = ['Ben Aydın', 'ben.aydin@bauhof-nord.test'] as const;
const leyla = ['Leyla Yıldız', 'talk@kanzlei.test'] as const;
const mara = ['Mara Kaya', 'sekretariat@kanzlei.test'] as const;

const zaun = { sign: 'on-arrival', thread: 'zaun' } as const;
const essen = { sign: 'end-to-end', thread: 'essen' } as const;

export const talkLetters: readonly Sample[] = [
  { from: anna, subject: 'Re: Zaun am Birkenweg', text: 'Dann am Montag um neun, ich bin da.', unread: true, ...zaun },
  { from: mara, subject: 'Rückrufe von heute', text: 'Drei Anrufe, alle haben Zeit bis morgen.', sign: 'end-to-end' },
  { from: leyla, subject: 'Re: Zaun am Birkenweg', text: 'Montag passt mir gut.', place: 'sent', ...zaun },
  {
    from: ben,
    subject: 'Re: Zaun am Birkenweg',
    text: 'Angebot im Anhang. Wir könnten am Montag anfangen.',
    files: [['Angebot.pdf', 'application/pdf', 84_000]],
    unread: true,
    ...zaun,
  },
  { from: mara, subject: 'Mittagessen am Freitag', text: 'Ich reserviere für vier.', ...essen },
  { from: anna, subject: 'Zaun am Birkenweg', text: 'Der Zaun liegt seit dem Sturm.', starred: true, ...zaun },
  { from: ben, subject: 'Re: Mittagessen am Freitag', text: 'Ich komme gern mit.', ...essen },
  {
    from: ['Stadtwerke Birkhaven', 'rechnung@stadtwerke-birkhaven.test'],
    subject: 'Ihre Rechnung im November',
    text: 'Guten Tag, Ihre Rechnung liegt im Kundenkonto.',
    sign: 'on-arrival',
  },
];
