// One job of the drop page: what went in, where it is, what came back. Pure: each frame of the answer makes the next state.

import { unreachable } from '#base/assert.ts';
import type { AnswerFrame, DropStep, JobFacts, ReceiptView } from '#formats/transit-wire/drop-frames.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface DroppedFile {
  readonly name: string;
  readonly sizeBytes: number;
}

export interface DocProgress {
  readonly name: string;
  readonly step: DropStep;
  /** The newest one. */
  readonly page: number;
  readonly pages: number;
  /** Different pages heard of. */
  readonly seen: ReadonlySet<number>;
}

export interface GivenBack {
  readonly name: string;
  readonly bytes: Bytes;
  /** Index into the report; undefined: an original beside. */
  readonly report: number | undefined;
}

export interface Paper {
  readonly name: string;
  readonly bytes: Bytes;
}

export interface JobPreview {
  readonly before: Bytes | undefined;
  readonly after: Bytes | undefined;
}

export interface JobResults {
  readonly report: JobFacts | undefined;
  readonly receipt: ReceiptView | undefined;
  readonly receiptFile: Bytes | undefined;
  readonly files: readonly GivenBack[];
  readonly previews: ReadonlyMap<number, JobPreview>;
  readonly papers: readonly Paper[];
}

export type RefusedWhy = Extract<AnswerFrame, { kind: 'refused' }>['why'];

/** `returning`: the work is done and comes through the line. */
export type JobPhase =
  | { readonly kind: 'sending' | 'waiting' | 'working' | 'returning' | 'done' }
  | { readonly kind: 'stopped' | 'broken' | 'notTaken' | 'signedOut' | 'tooLarge' }
  | { readonly kind: 'refused'; readonly why: RefusedWhy };

export interface Job {
  readonly id: number;
  readonly files: readonly DroppedFile[];
  readonly phase: JobPhase;
  readonly docs: readonly DocProgress[];
  readonly results: JobResults;
}

export const stations = ['door', 'unpack', 'page', 'text', 'bind', 'check', 'back'] as const;
export type Station = (typeof stations)[number];

export function newJob(id: number, files: readonly DroppedFile[]): Job {
  const results = {
    report: undefined,
    receipt: undefined,
    receiptFile: undefined,
    files: [],
    previews: new Map(),
    papers: [],
  };
  return { id, files, phase: { kind: 'sending' }, docs: [], results };
}

export function isUnderWay({ phase }: Job): boolean {
  return ['sending', 'waiting', 'working', 'returning'].includes(phase.kind);
}

/** The next state; `bytes` are those behind the frame. */
export function takeFrame(job: Job, frame: AnswerFrame, bytes: Bytes): Job {
  const { results } = job;
  const more = (part: Partial<JobResults>): Job => ({
    ...job,
    phase: { kind: 'returning' },
    results: { ...results, ...part },
  });
  switch (frame.kind) {
    case 'beat':
      return job.phase.kind === 'sending' ? { ...job, phase: { kind: 'waiting' } } : job;
    case 'progress':
      return { ...job, phase: { kind: 'working' }, docs: withProgress(job.docs, frame) };
    case 'refused':
      return { ...job, phase: { kind: 'refused', why: frame.why } };
    case 'report':
      return more({ report: frame.report });
    case 'receipt':
      return more({ receipt: frame.receipt, receiptFile: bytes });
    case 'file':
      return more({ files: [...results.files, { name: frame.name, bytes, report: frame.report }] });
    case 'paper':
      return more({ papers: [...results.papers, { name: frame.name, bytes }] });
    case 'preview': {
      const known = results.previews.get(frame.report) ?? { before: undefined, after: undefined };
      return more({ previews: new Map(results.previews).set(frame.report, { ...known, [frame.side]: bytes }) });
    }
    case 'end':
      return job.phase.kind === 'refused' ? job : { ...job, phase: { kind: 'done' } };
    default:
      return unreachable(frame);
  }
}

function withProgress(
  docs: readonly DocProgress[],
  { file, step, page, pages }: Extract<AnswerFrame, { kind: 'progress' }>,
): readonly DocProgress[] {
  const known = docs.find(({ name }) => name === file);
  const seen = new Set(known?.seen);
  if (step === 'page' && page > 0) seen.add(page);
  const next: DocProgress = { name: file, step, page, pages: Math.max(pages, known?.pages ?? 0), seen };
  return known ? docs.map((doc) => (doc === known ? next : doc)) : [...docs, next];
}

const BEFORE_PAGES = 0.06;
const PAGES_UNTIL = 0.86;
const STEP_SHARES: Readonly<Record<Exclude<DropStep, 'page'>, number>> = {
  reading: BEFORE_PAGES,
  binding: 0.9,
  checking: 0.95,
  done: 1,
};

/** How far a document is, 0 to 1: pages are nearly all of the time. */
export function shareOf({ step, seen, pages }: DocProgress): number {
  if (step !== 'page') return STEP_SHARES[step];
  return BEFORE_PAGES + (PAGES_UNTIL - BEFORE_PAGES) * (pages === 0 ? 0 : Math.min(1, seen.size / pages));
}

const STEP_STATIONS: Readonly<Record<DropStep, readonly Station[]>> = {
  reading: ['unpack'],
  page: ['page', 'text'],
  binding: ['bind'],
  checking: ['check'],
  done: ['check'],
};

/** The stations where work of this job goes on now. */
export function stationsNow({ phase, docs }: Job): readonly Station[] {
  if (phase.kind === 'sending' || phase.kind === 'waiting') return ['door'];
  if (phase.kind === 'returning') return ['back'];
  if (phase.kind !== 'working') return [];
  const open = docs.filter(({ step }) => step !== 'done');
  const furthest = open.toSorted((one, other) => shareOf(other) - shareOf(one))[0];
  return furthest ? STEP_STATIONS[furthest.step] : ['check'];
}

export interface JobSum {
  readonly before: number;
  readonly after: number;
  /** Of the documents that were worked on. */
  readonly pages: number;
  readonly toCheck: number;
}

export function sumOf({ files }: JobFacts, sure: number): JobSum {
  const pages = files.filter(({ kept }) => kept === undefined).flatMap((file) => file.pages);
  return {
    before: files.reduce((sum, file) => sum + file.bytesBefore, 0),
    after: files.reduce((sum, file) => sum + file.bytesAfter, 0),
    pages: pages.length,
    toCheck: pages.filter(({ confidence = 100 }) => confidence < sure).length,
  };
}
