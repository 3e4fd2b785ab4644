// What the operators' page is told: backups, ledger, drill, changes with plan and signatures, incidents; every figure from the room that keeps it.

import type { AccountId } from '#base/ids.ts';
import type { Safety, SafetyChange } from '#formats/auth-wire/safety-answers.ts';
import { approvalState } from '#vault/safeguards/change/approve-change.ts';
import type { Change } from '#vault/safeguards/change/change-state.ts';
import { NAMESPACES } from '#vault/safeguards/change/operators.ts';
import type { ChangeParts } from '#vault/safeguards/change/parts.ts';
import { nextStep } from '#vault/safeguards/change/refusals.ts';
import { explainBackup } from '#vault/safeguards/backup/refusals.ts';
import type { HouseBackups } from './open-backups.ts';
import type { HouseForgetting } from './open-forgetting.ts';
import type { VerifiedBackup } from './safety-events.ts';

const HISTORY_MAX = 30;

export function backupView({ backups }: HouseBackups, known: readonly VerifiedBackup[]): Safety['backup'] {
  const newest = known.at(-1);
  return {
    isNamed: backups.isNamed,
    newest: newest === undefined ? null : { id: newest.id, ...taken(newest), verifiedMs: newest.verifiedMs },
    isDue: backups.isDue,
    trouble: backups.trouble === undefined ? null : explainBackup(backups.trouble),
    taken: known.map(taken),
  };
}

function taken({ takenMs, ledger }: VerifiedBackup): { readonly takenMs: number; readonly letters: number | null } {
  return { takenMs, letters: ledger?.letters ?? null };
}

export function copiesView({ seen }: Pick<HouseForgetting, 'seen'>): Pick<Safety, 'copies'> {
  if (seen.length === 0) return {};
  const copies = seen.map(({ id, copies: count, oldest, ageMaxDays, isOver }) => ({
    id,
    count,
    oldestMs: oldest === undefined ? null : Math.max(0, oldest.ageMs),
    daysMax: ageMaxDays,
    isOver,
  }));
  return { copies };
}

export function changesView(parts: Pick<ChangeParts, 'book'>, accountId: AccountId): Safety['changes'] {
  const { operators, changes } = parts.book;
  const all = [...changes.values()].map((change) => changeView(parts, change));
  const isOver = ({ endedMs, standing }: SafetyChange): boolean => endedMs !== null && standing !== 'undoing';
  return {
    you: operators.find((one) => one.accountId === accountId)?.name ?? null,
    operators: operators.length,
    waiting: all.filter((change) => !isOver(change)),
    history: all.filter(isOver).toReversed().slice(0, HISTORY_MAX),
  };
}

export function changeView(parts: Pick<ChangeParts, 'book'>, change: Change): SafetyChange {
  const { number, draft, standing, predicted, applied, undone, undoing } = change;
  const { content } = draft;
  const statements = 'statements' in content ? content.statements.map(({ sql, why }) => ({ sql, why })) : [];
  return {
    number,
    class: draft.class,
    kind: content.kind,
    standing,
    because: [...draft.because],
    statements,
    undo: draft.undo,
    plannedMs: change.plannedMs,
    expiresMs: draft.expiresMs,
    endedMs: change.endedMs ?? null,
    backup: change.backup?.backup ?? null,
    rehearsedMs: change.rehearsedMs ?? null,
    predicted: predicted === undefined ? null : { ...predicted },
    actual: applied === undefined ? null : { rows: applied.rows, seconds: applied.seconds },
    undone: undone === undefined ? null : { seconds: undone.seconds, why: undoing?.why ?? '' },
    closedWhy: change.closedWhy ?? null,
    approval: approvalOf(parts, change),
    next: nextStep(standing, number),
  };
}

function approvalOf(parts: Pick<ChangeParts, 'book'>, change: Change): SafetyChange['approval'] {
  if (change.standing !== 'rehearsed') return null;
  const { plan, by, need, isEnough, because } = approvalState(parts, change);
  return plan === undefined ? null : { plan, namespace: NAMESPACES.change, by: [...by], need, isEnough, because };
}
