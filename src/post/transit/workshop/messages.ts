// What the workshop asks of its workers and what they answer; answers come from where hostile files were read and are believed in nothing.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import type { OtherEnd } from '#formats/pdf/write-pdf.ts';
import type { Criterion, FileKind, KeepReason, MadePage, PageSteps, PageText, Raster, SentFile } from '../contract.ts';
import { officeFormats } from '../office/office-format.ts';
import type { PreparedOffice } from '../office/prepare-office.ts';
import type { FoundFile } from '../extract/extract-files.ts';
import type { PartToMerge } from '../pdf/merge-pdfs.ts';
import type { FrenchShare } from '../text/french.ts';
import type { Expectation, SourceGlance } from '../verify/expectation.ts';

/** What has pages. */
export type DocumentKind = Extract<FileKind, 'pdf' | 'jpeg' | 'png' | 'tiff' | 'webp' | 'heic'>;

/** A page of a file that came, before anything was done to it. */
export interface SourcePage {
  readonly kind: 'scan' | 'born' | 'mixed' | 'empty';
  /** Points; undefined: a picture, whose paper is found later. */
  readonly box: { readonly widthPt: number; readonly heightPt: number } | undefined;
  /** To render it with; undefined: a picture has its own pixels. */
  readonly dpi: number | undefined;
}

export interface Inspection {
  readonly pages: readonly SourcePage[];
  readonly keep: KeepReason | undefined;
  /** Files inside a PDF, which its new form leaves out. */
  readonly attachments: readonly SentFile[];
  readonly hasBookmarks?: boolean | undefined;
}

export interface PageDone {
  readonly page: MadePage;
  readonly steps: PageSteps;
  /** Of the mask, 0…1. */
  readonly inkShare: number;
  readonly tookMs: number;
  /** Where the page may be read in two parts: `page.text` is empty yet, its upper part waits where it was made. */
  readonly lower: LowerPart | undefined;
}

/** The foot of a page, cut between two lines. */
export interface LowerPart {
  readonly grey: Raster;
  /** Pixels of the page's grey raster: where the part begins. */
  readonly top: number;
}

/** Question → what is asked with it, and what comes back. */
export interface Work {
  extract: {
    readonly order: { readonly file: SentFile; readonly foundIn: readonly string[]; readonly bounds: ExtractBounds };
    readonly answer: readonly FoundFile[];
  };
  /** An Office document without its macros and ways to the outside; whether it may be converted at all. */
  office: {
    readonly order: { readonly bytes: Uint8Array; readonly bounds: Omit<ExtractBounds, 'depth'> };
    readonly answer: PreparedOffice;
  };
  inspect: {
    readonly order: { readonly kind: DocumentKind; readonly bytes: Uint8Array };
    readonly answer: Inspection;
  };
  page: {
    readonly order: {
      readonly kind: DocumentKind;
      /** Undefined: the file that this worker had last. */
      readonly bytes: Uint8Array | undefined;
      readonly index: number;
      readonly dpi: number | undefined;
      /** A picture of the whole page instead of its ink. */
      readonly isFaithful?: boolean;
      /** Another worker could read the lower part meanwhile. */
      readonly mayPart: boolean;
    };
    readonly answer: PageDone;
  };
  /** Words of a part of a page; undefined: the upper part of the page that this worker made last. */
  read: {
    readonly order: { readonly grey: Raster | undefined; readonly french: FrenchShare };
    readonly answer: PageText;
  };
  /** A small JPEG of the first page. */
  preview: {
    readonly order: { readonly kind: DocumentKind; readonly bytes: Uint8Array };
    readonly answer: { readonly bytes: Uint8Array };
  };
  bind: {
    readonly order: {
      readonly coding: 'jbig2' | 'g4';
      /** Made pages and where in the file they stand. */
      readonly made: readonly { readonly index: number; readonly page: MadePage }[];
      /** The PDF that the other pages are taken from; undefined: there are no others. */
      readonly source: Uint8Array | undefined;
    };
    /** `unclaimed`: it claims to be PDF/A-2u, and this is its end without the claim. */
    readonly answer: { readonly bytes: Uint8Array; readonly unclaimed: OtherEnd | undefined };
  };
  /** Finished files one behind the other; those that cannot share a file are left out. `isClaimed`: it says that it is PDF/A-2u. */
  merge: {
    readonly order: { readonly parts: readonly PartToMerge[]; readonly isClaimed: boolean };
    readonly answer: { readonly bytes: Uint8Array; readonly taken: readonly number[] };
  };
  /** A file whose pages are being made; undefined: nobody can say how it looks. */
  glance: {
    readonly order: { readonly source: Uint8Array };
    readonly answer: { readonly seen: SourceGlance | undefined };
  };
  verify: {
    readonly order: { readonly bytes: Uint8Array; readonly expectation: Expectation };
    readonly answer: readonly Criterion[];
  };
  try: {
    readonly order: { readonly what: Trial; readonly where: string };
    readonly answer: { readonly isRefused: boolean };
  };
}

export interface ExtractBounds {
  readonly entries: number;
  readonly bytes: number;
  readonly depth: number;
}

/** What a worker must not be able to do; asked by the self-check and by tests. */
export type Trial = 'write' | 'read' | 'connect' | 'start';

export type Question = keyof Work;

/** A worker's word: done, or why the file goes back as it came. */
export type Word<K extends Question> =
  | { readonly isDone: true; readonly value: Work[K]['answer'] }
  | { readonly isDone: false; readonly reason: KeepReason };

