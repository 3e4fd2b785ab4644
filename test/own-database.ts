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
  const client = new Client({ host, port: 5432, user: 'siegel', database: 'siegel' });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
    await rm(folder, { recursive: true });
  }
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
