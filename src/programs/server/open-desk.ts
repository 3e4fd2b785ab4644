// The desk of this house: its register over journal and rows, and whom the machine trusts.

import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import { DeskBook } from '#office/desk/book/desk-book.ts';
import { DeskStatements } from '#office/desk/book/desk-statements.ts';
import { DeskReports } from '#office/desk/book/desk-reports.ts';
import type { KnownHead } from '#office/desk/report/verification/chain-check.ts';
import { parseDigest } from '#formats/desk/digest.ts';
import { readJournalledDeskHead } from '#vault/database/journalled-desk-head.ts';
import { Desk } from '#office/desk/book/desk.ts';
import type { Fingerprint } from '#formats/desk/model.ts';
import type { Vault } from './open-vault.ts';

export interface DeskFacts {
  readonly config: Pick<Config, 'deskTrust'>;
  readonly clock: Clock;
  readonly vault: Pick<Vault, 'door' | 'database'> & Partial<Pick<Vault, 'journal'>>;
}

/** The desk with its reports. */
export interface HouseDesk {
  readonly desk: Desk;
  readonly book: DeskBook;
  readonly reports: DeskReports;
  readonly statements: DeskStatements;
}

export function openHouseDesk({ config, clock, vault }: DeskFacts): HouseDesk {
  const book = new DeskBook({ door: vault.door, reader: vault.database.reader, clock });
  const trust = config.deskTrust.map(asFingerprint);
  const desk = new Desk({ book, trust });
  const { journal, door } = vault;
  const journalled = async (): Promise<KnownHead | undefined> => {
    const known = journal && (await readJournalledDeskHead(journal, door.health.appliedSeq));
    return known && { entries: known.entries, head: parseDigest(known.head) };
  };
  return {
    desk,
    book,
    statements: new DeskStatements({ desk, book }),
    reports: new DeskReports({ desk, book, trust, journalled }),
  };
}

/** The option has checked its form. */
function asFingerprint(text: string): Fingerprint {
  return text as Fingerprint;
}
