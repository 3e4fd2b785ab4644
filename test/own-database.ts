// The running program's own database, asked past the program: by its socket, however deep the data folder lies.

import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

export type Row = Readonly<Record<string, unknown>>;

export async function withDatabase<T>(dataDir: string, work: (client: Client) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sgl-'));
  const host = join(folder, 'run');
  await symlink(join(dataDir, 'postgres', 'run'), host);
  const client = new Client({ host, port: 5432, user: 'siegel_owner', database: 'siegel' });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
    await rm(folder, { recursive: true });
  }
}

const APPROVE = `
  INSERT INTO siegel_guard.approval (change, nth, plan, statement, rows_max, expires_at)
  VALUES (gen_random_uuid()::text, 0, '', sha256(convert_to($1, 'UTF8')), 1000000, now() + interval '1 hour')`;

/** What the guard would refuse, behind the house's back. */
export function tamper(dataDir: string, sql: string): Promise<void> {
  return withDatabase(dataDir, async (client) => {
    await client.query(APPROVE, [sql]);
    await client.query(sql);
  });
}

/** Every table with all its rows. */
export function readTables(dataDir: string): Promise<ReadonlyMap<string, readonly Row[]>> {
  return withDatabase(dataDir, async (client) => {
    const tables = await client.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
    );
    const rows = new Map<string, readonly Row[]>();
    for (const { name } of tables.rows) rows.set(name, (await client.query<Row>(`SELECT * FROM "${name}"`)).rows);
    return rows;
  });
}
