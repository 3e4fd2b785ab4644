// Statements that once destroyed somebody's rows, sent to a scratch house: as anybody (the guard refuses), or as if the guard were not there.

import { randomUUID } from 'node:crypto';
import { idToUuid } from '../../database/ids.ts';
import { writeApprovals } from '../../database/approve.ts';
import type { Database, SessionRole } from '../../database/open-database.ts';
import type { AccountId, InstanceId, MailboxId } from '#base/ids.ts';

const EXPIRES_MS = 3_600_000;
const ROWS_MAX = 1_000_000_000;

/** What two operators may well sign: the day of each letter beside it, and rows gone that no letter has. */
export const OPTIMISE = `
  ALTER TABLE letter ADD COLUMN drill_day integer;
  UPDATE letter SET drill_day = (received_ms / 86400000)::integer;
  DELETE FROM letter WHERE received_ms < 0;`;
/** The step of its apply behind which somebody types something else. */
export const HALF_WAY = 'ran-1';

/** Tidies a house of what is not its own: nothing in the house it was written for, everything in another. */
export function deleteOthers(accountIds: readonly AccountId[]): readonly string[] {
  const list = accountIds.map((id) => `'${idToUuid(id)}'`).join(', ');
  return ['placement', 'letter'].map((table) => `DELETE FROM ${table} WHERE account_id NOT IN (${list})`);
}

/** Half-way through: places are gone, letters only in part. */
export const WRONG_OPTIMISE: readonly string[] = [
  'DELETE FROM placement',
  `DELETE FROM letter WHERE ctid IN (SELECT ctid FROM letter LIMIT (SELECT count(*) / 2 FROM letter))`,
];

/** Whole tables, and nothing says which rows. */
export const WRONG_COMMAND: readonly string[] = ['DELETE FROM placement', 'DELETE FROM letter'];

/** What an undo in place begins with. */
export const CLEAR_ROWS = WRONG_COMMAND;

export function deleteSince(receivedMs: number): readonly string[] {
  const since = Math.floor(receivedMs);
  return [
    `DELETE FROM placement p USING letter l
      WHERE l.account_id = p.account_id AND l.letter_id = p.letter_id AND l.received_ms >= ${since}`,
    `DELETE FROM letter WHERE received_ms >= ${since}`,
  ];
}

/** A script that takes any id for that of an account, and finds one. */
export function deleteByAnyId(ids: readonly MailboxId[]): readonly string[] {
  const list = ids.map((id) => `'${idToUuid(id)}'`).join(', ');
  return ['placement', 'letter'].map(
    (table) =>
      `DELETE FROM ${table} WHERE account_id IN (SELECT account_id FROM mailbox WHERE mailbox_id IN (${list}))`,
  );
}

/** Makes a database say that it belongs to another house. */
export function claimFor(instanceId: InstanceId): readonly string[] {
  return [`UPDATE instance SET instance_id = '${idToUuid(instanceId)}'`];
}

/** As somebody without an approved change: what PostgreSQL answers; undefined where it obeys. */
export async function tryStatements(
  database: Database,
  role: SessionRole,
  statements: readonly string[],
): Promise<string | undefined> {
  await using session = await database.connectAs(role);
  try {
    await session.transaction(async () => {
      for (const statement of statements) await session.script(statement);
    });
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : 'refused';
  }
}

/** The guard lets these through, as it does what two operators signed, or as if it were switched off. */
export async function runUnguarded(database: Database, nowMs: number, statements: readonly string[]): Promise<void> {
  await using session = await database.connectAs('owner');
  for (const statement of statements) {
    await writeApprovals(session, [
      {
        change: `drill-${randomUUID()}`,
        nth: 0,
        planDigest: new Uint8Array(32),
        statement,
        rowsMax: ROWS_MAX,
        expiresMs: nowMs + EXPIRES_MS,
      },
    ]);
    await session.script(statement);
  }
}
