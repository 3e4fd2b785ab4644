// Why a backup was not taken, does not count, or is not brought back: what is wrong, what is safe, what to do next.

import { unreachable } from '#base/assert.ts';
import type { Finding } from '../../journal/verify-journal.ts';
import type { JournalCopyRefusal } from './copy-journal.ts';
import type { ManifestRefusal } from './manifest.ts';
import type { Refused } from './neighbours.ts';
import type { ObjectDamage, StoreRefusal } from './object-store.ts';
import type { PlaceProblemKind } from './place.ts';

/** What was found when a copy was restored beside: it does not count. */
export type ProofRefusal =
  | ManifestRefusal
  | ObjectDamage
  | { readonly kind: 'manifestMissing' }
  /** Read back it is not the backup that was asked for. */
  | { readonly kind: 'otherBackup' }
  | { readonly kind: 'otherInstance' }
  | { readonly kind: 'journalDamaged'; readonly finding: Finding; readonly count: number }
  /** The copy ends elsewhere than the journal ended. */
  | { readonly kind: 'journalTooShort'; readonly lane: 'body' | 'key'; readonly seq: number; readonly found: number }
  | { readonly kind: 'baseOtherCluster' }
  | { readonly kind: 'baseOld'; readonly claimedSeq: number; readonly foundSeq: number }
  | { readonly kind: 'schemaWrong'; readonly found: number; readonly wanted: number }
  | { readonly kind: 'rowsRefused'; readonly why: string }
  | { readonly kind: 'rowsIncomplete'; readonly appliedSeq: number; readonly wantedSeq: number }
  | { readonly kind: 'rowsDamaged'; readonly relation: string }
  | { readonly kind: 'ledgerUnequal' }
  | { readonly kind: 'bookDamaged' }
  | { readonly kind: 'loginRefused' }
  | { readonly kind: 'loginsWithoutSetup'; readonly accounts: number }
  | ({ readonly kind: 'neighbour' } & { readonly refused: Refused });

export type BackupRefusal =
  | ProofRefusal
  | StoreRefusal
  | JournalCopyRefusal
  | { readonly kind: PlaceProblemKind; readonly place: string; readonly code: string }
  | { readonly kind: 'underWay' }
  | { readonly kind: 'noPlace' }
  /** The program is being stopped. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'placeInside'; readonly place: string }
  /** This house’s folder cannot hold what is restored beside. */
  | { readonly kind: 'workFull'; readonly code: string }
  | { readonly kind: 'unknownBackup'; readonly id: string }
  /** The journal does not go on from what an earlier backup holds: an older or another one was put in its place. */
  | { readonly kind: 'notContinued'; readonly since: string }
  | { readonly kind: 'notVerified'; readonly id: string };