const KEEP_REASONS = [
  'signed',
  'invoice',
  'encrypted',
  'unknownKind',
  'noOffice',
  'tooManyPages',
  'pictureTooLarge',
  'animated',
  'expandsTooFar',
  'tooDeep',
  'tooManyEntries',
  'damaged',
  'wouldGrow',
  'notProved',
  'outOfTime',
  'workerFailed',
  'outOfSpace',
  'outOfMemory',
  'crashedBefore',
] as const satisfies readonly KeepReason[];

const bytes = v.instance(Uint8Array);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const number = v.pipe(v.number(), v.finite());
const keepReason = v.picklist(KEEP_REASONS);
/** Undefined travels as null. */
function maybe<const S extends v.GenericSchema>(shape: S) {
  return v.pipe(
    v.nullable(shape),
    v.transform((value): v.InferOutput<S> | undefined => value ?? undefined),
  );
}
function list<const S extends v.GenericSchema>(shape: S, itemsMax: number) {
  return v.pipe(v.array(shape), v.maxLength(itemsMax));
}

const WORDS_MAX = 100_000;
const shortText = v.pipe(v.string(), v.maxLength(2_000));
const { entriesMax, pagesMax } = limits.transit;

const box = v.object({ left: number, top: number, width: number, height: number });
const bitmap = v.object({ width: count, height: count, bytes });
const holdsNext = v.optional(v.boolean());
const word = v.object({ text: shortText, box, baseline: number, confidence: number, holdsNext });
const pageText = v.object({ lines: list(list(word, WORDS_MAX), WORDS_MAX), confidence: number });
const steps = v.object({
  source: v.picklist(['scan', 'photo']),
  isCropped: v.boolean(),
  turnedDegrees: v.picklist([0, 90, 180, 270]),
  skewDegrees: number,
  skewLeftDegrees: number,
  isLightEvened: v.boolean(),
  inkKept: number,
});
const colour = v.pipe(number, v.minValue(0), v.maxValue(255));
const madePage = v.object({
  widthPt: number,
  heightPt: number,
  dpi: number,
  mask: bitmap,
  inks: list(v.object({ box, rgb: v.tuple([colour, colour, colour]) }), WORDS_MAX),
  grounds: list(v.object({ jpeg: bytes, width: count, height: count, box: maybe(box) }), WORDS_MAX),
  text: pageText,
});
const raster = v.object({ width: count, height: count, channels: v.literal(1), pixels: bytes, dpi: maybe(number) });
const sentFile = v.object({ name: shortText, bytes });
const foundFile = v.object({
  name: shortText,
  kind: v.picklist(['pdf', 'jpeg', 'png', 'tiff', 'webp', 'heic', 'office', 'zip', 'eml', 'msg', 'p7s', 'other']),
  foundIn: list(shortText, 100),
  bytes,
  kept: maybe(keepReason),
  restOf: maybe(bytes),
});
const sourcePage = v.object({
  kind: v.picklist(['scan', 'born', 'mixed', 'empty']),
  box: maybe(v.object({ widthPt: number, heightPt: number })),
  dpi: maybe(number),
});

const answers = {
  extract: list(foundFile, 2 * entriesMax + 1),
  office: v.object({ format: v.picklist(officeFormats), bytes, macrosRemoved: count, referencesRemoved: count }),
  inspect: v.object({
    pages: list(sourcePage, pagesMax),
    keep: maybe(keepReason),
    attachments: list(sentFile, entriesMax),
    hasBookmarks: v.optional(v.boolean()),
  }),
  page: v.object({
    page: madePage,
    steps,
    inkShare: number,
    tookMs: number,
    lower: maybe(v.object({ grey: raster, top: number })),
  }),
  read: pageText,
  preview: v.object({ bytes }),
  bind: v.object({ bytes, unclaimed: maybe(v.object({ at: count, tail: bytes })) }),
  merge: v.object({ bytes, taken: list(count, entriesMax) }),
  glance: v.object({ seen: maybe(v.object({ pages: count, thumbs: bytes })) }),
  verify: list(v.object({ name: shortText, isMet: v.boolean(), seen: shortText }), 100),
  try: v.object({ isRefused: v.boolean() }),
} as const;

type Readers = { readonly [K in Question]: (value: unknown) => Work[K]['answer'] | undefined };

function reader<T>(shape: v.GenericSchema<unknown, T>): (value: unknown) => T | undefined {
  return (value) => {
    const read = v.safeParse(shape, value);
    return read.success ? read.output : undefined;
  };
}

const readers: Readers = {
  extract: reader(answers.extract),
  office: reader(answers.office),
  inspect: reader(answers.inspect),
  page: reader(answers.page),
  read: reader(answers.read),
  preview: reader(answers.preview),
  bind: reader(answers.bind),
  merge: reader(answers.merge),
  glance: reader(answers.glance),
  verify: reader(answers.verify),
  try: reader(answers.try),
};

const refusal = v.object({ isDone: v.literal(false), reason: keepReason });
const done = v.object({ isDone: v.literal(true), value: v.unknown() });

const ready = v.object({ isReady: v.literal(true) });

/** The first word of every worker. */
export function isReadyWord(message: unknown): boolean {
  return v.is(ready, message);
}

/** Undefined: no worker of ours speaks so. */
export function findWord<K extends Question>(question: K, message: unknown): Word<K> | undefined {
  const refused = v.safeParse(refusal, message);
  if (refused.success) return refused.output;
  const answered = v.safeParse(done, message);
  if (!answered.success) return undefined;
  const value = readers[question](answered.output.value);
  return value === undefined ? undefined : { isDone: true, value };
}

export type Asked = { readonly [K in Question]: { readonly question: K; readonly order: Work[K]['order'] } }[Question];

/** What the workshop packed, which is this same program; only nulls are put right. */
export function requireAsked(message: unknown): Asked {
  return withoutNulls(message) as Asked;
}

function withoutNulls(value: unknown): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutNulls(inner)]));
}
