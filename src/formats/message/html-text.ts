// HTML → readable text in one pass without a DOM: for snippet and search words only, never for display.
import { decodeEntity } from './html-entities.ts';

/** Elements whose content is not text. */
const HIDDEN = new Set(['script', 'style', 'head', 'title', 'template', 'noscript', 'svg', 'math', 'iframe', 'select']);
/** Elements that end a line. */
const BLOCKS = new Set(
  'address article aside blockquote br caption center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul'.split(
    ' ',
  ),
);
const CELLS = new Set(['td', 'th']);
/** Elements read as raw text: nothing but their own end tag ends them. */
const RAW = new Set(['script', 'style', 'title', 'noscript', 'iframe', 'textarea', 'xmp']);

/** Text with LF between blocks; white space collapsed; quoted blocks (`blockquote`) get "> " in front of their first line. */
export function htmlToText(given: string): string {
  const html = given.replaceAll('&nbsp;', ' '); // by far the most frequent entity, and a blank here
  const out: string[] = [];
  let hidden = ''; // name of the hidden element being skipped
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    const textEnd = open < 0 ? html.length : open;
    if (hidden === '' && textEnd > at) out.push(plainRun(html.slice(at, textEnd)));
    if (open < 0) break;
    const tag = tagAt(html, open);
    if (!tag) {
      if (hidden === '') out.push('<');
      at = open + 1;
      continue;
    }
    at = tag.end;
    if (!tag.isClosing && RAW.has(tag.name)) {
      at = rawEnd(html, tag.end, tag.name);
      if (hidden === '' && !HIDDEN.has(tag.name)) out.push(plainRun(html.slice(tag.end, at)));
      continue;
    }
    if (hidden !== '') {
      // a head is also ended by its body
      if ((tag.isClosing && tag.name === hidden) || (hidden === 'head' && tag.name === 'body')) hidden = '';
      continue;
    }
    if (!tag.isClosing && HIDDEN.has(tag.name) && !tag.isVoid) hidden = tag.name;
    else if (BLOCKS.has(tag.name)) out.push(tag.name === 'blockquote' && !tag.isClosing ? `${BREAK}> ` : BREAK);
    else if (CELLS.has(tag.name)) out.push(' ');
  }
  return tidied(out.join(''));
}

type Tag = { readonly name: string; readonly isClosing: boolean; readonly isVoid: boolean; readonly end: number };

/** The tag, comment or declaration at `open`; undefined when "<" is just a character. */
function tagAt(html: string, open: number): Tag | undefined {
  const second = html.charCodeAt(open + 1);
  if (second === 33 || second === 63) return { name: '', isClosing: false, isVoid: true, end: commentEnd(html, open) };
  const isClosing = second === 47;
  const nameStart = open + (isClosing ? 2 : 1);
  let nameEnd = nameStart;
  while (isNameCode(html.charCodeAt(nameEnd)) && nameEnd - nameStart < 32) nameEnd++;
  if (nameEnd === nameStart || !isLetter(html.charCodeAt(nameStart))) return undefined;
  const end = tagEnd(html, nameEnd);
  const isVoid = html.charCodeAt(end - 2) === 47;
  return { name: html.slice(nameStart, nameEnd).toLowerCase(), isClosing, isVoid, end };
}

/** Offset behind ">" with quoted attribute values skipped; the end of the text when the tag is never closed. */
function tagEnd(html: string, start: number): number {
  let quote = 0;
  for (let at = start; at < html.length; at++) {
    const code = html.charCodeAt(at);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === 62) return at + 1;
    else if ((code === 34 || code === 39) && isAfterEquals(html, at)) quote = code;
  }
  return html.length;
}

/** A quote opens a value only behind "=": a stray one in a tag must not swallow the letter. */
function isAfterEquals(html: string, at: number): boolean {
  let before = at - 1;
  while (before > at - 8 && html.charCodeAt(before) <= 32) before--;
  return html.charCodeAt(before) === 61;
}

function commentEnd(html: string, open: number): number {
  const close = html.startsWith('<!--', open) ? '-->' : '>';
  const found = html.indexOf(close, open + 2);
  return found < 0 ? html.length : found + close.length;
}

function rawEnd(html: string, start: number, name: string): number {
  let at = html.indexOf('</', start);
  while (at >= 0) {
    if (html.slice(at + 2, at + 2 + name.length).toLowerCase() === name) return at;
    at = html.indexOf('</', at + 2);
  }
  return html.length;
}

/** Text between tags with its entities decoded; its white space is collapsed at the end. */
function plainRun(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(ENTITY, (whole, body: string) => decodeEntity(body) ?? whole);
}

const ENTITY = /&(#[xX]?[0-9A-Fa-f]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});?/g;

/** Stands for a line break until white space is collapsed; a tag never brings it, a text cannot mean it. */
const BREAK = '\u0001';

/** Blank runs become one blank, more than one empty line becomes one; zero-width fillers of newsletters go. */
function tidied(text: string): string {
  return text
    .replace(/(?:[\u200b-\u200d]|[\u2060\ufeff\u00ad]|\u034f)+/g, '')
    .replace(/[ \t\r\n\f\u00a0\u2007]{2,}|[\t\r\n\f\u00a0\u2007]/g, ' ') // most blanks are single and stay
    .replace(LINE_BREAKS, (run) => (run.indexOf(BREAK) === run.lastIndexOf(BREAK) ? '\n' : '\n\n'))
    .trim();
}

// eslint-disable-next-line no-control-regex -- BREAK is one
const LINE_BREAKS = / ?\u0001[ \u0001]*/g;

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

function isNameCode(code: number): boolean {
  return isLetter(code) || (code >= 48 && code <= 57) || code === 45 || code === 58 || code === 95;
}
