// The desk of this house: its register over journal and rows, and whom the machine trusts.

import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import { DeskBook } from '#office/desk/book/desk-book.ts';
import { Desk } from '#office/desk/book/desk.ts';
import type { Fingerprint } from '#office/desk/register/model.ts';
import type { Vault } from './open-vault.ts';

export interface DeskFacts {
  readonly config: Pick<Config, 'deskTrust'>;
  readonly clock: Clock;
  readonly vault: Pick<Vault, 'door' | 'database'>;
}

export function openDesk({ config, clock, vault }: DeskFacts): Desk {
  const book = new DeskBook({ door: vault.door, reader: vault.database.reader, clock });
  return new Desk({ book, trust: config.deskTrust.map(asFingerprint) });
}

/** The option has checked its form. */
function asFingerprint(text: string): Fingerprint {
  return text as Fingerprint;
}
