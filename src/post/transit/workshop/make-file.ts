// One file of a job made new: inspected, its pages cleaned and read, bound; or the reason why it stays as it is.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { FileKind, KeepReason, PageReport, SentFile } from '../contract.ts';
import type { FoundFile } from '../extract/extract-files.ts';
import type { PageExpectation } from '../verify/expectation.ts';
import type { Job } from './job.ts';
import type { DocumentKind, Inspection, PageDone, SourcePage } from './messages.ts';

/** What a file became, to be proved yet. */
export interface MadeFile {
  readonly bytes: Uint8Array;
  readonly pages: readonly PageReport[];
  readonly expected: readonly PageExpectation[];
  /** The rewriter took pages over from the file that came. */
  readonly isJoined: boolean;
  /** Files that were inside it. */
  readonly attachments: readonly SentFile[];
}

type Kept = { readonly kind: KeepReason };

const A4 = { shortPt: 595.28, longPt: 841.89 };
const BOX_OFF_PT = 2;

export function documentKind({ kind, kept, restOf }: FoundFile): DocumentKind | undefined {
  if (kept !== undefined || restOf !== undefined) return undefined;
  return isDocument(kind) ? kind : undefined;
}

const DOCUMENTS: ReadonlySet<FileKind> = new Set(['pdf', 'jpeg', 'png', 'tiff', 'webp', 'heic']);

function isDocument(kind: FileKind): kind is DocumentKind {
  return DOCUMENTS.has(kind);
}

/** Never throws for what the file holds. */
export async function makeFile(job: Job, file: FoundFile, kind: DocumentKind): Promise<Result<MadeFile, Kept>> {
  const { name, bytes } = file;
  job.onProgress({ file: name, step: 'reading', page: 0, pages: 0 });
  if (kind !== 'pdf') job.pages.warm(); // a picture is a page for certain
  const inspected = await job.read.ask('inspect', () => ({ kind, bytes }), job.pageWaitMs);
  if (!inspected.ok) return inspected;
  const { pages, keep, attachments } = inspected.value;
  if (keep !== undefined) return err({ kind: keep });
  if (pages.length > job.pagesLeft) return err({ kind: 'tooManyPages' });
  job.pagesLeft -= pages.length;
  job.bind.warm();
  job.verify.warm();
  if (pages.length > 0) job.onProgress({ file: name, step: 'page', page: 0, pages: pages.length });
  const done = await makePages(job, file, { kind, pages });
  if (!done.ok) return done;
  job.onProgress({ file: name, step: 'binding', page: pages.length, pages: pages.length });
  const bound = await bind(job, bytes, done.value);
  if (!bound.ok) return bound;
  // whether the pages kept their order the verifier sees by the file that came
  const isCompared = (kind === 'pdf' || kind === 'tiff') && pages.length > 1;
  const inside = attachments.reduce((sum, attachment) => sum + attachment.bytes.length, 0);
  if (bound.value.length + inside >= bytes.length) return err({ kind: 'wouldGrow' });
  return ok({
    bytes: bound.value,
    pages: done.value.map(reportOf),
    expected: done.value.map((page, index) => expectationOf(page, pages[index], { index, isCompared })),
    isJoined: done.value.includes(undefined),
    attachments,
  });
}

/** Undefined: the page stays as it is. */
type Pages = readonly (PageDone | undefined)[];

async function makePages(
  job: Job,
  { name, bytes }: FoundFile,
  { kind, pages }: { readonly kind: DocumentKind; readonly pages: Inspection['pages'] },
): Promise<Result<Pages, Kept>> {
  let ready = 0;
  let refused: Kept | undefined;
  const token = {};
  const make = async ({ kind: pageKind, dpi }: SourcePage, index: number): Promise<PageDone | undefined> => {
    if (pageKind !== 'scan' || refused !== undefined) return undefined;
    const isFaithful = job.profile.pages === 'faithful';
    const done = await job.pages.askPage(token, { kind, bytes, index, dpi, isFaithful });
    if (!done.ok) {
      refused ??= done.error;
      return undefined;
    }
    ready += 1;
    job.onProgress({ file: name, step: 'page', page: ready, pages: pages.length });
    return done.value;
  };
  const made = await inTurn(pages, PAGES_ASKED, make);
  return refused === undefined ? ok(made) : err(refused);
}

/** More than there are stations, so that none waits; few, so that a refusal ends the file soon. */
const PAGES_ASKED = 16;

/** In order, at most so many at once. */
export async function inTurn<T, U>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<U>,
): Promise<readonly U[]> {
  const results: U[] = [];
  let next = 0;
  const go = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await work(item, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, go));
  return results;
}

async function bind(job: Job, source: Uint8Array, pages: Pages): Promise<Result<Uint8Array, Kept>> {
  const made = pages.flatMap((done, index) => (done === undefined ? [] : [{ index, page: done.page }]));
  const isJoined = made.length < pages.length;
  const bound = await job.bind.ask(
    'bind',
    () => ({
      coding: job.profile.pages === 'g4' ? 'g4' : 'jbig2',
      made,
      source: isJoined ? source : undefined,
    }),
    job.pageWaitMs + pages.length * limits.transit.bindPageWaitMs,
  );
  return bound.ok ? ok(bound.value.bytes) : bound;
}

function reportOf(done: PageDone | undefined): PageReport {
  if (done === undefined) return { steps: undefined, confidence: undefined, tookMs: 0 };
  return { steps: done.steps, confidence: done.page.text.confidence, tookMs: done.tookMs };
}

function expectationOf(
  done: PageDone | undefined,
  source: SourcePage | undefined,
  { index, isCompared }: { readonly index: number; readonly isCompared: boolean },
): PageExpectation {
  if (done === undefined) {
    const box = source?.box ?? 'a4';
    return { box, plainText: undefined, inkKept: 1, inkShare: undefined, skewLeft: undefined, keptFrom: index };
  }
  const { page, steps, inkShare } = done;
  const { widthPt, heightPt } = page;
  const words = page.text.lines.flatMap((line) => line.map(({ text }) => text));
  return {
    box: isA4(widthPt, heightPt) ? 'a4' : { widthPt, heightPt },
    plainText: words.length === 0 ? undefined : words.join(' '),
    // a picture of the whole page lies behind what the mask lost
    inkKept: page.grounds.some(({ box }) => box === undefined) ? 1 : steps.inkKept,
    inkShare,
    skewLeft: steps.skewLeftDegrees,
    keptFrom: undefined,
    madeFrom: isCompared ? index : undefined,
  };
}

function isA4(widthPt: number, heightPt: number): boolean {
  const isNear = (found: number, wanted: number): boolean => Math.abs(found - wanted) <= BOX_OFF_PT;
  return isNear(Math.min(widthPt, heightPt), A4.shortPt) && isNear(Math.max(widthPt, heightPt), A4.longPt);
}
