// The program's own migrations go the way of every change: planned, backed up, rehearsed, approved, applied and proved by themselves where that suffices.

import { pendingMigrations, type Migration } from '../../database/migrate.ts';
import { applyChange } from './apply-change.ts';
import { approvalState } from './approve-change.ts';
import type { Change } from './change-state.ts';
import type { ChangeParts } from './parts.ts';
import { planChange } from './plan-change.ts';
import { backUp, rehearse } from './rehearse-change.ts';

/** Until one waits for people, or fails: the mail goes on with the tables of before. One that was taken back is not tried again by itself. */
export async function runPendingMigrations(parts: ChangeParts): Promise<void> {
  const { book, log } = parts;
  for (const migration of await pending(parts)) {
    if (book.underWay !== undefined) return;
    const known = [...book.changes.values()].filter(
      ({ draft: { content } }) => content.kind === 'migration' && content.migration.number === migration.number,
    );
    if (known.some(({ standing }) => standing === 'undone' || standing === 'closed')) return;
    const planned = known.at(-1) ?? (await begin(parts, migration));
    if (planned === undefined) return;
    const ready = await prepare(parts, planned);
    if (ready === undefined || !approvalState(parts, ready).isEnough) return;
    const applied = await applyChange(parts, ready.number);
    if (!applied.ok || applied.value.standing !== 'verified') {
      log.error('change.migrationNotApplied', { number: migration.number });
      return;
    }
  }
}

async function pending({ rows, migrations }: ChangeParts): Promise<readonly Migration[]> {
  await using session = await rows.connect();
  return await pendingMigrations(session, migrations);
}

async function begin(parts: ChangeParts, migration: Migration): Promise<Change | undefined> {
  const planned = await planChange(parts, { kind: 'migration', migration });
  return planned.ok ? planned.value : undefined;
}

/** A step that is refused now (no backup, no room) is tried again at the next look. */
async function prepare(parts: ChangeParts, change: Change): Promise<Change | undefined> {
  let current = change;
  if (current.standing === 'planned') {
    const backed = await backUp(parts, current.number, () => undefined);
    if (!backed.ok) return undefined;
    current = backed.value;
  }
  if (current.standing === 'backedUp') {
    const rehearsed = await rehearse(parts, current.number);
    if (!rehearsed.ok) return undefined;
    current = rehearsed.value;
  }
  return current.standing === 'rehearsed' ? current : undefined;
}
