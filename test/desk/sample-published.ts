// Published reports for tests of the page: of a register, with an erratum, without anything.

import { armor } from '#formats/openpgp/armor.ts';
import type { PublishedReport, PublishedYear, Signer } from '#office/desk/page/published.ts';
import { sha256 } from '#office/desk/register/chain.ts';
import type { FilingRow } from '#office/desk/register/fold.ts';
import type { Fingerprint } from '#formats/desk/model.ts';
import { reportOf, reportText } from '#office/desk/report/report.ts';

export const signers: readonly Signer[] = [
  {
    name: 'Dr. Miriam Öztürk',
    role: 'LAWYER',
    fingerprint: 'c0ffee'.repeat(6).padEnd(40, '1') as Fingerprint,
    certificate: armor('PGP PUBLIC KEY BLOCK', Buffer.from('one')),
  },
  {
    name: 'Jörg Groß',
    role: 'OFFICER',
    fingerprint: 'bead'.repeat(10) as Fingerprint,
    certificate: armor('PGP PUBLIC KEY BLOCK', Buffer.from('other')),
  },
];

export interface PublishWish {
  readonly house?: string;
  /** How interceptions are said. */
  readonly bands?: readonly number[];
  readonly signers?: readonly Signer[];
  /** The text of the one it puts right. */
  readonly corrects?: string;
}

export function publish(rows: readonly FilingRow[], year: number, wish: PublishWish = {}): PublishedReport {
  const report = reportOf({
    rows,
    year,
    policy: {
      digest: sha256(Buffer.from('policy')),
      house: wish.house ?? 'Kanzlei Post e. V.',
      country: 'DE',
      interceptions: { bands: wish.bands ?? null },
    },
    register: { entries: rows.length, head: sha256(Buffer.from('head')), root: sha256(Buffer.from('root')) },
    generatedMs: Date.UTC(year + 1, 2, 31, 9),
    corrects: wish.corrects,
  });
  const text = reportText(report);
  const signatures = ['one', 'other'].map((bytes) => armor('PGP SIGNATURE', Buffer.from(bytes)));
  return { report, text, signatures, signers: wish.signers ?? signers };
}

export function yearOf(first: PublishedReport, ...errata: readonly PublishedReport[]): PublishedYear {
  return { year: first.report.year, versions: [first, ...errata] };
}
