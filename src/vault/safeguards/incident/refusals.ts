// Why an incident is not opened, told or closed: what is wrong, what is safe, and the next step as a command.

import type { Refused } from './neighbours.ts';

const SAFE = 'Nothing was noted and nobody was told.';

const sentences = {
  noSuchIncident: (what) => `There is no incident ${what}. ${SAFE} See: siegel incident list`,
  emptyText: () =>
    `Say in one sentence what happened. ${SAFE} For example: siegel incident open "Messages of some mailboxes are not shown"`,
  textTooLong: (what) =>
    `A sentence of at most ${what} characters is read; this is longer. ${SAFE} Shorten it and try again.`,
  namesSomebody: (what) =>
    `“${what}” is an address, and what is said here stands on /status for everybody. ${SAFE} Say it without naming anybody; whom it concerns: siegel incident open TITLE --account ADDRESS`,
  nobodyAffected: () =>
    `The ledger is equal: every letter of the journal is in the database, so nobody is affected as far as it counts. ${SAFE} Name them yourself: siegel incident open TITLE --account ADDRESS`,
  nobodyNamed: () =>
    `Say who is affected. ${SAFE} Let the ledger count: siegel incident open TITLE --from-ledger, or name them: --account ADDRESS,ADDRESS`,
  tooManyAffected: (what) =>
    `${what} mailboxes are more than one record holds. ${SAFE} Open one incident for each part: siegel incident open TITLE --account ADDRESS,ADDRESS`,
  closed: (what) =>
    `Incident ${what} is closed, and what was said stays as it was said. ${SAFE} Open another: siegel incident open TITLE`,
  stillMissing: (what) =>
    `${what} Nothing is lost while the journal has it, and the incident stays open. First bring the rows back: siegel database rebuild --apply. If those letters cannot be brought back, say so: siegel incident close N TEXT --lost`,
  neighbour: (what) => what,
} as const satisfies Record<string, (what: string) => string>;

export type IncidentRefusal = Refused;

export function refuse(
  kind: keyof typeof sentences,
  what = '',
): { readonly ok: false; readonly error: IncidentRefusal } {
  return { ok: false, error: { kind, sentence: sentences[kind](what) } };
}
