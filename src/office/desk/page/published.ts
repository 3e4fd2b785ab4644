// What the page is drawn from: the reports of a year as they were signed, with what was found of their signatures.

import { armor, dearmor } from '#formats/openpgp/armor.ts';
import type { Report } from '../report/report.ts';
import type { Fingerprint, DeskRole } from '#formats/desk/model.ts';

export interface Signer {
  /** As the signed policy names them. */
  readonly name: string;
  readonly role: DeskRole;
  readonly fingerprint: Fingerprint;
  /** OpenPGP public key, armored. */
  readonly certificate: string;
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

/** All signatures in one block, as programs check them beside a file; undefined: one of them is no armor. */
export function joinedArmor(
  kind: 'PGP SIGNATURE' | 'PGP PUBLIC KEY BLOCK',
  parts: readonly string[],
): string | undefined {
  const opened = parts.map((part) => dearmor(part));
  const bytes = opened.flatMap((one) => (one.ok ? [one.value.bytes] : []));
  return bytes.length === parts.length ? armor(kind, Buffer.concat(bytes), '\n') : undefined;
}

export function newestOf({ versions: [first, ...errata] }: PublishedYear): PublishedReport {
  return errata.at(-1) ?? first;
}
