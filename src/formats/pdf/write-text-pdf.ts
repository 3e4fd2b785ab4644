// Plain words as a PDF of A4 pages, for reports: lines wrapped and broken into pages, letters drawn from outlines that the file carries.

import { latin1, openPdfFile, ref, short, type ObjectNumber } from './pdf-file.ts';
import { putReportFont, widthOf } from './report-font.ts';
import { closeFile } from './write-pdf.ts';

export interface TextLine {
  readonly text: string;
  /** `body` unless said otherwise. */
  readonly look?: 'title' | 'head' | 'body' | 'small';
}

interface Row {
  readonly text: string;
  readonly size: number;
  /** Points from the foot of the page. */
  readonly foot: number;
}

const WIDTH_PT = 595.28;
const HEIGHT_PT = 841.89;
const MARGIN_PT = 62;
const LINE_HEIGHT = 1.42;
const LOOKS = {
  title: { size: 19, before: 0, after: 8 },
  head: { size: 12.5, before: 12, after: 3 },
  body: { size: 10, before: 0, after: 2 },
  small: { size: 8, before: 0, after: 1 },
} as const;

/** Letters that the font does not know are written without their marks, or as a question mark. `language`: BCP 47. */
export function writeTextPdf(lines: readonly TextLine[], language = 'de'): Uint8Array {
  const file = openPdfFile();
  const tree = file.reserve();
  const pages = setPages(lines);
  const font = putReportFont(
    file,
    pages.flatMap((rows) => rows.map(({ text }) => text)),
  );
  const kids = pages.map((rows): ObjectNumber => {
    const shown = rows.map(
      ({ text, size, foot }) => `/R ${short(size)} Tf 1 0 0 1 ${MARGIN_PT} ${short(foot)} Tm ${font.code(text)} Tj`,
    );
    const content = file.putStream('', latin1(`BT\n${shown.join('\n')}\nET\n`), 'packed');
    return file.put(
      `<</Type/Page/Parent ${ref(tree)}/MediaBox[0 0 ${WIDTH_PT} ${HEIGHT_PT}]` +
        `/Resources<</Font<</R ${ref(font.number)}>>>>/Contents ${ref(content)}>>`,
    );
  });
  return closeFile(file, { tree, kids, language });
}

function setPages(lines: readonly TextLine[]): readonly (readonly Row[])[] {
  const pages: Row[][] = [[]];
  let foot = HEIGHT_PT - MARGIN_PT;
  for (const { text, look = 'body' } of lines) {
    const { size, before, after } = LOOKS[look];
    foot -= before;
    for (const part of wrap(text, size)) {
      foot -= size * LINE_HEIGHT;
      if (foot < MARGIN_PT) {
        pages.push([]);
        foot = HEIGHT_PT - MARGIN_PT - size * LINE_HEIGHT;
      }
      if (part !== '') pages.at(-1)?.push({ text: part, size, foot });
    }
    foot -= after;
  }
  return pages;
}

/** At spaces; a word wider than the page is broken where it must be. An empty text is an empty row. */
function wrap(text: string, size: number): readonly string[] {
  const room = (WIDTH_PT - 2 * MARGIN_PT) / size;
  const rows: string[] = [];
  let row = '';
  const add = (part: string): void => {
    const longer = row === '' ? part : `${row} ${part}`;
    if (widthOf(longer) <= room) {
      row = longer;
      return;
    }
    if (row !== '') rows.push(row);
    row = part;
    while (widthOf(row) > room) {
      let fits = row.length - 1;
      while (fits > 1 && widthOf(row.slice(0, fits)) > room) fits--;
      rows.push(row.slice(0, fits));
      row = row.slice(fits);
    }
  };
  for (const word of text.split(/\s+/)) add(word);
  return [...rows, row];
}
