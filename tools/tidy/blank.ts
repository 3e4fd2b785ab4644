// Blanks out comments and strings of a TypeScript text, so that rules look at code and not at words about code.

export interface Blanked {
  /** Without comments. */
  readonly code: string;
  /** Without comments and without what strings, templates and patterns hold. */
  readonly bare: string;
}

/** After these a slash begins a pattern and not a division. */
const BEFORE_PATTERN =
  /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|await|yield|throw))\s*$/;
const LOOK_BACK = 24;

interface Scan {
  readonly text: string;
  readonly code: string[];
  readonly bare: string[];
  /** Depth of braces inside each open `${`. */
  readonly templates: number[];
}

/** Both results have the length and the lines of the text. */
export function blank(text: string): Blanked {
  const scan: Scan = { text, code: text.split(''), bare: text.split(''), templates: [] };
  for (let at = 0; at < text.length;) at = step(scan, at);
  return { code: scan.code.join(''), bare: scan.bare.join('') };
}

/** Handles what begins at `at`; returns where the next thing begins. */
function step(scan: Scan, at: number): number {
  const { text, templates } = scan;
  const character = text[at];
  const next = text[at + 1];
  if (character === '/' && next === '/') return wipeComment(scan, at, endOf(text, '\n', at));
  if (character === '/' && next === '*') return wipeComment(scan, at, endOf(text, '*/', at + 2) + 2);
  if (character === "'" || character === '"') return wipeString(scan, at, endOfQuoted(text, at));
  // `</b>` and `/>` are tags of a drawing, not patterns.
  if (character === '/' && (text[at - 1] === '<' || (next === '>' && text[at - 1] !== '('))) return at + 1;
  if (character === '/' && BEFORE_PATTERN.test(scan.bare.slice(Math.max(0, at - LOOK_BACK), at).join(''))) {
    return wipeString(scan, at, endOfPattern(text, at));
  }
  if (character === '`') return wipeTemplate(scan, at + 1);
  const depth = templates.at(-1);
  if (depth !== undefined && character === '{') templates[templates.length - 1] = depth + 1;
  if (depth !== undefined && character === '}') {
    if (depth === 0) {
      templates.pop();
      return wipeTemplate(scan, at + 1);
    }
    templates[templates.length - 1] = depth - 1;
  }
  return at + 1;
}

function wipeComment(scan: Scan, from: number, to: number): number {
  wipe(scan.code, from, to);
  wipe(scan.bare, from, to);
  return to;
}

/** Leaves the quotes. */
function wipeString(scan: Scan, from: number, to: number): number {
  wipe(scan.bare, from + 1, to - 1);
  return to;
}

/** From inside a template to behind its end, or to behind the next `${`. */
function wipeTemplate(scan: Scan, from: number): number {
  const { text } = scan;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '`') {
      wipe(scan.bare, from, at);
      return at + 1;
    } else if (text[at] === '$' && text[at + 1] === '{') {
      wipe(scan.bare, from, at + 2);
      scan.templates.push(0);
      return at + 2;
    }
  }
  wipe(scan.bare, from, text.length);
  return text.length;
}

function wipe(characters: string[], from: number, to: number): void {
  for (let at = from; at < Math.min(to, characters.length); at++) if (characters[at] !== '\n') characters[at] = ' ';
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end;
}

function endOfQuoted(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === text[from] || text[at] === '\n') return at + 1;
  }
  return text.length;
}

function endOfPattern(text: string, from: number): number {
  let isInClass = false;
  for (let at = from + 1; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === '[') isInClass = true;
    else if (character === ']') isInClass = false;
    else if ((character === '/' && !isInClass) || character === '\n') return at + 1;
  }
  return text.length;
}
