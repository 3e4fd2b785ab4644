// Brings a stopped cluster its roles, its guard and its closed door, in PostgreSQL's single-user mode: all of it or nothing.

import { access, chown, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '#base/result.ts';
import { digestOf, guardCoreSql, guardEventsSql, markInstalled } from '../guard-core.ts';
import { DATABASE_NAME, OWN_FOLDER, runIn, type ClusterPlace, type ClusterRefusal } from './cluster.ts';
import { beginEnding, finishEnding } from './control-seen.ts';
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

const NOTICE = 'glass-broken';
const NOTE_BROKEN_GLASS = 'INSERT INTO siegel_guard.broken_glass (noticed_at) VALUES (now());';

/**
 * Nothing happens where it was done before. The statements are one transaction; the door is closed after it, and the marker is
 * written last: killed anywhere, the next start does it again from the beginning, with the same end. `isTouched`: somebody
 * worked on it while it was stopped; that is kept until it is told.
 */
export async function sealCluster(place: ClusterPlace, isTouched: boolean): Promise<Result<void, ClusterRefusal>> {
  try {
    return await seal(place, isTouched);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    const sentence = `the database's roles and guard could not be brought to ${place.folder} (${code}); its rows are as they were. Look at the disk and start again.`;
    return err({ kind: 'init-failed', sentence });
  }
}

async function seal(place: ClusterPlace, isTouched: boolean): Promise<Result<void, ClusterRefusal>> {
  const cluster = join(place.folder, 'cluster');
  const notice = join(place.folder, NOTICE);
  if (isTouched) await writeWhole(notice, '');
  const isNoticed = await access(notice).then(
    () => true,
    () => false,
  );
  const digest = digestOf(`${SCRIPT}${HBA}`);
  const isSealed = (await readFile(join(cluster, MARKER), 'utf8').catch(() => '')) === digest;
  if (isSealed && !isNoticed) return ok(undefined);
  const sql = `${isSealed ? '' : SCRIPT}${isNoticed ? NOTE_BROKEN_GLASS : ''}`;
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
  await beginEnding(place.folder);
  const done = await runIn(cluster, place, [...words, DATABASE_NAME], inOneTransaction(sql));
  if (!done.ok) return done;
  for (const [name, text] of [
    ['pg_hba.conf', HBA],
    [MARKER, digest],
  ] as const) {
    const path = join(cluster, name);
    await writeWhole(path, text);
    if (place.owner !== undefined) await chown(path, place.owner.uid, place.owner.gid);
  }
  await rm(notice, { force: true });
  await finishEnding(place.folder);
  return ok(undefined);
}

/** With -j a statement ends at a semicolon and an empty line: what stands before the first is one query, and so one transaction. */
function inOneTransaction(sql: string): string {
  return `${sql.trim().replaceAll(/\n\s*\n/g, '\n')}\n\n`;
}
