// A file that was named to a command of the desk.

import { readFile } from 'node:fs/promises';
import { err, ok, type Result } from '#base/result.ts';
import type { CommandRefusal } from '../../command.ts';

export async function readText(path: string): Promise<Result<string, CommandRefusal>> {
  const bytes = await readBytes(path);
  return bytes.ok ? ok(Buffer.from(bytes.value).toString('utf8')) : bytes;
}

export async function readBytes(path: string): Promise<Result<Uint8Array, CommandRefusal>> {
  try {
    return ok(await readFile(path));
  } catch {
    return refused('no-such-file', `${path} cannot be read.`);
  }
}

/** Undefined: it is none. */
export function readYear(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{4}$/.test(text) ? Number(text) : undefined;
}

export function refused(reason: string, sentence: string): { readonly ok: false; readonly error: CommandRefusal } {
  return err({ kind: 'refused', reason, sentence });
}

export function misused(sentence: string): { readonly ok: false; readonly error: CommandRefusal } {
  return err({ kind: 'misused', sentence });
}
