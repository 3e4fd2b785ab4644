// Documents from the person's own disk through the workshop of this program, and what comes back into a folder of their choice.

import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { readProfile } from '#formats/transit-wire/profile.ts';
import type { JobReport, Optimise, OptimiseResult, Profile, SentFile } from '#post/transit/contract.ts';
import type { Call, CommandRefusal, Outcome } from '../../command.ts';
import { createPageTelling } from './page-telling.ts';
import { resultTable } from './result-table.ts';
import { prepareFolder, writeNewFiles } from './write-new-files.ts';

/** Ends with 1 when something is refused, and when a document could not be worked on although it is of a kind that can. */
export async function optimiseFiles(call: Call, optimise: Optimise, signal: AbortSignal): Promise<Outcome> {
  const profile = readProfile(call.options['profile'] ?? '');
  if (profile === undefined)
    return err({
      kind: 'misused',
      sentence: '--profile takes balanced, g4, treu, zusammen, original, or several of them with + between.',
    });
  const out = call.options['out'] ?? '';
  const files = await readFiles(call.operands);
  if (!files.ok) return files;
  const folder = await prepareFolder(out);
  if (!folder.ok) return folder;
  const worked = await work(call, optimise, { files: files.value, profile, signal });
  if (!worked.ok) return worked;
  const written = await writeNewFiles(out, worked.value.files);
  return written.ok ? shown(worked.value.report, out, written.value) : written;
}

async function work(
  call: Call,
  optimise: Optimise,
  {
    files,
    profile,
    signal,
  }: { readonly files: readonly SentFile[]; readonly profile: Profile; readonly signal: AbortSignal },
): Promise<Result<OptimiseResult, CommandRefusal>> {
  const telling = createPageTelling(call);
  try {
    const result = await optimise({ files, profile }, { signal, onProgress: telling.tell });
    return signal.aborted ? stopped : ok(result);
  } catch (cause) {
    if (signal.aborted) return stopped;
    throw cause;
  } finally {
    telling.end();
  }
}

const stopped = refuse('stopped', 'stopped. Nothing was written.');

async function readFiles(paths: readonly string[]): Promise<Result<readonly SentFile[], CommandRefusal>> {
  const files: SentFile[] = [];
  let sum = 0;
  for (const path of paths) {
    const read = await readFile(path, limits.transit.expandedBytes - sum);
    if (!read.ok) return read;
    sum += read.value.bytes.length;
    files.push(read.value);
  }
  return ok(files);
}

async function readFile(path: string, bytesMax: number): Promise<Result<SentFile, CommandRefusal>> {
  try {
    await using file = await open(path, 'r');
    const facts = await file.stat();
    if (!facts.isFile()) return refuse('not-a-file', `${path} is not a file. Name the documents themselves.`);
    if (facts.size > bytesMax) return refuse('too-large', `${path} and what stands before it are too large together.`);
    return ok({ name: basename(path), bytes: new Uint8Array(await file.readFile()) });
  } catch (cause) {
    return refuse('not-read', `${path} cannot be read (${codeOf(cause)}). Nothing was written.`);
  }
}

function shown(report: JobReport, out: string, names: readonly string[]): Outcome {
  const isBad = report.files.some(({ kept }) => kept !== undefined && NOT_ITS_FAULT.has(kept));
  return ok({
    json: { out, written: names, ...report },
    text: resultTable(report, out),
    ...(isBad ? { isBad } : {}),
  });
}

/** Ours, or this machine's: worth another try. */
const NOT_ITS_FAULT: ReadonlySet<string> = new Set([
  'outOfTime',
  'workerFailed',
  'outOfSpace',
  'outOfMemory',
  'crashedBefore',
]);

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
}

function refuse(
  reason: string,
  sentence: string,
): { readonly ok: false; readonly error: CommandRefusal & { readonly kind: 'refused' } } {
  return err({ kind: 'refused', reason, sentence });
}
