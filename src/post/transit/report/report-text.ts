// The report as lines of text: what became of each document, what a person should look at, and how it is erased.

import { limits } from '#base/limits.ts';
import type { FileReport, JobReport, PageReport } from '../contract.ts';
import type { Language } from '../control/transit-letter.ts';
import type { TextLine } from '#formats/pdf/write-text-pdf.ts';
import type { FileSalts } from './receipt.ts';
import { planSplit } from '../names/plan-split.ts';
import { english } from './words/en.ts';
import { german } from './words/de.ts';
import type { ReportWords } from './words/words.ts';

export interface ReportFacts {
  readonly job: string;
  readonly report: JobReport;
  readonly salts: FileSalts;
  /** When everything is erased at the latest, or was. */
  readonly erasedByMs: number;
  readonly isErased?: boolean;
  /** Where the receipt will be; undefined: nowhere to be linked to. */
  readonly receiptUrl: string | undefined;
  readonly language: Language;
}

export function wordsOf(language: Language): ReportWords {
  return language === 'de' ? german : english;
}

/** One paragraph a line; a head begins a section. */
export function reportLines(facts: ReportFacts): readonly TextLine[] {
  const words = wordsOf(facts.language);
  const { files, tookMs } = facts.report;
  const isUntouched = files.length > 0 && files.every(({ kept }) => kept === 'crashedBefore');
  const sum = (of: (file: FileReport) => number): string =>
    bytesText(
      files.reduce((all, file) => all + of(file), 0),
      facts,
    );
  const before = sum(({ bytesBefore }) => bytesBefore);
  const after = sum(({ bytesAfter }) => bytesAfter);
  return [
    body(words.greeting),
    body(isUntouched ? words.untouched : words.done(files.length, before, after)),
    body(words.notice),
    ...warningLines(files, words),
    ...files.flatMap((file, at) => fileLines(file, at, { ...facts, words })),
    ...splitLines(files, words),
    head(words.erasure),
    body((facts.isErased === true ? words.erasedAt : words.erasedBy)(timeText(facts.erasedByMs))),
    body(words.job(facts.job)),
    ...(facts.receiptUrl === undefined ? [] : [body(words.receiptAt(facts.receiptUrl))]),
    body(words.saltsSay),
    body(words.limits),
    body(words.took(decimal(tookMs / 1_000, 1, facts))),
  ];
}

