// What the page reads of the register without any key.

import {
  deskAnswers,
  type DeskArrival,
  type DeskFiling,
  type DeskListed,
  type DeskLook,
} from '#formats/auth-wire/desk-answers.ts';
import { askDesk, type Asked } from '../client/desk/ask-desk.ts';

const reach: typeof fetch = (input, init) => fetch(input, init);

export function readLook(): Asked<DeskLook> {
  return askDesk(reach, '/desk', deskAnswers.desk);
}

export function readFilings(): Asked<{ readonly filings: readonly DeskListed[]; readonly more: boolean }> {
  return askDesk(reach, '/desk/filings', deskAnswers.filings);
}

export function readArrivals(): Asked<{ readonly arrivals: readonly DeskArrival[] }> {
  return askDesk(reach, '/desk/arrivals', deskAnswers.arrivals);
}

export function dismissArrival(arrival: string, why: string): Asked<object> {
  return askDesk(reach, `/desk/arrivals/${encodeURIComponent(arrival)}/dismiss`, deskAnswers.dismissed, { why });
}

export function readFiling(filing: string): Asked<DeskFiling> {
  return askDesk(reach, `/desk/filings/${encodeURIComponent(filing)}`, deskAnswers.filing);
}

export interface LetterWish {
  readonly letterKind: 'REJECTION' | 'CORRECTION';
  readonly language: 'de' | 'en';
  readonly reasons: readonly string[];
}

export function draftLetter(
  filing: string,
  wish: LetterWish,
): Asked<{ readonly subject: string; readonly text: string }> {
  return askDesk(reach, `/desk/filings/${encodeURIComponent(filing)}/draft`, deskAnswers.letter, wish);
}

export function noteLetter(
  filing: string,
  letter: { readonly text: string; readonly letterKind: string; readonly language: string },
): Asked<object> {
  return askDesk(reach, `/desk/filings/${encodeURIComponent(filing)}/answer`, deskAnswers.changed, letter);
}

export function closeFiling(filing: string): Asked<object> {
  return askDesk(reach, `/desk/filings/${encodeURIComponent(filing)}/close`, deskAnswers.changed, {});
}
