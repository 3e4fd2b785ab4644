// Times as JMAP writes them: UTCDate, milliseconds since 1970 here (RFC 8620 §1.4).

const PATTERN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** Undefined: not a UTCDate, or no day of the calendar. */
export function parseUtcDate(text: string): number | undefined {
  const ms = PATTERN.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(ms)) return undefined;
  // the platform turns 30 February into a day of March
  return new Date(ms).toISOString().slice(0, 10) === text.slice(0, 10) ? ms : undefined;
}

/** Fractions of a second only where there are any. */
export function formatUtcDate(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
