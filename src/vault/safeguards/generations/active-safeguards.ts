// Which of this room's safeguards are active with the database at hand, as sentences for the start and `siegel status`.

export interface ActiveSafeguard {
  readonly name: 'generations' | 'fence' | 'restore points';
  readonly isActive: boolean;
  /** What it means that it is not, and what to do. Empty where it is. */
  readonly sentence: string;
}

const NOT_BESIDE =
  'With a database of your own (DATABASE_URL) no second one is kept beside it, so a wrong command or a wrong change cannot be taken back by switching. Rows made anew: name a new, empty database in DATABASE_URL and start again. Without DATABASE_URL all of it is active.';

/** `isOurs`: the PostgreSQL that comes along. */
export function activeSafeguards(isOurs: boolean): readonly ActiveSafeguard[] {
  const names = ['generations', 'fence', 'restore points'] as const;
  return names.map((name) => ({ name, isActive: isOurs, sentence: isOurs ? '' : NOT_BESIDE }));
}

/** Each sentence once. */
export function inactiveWarnings(safeguards: readonly ActiveSafeguard[]): readonly string[] {
  const names = safeguards.filter(({ isActive }) => !isActive).map(({ name }) => name);
  return names.length === 0 ? [] : [`Not active: ${names.join(', ')}. ${NOT_BESIDE}`];
}
