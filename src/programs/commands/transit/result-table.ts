// What came of the documents, as a table: name, pages, size before and after, how surely it was read, and why something was kept.

import { limits } from '#base/limits.ts';
import type { FileReport, JobReport } from '#post/transit/contract.ts';
import { sizeText } from '#web/words/dates.ts';
import { transitEn } from '#web/words/transit-en.ts';
import { plainName } from './plain-name.ts';

const NAME_CHARACTERS = 44;
const HEAD = ['File', 'Pages', 'Before', '', 'After', 'Read', ''];

export function resultTable({ files }: JobReport, out: string): string {
  if (files.length === 0) return 'There was no document in it. Nothing was written.';
  const rows = [HEAD, ...files.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, column > 0 && column < 6))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, '', `${summary(files)} Written to ${out}.`, ...toCheck(files)].join('\n');
}

function rowOf(file: FileReport): readonly string[] {
  const { newName, pages, bytesBefore, bytesAfter, kept } = file;
  const sizes = [sizeText('en', bytesBefore), '→', sizeText('en', bytesAfter)];
  const confidence = lowest(file);
  return [
    plainName(newName, NAME_CHARACTERS),
    pages.length === 0 ? '' : String(pages.length),
    ...sizes,
    confidence === undefined ? '' : `${Math.round(confidence)} %`,
    kept === undefined ? '' : `kept as it is: ${transitEn.kept[kept]}`,
  ];
}

/** Of all pages that were read; undefined: none was. */
function lowest({ pages }: FileReport): number | undefined {
  const read = pages.flatMap(({ confidence }) => confidence ?? []);
  return read.length === 0 ? undefined : Math.min(...read);
}

function summary(files: readonly FileReport[]): string {
  const sum = (key: 'bytesBefore' | 'bytesAfter'): string =>
    sizeText(
      'en',
      files.reduce((all, file) => all + file[key], 0),
    );
  const kept = files.filter((file) => file.kept !== undefined).length;
  const keptWords = kept === 0 ? '' : `, ${kept} kept as they are`;
  return `${files.length === 1 ? '1 document' : `${files.length} documents`}${keptWords}: ${sum('bytesBefore')} → ${sum('bytesAfter')}.`;
}

function toCheck(files: readonly FileReport[]): readonly string[] {
  return files.flatMap(({ newName, pages }) =>
    pages.flatMap(({ confidence }, at) =>
      confidence === undefined || confidence >= limits.transit.confidenceSure
        ? []
        : [`${plainName(newName, NAME_CHARACTERS)}, page ${at + 1}: ${Math.round(confidence)} %, please check.`],
    ),
  );
}

function widthOf(text: string): number {
  return Array.from(text).length;
}

function pad(text: string, width: number, isRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return isRight ? `${space}${text}` : `${text}${space}`;
}
