// Why a change does not go on: what is wrong, what is safe, and the next step as a command.

import type { Standing } from './change-state.ts';

export interface ChangeRefusal {
  readonly kind: keyof typeof sentences;
  readonly sentence: string;
}

interface Facts {
  readonly change?: number;
  readonly what?: string;
  readonly name?: string;
  readonly have?: number;
  readonly need?: number;
  readonly when?: string;
}

const SAFE = 'Nothing was changed.';
const change = ({ change: number = 0 }: Facts): string => `change ${number}`;

const sentences = {
  noSuchChange: (of) => `There is no ${change(of)}. ${SAFE} See: siegel change history`,
  wrongStep: (of) => `${of.what ?? ''} ${SAFE} See: siegel change status ${of.change ?? ''}`,
  busy: (of) =>
    `Another ${change(of)} is under way, and one ends before the next begins. ${SAFE} See: siegel change status ${of.change ?? ''}`,
  syntax: (of) =>
    `PostgreSQL cannot read this: ${of.what ?? ''}. ${SAFE} Correct it and plan again: siegel change plan --sql FILE`,
  empty: () => `There is no statement in it. ${SAFE} Write one and plan again: siegel change plan --sql FILE`,
  tooMany: () =>
    `A plan of that size is read by nobody. ${SAFE} Divide it and plan each part: siegel change plan --sql FILE`,
  refusedStatement: (of) =>
    `“${of.name ?? ''}”: ${of.what ?? ''}. ${SAFE} Write it otherwise and plan again: siegel change plan --sql FILE`,
  nothingToDo: (of) => `${of.what ?? 'Nothing is to be done.'} ${SAFE} See: siegel change history`,
  blankSetting: (of) =>
    `${of.name ?? ''} was given no value, or zero, which could mean for ever or at once. ${SAFE} Say which: a number of days from 1, never, or now`,
  badSetting: (of) => `${of.name ?? ''}: ${of.what ?? ''} ${SAFE} See: siegel change plan --help`,
  sequenceNearEnd: (of) =>
    `The numbers of ${of.name ?? ''} are nearly used up (${of.what ?? ''}), so a change that needs more could stop half-way. ${SAFE} First give it room: siegel change plan --sql FILE with ALTER SEQUENCE … MAXVALUE`,
  noBackup: () =>
    `There is no place for backups, and only what adds may be done without one. ${SAFE} Name a folder on another disk with SIEGEL_BACKUP_DIR and start again, then: siegel backup take`,
  oldBackup: (of) =>
    `The newest verified backup is from ${of.when ?? 'never'}, older than 26 hours. ${SAFE} Take one: siegel change backup ${of.change ?? ''}`,
  otherBackup: () =>
    `The backup that this plan was signed with is older than 26 hours. ${SAFE} Plan it again, so that a newer one is signed: siegel change plan`,
  neighbour: (of) => of.what ?? '',
  externalDatabase: () =>
    `The database is your own (DATABASE_URL): this cannot be rehearsed or undone beside it here, so only what adds may be done. ${SAFE} See: siegel status`,
  rehearsalFailed: (of) =>
    `The rehearsal on the shadow failed: ${of.what ?? ''} The live rows were not touched. ${SAFE} Correct the plan: siegel change plan`,
  rehearsalLedger: (of) =>
    `After the rehearsal letters were not what the journal holds: ${of.what ?? ''} The live rows were not touched, and this ${change(of)} is closed. Look at: siegel ledger check`,
  notASignature: () => `That is not a signature file of ssh-keygen. ${SAFE} See what to run: siegel change approve N`,
  otherNamespace: (of) =>
    `The signature was made for ${of.what ?? 'something else'}, not for this. ${SAFE} Sign with the namespace that is shown: siegel change approve ${of.change ?? 'N'}`,
  forged: (of) =>
    `The signature does not hold for these bytes: another plan was signed, the plan has changed since, or the file was altered. ${SAFE} Sign what is shown now: siegel change approve ${of.change ?? 'N'}`,
  unknownSigner: () =>
    `The signature holds, but its key belongs to no operator (any more). ${SAFE} See: siegel operator list`,
  alreadySigned: (of) =>
    `${of.name ?? ''} has signed this plan already; a second signature of the same person counts nothing. ${SAFE} See: siegel change status ${of.change ?? ''}`,
  tooFew: (of) =>
    `${of.have ?? 0} of ${of.need ?? 0} signatures are there.${of.what ?? ''} ${SAFE} Collect them: siegel change approve ${of.change ?? ''}`,
  noOperators: () =>
    `No operator is named, so nobody could answer for this change. ${SAFE} Name one: siegel operator add NAME --ssh-key FILE.pub`,
  expired: (of) => `The plan was good until ${of.when ?? ''}. ${SAFE} Plan it again: siegel change plan`,
  otherCluster: (of) =>
    `The plan was made for ${of.what ?? 'another house'}, and here is ${of.name ?? 'another'}. ${SAFE} Look where you are, then plan it here: siegel change plan`,
  otherVersion: (of) =>
    `The plan was made with ${of.what ?? 'another program'}, and here runs ${of.name ?? 'another'}. ${SAFE} Plan it again with this one: siegel change plan`,
  clockJumped: (of) =>
    `The clock of this machine jumped (${of.what ?? ''}), so neither times nor waiting can be trusted. ${SAFE} Set it right, start the program again, then plan anew: siegel change plan`,
  clockBehind: (of) =>
    `The clock of this machine stands before the newest record of the journal (${of.what ?? ''}). ${SAFE} Set it right, then try again.`,
  notUndoable: (of) =>
    `${of.what ?? `There is nothing to undo in ${change(of)}.`} ${SAFE} See: siegel change status ${of.change ?? ''}`,
  undoFailed: (of) =>
    `The undo did not come to its end: ${of.what ?? ''} The rows are those of before the undo; letters are taken. Try again: siegel change undo ${of.change ?? ''} --apply`,
  unknownOperator: (of) => `There is no operator called ${of.name ?? ''}. ${SAFE} See: siegel operator list`,
  operatorExists: (of) => `${of.name ?? ''} is an operator already. ${SAFE} See: siegel operator list`,
  keyTaken: (of) =>
    `That key is ${of.name ?? 'another operator'}’s: one key, one person. ${SAFE} Give the other person’s own: siegel operator add NAME --ssh-key FILE.pub`,
  badKey: (of) =>
    `${of.what ?? 'That is not an SSH public key.'} ${SAFE} Give the .pub file: siegel operator add NAME --ssh-key FILE.pub`,
  badName: () =>
    `A name has 1 to 80 letters, digits, spaces, dots or dashes. ${SAFE} Try again: siegel operator add NAME --ssh-key FILE.pub`,
  lastOperator: () =>
    `That is the last operator; without one nobody could approve anything. ${SAFE} First name another: siegel operator add NAME --ssh-key FILE.pub`,
  unavailable: () =>
    `The database does not answer. ${SAFE} Letters are taken. Try again in a moment; siegel status says more.`,
  noProcedure: () =>
    `The text of the procedure (docs/guide/operations.md) is not on this machine, so nobody can sign it. ${SAFE} Install the whole program.`,
} as const satisfies Record<string, (facts: Facts) => string>;

export function refuse(
  kind: ChangeRefusal['kind'],
  facts: Facts = {},
): { readonly ok: false; readonly error: ChangeRefusal } {
  const write: (facts: Facts) => string = sentences[kind];
  return { ok: false, error: { kind, sentence: write(facts).trim() } };
}

const NEXT: Readonly<Record<Standing, string>> = {
  planned: 'siegel change backup N',
  backedUp: 'siegel change rehearse N',
  rehearsed: 'siegel change approve N, then siegel change apply N --apply',
  applying: 'it goes on by itself',
  applied: 'siegel change verify N',
  verified: 'nothing; to take it back: siegel change undo N --apply',
  undoing: 'it goes on by itself',
  undone: 'nothing',
  closed: 'nothing; plan a new one: siegel change plan',
};

export function nextStep(standing: Standing, number: number): string {
  return NEXT[standing].replaceAll(' N', ` ${number}`);
}

/** Times for people, to the minute. */
export function shownTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
