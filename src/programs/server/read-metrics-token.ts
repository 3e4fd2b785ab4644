// The token of /metrics out of its file, read while it can be reached.

import { readFileSync, statSync } from 'node:fs';
import { err, ok, type Result } from '#base/result.ts';
import type { CommandRefusal } from '../command.ts';

const TOKEN = /^[\x21-\x7e]{16,200}$/;

export function readMetricsToken(path: string | undefined): Result<string | undefined, CommandRefusal> {
  if (path === undefined) return ok(undefined);
  try {
    if ((statSync(path).mode & 0o077) !== 0) return refuse(`${path} may be read by others. Run: chmod 600 '${path}'`);
    const token = readFileSync(path, 'utf8').trim();
    return TOKEN.test(token) ? ok(token) : refuse(`${path} must hold one line of 16 to 200 characters without blanks.`);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    return refuse(`The token of /metrics ${path} cannot be read (${code}).`);
  }
}

function refuse(sentence: string): { readonly ok: false; readonly error: CommandRefusal } {
  return err({ kind: 'refused', reason: 'metrics-token', sentence });
}
