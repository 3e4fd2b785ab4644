// Which files of a cluster hold a table: what somebody works on who rewrites it below PostgreSQL.

import type { Database } from '../../database/open-database.ts';

const FILES = `
  SELECT pg_relation_filepath(oid) AS path FROM pg_class
  WHERE oid = $1::regclass OR oid = (SELECT reltoastrelid FROM pg_class WHERE oid = $1::regclass AND reltoastrelid <> 0)`;

/** Relative to the cluster’s folder. */
export async function findTableFiles(database: Database, table: string): Promise<readonly string[]> {
  await using session = await database.connectAs('reader');
  return (await session.rows<{ path: string }>(FILES, [table])).map(({ path }) => path);
}
