// The typed door to pino: an event name, literals, numbers, booleans and our own ids. An address does not compile.

import { pino, type DestinationStream } from 'pino';
import type { LoggableId } from '../ids.ts';

/** A string is accepted only when its type is a literal (known when the program was written). */
type LiteralOnly<T> = T extends LoggableId
  ? T
  : T extends string
    ? string extends T
      ? never
      : T
    : T extends number | boolean | undefined
      ? T
      : never;
type Fields<T> = { readonly [K in keyof T]: LiteralOnly<T[K]> };

export interface Log {
  info<const E extends string, const T extends Record<string, unknown>>(
    event: E & LiteralOnly<E>,
    fields?: T & Fields<T>,
  ): void;
  warn<const E extends string, const T extends Record<string, unknown>>(
    event: E & LiteralOnly<E>,
    fields?: T & Fields<T>,
  ): void;
  error<const E extends string, const T extends Record<string, unknown>>(
    event: E & LiteralOnly<E>,
    fields?: T & Fields<T>,
  ): void;
  /** An unexpected error at the edge of a connection, request or job: only its class, code and our stack frames are kept, never its message. */
  fault<const E extends string>(event: E & LiteralOnly<E>, cause: unknown): void;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** A log that writes JSON lines to `destination` (default: standard error). */
export function createLog(
  level: LogLevel,
  destination: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Log {
  const logger = pino({ level, base: null }, destination);
  return {
    info: (event, fields) => logger.info({ event, ...fields }),
    warn: (event, fields) => logger.warn({ event, ...fields }),
    error: (event, fields) => logger.error({ event, ...fields }),
    fault: (event, cause) => logger.error({ event, ...describeFault(cause) }),
  };
}

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {}, fault: () => {} };

/** Messages of errors may quote input (an address, a subject); names, codes and stack frames do not. */
function describeFault(cause: unknown): { name: string; code?: string; frames?: string } {
  if (!(cause instanceof Error)) return { name: typeof cause };
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  const frames = cause.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .join('\n');
  return { name: cause.name, ...(code ? { code } : {}), ...(frames ? { frames } : {}) };
}
