// Every kind of copy the machine keeps of what can be erased, its age limit, and the oldest that is there.

export const copyIds = [
  'backups',
  'second',
  'retired',
  'points',
  'attic',
  'waiting',
  'memory',
  'traces',
  'compacting',
] as const;
export type CopyId = (typeof copyIds)[number];

export interface CopyKind {
  readonly id: CopyId;
  readonly kind: string;
  readonly ageMaxMs: number;
  /** When each copy was made, or set aside. */
  readonly list: () => Promise<readonly { readonly name: string; readonly sinceMs: number }[]>;
}

export interface Budget {
  readonly id: CopyId;
  readonly kind: string;
  readonly ageMaxDays: number;
  readonly copies: number;
  /** Undefined: there is none. */
  readonly oldest: { readonly name: string; readonly ageMs: number } | undefined;
  readonly isOver: boolean;
}

const DAY_MS = 86_400_000;

/** A place that cannot be read counts as over: nobody knows how old what lies there is. */
export async function historyBudget(nowMs: number, kinds: readonly CopyKind[]): Promise<readonly Budget[]> {
  return Promise.all(
    kinds.map(async ({ id, kind, ageMaxMs, list }) => {
      const ageMaxDays = Math.round(ageMaxMs / DAY_MS);
      const copies = await list().catch(() => undefined);
      if (copies === undefined) return { id, kind, ageMaxDays, copies: 0, oldest: undefined, isOver: true };
      const [oldest] = copies.toSorted((a, b) => a.sinceMs - b.sinceMs);
      if (oldest === undefined) return { id, kind, ageMaxDays, copies: 0, oldest: undefined, isOver: false };
      const ageMs = nowMs - oldest.sinceMs;
      return {
        id,
        kind,
        ageMaxDays,
        copies: copies.length,
        oldest: { name: oldest.name, ageMs },
        isOver: ageMs > ageMaxMs,
      };
    }),
  );
}

/** As one line: `12, the oldest 29 days (at most 30)`. */
export function describeBudget({ copies, oldest, ageMaxDays, isOver }: Budget): string {
  const most = `at most ${ageMaxDays} days`;
  if (oldest === undefined) return isOver ? `cannot be read (${most})` : 'none';
  const days = Math.floor(oldest.ageMs / DAY_MS);
  return `${copies}, the oldest ${days} ${days === 1 ? 'day' : 'days'} (${most})${isOver ? ': too old' : ''}`;
}

/** For the operator: what is older than it may be, and what that means. */
export function budgetWarnings(budgets: readonly Budget[]): readonly string[] {
  return budgets.flatMap(({ kind, ageMaxDays, oldest, isOver }) => {
    if (!isOver) return [];
    if (oldest === undefined)
      return [
        `${kind}: cannot be read, so nobody knows whether deleted letters still lie there. Look at the folder and its rights.`,
      ];
    const days = Math.floor(oldest.ageMs / DAY_MS);
    return [
      `${kind}: ${oldest.name} is ${days} days old and may hold what was deleted; ${ageMaxDays} days is the most. Take it away.`,
    ];
  });
}
