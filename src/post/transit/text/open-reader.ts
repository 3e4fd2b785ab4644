// Reads the words of a page with their places, and finds which way up it is; one core for as many pages as come.

import type { Box, PageText, Raster, Word } from '../contract.ts';
import { cleanWord, isAddress } from './clean-word.ts';
import { cropRaster } from './crop-raster.ts';
import { dropDoubles } from './drop-doubles.ts';
import { findTurn } from './find-turn.ts';
import type { FrenchShare } from './french.ts';
import { greyBmp } from './grey-bmp.ts';
import { mendWords } from './mend-words.ts';
import { openCore, type Model, type OpenCore } from './open-core.ts';
import { pageNumber } from './page-number.ts';
import { addPart } from './second-look.ts';
import { shrinkGrey, SHRUNK } from './shrink-grey.ts';
import { joinRows } from './table-rows.ts';
import { smallPrint, unreadParts } from './unread-parts.ts';
import { confidenceOfWords } from './word-confidence.ts';
import { marksOf } from './word-marks.ts';

export interface Reader {
  /** Words of an upright grey page or a part of one, lines from top to bottom as they are read; rows of tables are one line each. */
  readonly read: (grey: Raster, french: FrenchShare) => Promise<PageText>;
  /** Degrees clockwise by which the page must be turned to stand upright; 0 when there is no being sure. */
  readonly findTurn: (grey: Raster) => Promise<0 | 90 | 180 | 270>;
  readonly close: () => void;
}

const WORD = 3; // RIL_WORD
const LINE = 2; // RIL_TEXTLINE
const PSM_AUTO = 3;
const PSM_BLOCK = 6;
const DPI_UNKNOWN = 300;
/** From here on a page is read at three quarters of its size: a fifth less time, as few errors, down to type of 7 points. */
const DPI_PLENTY = 280;
const WELL_READ = 75; // stays where a part is read once more
const SETTINGS = {
  tessedit_do_invert: '0', // white letters on black are rare, and looking for them costs a second reading
  debug_file: '/dev/null',
};

/** French is loaded when a page is first read so: two languages at once take a third more time. Without its model all is read as German. */
export async function openReader(models: readonly Model[]): Promise<Reader> {
  const french = models.filter(({ language }) => language === 'fra');
  const german = models.filter(({ language }) => language !== 'fra');
  const open = await openCore(german, SETTINGS);
  const others = new Map<FrenchShare, Promise<OpenCore>>();
  const coreFor = async (share: FrenchShare): Promise<OpenCore> => {
    if (share === 'none' || french.length === 0) return open;
    const core = others.get(share) ?? openCore(share === 'all' ? french : [...german, ...french], SETTINGS);
    others.set(share, core);
    return core;
  };
  return {
    read: async (grey, share) => readPage(await coreFor(share), grey),
    findTurn: async (grey) => findTurn(grey, (part) => confidenceOf(open, part)),
    close: () => {
      end(open);
      for (const other of others.values()) void other.then(end);
    },
  };
}

function end({ api, core }: OpenCore): void {
  api.End();
  core.destroy(api);
}

function take({ core, api }: OpenCore, grey: Raster, mode: number): void {
  core.FS.writeFile('/input', greyBmp(grey));
  api.SetPageSegMode(mode);
  const failed = api.SetImageFile(1, 0) !== 0;
  core.FS.unlink('/input');
  if (failed) throw new Error('the reading core does not take the picture');
  api.SetSourceResolution(Math.round(grey.dpi ?? DPI_UNKNOWN));
  if (api.Recognize(null) !== 0) throw new Error('the reading core gave up');
}

function readPage(open: OpenCore, grey: Raster): PageText {
  const isPlenty = grey.channels === 1 && (grey.dpi ?? 0) >= DPI_PLENTY;
  take(open, isPlenty ? shrinkGrey(grey) : grey, PSM_AUTO);
  let lines = wordsFound(open, { left: 0, top: 0, by: isPlenty ? 1 / SHRUNK : 1 });
  const small = isPlenty ? smallPrint(grey, lines) : [];
  // At its full size: small print that was lost in the whole.
  const again = (part: Box): PageText['lines'] => {
    take(open, cropRaster(grey, part), PSM_BLOCK);
    return wordsFound(open, { left: part.left, top: part.top, by: 1 });
  };
  for (const part of small) lines = addPart(lines, part, again(part));
  // what is left of a stamp drives out no good word
  const look = (word: Word): readonly Box[] => marksOf(grey, word.box);
  for (const part of unreadParts(grey, lines)) {
    const found = again(part);
    lines = addPart(lines, part, pageNumber(found, look) ?? found, WELL_READ);
  }
  lines = dropDoubles(lines).map((line) => pageNumber([line], look)?.[0] ?? line);
  const written = lines.map((line, index) =>
    mendWords(line, look, { before: lines[index - 1] ?? [], after: lines[index + 1] ?? [] }),
  );
  return { lines: joinRows(written, grey), confidence: confidenceOfWords(written.flat()) };
}

/** What stands in the core after reading, in pixels of the page; the core is cleared. */
function wordsFound(
  open: OpenCore,
  { left, top, by }: { readonly left: number; readonly top: number; readonly by: number },
): PageText['lines'] {
  const lines: Word[][] = [];
  const words = open.api.GetIterator();
  words.Begin();
  do {
    if (words.Empty(WORD)) continue;
    if (words.IsAtBeginningOf(LINE) || lines.length === 0) lines.push([]);
    const text = cleanWord(words.GetUTF8Text(WORD));
    const { x0, y0, x1, y1 } = words.getBoundingBox(WORD);
    const base = words.getBaseline(WORD);
    const word = {
      text,
      box: { left: left + x0 * by, top: top + y0 * by, width: (x1 - x0) * by, height: (y1 - y0) * by },
      baseline: top + (base.has_baseline ? (base.y0 + base.y1) / 2 : y1) * by,
      confidence: words.Confidence(WORD),
    };
    if (isWord(word)) lines.at(-1)?.push(word);
  } while (words.Next(WORD));
  open.core.destroy(words);
  open.api.Clear();
  return lines.filter((line) => line.length > 0);
}

/** Specks and edges of pictures are read as single signs that nobody wrote. */
function isWord(word: Word): boolean {
  const isSure = word.confidence > 0 || isAddress(word.text);
  return word.text !== '' && isSure && word.box.width > 0 && word.box.height > 0;
}

function confidenceOf(open: OpenCore, part: Raster): number {
  take(open, part, PSM_BLOCK);
  const confidence = open.api.MeanTextConf();
  open.api.Clear();
  return confidence;
}
