// `siegel user export`: every letter into a folder, byte for byte as it came, as an mbox, or as it is stored. Never overwrites.

import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { LetterId } from '#base/ids.ts';
import { err, ok } from '#base/result.ts';
import { createLetterReader, type LetterReader, type StoredLetter } from '#web/client/letter-reader.ts';
import type { Outcome, Run } from '../../command.ts';
import { chooseLetters } from './choose-letters.ts';
import { mboxEntry } from './mbox.ts';
import { whileSignedIn } from './signed-in.ts';

const FORMATS = ['eml', 'mbox', 'pgp'] as const;
type Format = (typeof FORMATS)[number];
const AT_ONCE = 4;

interface Counts {
  readonly letters: number;
  written: number;
  /** There already, with the same bytes. */
  kept: number;
  /** There already, with other bytes. */
  different: number;
  /** Altered in storage, or not to be opened. */
  unopened: number;
}

export const run: Run = (call) =>
  whileSignedIn(call, async (of) => {
    const format = FORMATS.find((one) => one === (call.options['format'] ?? 'eml'));
    const out = call.options['out'] ?? '';
    if (format === undefined) return err({ kind: 'misused', sentence: `--format must be ${FORMATS.join(', ')}.` });
    const chosen = await chooseLetters(of);
    if (!chosen.ok) return chosen;
    // Oldest first: an mbox reads in the order of arrival.
    const ids = chosen.value.toReversed();
    const letters = createLetterReader(of.session);
    const counts: Counts = { letters: ids.length, written: 0, kept: 0, different: 0, unopened: 0 };
    try {
      await mkdir(out, { recursive: true, mode: 0o700 });
      if (format === 'mbox') await writeMbox(join(out, 'letters.mbox'), ids, letters, counts);
      else await writeFiles({ out, format }, ids, letters, counts);
    } catch (cause) {
      const code = codeOf(cause);
      if (code === undefined) throw cause;
      const sentence =
        code === 'EEXIST'
          ? `${join(out, 'letters.mbox')} is there already. Choose another folder; nothing was changed.`
          : `writing to ${out} failed (${code}); ${counts.written} of ${ids.length} letters are written.`;
      return err({ kind: 'refused', reason: code, sentence });
    }
    return outcomeOf(counts, out);
  });

function outcomeOf(counts: Counts, out: string): Outcome {
  const { letters, written, kept, different, unopened } = counts;
  const all = letters === 1 ? '1 letter' : `${letters} letters`;
  const sentence = `${all}: ${written} written to ${out}, ${kept} were there already, ${different} files differ, ${unopened} could not be opened.`;
  if (different + unopened > 0) return err({ kind: 'refused', reason: 'incomplete', sentence });
  return ok({ json: { ...counts, out }, text: sentence });
}

async function writeFiles(
  { out, format }: { readonly out: string; readonly format: Format },
  ids: readonly LetterId[],
  letters: LetterReader,
  counts: Counts,
): Promise<void> {
  const waiting = [...ids].values();
  const work = async (): Promise<void> => {
    for (const id of waiting) {
      const bytes = await readBytes(letters, id, format);
      if (bytes) counts[await writeOnce(join(out, `${bytes.stamp}-${id}.${format}`), bytes.content)]++;
      else counts.unopened++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

interface FileBytes {
  readonly stamp: string;
  readonly content: Uint8Array;
}

async function readBytes(letters: LetterReader, id: LetterId, format: Format): Promise<FileBytes | undefined> {
  if (format === 'pgp') {
    const stored = await letters.fetch(id);
    return stored.ok ? { stamp: stampOf(stored.value), content: stored.value.rendered } : undefined;
  }
  const read = await letters.read(id);
  return read.ok ? { stamp: stampOf(read.value), content: read.value.plainOriginal } : undefined;
}

/** The whole file under its name, or nothing: a cut-off export leaves no half letter. */
async function writeOnce(path: string, bytes: Uint8Array): Promise<'written' | 'kept' | 'different'> {
  let file: FileHandle;
  try {
    file = await open(path, 'wx', 0o600);
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw cause;
    return Buffer.compare(await readFile(path), bytes) === 0 ? 'kept' : 'different';
  }
  try {
    await file.writeFile(bytes);
  } finally {
    await file.close();
  }
  return 'written';
}

async function writeMbox(path: string, ids: readonly LetterId[], letters: LetterReader, counts: Counts): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for (const id of ids) {
      const read = await letters.read(id);
      if (!read.ok) {
        counts.unopened++;
        continue;
      }
      await file.write(mboxEntry(read.value.plainOriginal, read.value.opened.summary.receivedMs));
      counts.written++;
    }
  } finally {
    await file.close();
  }
}

/** 20260517T123456Z: sorts by time, safe in every file system. */
function stampOf({ opened }: StoredLetter): string {
  return new Date(opened.summary.receivedMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}
