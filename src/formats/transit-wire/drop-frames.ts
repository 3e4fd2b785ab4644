// What the lines of the drop page's frames mean: the order that goes in, and everything that comes back.

import * as v from 'valibot';
import { profiles } from './profile.ts';

const count = v.pipe(v.number(), v.minValue(0));
const name = v.pipe(v.string(), v.maxLength(1_000));
const text = v.pipe(v.string(), v.maxLength(4_000));
const hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{0,128}$/));

/** The first line of an order, and one line before each document. */
export const orderFrame = v.variant('kind', [
  v.object({ kind: v.literal('order'), profile: v.picklist(profiles), language: v.picklist(['de', 'en']) }),
  v.object({ kind: v.literal('file'), name, bytes: v.optional(count) }),
]);
export type OrderFrame = v.InferOutput<typeof orderFrame>;

/** Why a document goes back byte for byte as it came. */
export const keepReasons = [
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
] as const;
export type KeepReason = (typeof keepReasons)[number];

const pageReport = v.object({
  steps: v.optional(
    v.object({
      source: v.picklist(['scan', 'photo']),
      isCropped: v.boolean(),
      turnedDegrees: v.picklist([0, 90, 180, 270]),
      skewDegrees: v.number(),
      skewLeftDegrees: v.number(),
      isLightEvened: v.boolean(),
      inkKept: v.number(),
    }),
  ),
  confidence: v.optional(count),
  tookMs: count,
});

const fileReport = v.object({
  oldName: name,
  newName: name,
  kind: v.string(),
  foundIn: v.array(name),
  bytesBefore: count,
  bytesAfter: count,
  pages: v.array(pageReport),
  kept: v.optional(v.picklist(keepReasons)),
  conversion: v.optional(v.object({ macrosRemoved: count, referencesRemoved: count, pdfBytes: count })),
  beside: v.optional(v.picklist(['apart', 'wholeNotProved', 'wholeWouldGrow', 'tooMuch'])),
  criteria: v.array(v.object({ name: v.string(), isMet: v.boolean(), seen: text })),
  digestBefore: hex,
  digestAfter: hex,
});
export type FileFacts = v.InferOutput<typeof fileReport>;
export type PageFacts = v.InferOutput<typeof pageReport>;

const jobReport = v.object({ files: v.array(fileReport), profile: v.picklist(profiles), tookMs: count });
export type JobFacts = v.InferOutput<typeof jobReport>;

/** The deletion receipt as far as the page shows it; saved whole, as it came. */
export const receiptView = v.object({
  facts: v.object({
    job: v.string(),
    receivedMs: count,
    returnedMs: v.optional(count),
    erasedMs: count,
    objectsCreated: count,
    objectsErased: count,
    isKeyDestroyed: v.boolean(),
  }),
  key: v.string(),
  signature: v.string(),
});
export type ReceiptView = v.InferOutput<typeof receiptView>;

export const answerFrame = v.variant('kind', [
  v.object({
    kind: v.literal('progress'),
    file: name,
    step: v.picklist(['reading', 'page', 'binding', 'checking', 'done']),
    page: count,
    pages: count,
  }),
  /** Says that the house is still there. */
  v.object({ kind: v.literal('beat') }),
  v.object({ kind: v.literal('refused'), why: v.picklist(['noRoom', 'overBudget', 'crashed', 'closed']) }),
  v.object({ kind: v.literal('report'), report: jobReport }),
  /** `report`: which of the report's files it is; without it an original given back beside. */
  v.object({ kind: v.literal('file'), name, report: v.optional(count), bytes: v.optional(count) }),
  v.object({ kind: v.literal('preview'), report: count, side: v.picklist(['before', 'after']), bytes: count }),
  /** The report as a file. */
  v.object({ kind: v.literal('paper'), name, type: v.string(), bytes: count }),
  /** The bytes are the receipt's file. */
  v.object({ kind: v.literal('receipt'), receipt: receiptView, bytes: count }),
  /** Without it the answer broke off. */
  v.object({ kind: v.literal('end') }),
]);
export type AnswerFrame = v.InferOutput<typeof answerFrame>;
export type DropStep = Extract<AnswerFrame, { kind: 'progress' }>['step'];

/** What the page must know before anything is dropped. */
export const doorAnswer = v.object({
  /** How one gets in: a session of the house, a code that its operator gave, or whoever stands before this machine. */
  access: v.picklist(['signIn', 'code', 'open']),
  isLetIn: v.boolean(),
  /** The room did not open: its self-check says why. */
  isShut: v.boolean(),
  /** Office documents become PDFs here. */
  hasOffice: v.optional(v.boolean(), false),
  /** To mail documents to; null: there is no door for letters. */
  address: v.nullable(v.string()),
  bytesMax: count,
  filesMax: count,
});
export type DoorAnswer = v.InferOutput<typeof doorAnswer>;

export const countersAnswer = v.object({
  jobs: count,
  pages: count,
  atWork: count,
  waiting: count,
  objects: count,
  /** Rounded up, so that nobody reads a neighbour's document from it. */
  bytes: count,
  oldestMs: count,
  alarms: count,
});
export type CountersAnswer = v.InferOutput<typeof countersAnswer>;
