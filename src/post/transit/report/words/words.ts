// What the answer letter says, in one shape for every language.

import type { BesideReason, KeepReason } from '../../contract.ts';

export interface ReportWords {
  readonly subject: (of: string) => string;
  readonly greeting: string;
  readonly done: (files: number, beforeBytes: string, afterBytes: string) => string;
  readonly untouched: string;
  readonly notice: string;
  readonly reportName: string;
  readonly document: (number: number) => string;
  readonly oldName: string;
  readonly newName: string;
  readonly foundIn: string;
  readonly size: string;
  readonly sizes: (before: string, after: string, percent: number) => string;
  readonly pages: string;
  readonly page: (page: number) => string;
  readonly kept: string;
  readonly keptWhy: Readonly<Record<KeepReason, string>>;
  readonly besideWhy: Readonly<Record<BesideReason, string>>;
  readonly steps: string;
  readonly scan: string;
  readonly photo: string;
  readonly cropped: string;
  readonly turned: (degrees: number) => string;
  readonly straightened: (degrees: string, left: string) => string;
  readonly light: string;
  readonly inkKept: (percent: string) => string;
  readonly converted: (size: string) => string;
  readonly macrosRemoved: (count: number) => string;
  readonly referencesRemoved: (count: number) => string;
  readonly asItWas: string;
  readonly confidence: (percent: number) => string;
  readonly warnings: string;
  readonly pleaseCheck: (document: string, page: number, percent: number) => string;
  readonly notMet: (document: string, criterion: string, seen: string) => string;
  readonly criteria: (met: number, of: number) => string;
  readonly criterion: Readonly<Record<string, string>>;
  readonly isMet: string;
  readonly isNotMet: string;
  readonly hashBefore: string;
  readonly hashAfter: string;
  readonly salt: string;
  readonly split: string;
  readonly splitWhy: (letters: number) => string;
  readonly splitLetter: (letter: number, first: string, last: string, files: number) => string;
  readonly erasure: string;
  readonly erasedBy: (time: string) => string;
  readonly erasedAt: (time: string) => string;
  readonly job: (job: string) => string;
  readonly receiptAt: (url: string) => string;
  readonly saltsSay: string;
  readonly limits: string;
  readonly took: (seconds: string) => string;
}
