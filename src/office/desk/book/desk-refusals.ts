// Each refusal of the desk as a sentence that says what to do.

import { unreachable } from '#base/assert.ts';
import type { IllegalArrival } from '../register/arrival.ts';
import type { IllegalStep } from '../register/fold.ts';
import type { DeskRefusal } from './desk.ts';
import type { ReportRefusal } from './desk-reports.ts';

/** As commands and pages hear it: what the register does not allow goes by its own name. */
export function nameOfRefusal(refusal: { readonly kind: string; readonly step?: { readonly kind: string } }): string {
  return refusal.kind === 'step' ? (refusal.step?.kind ?? refusal.kind) : refusal.kind;
}

export function describeDeskRefusal(refusal: DeskRefusal): string {
  switch (refusal.kind) {
    case 'step':
      return `${refusal.filing ?? 'The register'}: ${STEPS[refusal.step.kind]}${refusal.step.state === null ? '' : ` It stands at ${refusal.step.state}.`}`;
    case 'arrival':
      return `${refusal.arrival}: ${ARRIVALS[refusal.step.kind]}`;
    case 'altered':
      return `Entry ${refusal.nth} of the register is not what was written. Nothing is decided on it: rebuild the database (siegel database rebuild), then siegel report verify.`;
    case 'tooMuch':
      return 'That is too much for one decision: import fewer filings at a time.';
    case 'tooMany':
      return `At most ${refusal.max} filings are imported at once: split the file by year.`;
    case 'tooManyWaiting':
      return `${refusal.max} letters wait to be filed or dismissed: siegel request arrivals shows them. Until then no more are taken.`;
    case 'unavailable':
      return 'The database does not answer. Nothing was written down: try again when siegel status says that it does.';
    case 'diskFull':
      return 'The disk is full. Nothing was written down: make room and try again.';
    case 'filing':
      return `${refusal.place} ${refusal.what}.`;
    case 'policyChain':
    case 'caseFile':
    case 'review':
      return refusal.what;
    case 'policyChanged':
      return 'Another policy is in force by now: nothing was noted.';
    case 'notInRoster':
      return `${refusal.name} is not in the roster of the policy. siegel desk show names everybody who is.`;
    case 'otherThanArrived':
      return `${refusal.arrival} came in by ${refusal.channel}: how and when it came is what the house has seen, and no other --channel or --received can be given.`;
    case 'noSuchFiling':
      return `There is no filing ${refusal.filing}. siegel request list shows all.`;
    case 'otherHead':
      return `The verdict on ${refusal.filing} names a register that is not this one: make the statement anew here and sign that.`;
    default:
      return unreachable(refusal);
  }
}

export function describeReportRefusal(refusal: ReportRefusal): string {
  switch (refusal.kind) {
    case 'reportSignatures':
      return refusal.what;
    case 'yearNotOver':
      return `${refusal.year} is not over: its report is published in the year after.`;
    case 'notAReport':
      return 'That is no report in canonical JSON: publish the file that siegel report transparency wrote, unchanged.';
    case 'otherReport': {
      const [first] = refusal.findings;
      return `The report does not follow from the register (${first === undefined ? '' : [first.place, first.what, first.more ?? ''].join(' ').trim()}): make it anew with siegel report transparency and sign that.`;
    }
    default:
      return describeDeskRefusal(refusal);
  }
}

const STEPS: Readonly<Record<IllegalStep['kind'], string>> = {
  noSuchFiling: 'there is no such filing.',
  filedTwice: 'there is such a filing already.',
  notNow: 'that cannot be done now.',
  doubleReview: 'that role has given its verdict already. The other one is asked.',
  sameReviewer: 'one person cannot give both verdicts.',
  ownFiling: 'who wrote it down gives no verdict on it: let somebody else of the roster do so.',
  headTooOld: 'something was added since that statement was made: look at it, make the statement anew and sign that.',
  otherCaseFiles: 'the verdict names other case files than there are: make the statement anew and sign that.',
  noReasons: 'a rejection needs at least one reason.',
  noSuchItem: 'a narrower admission names some of its items, in order, each once; any other verdict names none.',
  otherFiling: 'it is about another filing.',
  notAgreed: 'the two verdicts do not say that.',
  emergency: 'an emergency is never refused by machine.',
  notRejected: 'it is not rejected, so it can be neither put right nor answered as rejected.',
  correctedAlready: 'another filing puts it right already.',
  otherPackage:
    'the statement is about another package than the one that waits: look at that one, make the statement anew and sign that.',
  lookedTwice: 'this person has looked already. Somebody else of the roster is asked.',
};

const ARRIVALS: Readonly<Record<IllegalArrival['kind'], string>> = {
  arrivedTwice: 'it has come in already.',
  noSuchArrival: 'there is no such arrival. siegel request arrivals shows what waits.',
  arrivalOver: 'somebody has filed or dismissed it already.',
  answeredTwice: 'it has been answered already.',
};
