// A copy of the live rows while they serve: PostgreSQL writes it itself, with the log that makes it whole and a list of checksums.

import { join, relative } from 'node:path';
import { Client } from 'pg';
import { err, ok, type Result } from '#base/result.ts';
import type { Database } from '../../database/open-database.ts';
import { giveWay } from '../../database/give-way.ts';
import { roles } from '../../database/postgres/roles.ts';
import { isDamaged } from '../../database/session.ts';
import { flushWhile } from './flush-while.ts';
import { positionOf } from './follow-journal.ts';
import type { GenerationRefusal } from './refusals.ts';

export interface TakeBaseOrder {
  /** Where the live cluster is reached. */
  readonly url: string;
  readonly database: Database;
  readonly journal: number;
  /** Empty or missing; PostgreSQL’s user may write there. Afterwards it holds base.tar and backup_manifest. */
  readonly folder: string;
  /** The live cluster’s folder, when the copy lies in the same data folder: then it is named from there. */
  readonly cluster?: string;
}

export interface BaseFacts {
  readonly systemIdentifier: string;
  /** No record after this one has an effect in the copy. */
  readonly appliedSeq: number;
}

const ARCHIVE = 'base.tar';
const WORDS = [
  `TARGET 'server'`,
  `LABEL 'siegel'`,
  `CHECKPOINT 'fast'`,
  'WAL true',
  `MANIFEST 'yes'`,
  `MANIFEST_CHECKSUMS 'SHA256'`,
  'VERIFY_CHECKSUMS true',
];

export async function takeBase(order: TakeBaseOrder): Promise<Result<BaseFacts, GenerationRefusal>> {
  const client = new Client({ ...asCopier(order.url), replication: 'true' } as ConstructorParameters<typeof Client>[0]);
  client.on('error', () => undefined);
  try {
    await client.connect();
    giveWay(client);
    const { rows } = await client.query<{ systemid: string }>('IDENTIFY_SYSTEM');
    // everything the copy holds was committed before it ends
    const copy = `BASE_BACKUP (${WORDS.join(', ')}, TARGET_DETAIL '${quoted(serverPath(order))}')`;
    await flushWhile(join(order.folder, ARCHIVE), () => client.query(copy));
    const appliedSeq = await positionOf(order.database, order.journal);
    return ok({ systemIdentifier: rows[0]?.systemid ?? '', appliedSeq });
  } catch (cause) {
    if (isDamaged(cause)) return err({ kind: 'base-damaged', sentence: DAMAGED });
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer';
    const sentence = `PostgreSQL could not copy the database (${code}). The live one serves as before. Make room on the disk or look at siegel status, then try again.`;
    return err({ kind: 'base-failed', sentence });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Its checksums are compared on the way. */
const DAMAGED =
  'A page of the database is damaged, so it was not copied. The journal has every letter; the mail and earlier backups are as they were. Make the rows anew: siegel database rebuild --apply. And look at the disk.';

function asCopier(url: string): { readonly connectionString: string } {
  const parsed = new URL(url);
  parsed.searchParams.set('user', roles.copier);
  return { connectionString: parsed.href };
}

/** As PostgreSQL sees it: its processes stand in the cluster’s folder, and what lies above may be closed to them. */
function serverPath({ folder, cluster }: TakeBaseOrder): string {
  return cluster === undefined ? folder : `/proc/self/cwd/${relative(cluster, folder)}`;
}

function quoted(text: string): string {
  return text.replaceAll(`'`, `''`);
}
