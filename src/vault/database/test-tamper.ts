// For tests: somebody above the guard who damages rows on purpose, as a break-glass would.

import { createHash, randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { writeApprovals } from './approve.ts';
import type { Database } from './open-database.ts';

/** As the user of `url` itself, statement by statement. */
export async function asLogin(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

const APPROVE = `
  INSERT INTO siegel_guard.approval (change, nth, plan, statement, rows_max, expires_at)
  VALUES ($1, 0, '', $2, 1000000000, now() + interval '1 hour')`;

/** The same with an approval for each statement: the guard lets it through. */
export async function tamper(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) {
      await client.query(APPROVE, [`tamper-${randomUUID()}`, createHash('sha256').update(statement).digest()]);
      await client.query(statement);
    }
  } finally {
    await client.end();
  }
}

/** The same where only the database is at hand. */
export async function tamperIn(database: Pick<Database, 'connectAs'>, statement: string): Promise<void> {
  await using owner = await database.connectAs('owner');
  const approval = { change: `tamper-${randomUUID()}`, nth: 0, planDigest: Buffer.alloc(0), statement };
  await writeApprovals(owner, [{ ...approval, rowsMax: 1_000_000_000, expiresMs: Date.now() + 3_600_000 }]);
  await owner.script(statement);
}
