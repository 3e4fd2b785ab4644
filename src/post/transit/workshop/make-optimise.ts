// The whole way of a job: files are found, made new page by page, proved and named; whatever fails costs its file only.

import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import { safeFileName } from '#formats/message/content-type.ts';
import { createSlots } from '../control/slots.ts';
import type { KeepReason, Optimise, OptimiseResult, Preview, SentFile } from '../contract.ts';
import type { FoundFile } from '../extract/extract-files.ts';
import { keepCovered } from '../extract/keep-covered.ts';
import { type Convert, convertInTurn } from './convert-in-turn.ts';
import { type FileBounds, Job, type NameFiles } from './job.ts';
import { inTurn, makeFile, workedKind, type WorkedKind } from './make-file.ts';
import { mergeDrafts } from './merge-files.ts';
import {
  bytesOf,
  type Draft,
  type Group,
  keptDraft,
  proveDrafts,
  returnDrafts,
  settle,
  sourceOf,
} from './return-files.ts';
import type { StartWorker } from './start-worker.ts';

export interface WorkshopOptions {
  readonly clock: Clock;
  readonly start: StartWorker;
  /** At once in the whole workshop; one job has no more workers for pages than this. */
  readonly pagesAtOnce: number;
  readonly nameFiles: NameFiles;
  /** Told when no job is at work any more. */
  readonly afterJobs?: () => void;
  /** Without it Office documents go back as they came. */
  readonly convert?: Convert;
  /** Tests turn these down. */
  readonly pageWaitMs?: number;
  readonly oneFileMax?: FileBounds;
}

/** While one file is bound or verified, pages of the next are at work. */
const FILES_AT_ONCE = 4;
const PREVIEWS_MAX = 20;
/** ERVB 2022 no. 3. */
const ONE_FILE: FileBounds = { bytes: limits.transit.bytesBackMax, pages: limits.transit.pagesMax };

/** Rejects with the signal's reason once it is aborted, and only then; no process is left when it settles. */
export function makeOptimise({ clock, start, pagesAtOnce, nameFiles, ...way }: WorkshopOptions): Optimise {
  const {
    afterJobs,
    convert = convertInTurn(undefined),
    pageWaitMs = limits.transit.pageWaitMs,
    oneFileMax = ONE_FILE,
  } = way;
  let atWork = 0;
  const slots = createSlots(pagesAtOnce, Number.MAX_SAFE_INTEGER);
  return async (order, { signal, onProgress }) => {
    signal.throwIfAborted();
    const startMs = clock.monotonicMs();
    const job = new Job(order, {
      start,
      slots,
      pageWorkers: pagesAtOnce,
      pageWaitMs,
      convert,
      nameFiles,
      oneFileMax,
      onProgress,
    });
    let closing: Promise<void> | undefined;
    const close = (): Promise<void> => (closing ??= job.close());
    const stop = (): void => void close();
    signal.addEventListener('abort', stop, { once: true });
    atWork += 1;
    try {
      const { files, reports, previews } = await work(job);
      signal.throwIfAborted();
      const report = { files: reports, profile: order.profile, tookMs: clock.monotonicMs() - startMs };
      return { files, report, ...(order.wantsPreviews === true ? { previews } : {}) };
    } finally {
      signal.removeEventListener('abort', stop);
      await close();
      atWork -= 1;
      if (atWork === 0) afterJobs?.();
    }
  };
}

interface Worked {
  readonly files: OptimiseResult['files'];
  readonly reports: OptimiseResult['report']['files'];
  readonly previews: readonly Preview[];
}

async function work(job: Job): Promise<Worked> {
  const found: { readonly sent: FoundFile; readonly files: readonly FoundFile[] }[] = [];
  // most jobs have pages, and with a core to spare nobody waits for a worker that was begun in vain
  if (job.hasCores) job.pages.warm();
  // one after the other: what one unpacks to is taken from what the next may
  for (const file of job.order.files) found.push(await findFiles(job, file));
  // a signature may have been sent beside what it signs, each a file of its own
  const all = keepCovered(found.flatMap(({ files }) => files));
  const drafts = await inTurn(all, FILES_AT_ONCE, (file) => draftOf(job, file));
  let next = 0;
  const groups = found.map(({ sent, files }): Group => ({
    sent,
    drafts: drafts.slice(next, (next += files.length)),
  }));
  const proved = await proveDrafts(job, groups);
  const settled = proved.flatMap(settle);
  const { files, reports } = returnDrafts(job, settled, await mergeDrafts(job, settled));
  const previews = job.order.wantsPreviews === true ? await previewsOf(job, settled) : [];
  for (const { found: file, made } of settled) {
    const pages = made?.pages.length ?? 0;
    job.onProgress({ file: file.name, step: 'done', page: pages, pages });
  }
  return { files, reports, previews };
}

