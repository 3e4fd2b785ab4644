// What a backup needs of other rooms: a database beside, made of a copy or of nothing, and the ledger’s comparison.

import { createHash } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import type { Vault } from './open-vault.ts';
import { readMigrations, readSchema } from '#vault/database/migrate.ts';
import { openDatabase } from '#vault/database/open-database.ts';
import type { Owner } from '#vault/database/postgres/binaries.ts';
import { startEmbedded } from '#vault/database/postgres/embedded.ts';
import type { LedgerFindings, Neighbours, Refused, RowsBeside } from '#vault/safeguards/backup/neighbours.ts';
import { positionOf } from '#vault/safeguards/generations/follow-journal.ts';
import { takeBase } from '#vault/safeguards/generations/take-base.ts';
import { unpackBase } from '#vault/safeguards/generations/unpack-base.ts';
import { explainBackup } from '#vault/safeguards/backup/refusals.ts';
import { findRoomForBase } from '#vault/safeguards/backup/unpack.ts';
import { checkLedger } from '#vault/safeguards/ledger/check-ledger.ts';
import { removeGently } from '#vault/safeguards/generations/remove-gently.ts';

export interface RowsPlace {
  /** Made, and gone afterwards. */
  readonly folder: string;
  /** PostgreSQL’s programs; undefined with a database of the operator’s own. */
  readonly native: string | undefined;
  readonly owner: Owner | undefined;
  readonly log: Log;
}

/** Thrown away whatever happens: nothing waits for the disk. */
const FLEETING = {
  fsync: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_wal_size: '1GB',
  checkpoint_timeout: '1h',
};

export async function openRowsIn(
  place: RowsPlace,
  baseFolder: string | undefined,
): Promise<Result<RowsBeside, Refused>> {
  const { folder, native, owner, log } = place;
  if (native === undefined) {
    const sentence = 'A backup is tried on a PostgreSQL beside, and none comes along for this machine.';
    return err({ kind: 'no-postgres', sentence });
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (baseFolder !== undefined) {
    const unpacked = await unpackBase(baseFolder, join(folder, 'cluster'), { owner, isGentle: true });
    if (!unpacked.ok) return unpacked;
    await removeGently(baseFolder);
  }
  const started = await startEmbedded({ native, folder, owner, settings: FLEETING });
  if (!started.ok) return started;
  const database = openDatabase(started.value.connection, log);
  return ok({
    database,
    systemIdentifier: await readSystemIdentifier(folder),
    async [Symbol.asyncDispose]() {
      await database.close();
      await started.value.stop();
      await removeGently(folder);
    },
  });
}

/** The first eight bytes of pg_control. */
async function readSystemIdentifier(folder: string): Promise<string> {
  await using control = await open(join(folder, 'cluster', 'global', 'pg_control'));
  const { buffer } = await control.read(Buffer.alloc(8), 0, 8, 0);
  return String(buffer.readBigUInt64LE(0));
}

/** How a running house copies its rows; undefined with a database of the operator’s own. */
export function baseOf(vault: Vault, dataDir: string): Neighbours['takeBase'] {
  const { generations, database, journal } = vault;
  if (generations?.hasFiles !== true) return undefined;
  return async (folder) => {
    const room = await findRoomForBase(folder, database);
    if (!room.ok) return err({ kind: room.error.kind, sentence: explainBackup(room.error) });
    // what stands in the rows before the copy begins is in the copy, whatever else is
    const appliedSeq = await positionOf(database, journal.journal);
    const cluster = join(dataDir, 'postgres', generations.live.name, 'cluster');
    const taken = await takeBase({ url: generations.url, database, journal: journal.journal, folder, cluster });
    if (!taken.ok) return taken;
    const { systemIdentifier } = taken.value;
    return ok({ systemIdentifier, appliedSeq, schema: await readNewest(vault) });
  };
}

async function readNewest({ database }: Vault): Promise<number> {
  await using session = await database.connect();
  const schema = await readSchema(session, await readMigrations());
  return schema.ok ? schema.value.newest : 0;
}

export const compareLedger: Neighbours['checkLedger'] = async (way): Promise<LedgerFindings> => {
  const { isEqual, head, wrongElements } = await checkLedger(way);
  const { letters, places, accounts } = head;
  return {
    isEqual: isEqual && wrongElements.length === 0,
    accounts,
    letters: letters.count,
    placements: places.count,
    head: createHash('sha256').update(canonicalBytes({ letters, places })).digest('hex'),
  };
};
