// The words of the collector's page in English.

import type { Spoken } from '../catalogue/question.ts';

export interface FiguresWords {
  readonly title: string;
  readonly productName: string;
  readonly languages: string;
  readonly lead: string;
  readonly average: { readonly heading: (quarter: string) => string; readonly says: (error: string) => string };
  readonly averageWhat: (range: { readonly least: string; readonly most: string; readonly open: string }) => string;
  readonly quarter: (nth: string, year: string) => string;
  readonly published: (day: string) => string;
  readonly receipt: string;
  readonly reports: (count: string) => string;
  readonly columns: { readonly answer: string; readonly share: string };
  readonly withheld: string;
  readonly empty: { readonly sentence: string; readonly says: string };
  readonly sure: { readonly heading: string; readonly sentences: readonly string[] };
  readonly runs: {
    readonly heading: string;
    readonly operator: string;
    readonly country: string;
    readonly purpose: string;
    readonly published: string;
    readonly reports: string;
    readonly undeclared: string;
  };
  readonly foot: { readonly figures: string; readonly card: string };
  readonly spoken: keyof Spoken;
}

export const figuresWordsEn: FiguresWords = {
  title: 'What the houses say',
  productName: 'Siegel',
  languages: 'Language',
  lead: 'Houses that agreed to it send one sealed report a week, all of one length. Some carry one answer to one question, randomised before it left. This page counts them and knows nothing else: no address, no time, no row.',
  average: {
    heading: (quarter) => `Average mailbox, ${quarter}`,
    says: (error) => `± ${error}, with 95 % certainty`,
  },
  averageWhat: ({ least, most, open }) =>
    `Over houses, each alike, however many mailboxes it has. Each is taken at the middle of its answer; at the lower bounds it would be ${least}, at the upper ones ${most}. Houses with ${open} or more are taken as ${open}, so the true average may be higher. The error covers the chance of the randomised answers and of who reported; it covers neither where within its answer a house lies, nor houses that do not report.`,
  quarter: (nth, year) => `Quarter ${nth} of ${year}`,
  published: (day) => `Published on ${day} and never changed.`,
  receipt: 'Receipt',
  reports: (count) => `${count} reports`,
  columns: { answer: 'Answer', share: 'Share of houses' },
  withheld: 'Not published: fewer than 100 reports.',
  empty: {
    sentence: 'Nothing is published yet.',
    says: 'A question appears here when its quarter is over and at least 100 reports answered it. Until then nobody is shown a number.',
  },
  sure: {
    heading: 'How sure this is',
    sentences: [
      'The line across the end of a bar is the error: in 95 of 100 such cases the true share lies within it. It covers the chance of the randomised answers and of who reported. Bars are brought within 0 and 100 %; lines are not moved.',
      'Anyone can poison these figures by sending invented reports: a report names nobody, so nobody can be asked whether it is true. A relay passes on only so many an hour from one network, which makes it dearer, not impossible.',
      'Who reports has chosen to. Houses that have not may be different.',
    ],
  },
  runs: {
    heading: 'Who runs this',
    operator: 'Operator',
    country: 'Country',
    purpose: 'Purpose',
    published: 'Published',
    reports: 'Reports go to',
    undeclared: 'not declared',
  },
  foot: { figures: 'The same for programs', card: 'Card of this collector' },
  spoken: 'en',
};
