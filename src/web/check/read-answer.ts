// What an answer of the room for documents says of its receipt: the number of the work and, of each document, salt and hashes; out of the whole letter, its text, or the receipt file of the page.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { bestBodies } from '#formats/message/bodies.ts';
import { readLetter } from '#formats/message/letter-view.ts';
import { decodeText } from '#formats/message/part-content.ts';

export interface AnsweredDocument {
  /** Hex. */
  readonly salt: string;
  readonly digestBefore: string;
  readonly digestAfter: string;
}

export interface Answer {
  readonly job: string;
  /** Where the letter says that the receipt is; undefined: it says no place. */
  readonly url: string | undefined;
  /** In the order of the receipt; undefined: it names none. */
  readonly documents: readonly AnsweredDocument[] | undefined;
  /** What the file brings itself; undefined: it is to be asked for. */
  readonly receipt: unknown;
}

const JOB = /^[a-z2-7]{26}$/;
/** A mail program may break lines and put a mark in front of each. */
const GAP = String.raw`[\s>]*`;
const LINK = /https?:\/\/[^\s<>"]{1,300}?\/transit\/receipts\/([a-z2-7]{26})(?![a-z2-7])/;
const NUMBER = /:[\s>]*([a-z2-7]{26})(?![0-9a-z])/;
/** Hash before, hash now and salt stand below one another, whatever the language calls them. */
const DOCUMENT = new RegExp(
  `:${GAP}([0-9a-f]{64})${GAP}[^:\\n]{1,40}:${GAP}([0-9a-f]{64})${GAP}[^:\\n]{1,40}:${GAP}([0-9a-f]{32})(?![0-9a-f])`,
  'g',
);

/** Undefined: it is no such answer. Reads letters that were cut off behind their text. */
export function readAnswer(bytes: Uint8Array): Answer | undefined {
  const file = readFile(bytes);
  if (file !== undefined) return file;
  for (const plainText of textsOf(bytes)) {
    const link = LINK.exec(plainText);
    const job = link?.[1] ?? NUMBER.exec(plainText)?.[1];
    if (job === undefined) continue;
    const documents = [...plainText.matchAll(DOCUMENT)].map(([, digestBefore = '', digestAfter = '', salt = '']) => ({
      salt,
      digestBefore,
      digestAfter,
    }));
    if (documents.length > 0) return { job, url: link?.[0], documents, receipt: undefined };
  }
  return undefined;
}

/** The text of the letter, where it is one; and what was brought as it stands. */
function* textsOf(bytes: Uint8Array): Generator<string> {
  const { text } = bestBodies(readLetter(bytes).root);
  for (const part of text) yield decodeText(bytes, part, limits.check.answerBytes);
  yield new TextDecoder().decode(bytes);
}

const fileShape = v.object({
  receipt: v.object({ facts: v.object({ job: v.pipe(v.string(), v.regex(JOB)) }) }),
  salts: v.array(v.string()),
});

/** As the page for documents gives it out: receipt and salts, and no hashes of the documents. */
function readFile(bytes: Uint8Array): Answer | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const file = v.safeParse(fileShape, value);
    if (!file.success) return undefined;
    const { job } = file.output.receipt.facts;
    return { job, url: undefined, documents: undefined, receipt: Object.assign({ receipt: undefined }, value).receipt };
  } catch {
    return undefined;
  }
}
