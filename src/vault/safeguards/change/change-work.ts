// The statements of a change as work for the database, and those of earlier changes that rows made anew still need.

import { assert } from '#base/assert.ts';
import { readMigrations } from '../../database/migrate.ts';
import type { Session } from '../../database/session.ts';
import { planOf, type Change } from './change-state.ts';
import type { ChangeParts } from './parts.ts';
import { digestOf, planBytes } from './plan.ts';
import { hasMigration, markedChanges, runSteps, type RunReport, type Work } from './run-steps.ts';

/** Whether it can be tried beside and taken back. Rows made of the journal alone get every migration of the program: one asks for copies. */
export function canGoBack({ rows }: Pick<ChangeParts, 'rows'>, kind: Change['draft']['content']['kind']): boolean {
  const { generations } = rows;
  return generations !== undefined && (kind !== 'migration' || generations.hasCopies);
}

/** Undefined: this kind of change runs no statements. */
export async function workOf(
  { migrations }: Pick<ChangeParts, 'migrations'>,
  change: Change,
): Promise<Work | undefined> {
  const { content, expiresMs } = change.draft;
  const plan = planOf(change);
  const digest = digestOf(plan === undefined ? Buffer.from('') : planBytes(plan));
  const shared = { change: change.number, planDigest: digest, expiresMs };
  if (content.kind === 'sql') return { ...shared, statements: content.statements };
  if (content.kind !== 'migration') return undefined;
  const { number, digest: wanted } = content.migration;
  const migration = (migrations ?? (await readMigrations())).find((one) => one.number === number);
  assert(
    migration !== undefined && digestOf(Buffer.from(migration.sql)) === wanted,
    'the program has not changed since it was planned',
  );
  return { ...shared, statements: content.statements, migration };
}

/**
 * The journal knows no statements, so rows that are made anew get those of every change in force again, in their order. A copy
 * that holds them already says so by its marks.
 */
export async function runInForce(
  parts: Pick<ChangeParts, 'book' | 'clock' | 'migrations'>,
  session: Session,
  except: number | undefined,
): Promise<void> {
  for (const change of parts.book.changes.values()) {
    if (change.standing !== 'verified' || change.draft.content.kind !== 'sql' || change.number === except) continue;
    const work = await workOf(parts, change);
    if (work !== undefined) await runSteps(session, work, { clock: parts.clock });
  }
}

/**
 * Rows that a restore began with, brought to what is in force. Throws where they are no such beginning: a copy that holds a change
 * which was taken back, or that is older than a migration.
 */
export async function bringToForce(
  parts: Pick<ChangeParts, 'book' | 'clock' | 'migrations'>,
  session: Session,
  except: number | undefined,
): Promise<void> {
  const { changes } = parts.book;
  const isInForce = (number: number): boolean => changes.get(number)?.standing === 'verified' && number !== except;
  for (const number of await markedChanges(session))
    if (!isInForce(number)) throw new Error(`the copy holds change ${number}, which is not in force`);
  for (const { number, draft } of changes.values())
    if (
      draft.content.kind === 'migration' &&
      isInForce(number) &&
      !(await hasMigration(session, draft.content.migration))
    )
      throw new Error(`the copy is older than change ${number}, which brought new tables`);
  await runInForce(parts, session, except);
}

export async function runWork(
  { clock, step }: Pick<ChangeParts, 'clock' | 'step'>,
  session: Session,
  work: Work,
): Promise<RunReport> {
  return runSteps(session, work, { clock, step, isGentle: true });
}
