// Which records make the guard count: what they take away or re-key belongs to one account, so each such account has its own transaction.

import type { ErasedContent, KeyRecord } from '../journal/journal.ts';
import type { RecordHeader } from '../journal/record.ts';
import type { AccountId } from '#base/ids.ts';
import type { RecordKind } from '../journal/record-types.ts';
import { idToUuid } from './ids.ts';
import type { Session } from './session.ts';
import type { Uuid } from './tables.ts';

/** Rows that a record of this kind may delete or re-key at most; `counted`: its effect says how many. */
const ROWS: { readonly [K in RecordKind]?: number | 'counted' } = {
  erased: 'counted',
  holderRemoved: 'counted',
  holderPut: 3,
  holderLeft: 3,
  keysPut: 1,
  keyringPut: 2,
  manifestPut: 1,
  wrapPut: 2,
  wrapRemoved: 2,
  secondFactorPut: 1,
  secondFactorRemoved: 1,
  credentialPending: 4,
  credentialPromoted: 8,
  domainRemoved: 1,
  accountErased: 'counted',
};

/** The owner of the rows that a record may take away; undefined: it takes none. */
function ownerOf({ header, content }: KeyRecord): AccountId | 'house' | undefined {
  if (ROWS[header.kind] === undefined || content.kind === 'gone') return undefined;
  if (content.kind === 'erased' && !takesRows(content.erased)) return undefined;
  if (content.kind === 'command' && content.command.kind === 'accountErased') return content.command.effect.accountId;
  return header.accountId ?? 'house';
}

/** The others say that a payload may go whose rows went before, with their account or with what took their place. */
function takesRows({ lane, reason }: ErasedContent): boolean {
  return lane === 'key' && (reason === 'removed' || reason === 'expired');
}

/** Runs of records in order, each with rows of one owner at most to take away. Without such records: one run. */
export function splitByOwner(records: readonly KeyRecord[]): readonly (readonly KeyRecord[])[] {
  const runs: KeyRecord[][] = [];
  let run: KeyRecord[] = [];
  let owner: AccountId | 'house' | undefined;
  for (const record of records) {
    const of = ownerOf(record);
    if (of !== undefined && owner !== undefined && of !== owner) {
      runs.push(run);
      run = [];
      owner = undefined;
    }
    owner ??= of;
    run.push(record);
  }
  if (run.length > 0) runs.push(run);
  return runs;
}

const VOUCH = 'SELECT siegel_guard.vouch($1, $2, $3, $4)';
const HOUSE = '00000000-0000-0000-0000-000000000000';

/**
 * Tells the guard which record the next deletions come from. `counted`: rows, where the kind alone does not say; `of`: whose, where
 * the record is one of the house.
 */
export async function vouchFor(tx: Session, header: RecordHeader, counted?: number, of?: Uuid): Promise<void> {
  if (!tx.isGuarded) return;
  const rows = ROWS[header.kind];
  if (rows === undefined || (rows === 'counted' && counted === undefined)) return;
  const account = of ?? (header.accountId === undefined ? HOUSE : idToUuid(header.accountId));
  await tx.rows(VOUCH, [header.journal, header.seq, account, counted ?? rows]);
}
