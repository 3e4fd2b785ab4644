// What the page is drawn from: the reports of a year as they were signed, with what was found of their signatures.

import type { Report } from '../report/report.ts';
import type { Fingerprint, DeskRole } from '../register/model.ts';

export interface Signer {
  /** As the signed policy names them. */
  readonly name: string;
  readonly role: DeskRole;
  readonly fingerprint: Fingerprint;
}

export interface PublishedReport {
  readonly report: Report;
  /** The canonical text that was signed. */
  readonly text: string;
  /** Armored. */
  readonly signatures: readonly string[];
  /** Whose signatures were checked and are good; empty: they are not those of two people who may sign. */
  readonly signers: readonly Signer[];
}

export interface PublishedYear {
  readonly year: number;
  /** The first, then each erratum: the last holds. */
  readonly versions: readonly [PublishedReport, ...PublishedReport[]];
}

export function newestOf({ versions: [first, ...errata] }: PublishedYear): PublishedReport {
  return errata.at(-1) ?? first;
}
