// Which of this room's safeguards are active with the database at hand, as sentences for the start and `siegel status`.

export interface ActiveSafeguard {
  readonly name: 'generations' | 'fence' | 'restore points';
  readonly isActive: boolean;
  /** What it means that it is not, and what to do. Empty where it is. */
  readonly sentence: string;
}

/** `own`: the PostgreSQL that comes along. `server`: the operator's, with databases beside. `alone`: his, and nothing beside. */
export type DatabaseKind = 'own' | 'server' | 'alone';

const NOT_BESIDE =
  'Nothing is kept beside the database of your own (DATABASE_URL), so a wrong command or a wrong change cannot be taken back by switching. Rows made anew: name a new, empty database in DATABASE_URL and start again.';
const NO_COPIES =
  'In a database of your own (DATABASE_URL) the journal is the restore point: what is taken back is made anew of all of it, and takes its time.';

export function activeSafeguards(kind: DatabaseKind): readonly ActiveSafeguard[] {
  const tell = (name: ActiveSafeguard['name'], sentence: string): ActiveSafeguard => ({
    name,
    isActive: sentence === '',
    sentence,
  });
  const beside = kind === 'alone' ? NOT_BESIDE : '';
  const copies = kind === 'server' ? NO_COPIES : beside;
  return [tell('generations', beside), tell('fence', beside), tell('restore points', copies)];
}

/** Each sentence once; `why`: what would have to be otherwise. */
export function inactiveWarnings(safeguards: readonly ActiveSafeguard[], why = ''): readonly string[] {
  const sentences = new Set(safeguards.filter(({ isActive }) => !isActive).map(({ sentence }) => sentence));
  return [...sentences].map((sentence) => {
    const names = safeguards.filter((one) => one.sentence === sentence).map(({ name }) => name);
    return `Not active: ${names.join(', ')}. ${sentence}${why === '' ? '' : ` ${why}`}`;
  });
}
