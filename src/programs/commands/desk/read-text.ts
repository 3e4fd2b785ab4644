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

export interface SignedText {
  readonly path: string;
  readonly text: string;
  readonly signatures: readonly string[];
}

/** A file, and those of its signatures behind it. */
export async function readSigned(paths: readonly string[]): Promise<Result<SignedText, CommandRefusal>> {
  const [path = ''] = paths;
  const texts: string[] = [];
  for (const one of paths) {
    const text = await readText(one);
    if (!text.ok) return text;
    texts.push(text.value);
  }
  const [text = '', ...signatures] = texts;
  return ok({ path, text, signatures });
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