async function findFiles(
  job: Job,
  file: SentFile,
): Promise<{ readonly sent: FoundFile; readonly files: readonly FoundFile[] }> {
  const files = await extract(job, file, []);
  const [first] = files;
  const isItself = files.length === 1 && first?.foundIn.length === 0;
  const sent = isItself && first.restOf === undefined ? first : unopened(file, 'unknownKind');
  return { sent, files };
}

/** What the file is, or what is in it; when the worker could not tell, the file itself with the reason. */
async function extract(job: Job, file: SentFile, foundIn: readonly string[]): Promise<readonly FoundFile[]> {
  const bounds = { entries: job.entriesLeft, bytes: job.bytesLeft, depth: foundIn.length };
  const found = await job.read.ask('extract', () => ({ file, foundIn, bounds }), job.pageWaitMs);
  if (!found.ok || found.value.length === 0)
    return [{ ...unopened(file, found.ok ? 'damaged' : found.error.kind), foundIn }];
  const inside = found.value.filter((one) => one.foundIn.length > foundIn.length);
  job.entriesLeft -= inside.length;
  job.bytesLeft -= inside.reduce((sum, one) => sum + one.bytes.length, 0);
  return found.value;
}

function unopened({ name, bytes }: SentFile, kept: KeepReason): FoundFile {
  const safe = safeFileName(name.replaceAll('\0', ''));
  return { name: safe === '' ? 'file' : safe, kind: 'other', foundIn: [], bytes, kept, restOf: undefined };
}

async function draftOf(job: Job, found: FoundFile): Promise<Draft> {
  const kind = workedKind(found);
  if (kind === undefined) return { found, made: undefined, kept: found.kept, criteria: [], inside: [] };
  const made = await makeFile(job, found, kind);
  if (!made.ok) return keptDraft(found, made.error.kind);
  const inside: Draft[] = [];
  for (const attachment of made.value.attachments) {
    // opened, but no attachments of attachments: they stay in what they are attached to
    for (const file of await extract(job, attachment, [...found.foundIn, found.name]))
      inside.push(await plainDraft(job, file));
  }
  return { found, made: made.value, kept: undefined, criteria: [], inside };
}

async function plainDraft(job: Job, found: FoundFile): Promise<Draft> {
  const kind = workedKind(found);
  if (kind === undefined) return { found, made: undefined, kept: found.kept, criteria: [], inside: [] };
  const made = await makeFile(job, found, kind);
  if (!made.ok) return keptDraft(found, made.error.kind);
  if (made.value.attachments.length > 0) return keptDraft(found, 'tooDeep');
  return { found, made: made.value, kept: undefined, criteria: [], inside: [] };
}

async function previewsOf(job: Job, drafts: readonly Draft[]): Promise<readonly Preview[]> {
  const shown = drafts.flatMap((draft, report) => {
    const kind = workedKind(draft.found);
    return draft.made === undefined || kind === undefined ? [] : [{ draft, report, kind }];
  });
  const made = await inTurn(shown.slice(0, PREVIEWS_MAX), FILES_AT_ONCE, async ({ draft, report, kind }) => {
    const [before, after] = await Promise.all([
      previewOf(job, kind, sourceOf(draft)),
      previewOf(job, 'pdf', bytesOf(draft)),
    ]);
    return before === undefined || after === undefined ? [] : [{ report, before, after }];
  });
  return made.flat();
}

/** Of an Office document its PDF is shown. */
async function previewOf(job: Job, kind: WorkedKind, bytes: Uint8Array): Promise<Uint8Array | undefined> {
  const drawn = await job.pages.askPreview({ kind: kind === 'office' ? 'pdf' : kind, bytes });
  return drawn.ok ? drawn.value.bytes : undefined;
}
