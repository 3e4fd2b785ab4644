// One file of a job made new: inspected, its pages cleaned and read, bound; or the reason why it stays as it is.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { OtherEnd } from '#formats/pdf/write-pdf.ts';
import type { FileKind, KeepReason, PageReport, SentFile } from '../contract.ts';
import type { FoundFile } from '../extract/extract-files.ts';
import type { PageExpectation, SourceGlance } from '../verify/expectation.ts';
import type { Job } from './job.ts';
import type { DocumentKind, Inspection, PageDone, SourcePage, Work } from './messages.ts';

/** What a file became, to be proved yet. */
export interface MadeFile {
  readonly bytes: Uint8Array;
  /** It claims to be PDF/A-2u; its end without the claim. */
  readonly unclaimed?: OtherEnd | undefined;
  readonly pages: readonly PageReport[];
  readonly expected: readonly PageExpectation[];
  /** What the verifier saw of the file that came; undefined: it has yet to look. */
  readonly glance: SourceGlance | undefined;
  /** The rewriter took over what the file that came has beside the pages made anew. */
  readonly isJoined: boolean;
  /** Files that were inside it. */
  readonly attachments: readonly SentFile[];
  /** It came as an Office document; undefined: it came as what it is. */
  readonly converted?: Converted;
}

export interface Converted {
  /** The PDF that it was made from, as its converter wrote it. */
  readonly bytes: Uint8Array;
  readonly macrosRemoved: number;
  readonly referencesRemoved: number;
}

/** What can be made new. */
export type WorkedKind = DocumentKind | 'office';

type Kept = { readonly kind: KeepReason };

const A4 = { shortPt: 595.28, longPt: 841.89 };
const BOX_OFF_PT = 2;

export function workedKind({ kind, kept, restOf }: FoundFile): WorkedKind | undefined {
  if (kept !== undefined || restOf !== undefined) return undefined;
  return kind === 'office' || isDocument(kind) ? kind : undefined;
}

const DOCUMENTS: ReadonlySet<FileKind> = new Set(['pdf', 'jpeg', 'png', 'tiff', 'webp', 'heic']);

function isDocument(kind: FileKind): kind is DocumentKind {
  return DOCUMENTS.has(kind);
}

/** Never throws for what the file holds. */
export async function makeFile(job: Job, file: FoundFile, kind: WorkedKind): Promise<Result<MadeFile, Kept>> {
  job.onProgress({ file: file.name, step: 'reading', page: 0, pages: 0 });
  return kind === 'office' ? makeOffice(job, file) : makeDocument(job, file, kind);
}

/** Its PDF goes the way of any other that a program made. */
async function makeOffice(job: Job, file: FoundFile): Promise<Result<MadeFile, Kept>> {
  const bounds = { entries: job.entriesLeft, bytes: job.bytesLeft };
  const prepared = await job.read.ask('office', () => ({ bytes: file.bytes, bounds }), job.pageWaitMs);
  if (!prepared.ok) return prepared;
  const { format, bytes, macrosRemoved, referencesRemoved } = prepared.value;
  const pdf = await job.convert({ format, bytes });
  if (!pdf.ok) return pdf;
  const made = await makeDocument(job, { ...file, bytes: pdf.value }, 'pdf');
  if (!made.ok) return made;
  return ok({ ...made.value, converted: { bytes: pdf.value, macrosRemoved, referencesRemoved } });
}

