// What this device remembers about looks: language, theme, width of the list, time to take back. Nothing secret, so it stands in localStorage and is there before the first paint.

import type { Language } from '../words/words.ts';
import { boundListWidth, listWidth } from './list-width.ts';

export type ThemeChoice = 'light' | 'dark' | undefined;

const LANGUAGE = 'siegel.language';
const THEME = 'siegel.theme';
const LIST_WIDTH = 'siegel.list-width';
const SINGLE_LETTERS = 'siegel.single-letters';
const UNDO_SECONDS = 'siegel.undo-seconds';

/** How long a sent letter can be taken back. */
export const undoSeconds = [0, 5, 10, 20, 30, 60] as const;
export type UndoSeconds = (typeof undoSeconds)[number];
const UNDO_USUAL: UndoSeconds = 10;

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage forbidden by the person's settings
  }
}

function write(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // the choice lasts until the page closes
  }
}

export function storedLanguage(): string | null {
  return read(LANGUAGE);
}

export function storeLanguage(language: Language): void {
  write(LANGUAGE, language);
  document.documentElement.lang = language;
}

export function storedTheme(): ThemeChoice {
  const theme = read(THEME);
  return theme === 'light' || theme === 'dark' ? theme : undefined;
}

export function storeTheme(theme: ThemeChoice): void {
  write(THEME, theme);
  showTheme(theme);
}

export function showTheme(theme: ThemeChoice): void {
  if (theme) document.documentElement.dataset['theme'] = theme;
  else delete document.documentElement.dataset['theme'];
}

/** Kept in the account; here so that the first list is drawn as it will stay. */
export function storedGrouping(): boolean {
  return read(SINGLE_LETTERS) === null;
}

export function storeGrouping(grouped: boolean): void {
  write(SINGLE_LETTERS, grouped ? undefined : '1');
}

export function storedListWidth(): number {
  const kept = read(LIST_WIDTH);
  return kept === null ? listWidth.first : boundListWidth(Number(kept));
}

export function storeListWidth(width: number): void {
  write(LIST_WIDTH, width === listWidth.first ? undefined : String(width));
}

export function storedUndoSeconds(): UndoSeconds {
  const kept = read(UNDO_SECONDS);
  return undoSeconds.find((seconds) => String(seconds) === kept) ?? UNDO_USUAL;
}

export function storeUndoSeconds(seconds: UndoSeconds): void {
  write(UNDO_SECONDS, seconds === UNDO_USUAL ? undefined : String(seconds));
}