export function explainBackup(refusal: BackupRefusal): string {
  switch (refusal.kind) {
    case 'placeFull':
      return `There is no room at ${refusal.place} (${refusal.code}). The backup was not finished and does not count; earlier ones and the mail are as they were. Make room, or: siegel backup prune --apply; then: siegel backup take`;
    case 'placeUnreachable':
      return `${refusal.place} cannot be used (${refusal.code}). Nothing there was changed. Look whether it is mounted or answers, then: siegel backup take`;
    case 'placeForbidden':
      return `Siegel may not use ${refusal.place} (${refusal.code}). Nothing was changed. Give the folder to the user that Siegel runs as, or look at the login of the second place.`;
    case 'placeKeeps':
      return `${refusal.place} keeps what it has until its time is over (${refusal.code}). Nothing was removed.`;
    case 'workFull':
      return `There is no room in the data folder to try the backup (${refusal.code}). The mail goes on; the copy does not count until it was tried. Make room, then: siegel backup verify`;
    case 'underWay':
      return 'A backup is being taken, tried or pruned just now. Nothing was begun. Wait until it is done: siegel backup list';
    case 'stopped':
      return 'The program is being stopped: the backup was given up and does not count. Earlier ones are as they were. Start again, then: siegel backup take';
    case 'noPlace':
      return 'No place for backups is named. Nothing was done. Name a folder on another disk with SIEGEL_BACKUP_DIR and start again.';
    case 'placeInside':
      return `${refusal.place} and the data folder lie in each other: a backup there would go down with what it is a copy of. Nothing was written. Name a folder on another disk with SIEGEL_BACKUP_DIR.`;
    case 'unknownBackup':
      return `There is no backup ${refusal.id}. Nothing was done. See: siegel backup list`;
    case 'notVerified':
      return `Backup ${refusal.id} was never restored and found whole, so it does not count. Nothing was done. Try it: siegel backup verify ${refusal.id}`;
    case 'notContinued':
      return `The journal does not go on from backup ${refusal.since}: an older or another journal lies in the data folder. The backups are as they were and nothing was added to them. Look at: siegel journal verify; to put the backup back: siegel restore --to DIR --backup PLACE`;
    case 'sourceShrank':
      return `${refusal.path} became shorter while it was copied. The copy does not count; earlier ones are as they were. Try again: siegel backup take`;
    case 'journalChanged':
      return `Record ${refusal.seq} of the ${refusal.lane} lane is not the one that was synced. No backup was made of it; earlier ones are as they were. Run: siegel journal verify`;
    case 'journalUnreadable':
      return `Segment ${refusal.segment} of the ${refusal.lane} lane cannot be read from the disk. No backup was made of it; earlier ones are as they were. Look at the disk, then: siegel journal verify`;
    default:
      return `${explainProof(refusal)} It does not count; the mail and earlier backups are as they were. Take another: siegel backup take`;
  }
}

/** What was found, without what to do. */
export function explainProof(refusal: ProofRefusal): string {
  switch (refusal.kind) {
    case 'manifestMissing':
      return 'The backup’s manifest is not there.';
    case 'manifestDamaged':
      return 'The backup’s manifest is damaged.';
    case 'manifestForeign':
      return 'The backup’s manifest was not signed with this key kit: the backup is of another house, or the kit is.';
    case 'otherBackup':
      return 'What lies under the backup’s name is another backup.';
    case 'otherInstance':
      return 'The backup is of another house than the key kit.';
    case 'objectMissing':
      return `A part of ${refusal.path} is missing from the backup (object ${refusal.object.slice(0, 16)}…).`;
    case 'objectDamaged':
      return `A part of ${refusal.path} in the backup is damaged (object ${refusal.object.slice(0, 16)}…).`;
    case 'journalDamaged':
      return `The journal in the backup is not whole: ${refusal.finding.what} in the ${refusal.finding.lane} lane, segment ${refusal.finding.segment}, byte ${refusal.finding.offset}; ${refusal.count} findings in all.`;
    case 'journalTooShort':
      return `The ${refusal.lane} lane in the backup ends at record ${refusal.found} instead of ${refusal.seq}.`;
    case 'baseOtherCluster':
      return 'The rows in the backup are those of another database.';
    case 'baseOld':
      return `The rows in the backup stand at record ${refusal.foundSeq} and were said to stand at ${refusal.claimedSeq}: it is an older copy, or an empty one.`;
    case 'schemaWrong':
      return `The rows in the backup have schema ${refusal.found} instead of ${refusal.wanted}.`;
    case 'rowsRefused':
      return `No database could be made of the backup: ${refusal.why}.`;
    case 'rowsIncomplete':
      return `The rows made of the backup stand at record ${refusal.appliedSeq} and do not reach ${refusal.wantedSeq}.`;
    case 'rowsDamaged':
      return `The rows made of the backup are damaged (${refusal.relation}).`;
    case 'ledgerUnequal':
      return 'The letters in the rows of the backup are not those of its journal: the ledger differs.';
    case 'bookDamaged':
      return 'The book of receipts in the backup does not hold what it promised.';
    case 'loginRefused':
      return 'The key kit does not answer a login with the backup: it is not the kit that belongs to it.';
    case 'loginsWithoutSetup':
      return `${refusal.accounts} accounts in the backup could not sign in with this key kit.`;
    case 'neighbour':
      return refusal.refused.sentence;
    default:
      return unreachable(refusal);
  }
}
