// A sealed copy of a package, fetched in parts into a file, with its hash compared.

import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { ok, type Result } from '#base/result.ts';
import type { Call, CommandRefusal } from '../../command.ts';
import { askOperator } from '../../operator-socket.ts';
import { refused } from './read-text.ts';

export interface Saved {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What is not whole is not left there. */
export async function saveCopy(
  call: Call,
  filing: string,
  copy: 'LOOK' | 'HANDOVER',
  path: string,
): Promise<Result<Saved, CommandRefusal>> {
  const ask = (from: number): ReturnType<typeof askOperator<'request.copy'>> =>
    askOperator(call.config.dataDir, 'request.copy', { filing, copy, from }, () => undefined);
  const first = await ask(0);
  if (!first.ok) return refused(first.error.kind, first.error.sentence);
  const { total, digest } = first.value;
  const file = await open(path, 'wx', 0o600).catch(() => undefined);
  if (file === undefined)
    return refused('cannot-write', `${path} cannot be written: the folder must be there, and the file must not.`);
  const hash = createHash('sha256');
  let why: CommandRefusal | undefined;
  try {
    let part = first.value;
    for (let at = 0; ;) {
      const bytes = Buffer.from(part.bytes, 'base64url');
      hash.update(bytes);
      await file.appendFile(bytes);
      at += bytes.length;
      if (at >= total || bytes.length === 0) break;
      const next = await ask(at);
      if (!next.ok) {
        why = { kind: 'refused', reason: next.error.kind, sentence: next.error.sentence };
        break;
      }
      part = next.value;
    }
  } finally {
    await file.close();
  }
  const isWhole = hash.digest('hex') === digest;
  if (why === undefined && isWhole) return ok({ path, bytes: total, sha256: digest });
  await rm(path, { force: true });
  return why === undefined
    ? refused('not-whole', `${path} would not be what the register names. Nothing was written: collect it again.`)
    : { ok: false, error: why };
}
