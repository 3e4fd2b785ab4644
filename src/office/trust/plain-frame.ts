// The frame of public pages without any script: the built one filled, or a bare one; and which language is spoken.

import type { Language } from './trust-facts.ts';

export interface PlainDocument {
  readonly title: string;
  readonly languages: string;
  readonly content: string;
}

/** Without the built page the answers stand there unadorned. */
export const BARE_FRAME =
  '<!doctype html><html lang="%LANG%"><head><meta charset="utf-8"><title>%TITLE%</title></head><body>%LANGUAGES%<main>%CONTENT%</main></body></html>';

export function fillFrame(frame: string, { title, languages, content }: PlainDocument, language: Language): string {
  const parts: Readonly<Record<string, string>> = {
    LANG: language,
    TITLE: title,
    LANGUAGES: languages,
    CONTENT: content,
  };
  return frame.replaceAll(/%(LANG|TITLE|LANGUAGES|CONTENT)%/g, (_, name: string) => parts[name] ?? '');
}

/** What is asked for, else the first wish of the browser that is spoken here, else English. */
export function languageOf(asked: string | undefined, wishes: string): Language {
  const tongues = [asked ?? '', ...wishes.split(',')].map((wish) => wish.trim().toLowerCase().slice(0, 2));
  return tongues.find((tongue): tongue is Language => tongue === 'de' || tongue === 'en') ?? 'en';
}
