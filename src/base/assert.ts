// What can only be wrong by a mistake of ours is asserted; what can be wrong from outside is a Result.

/** Throws when `condition` is false: a programming error, caught at the edge of a connection, request or job. */
export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${what}`);
}

/** For the default branch of an exhaustive switch: does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new Error(`unreachable case: ${JSON.stringify(value)}`);
}

/** The value, or an Error naming what was missing. Use where absence is a mistake of ours. */
export function requireValue<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(`missing: ${what}`);
  return value;
}
