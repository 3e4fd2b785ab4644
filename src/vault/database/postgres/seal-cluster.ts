// Brings a stopped cluster its roles, its guard and its closed door, in PostgreSQL's single-user mode: all of it or nothing.

import { chown, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '#base/result.ts';
import { digestOf, guardCoreSql, guardEventsSql, markInstalled } from '../guard-core.ts';
import { DATABASE_NAME, OWN_FOLDER, runIn, type ClusterPlace, type ClusterRefusal } from './cluster.ts';
import { HBA_LINES, ownClusterRolesSql } from './roles.ts';
import { writeWhole } from './write-whole.ts';

const SCRIPT = [
  guardCoreSql,
  ownClusterRolesSql,
  guardEventsSql,
  markInstalled('core', guardCoreSql),
  markInstalled('roles', ownClusterRolesSql),
  markInstalled('events', guardEventsSql),
].join('');
const HBA = HBA_LINES.join('\n');
const MARKER = 'siegel-sealed';

/**
 * Nothing happens where it was done before. The statements are one transaction; the door is closed after it, and the marker is
 * written last: killed anywhere, the next start does it again from the beginning, with the same end.
 */
export async function sealCluster(place: ClusterPlace): Promise<Result<void, ClusterRefusal>> {
  const cluster = join(place.folder, 'cluster');
  const digest = digestOf(`${SCRIPT}${HBA}`);
  if ((await readFile(join(cluster, MARKER), 'utf8').catch(() => '')) === digest) return { ok: true, value: undefined };
  const words = [
    'postgres',
    '--single',
    '-j',
    '-D',
    OWN_FOLDER,
    '-c',
    'exit_on_error=on',
    '-c',
    'log_min_messages=error',
  ];
  const done = await runIn(cluster, place, [...words, DATABASE_NAME], inOneTransaction(SCRIPT));
  if (!done.ok) return done;
  for (const [name, text] of [
    ['pg_hba.conf', HBA],
    [MARKER, digest],
  ] as const) {
    const path = join(cluster, name);
    await writeWhole(path, text);
    if (place.owner !== undefined) await chown(path, place.owner.uid, place.owner.gid);
  }
  return done;
}

/** With -j a statement ends at a semicolon and an empty line: what stands before the first is one query, and so one transaction. */
function inOneTransaction(sql: string): string {
  return `${sql.trim().replaceAll(/\n\s*\n/g, '\n')}\n\n`;
}
