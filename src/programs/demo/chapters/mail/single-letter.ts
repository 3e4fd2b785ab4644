// One line for a letter that stands alone: who, to whom, when, what.

import { pdfFile } from '../../sample-files.ts';
import type { Party, PlannedLetter } from './letter-plan.ts';

export type Entry = readonly [
  from: Party,
  to: Party,
  day: number,
  time: string,
  subject: string,
  plainText: string,
  more?: Partial<PlannedLetter>,
];

export function bill(name: string, lines: readonly string[]): Partial<PlannedLetter> {
  return { folder: 'Rechnungen', files: [pdfFile(`${name}.pdf`, name.replaceAll('_', ' '), lines)] };
}

export function planned([from, to, day, time, subject, plainText, more]: Entry): PlannedLetter {
  const thread = `misc-${subject.replace(/^(?:AW|Re): /, '')}`;
  return { from, to: [to], day, time, subject, plainText, thread, ...more };
}
