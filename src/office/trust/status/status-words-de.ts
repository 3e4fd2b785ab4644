// The words of /status in German: was geschehen ist, was sicher ist, was zu tun ist.

import type { StatusWords } from './status-words-en.ts';

export const statusWordsDe: StatusWords = {
  title: 'Wie es diesem Haus geht',
  productName: 'Siegel',
  languages: 'Sprache',
  works: (domain) => `${domain} arbeitet: Briefe werden angenommen, und alle lesen die ihren.`,
  worksBut: (domain) => `${domain} nimmt Briefe an und bewahrt sie auf. Was nicht stimmt, steht unten.`,
  waits: (domain) =>
    `${domain} nimmt Briefe an und bewahrt sie auf; mit dem Lesen müssen Sie gerade warten. Sie müssen nichts tun.`,
  takesNone: (domain) =>
    `${domain} bittet andere Server, mit ihren Briefen später wiederzukommen; dort warten sie. Was angenommen wurde, ist bewahrt. Sie müssen nichts tun.`,
  open: (n) => (n === 1 ? 'Ein Vorfall ist offen.' : `${n} Vorfälle sind offen.`),
  none: 'Kein Vorfall ist offen.',
  quiet: 'Keiner in den letzten 90 Tagen.',
  past: 'Die letzten 90 Tage',
  now: 'Zurzeit offen',
  mailboxes: (n, isOne) => (isOne ? '1 Postfach ist betroffen' : `${n} Postfächer sind betroffen`),
  mailboxesWere: (n, isOne) => (isOne ? '1 Postfach war betroffen' : `${n} Postfächer waren betroffen`),
  found: (found, expected) => `${found} von ${expected} gefunden`,
  progress: 'Wie viele Nachrichten wieder da sind',
  countedAt: (time) => `gezählt ${time}`,
  safe: 'Jede angenommene Nachricht steht im Journal dieses Hauses und wird daraus zurückgeholt. Wer betroffen ist, hat eine Nachricht bekommen, und am Ende folgt eine zweite. Sie müssen nichts tun.',
  safeUncounted:
    'Neue Nachrichten werden angenommen und bewahrt. Wer betroffen ist, hat eine Nachricht bekommen, und am Ende folgt eine zweite. Sie müssen nichts tun.',
  lostNone: (expected) => `Alle ${expected} Nachrichten sind da; verloren ist keine.`,
  lost: (lost, expected) => `${lost} von ${expected} Nachrichten sind verloren. Wer betroffen ist, weiß es.`,
  opened: 'Eröffnet',
  closed: 'Vorbei',
  changeApplied: (change) => `Änderung ${change} wurde angewendet.`,
  changeVerified: (change) => `Änderung ${change} wurde geprüft: Es fehlte nichts.`,
  changeUndone: (change, seconds) =>
    `Änderung ${change} wurde in ${seconds} Sekunden zurückgenommen; was inzwischen kam, blieb.`,
  backupVerified: 'Eine Sicherung wurde daneben zurückgespielt und geprüft.',
  lasted: (time) => `dauerte ${time}`,
  ages: {
    minutes: (n) => (n === 1 ? '1 Minute' : `${n} Minuten`),
    hours: (n) => (n === 1 ? '1 Stunde' : `${n} Stunden`),
    days: (n) => (n === 1 ? '1 Tag' : `${n} Tage`),
  },
  data: 'Dasselbe für Programme',
  trust: 'Wofür dieses Haus einsteht',
  signIn: 'Anmelden',
};
