// The one thing that waits for an operator, worst first; or that all is well, which is said only where all was checked.

import type { Safety, SafetyChange } from '#formats/auth-wire/safety-answers.ts';

export type Waits =
  | { readonly kind: 'incident'; readonly count: number; readonly found?: number; readonly expected?: number }
  | { readonly kind: 'ledger'; readonly missing: number; readonly mailboxes: number }
  | { readonly kind: 'backupOld'; readonly hours: number }
  | { readonly kind: 'backupNone' | 'backupNowhere' | 'copiesOld' | 'ledgerNever' | 'well' }
  | { readonly kind: 'you' | 'others' | 'apply'; readonly count: number };

const HOUR_MS = 3_600_000;

export function whatWaits(safety: Safety): Waits {
  const { backup, ledger, changes, incidents, nowMs } = safety;
  const open = incidents.filter(({ closedMs }) => closedMs === null);
  if (open.length > 0) return { kind: 'incident', count: open.length, ...sumOf(open) };
  if (ledger.last?.isEqual === false)
    return { kind: 'ledger', missing: ledger.last.missing, mailboxes: ledger.last.differing };
  if (backup.isNamed && backup.isDue)
    return backup.newest === null
      ? { kind: 'backupNone' }
      : { kind: 'backupOld', hours: Math.floor((nowMs - backup.newest.takenMs) / HOUR_MS) };
  if (safety.copies?.some(({ isOver }) => isOver)) return { kind: 'copiesOld' };
  const waiting = changes?.waiting ?? [];
  const [you, others, apply] = (['you', 'others', 'apply'] as const).map(
    (whom) => waiting.filter((change) => waitsFor(change, changes?.you ?? null) === whom).length,
  );
  if (you) return { kind: 'you', count: you };
  if (apply) return { kind: 'apply', count: apply };
  if (others) return { kind: 'others', count: others };
  if (!backup.isNamed) return { kind: 'backupNowhere' };
  return { kind: ledger.last === null ? 'ledgerNever' : 'well' };
}

/** Whom a change waits for; undefined: for nobody's signature. */
export function waitsFor({ approval }: SafetyChange, you: string | null): 'you' | 'others' | 'apply' | undefined {
  if (approval === null) return undefined;
  if (approval.isEnough) return 'apply';
  return you !== null && !approval.by.includes(you) ? 'you' : 'others';
}

/** Why it has its class, as the plan says it: the line of the worst statement, without the class in front. */
export function reasonOf({ because, class: risk, kind }: SafetyChange): string {
  const line = because.find((one) => one.startsWith(`${risk} `)) ?? because[0] ?? kind;
  return line.replace(/^R[0-2] /, '');
}

/** Undefined where one of them was not counted. */
function sumOf(open: Safety['incidents']): { readonly found?: number; readonly expected?: number } {
  let [found, expected] = [0, 0];
  for (const { progress } of open) {
    if (progress === null) return {};
    found += progress.found;
    expected += progress.expected;
  }
  return { found, expected };
}
