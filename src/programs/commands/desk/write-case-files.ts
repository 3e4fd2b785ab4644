// Sealed case files as they lie in the house, written where a person can open them.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result } from '#base/result.ts';
import type { Call, CommandRefusal } from '../../command.ts';
import { askOperator } from '../../operator-socket.ts';
import { refused } from './read-text.ts';

/** `files`: SHA-256 each. The paths they were written to; nothing is written over. */
export async function writeCaseFiles(
  call: Call,
  folder: string,
  files: readonly string[],
): Promise<Result<readonly string[], CommandRefusal>> {
  const paths: string[] = [];
  for (const file of files) {
    const answer = await askOperator(call.config.dataDir, 'request.file-of', { file }, () => undefined);
    if (!answer.ok) return refused(answer.error.kind, answer.error.sentence);
    const path = join(folder, `${file.slice(0, 16)}.pgp`);
    try {
      await writeFile(path, Buffer.from(answer.value.sealed, 'base64url'), { mode: 0o600, flag: 'wx' });
    } catch {
      return refused('cannot-write', `${path} cannot be written: the folder must be there, and the file must not.`);
    }
    paths.push(path);
  }
  return ok(paths);
}
