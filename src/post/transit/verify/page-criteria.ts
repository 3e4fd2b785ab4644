// Criteria of what is seen on the pages: their size, number, order, text, uprightness and ink.

import { limits } from '#base/limits.ts';
import type { Criterion } from '../contract.ts';
import type { Expectation, PageExpectation } from './expectation.ts';
import { findMoved } from './own-order.ts';
import type { SeenFile, SeenPage } from './seen-file.ts';
import { evened, textError } from './text-distance.ts';

const A4 = { shortPt: 595.28, longPt: 841.89 };
const BOX_OFF_PT = 2;
/** Share of the page that is not white; less is dust. */
const INKED_FROM = 0.0004;
const LETTERS_WRONG_MAX = 0.005;
/** Blanks included: readers part words at their own discretion. */
const WORDS_WRONG_MAX = 0.02;
const INK_LOST_MAX = 0.005;
/** Tables have lines from top to bottom, so only a page that is all columns stands on end. */
const ON_END_BELOW = 0.2;
/** Of what reaches out of the small letters, above them; on the heads of German pages lies … and fewer pieces of lines say nothing. */
const ON_HEAD_BELOW = 0.35;
const PIECES_MIN = 8;
const OTHER_PAGE_FROM = 0.3;
const LETTERS_OF_ORDER = 300;

/** What is wrong with one page, in a few words; undefined: nothing. */
type Judge = (page: SeenPage, wanted: PageExpectation, index: number) => string | undefined;

export function pageCriteria(seen: SeenFile, expectation: Expectation): readonly Criterion[] {
  const over = (name: string, judge: Judge): Criterion => overPages(name, { seen, expectation, judge });
  return [
    over('searchable', judgeSearchable),
    over('text', judgeText),
    over('size', judgeSize),
    judgePages(seen, expectation),
    over('upright', judgeUpright),
    over('ink', judgeInk),
  ];
}

function overPages(
  name: string,
  { seen, expectation, judge }: { readonly seen: SeenFile; readonly expectation: Expectation; readonly judge: Judge },
): Criterion {
  const faults = seen.pages.flatMap((page, index) => {
    const wanted = expectation.pages[index];
    const fault = wanted === undefined ? 'not expected' : judge(page, wanted, index);
    return fault === undefined ? [] : [`page ${index + 1}: ${fault}`];
  });
  const isMet = faults.length === 0 && seen.pages.length > 0;
  return { name, isMet, seen: isMet ? `${seen.pages.length} pages` : faults.slice(0, 3).join('; ') };
}

function judgeSearchable(page: SeenPage, wanted: PageExpectation): string | undefined {
  if (page.lines.ink < INKED_FROM || page.plainText.trim() !== '') return undefined;
  // a picture in which no word was found: its maker says so
  if (wanted.isWordless === true || (wanted.keptFrom === undefined && wanted.plainText === undefined)) return undefined;
  return 'ink without text';
}

function judgeText(page: SeenPage, wanted: PageExpectation): string | undefined {
  const meant = wanted.keptFrom === undefined ? (wanted.plainText ?? '') : page.plainSource;
  if (meant === undefined) return 'its source was not given';
  const letters = textError(evened(meant, 'none'), evened(page.plainText, 'none'), 10 * LETTERS_WRONG_MAX);
  if (letters > LETTERS_WRONG_MAX) return `${percent(letters)} of the letters wrong`;
  const words = textError(evened(meant, 'one'), evened(page.plainText, 'one'), 10 * WORDS_WRONG_MAX);
  return words > WORDS_WRONG_MAX ? `${percent(words)} wrong with blanks` : undefined;
}

function judgeSize({ widthPt, heightPt }: SeenPage, { box }: PageExpectation): string | undefined {
  const isNear = (found: number, wanted: number): boolean => Math.abs(found - wanted) <= BOX_OFF_PT;
  const isMet =
    box === 'a4'
      ? isNear(Math.min(widthPt, heightPt), A4.shortPt) && isNear(Math.max(widthPt, heightPt), A4.longPt)
      : isNear(widthPt, box.widthPt) && isNear(heightPt, box.heightPt);
  return isMet ? undefined : `${widthPt.toFixed(1)} × ${heightPt.toFixed(1)} pt`;
}

