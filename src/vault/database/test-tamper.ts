// For tests: somebody above the guard who damages rows on purpose, as a break-glass would.

import { createHash, randomUUID } from 'node:crypto';
import { Client } from 'pg';

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
