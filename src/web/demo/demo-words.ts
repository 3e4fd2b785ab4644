// The sample office's few sentences in both languages; they come with the ribbon and are in no other program.

import type { Language } from '../words/words.ts';

export interface DemoWords {
  readonly sampleData: string;
  readonly office: string;
  /** Before the names of the people. */
  readonly openAs: string;
  readonly openMailboxOf: (name: string) => string;
  readonly opening: (name: string) => string;
  readonly break: string;
  readonly breakMeans: string;
  readonly undo: string;
  readonly undoMeans: string;
  readonly isUnderWay: string;
  readonly work: Readonly<Record<'leyla' | 'jonas' | 'mara', string>>;
}

export const demoWords: Readonly<Record<Language, DemoWords>> = {
  en: {
    sampleData: 'Sample data',
    office: 'Law office Brandt & Yıldız, all invented',
    openAs: 'Open the mailbox of',
    openMailboxOf: (name) => `Sign out and open the mailbox of ${name}`,
    opening: (name) => `Opening the mailbox of ${name}`,
    break: 'Break it',
    breakMeans: 'Empty all mailboxes by a wrong database command',
    undo: 'Undo',
    undoMeans: 'Bring back all, and what came meanwhile',
    isUnderWay: 'A moment',
    work: { leyla: 'Lawyer', jonas: 'Lawyer', mara: 'Secretary' },
  },
  de: {
    sampleData: 'Beispieldaten',
    office: 'Kanzlei Brandt & Yıldız, alles erfunden',
    openAs: 'Postfach öffnen von',
    openMailboxOf: (name) => `Abmelden und das Postfach von ${name} öffnen`,
    opening: (name) => `Das Postfach von ${name} wird geöffnet`,
    break: 'Kaputt machen',
    breakMeans: 'Alle Postfächer durch einen falschen Befehl leeren',
    undo: 'Rückgängig',
    undoMeans: 'Alles zurückholen, auch was inzwischen kam',
    isUnderWay: 'Einen Moment',
    work: { leyla: 'Rechtsanwältin', jonas: 'Rechtsanwalt', mara: 'Sekretärin' },
  },
};