function timeText(ms: number): string {
  return `${new Date(ms).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}

function body(text: string): TextLine {
  return { text };
}

function head(text: string): TextLine {
  return { text, look: 'head' };
}

function small(text: string): TextLine {
  return { text, look: 'small' };
}

/** For the text part of a letter: an empty line in front of each section. */
export function plainReport(lines: readonly TextLine[]): string {
  return lines.map(({ text, look }) => (look === 'head' ? `\n${text}\n` : `${text}\n`)).join('');
}

/** Nothing where all fit into one message. */
function splitLines(files: readonly FileReport[], words: ReportWords): readonly TextLine[] {
  // documents in one file travel together
  const sizes = new Map<string, number>();
  for (const { newName, bytesAfter } of files) sizes.set(newName, (sizes.get(newName) ?? 0) + bytesAfter);
  const names = [...sizes.keys()];
  const letters = planSplit([...sizes.values()]);
  if (letters.length < 2) return [];
  const lines = letters.map((letter, at) => {
    const [first, last] = [letter[0], letter.at(-1)].map((index) => names[index ?? -1]);
    return body(`- ${words.splitLetter(at + 1, first ?? '', last ?? '', letter.length)}`);
  });
  return [head(words.split), body(words.splitWhy(letters.length)), ...lines];
}

function warningLines(files: readonly FileReport[], words: ReportWords): readonly TextLine[] {
  const lines = files.flatMap((file) => [
    ...file.pages.flatMap(({ confidence }, at) =>
      confidence === undefined || confidence >= limits.transit.confidenceSure
        ? []
        : [words.pleaseCheck(file.newName, at + 1, Math.round(confidence))],
    ),
    ...file.criteria
      .filter(({ isMet }) => !isMet)
      .map(({ name, seen }) => words.notMet(file.newName, words.criterion[name] ?? name, seen)),
  ]);
  return lines.length === 0 ? [] : [head(words.warnings), ...lines.map((line) => body(`- ${line}`))];
}

interface Around extends ReportFacts {
  readonly words: ReportWords;
}

function fileLines(file: FileReport, at: number, around: Around): readonly TextLine[] {
  const { words, salts } = around;
  const percent = Math.round((100 * file.bytesAfter) / Math.max(1, file.bytesBefore));
  const met = file.criteria.filter(({ isMet }) => isMet).length;
  const sizes = words.sizes(bytesText(file.bytesBefore, around), bytesText(file.bytesAfter, around), percent);
  return [
    head(`${words.document(at + 1)}: ${file.newName}`),
    body(`${words.oldName}: ${file.oldName}`),
    ...(file.foundIn.length === 0 ? [] : [body(`${words.foundIn}: ${file.foundIn.join(' / ')}`)]),
    body(`${words.size}: ${sizes}`),
    ...(file.kept === undefined ? [] : [body(`${words.kept}: ${words.keptWhy[file.kept]}`)]),
    ...(file.beside === undefined ? [] : [body(words.besideWhy[file.beside])]),
    ...conversionLines(file, around),
    ...(file.pages.length === 0 ? [] : [body(`${words.pages}: ${file.pages.length}`)]),
    ...file.pages.map((page, number) => body(`- ${words.page(number + 1)}: ${pageText(page, around)}`)),
    ...(file.criteria.length === 0 ? [] : [body(words.criteria(met, file.criteria.length))]),
    ...file.criteria.map(({ name, isMet, seen }) =>
      small(`- ${words.criterion[name] ?? name}: ${isMet ? words.isMet : words.isNotMet} (${seen})`),
    ),
    small(`${words.hashBefore}: ${file.digestBefore}`),
    small(`${words.hashAfter}: ${file.digestAfter}`),
    small(`${words.salt}: ${salts[at] ?? ''}`),
  ];
}

function conversionLines({ conversion }: FileReport, around: Around): readonly TextLine[] {
  if (conversion === undefined) return [];
  const { words } = around;
  const { pdfBytes, macrosRemoved, referencesRemoved } = conversion;
  return [
    body(words.converted(bytesText(pdfBytes, around))),
    ...(macrosRemoved === 0 ? [] : [body(words.macrosRemoved(macrosRemoved))]),
    ...(referencesRemoved === 0 ? [] : [body(words.referencesRemoved(referencesRemoved))]),
  ];
}

function pageText({ steps, confidence }: PageReport, around: Around): string {
  const { words } = around;
  if (steps === undefined) return words.asItWas;
  const done = [
    steps.source === 'photo' ? words.photo : words.scan,
    ...(steps.isCropped ? [words.cropped] : []),
    ...(steps.turnedDegrees === 0 ? [] : [words.turned(steps.turnedDegrees)]),
    ...(Math.abs(steps.skewDegrees) < 0.05
      ? []
      : [words.straightened(decimal(steps.skewDegrees, 1, around), decimal(steps.skewLeftDegrees, 2, around))]),
    ...(steps.isLightEvened ? [words.light] : []),
    words.inkKept(decimal(100 * steps.inkKept, 1, around)),
    ...(confidence === undefined ? [] : [words.confidence(Math.round(confidence))]),
  ];
  return done.join(', ');
}

function bytesText(bytes: number, of: { readonly language: Language }): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${decimal(bytes / 1_000_000, 1, of)} MB`;
}

function decimal(value: number, digits: number, { language }: { readonly language: Language }): string {
  const text = value.toFixed(digits);
  return language === 'de' ? text.replace('.', ',') : text;
}