async function makeDocument(job: Job, file: FoundFile, kind: DocumentKind): Promise<Result<MadeFile, Kept>> {
  const { name, bytes } = file;
  if (kind !== 'pdf') job.pages.warm(); // a picture is a page for certain
  const inspected = await job.read.ask('inspect', () => ({ kind, bytes }), job.pageWaitMs);
  if (!inspected.ok) return inspected;
  const { pages, keep, attachments, hasBookmarks } = inspected.value;
  if (keep !== undefined) return err({ kind: keep });
  if (pages.length > job.pagesLeft) return err({ kind: 'tooManyPages' });
  job.pagesLeft -= pages.length;
  job.bind.warm();
  job.verify.warm();
  if (pages.length > 0) job.onProgress({ file: name, step: 'page', page: 0, pages: pages.length });
  // whether the pages kept their order the verifier sees by the file that came
  const isCompared = (kind === 'pdf' || kind === 'tiff') && pages.length > 1;
  const isSeen = isCompared && pages.every((page) => page.kind === 'scan');
  let glancing: Promise<SourceGlance | undefined> | undefined;
  const onLast = (): void => {
    if (isSeen) glancing ??= glance(job, bytes, pages.length);
  };
  const done = await makePages(job, file, { kind, pages, onLast });
  if (!done.ok) return done;
  job.onProgress({ file: name, step: 'binding', page: pages.length, pages: pages.length });
  // what is not in its pages stays with the file that came
  const isJoined = done.value.includes(undefined) || hasBookmarks === true;
  const bound = await bind(job, isJoined ? bytes : undefined, done.value);
  if (!bound.ok) return bound;
  const inside = attachments.reduce((sum, attachment) => sum + attachment.bytes.length, 0);
  const fitting = fitted(bound.value, bytes.length - inside);
  if (fitting === undefined) return err({ kind: 'wouldGrow' });
  return ok({
    ...fitting,
    pages: done.value.map(reportOf),
    expected: done.value.map((page, index) => expectationOf(page, pages[index], { index, isCompared })),
    glance: await glancing,
    isJoined,
    attachments,
  });
}

/** The verifier looks at the file that came while the last page is made, and need not wait for it afterwards. */
async function glance(job: Job, source: Uint8Array, pages: number): Promise<SourceGlance | undefined> {
  const waitMs = job.pageWaitMs + pages * limits.transit.bindPageWaitMs;
  const seen = await job.verify.ask('glance', () => ({ source }), waitMs);
  return seen.ok ? seen.value.seen : undefined;
}

/** Below so many bytes: the claim is left out of what would grow by it. */
function fitted(bound: Bound, bytesMax: number): Bound | undefined {
  if (bound.bytes.length < bytesMax) return bound;
  const bytes = withoutClaim(bound);
  return bytes !== undefined && bytes.length < bytesMax ? { bytes, unclaimed: undefined } : undefined;
}

/** The file as it is without claiming anything; undefined: it claims nothing. */
export function withoutClaim({ bytes, unclaimed }: Pick<MadeFile, 'bytes' | 'unclaimed'>): Uint8Array | undefined {
  if (unclaimed === undefined) return undefined;
  const { at, tail } = unclaimed;
  const plain = new Uint8Array(at + tail.length);
  plain.set(bytes.subarray(0, at));
  plain.set(tail, at);
  return plain;
}

/** Undefined: the page stays as it is. */
type Pages = readonly (PageDone | undefined)[];

interface PagesToMake {
  readonly kind: DocumentKind;
  readonly pages: Inspection['pages'];
  /** All but one are made. */
  readonly onLast: () => void;
}

async function makePages(
  job: Job,
  { name, bytes }: FoundFile,
  { kind, pages, onLast }: PagesToMake,
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
    if (ready === pages.length - 1) onLast();
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

type Bound = Work['bind']['answer'];

/** `source`: the file that the pages go into; undefined: a new one. */
async function bind(job: Job, source: Uint8Array | undefined, pages: Pages): Promise<Result<Bound, Kept>> {
  const made = pages.flatMap((done, index) => (done === undefined ? [] : [{ index, page: done.page }]));
  return job.bind.ask(
    'bind',
    () => ({
      coding: job.profile.pages === 'g4' ? 'g4' : 'jbig2',
      made,
      source,
    }),
    job.pageWaitMs + pages.length * limits.transit.bindPageWaitMs,
  );
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