function judgePages(seen: SeenFile, { pages, source, glance }: Expectation): Criterion {
  const isCounted = source !== undefined || glance !== undefined;
  const came = isCounted ? seen.sourcePages : pages.length;
  if (came === undefined) return { name: 'pages', isMet: false, seen: 'nobody can say how many came' };
  if (came !== pages.length) return { name: 'pages', isMet: false, seen: `${seen.pages.length} of ${came} that came` };
  const counts = [pages.length, seen.entries.length, seen.pages.length];
  const isWhole = counts.every((count) => count === pages.length) && pages.length > 0;
  const read = isWhole ? seen.pages.findIndex((page, index) => isAnother(page, index, pages)) : -1;
  const moved = isWhole && read < 0 ? findMoved(thumbs('thumb', seen), thumbs('thumbSource', seen)) : read;
  const what = moved < 0 ? `${counts[2]} of ${counts[0]} pages` : `page ${moved + 1} stands in another’s place`;
  return { name: 'pages', isMet: isWhole && moved < 0, seen: what };
}

function thumbs(which: 'thumb' | 'thumbSource', { pages }: SeenFile): readonly SeenPage['thumb'][] {
  return pages.map((page) => page[which]);
}

/** Its text is not its own, but that of another page. */
function isAnother(page: SeenPage, index: number, pages: readonly PageExpectation[]): boolean {
  const found = firstLetters(page.plainText);
  const isLike = (wanted: PageExpectation | undefined): boolean =>
    wanted?.plainText !== undefined &&
    textError(firstLetters(wanted.plainText), found, OTHER_PAGE_FROM) <= OTHER_PAGE_FROM;
  if (found === '' || pages[index]?.plainText === undefined || isLike(pages[index])) return false;
  return pages.some((wanted) => isLike(wanted));
}

function firstLetters(text: string): string {
  return evened(text, 'none').slice(0, LETTERS_OF_ORDER);
}

function judgeUpright(page: SeenPage, wanted: PageExpectation): string | undefined {
  if (wanted.keptFrom !== undefined) return undefined;
  if (page.rotation !== 0) return `turned by ${page.rotation}°`;
  const { skewDegrees, rowsOverColumns } = page.lines;
  const { skewDegreesMax } = limits.transit;
  if (page.letterAngles.some((angle) => Math.abs(angle) > 5)) return 'letters that do not lie level';
  if (wanted.skewLeft !== undefined && Math.abs(wanted.skewLeft) >= skewDegreesMax)
    return `${degrees(wanted.skewLeft)} by its maker`;
  if (wanted.plainText === undefined) return undefined;
  if (rowsOverColumns !== undefined && rowsOverColumns < ON_END_BELOW) return 'lines that stand on end';
  const { aboveShare, pieces } = page.turn;
  if (pieces >= PIECES_MIN && aboveShare < ON_HEAD_BELOW) return 'lines that stand on their heads';
  return skewDegrees !== undefined && Math.abs(skewDegrees) >= skewDegreesMax
    ? `${degrees(skewDegrees)} left`
    : undefined;
}

function judgeInk(page: SeenPage, wanted: PageExpectation): string | undefined {
  if (wanted.keptFrom !== undefined) {
    if (page.inkLost === undefined) return 'its source was not given';
    return page.inkLost > INK_LOST_MAX ? `${percent(page.inkLost)} of the ink gone` : undefined;
  }
  if (!(wanted.inkKept >= limits.transit.inkKeptMin)) return `${percent(wanted.inkKept)} kept`;
  const share = wanted.inkShare;
  if (share === undefined) return undefined;
  if (page.lines.ink < share / 3 - INKED_FROM)
    return `${percent(page.lines.ink)} of the page is ink, not ${percent(share)}`;
  // a mask painted the wrong way round
  return share < 0.25 && page.lines.ink > 0.75 ? `${percent(page.lines.ink)} of the page is dark` : undefined;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function degrees(angle: number): string {
  return `${angle.toFixed(2)}°`;
}
