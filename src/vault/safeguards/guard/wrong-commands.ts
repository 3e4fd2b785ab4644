// Sixteen wrong commands, each of which once emptied somebody's database: a drill tries them all, as everybody who could.

import { Client } from 'pg';
import type { Connection } from '../../database/postgres/embedded.ts';
import { roles, SUPERUSER } from '../../database/postgres/roles.ts';

export interface WrongCommand {
  readonly id: string;
  /** For people: what somebody was about to do. */
  readonly what: string;
  /** Sent one after the other in one transaction. */
  readonly statements: readonly string[];
}

const SLICE = `
  DELETE FROM letter WHERE ctid IN (SELECT ctid FROM letter
    WHERE account_id = (SELECT account_id FROM letter GROUP BY 1 ORDER BY count(*) DESC LIMIT 1) LIMIT 100)`;

export const wrongCommands: readonly WrongCommand[] = [
  { id: 'delete-all', what: 'DELETE without WHERE', statements: ['DELETE FROM letter'] },
  {
    id: 'change-owner',
    what: 'every letter given to one account',
    statements: ['UPDATE letter SET account_id = (SELECT account_id FROM account ORDER BY 1 LIMIT 1)'],
  },
  { id: 'truncate', what: 'a table emptied', statements: ['TRUNCATE letter'] },
  { id: 'drop-table', what: 'a table dropped', statements: ['DROP TABLE placement'] },
  { id: 'drop-column', what: 'a column dropped', statements: ['ALTER TABLE letter DROP COLUMN digest'] },
  {
    id: 'delete-by-cte',
    what: 'DELETE hidden in a WITH',
    statements: ['WITH gone AS (DELETE FROM letter RETURNING 1) SELECT count(*) FROM gone'],
  },
  {
    id: 'delete-by-merge',
    what: 'DELETE as a part of MERGE',
    statements: ['MERGE INTO letter l USING account a ON l.account_id = a.account_id WHEN MATCHED THEN DELETE'],
  },
  {
    id: 'rekey-by-insert',
    what: 'INSERT … ON CONFLICT that gives places other letters',
    statements: [
      `INSERT INTO placement SELECT * FROM placement
        ON CONFLICT (account_id, mailbox_id, uid) DO UPDATE SET letter_id = gen_random_uuid()`,
    ],
  },
  {
    id: 'delete-by-block',
    what: 'DELETE inside a DO block',
    statements: ['DO $$ BEGIN DELETE FROM placement; DELETE FROM letter; END $$'],
  },
  {
    id: 'trigger-off',
    what: 'the guard switched off on a table first',
    statements: ['ALTER TABLE letter DISABLE TRIGGER ALL', 'DELETE FROM letter'],
  },
  {
    id: 'play-replica',
    what: 'triggers silenced by playing a replica first',
    statements: ['SET LOCAL session_replication_role = replica', 'DELETE FROM letter'],
  },
  {
    id: 'slices',
    what: 'slices of 100 rows, each behind its own savepoint',
    statements: [SLICE, 'SAVEPOINT a', SLICE, 'RELEASE a', 'SAVEPOINT b', SLICE, 'ROLLBACK TO b', SLICE],
  },
  {
    id: 'rekey-letters',
    what: 'letters given other ids',
    statements: ['UPDATE letter SET letter_id = gen_random_uuid()'],
  },
  {
    id: 'swap-accounts',
    what: 'two accounts’ ids exchanged',
    statements: [
      `UPDATE placement SET account_id = CASE account_id
          WHEN (SELECT min(account_id::text)::uuid FROM account) THEN (SELECT max(account_id::text)::uuid FROM account)
          ELSE (SELECT min(account_id::text)::uuid FROM account) END`,
    ],
  },
  { id: 'drop-schema', what: 'everything dropped', statements: ['DROP SCHEMA public CASCADE'] },
  {
    id: 'rule',
    what: 'a rule that swallows new letters',
    statements: ['CREATE RULE swallow AS ON INSERT TO letter DO INSTEAD NOTHING'],
  },
];

/** Who could try: the three roles, and the superuser by the socket. */
export const triers = [roles.reader, roles.app, roles.owner, SUPERUSER] as const;

export interface WrongAttempt {
  readonly command: string;
  readonly trier: string;
  /** What PostgreSQL answered; undefined: the command went through. */
  readonly refusal: string | undefined;
}

export interface TryOptions {
  /** Who tries; other people sign in where there is no guard (the twin). */
  readonly as?: readonly string[];
  /** What follows a command that is not refused. Default: COMMIT, so the database must be one that may be destroyed. */
  readonly ending?: 'COMMIT' | 'ROLLBACK';
}

/** Tries every command as everybody. */
export async function tryWrongCommands(
  connection: Pick<Connection, 'host' | 'port' | 'database'>,
  { as = triers, ending = 'COMMIT' }: TryOptions = {},
): Promise<readonly WrongAttempt[]> {
  const attempts: WrongAttempt[] = [];
  for (const trier of as) {
    for (const command of wrongCommands) {
      const refusal = await tryOne({ ...connection, user: trier }, [...command.statements, ending]);
      attempts.push({ command: command.id, trier, refusal });
    }
  }
  return attempts;
}

async function tryOne(connection: Connection, statements: readonly string[]): Promise<string | undefined> {
  // a person who means it also leaves what the program sets for its reader
  const client = new Client({ ...connection, options: '-c default_transaction_read_only=off' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('BEGIN');
    for (const statement of statements) await client.query(statement);
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : 'refused';
  } finally {
    await client.end().catch(() => undefined);
  }
}
