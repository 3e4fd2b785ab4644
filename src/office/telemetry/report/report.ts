// What a report says, in bytes: an answer to one question, or nothing (a cover report). All have one length.

/** version 1 | kind 1 | day 4, big-endian | SHA-256 of the question 32 | answer 1 | zeros. */
export const REPORT_BYTES = 64;
const VERSION = 1;
const KIND = { cover: 0, answer: 1 } as const;
const DAY_AT = 2;
const HASH_AT = 6;
const HASH_BYTES = 32;
const ANSWER_AT = HASH_AT + HASH_BYTES;
const END = ANSWER_AT + 1;

export type Report =
  | { readonly kind: 'cover'; readonly day: number }
  | {
      readonly kind: 'answer';
      /** Days since 1970-01-01, UTC, of the day it is sent. */
      readonly day: number;
      /** 64 hex digits. */
      readonly question: string;
      /** From 0. */
      readonly answer: number;
    };

export function formatReport(report: Report): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(REPORT_BYTES);
  bytes[0] = VERSION;
  bytes[1] = KIND[report.kind];
  new DataView(bytes.buffer).setUint32(DAY_AT, report.day);
  if (report.kind === 'cover') return bytes;
  bytes.set(Buffer.from(report.question, 'hex'), HASH_AT);
  bytes[ANSWER_AT] = report.answer;
  return bytes;
}

/** Undefined: not to the byte what a report is. */
export function parseReport(bytes: Uint8Array): Report | undefined {
  if (bytes.length !== REPORT_BYTES || bytes[0] !== VERSION) return undefined;
  const isZero = (from: number): boolean => bytes.subarray(from).every((byte) => byte === 0);
  const day = new DataView(bytes.buffer, bytes.byteOffset).getUint32(DAY_AT);
  if (bytes[1] === KIND.cover) return isZero(HASH_AT) ? { kind: 'cover', day } : undefined;
  if (bytes[1] !== KIND.answer || !isZero(END)) return undefined;
  const question = Buffer.from(bytes.subarray(HASH_AT, ANSWER_AT)).toString('hex');
  return { kind: 'answer', day, question, answer: bytes[ANSWER_AT] ?? 0 };
}
