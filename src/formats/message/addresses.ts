// Address lists of From, To, Cc and their kin → names and addresses (RFC 5322 §3.4, groups in RFC 6854; tolerant, never failing).
import { limits } from '#base/limits.ts';
import { decodeEncodedWords } from './encoded-words.ts';

/** An empty group ("undisclosed-recipients:;") is one entry with the group's name and no address. */
export type Address = { readonly name: string; readonly address: string };

/** Parses the unfolded text of an address field. Encoded words are decoded in names only, never in addresses. */
export function parseAddresses(text: string): readonly Address[] {
  const addresses: Address[] = [];
  const reader = new EntryReader();
  let group: string | undefined;
  let groupSize = 0;
  const closeEntry = (): void => {
    const entry = reader.take();
    if (entry && addresses.length < limits.message.addressesMax) {
      addresses.push(entry);
      groupSize++;
    }
  };
  for (const token of tokensOf(text)) {
    if (token.kind !== 'mark') reader.add(token);
    else if (token.text === ',' && !reader.isInRoute) closeEntry();
    else if (token.text === ';') {
      closeEntry();
      if (group !== undefined && groupSize === 0) addresses.push({ name: group, address: '' });
      group = undefined;
    } else if (token.text === ':' && group === undefined && !reader.isInAngle) {
      group = reader.takeName();
      groupSize = 0;
    } else reader.add(token);
    if (addresses.length >= limits.message.addressesMax) return addresses;
  }
  closeEntry();
  if (group !== undefined && groupSize === 0 && group !== '') addresses.push({ name: group, address: '' });
  return addresses;
}

type Token = {
  readonly kind: 'word' | 'quoted' | 'comment' | 'mark';
  readonly text: string;
  /** White space stood in front of it. */
  readonly isApart: boolean;
};

/** Collects the tokens of one mailbox and decides at its end what is name and what is address. */
class EntryReader {
  #name: Token[] = [];
  #angle: string | undefined;
  #comments: string[] = [];
  isInAngle = false;

  add(token: Token): void {
    if (token.kind === 'comment') this.#comments.push(token.text);
    else if (token.kind === 'mark' && token.text === '<') {
      this.isInAngle = true;
      this.#angle = ''; // of several the last counts: it is the one mailers use
    } else if (token.kind === 'mark' && token.text === '>') this.isInAngle = false;
    else if (this.isInAngle) this.#angle = (this.#angle ?? '') + written(token);
    else this.#name.push(token);
  }

  /** Within "<@relay.example,@other.example:…" commas are part of the route (RFC 5322 §4.4). */
  get isInRoute(): boolean {
    return this.isInAngle && this.#angle?.startsWith('@') === true;
  }

  takeName(): string {
    const name = nameOf(this.#name);
    this.#reset();
    return name;
  }

  take(): Address | undefined {
    const angle = this.#angle === undefined ? undefined : withoutRoute(this.#angle);
    const { address, words } = angle === undefined ? bareAddress(this.#name) : { address: angle, words: this.#name };
    let name = nameOf(words);
    if (name === '' && this.#comments.length > 0) name = decodeEncodedWords(this.#comments.join(' ')).trim();
    this.#reset();
    if (name === '' && address === '') return undefined;
    return {
      name: cut(cleanName(name), limits.message.nameCharacters),
      address: cut(address, limits.message.addressCharacters),
    };
  }

  #reset(): void {
    this.#name = [];
    this.#comments = [];
    this.#angle = undefined;
    this.isInAngle = false;
  }
}

/** Without angle brackets: the run of neighbouring words that holds the "@" is the address, the rest the name. */
function bareAddress(tokens: readonly Token[]): { address: string; words: readonly Token[] } {
  let at = tokens.findLastIndex((token) => token.kind === 'word' && token.text.length > 1 && token.text.includes('@'));
  if (at < 0) return { address: '', words: tokens };
  let end = at + 1;
  while (at > 0 && tokens[at]?.isApart === false) at--;
  while (tokens[end]?.isApart === false) end++;
  const address = tokens.slice(at, end).map(written).join('');
  return { address, words: [...tokens.slice(0, at), ...tokens.slice(end)] };
}

function nameOf(tokens: readonly Token[]): string {
  const text = tokens.map((token, index) => (token.isApart && index > 0 ? ` ${token.text}` : token.text)).join('');
  return decodeEncodedWords(text).trim();
}

/** No control or direction characters: a name must not paint over what stands beside it. */
function cleanName(name: string): string {
  return name
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function cut(text: string, charactersMax: number): string {
  return text.slice(0, charactersMax).toWellFormed();
}

/** "@relay.example:anna@b.test" → "anna@b.test" (RFC 5322 §4.4). */
function withoutRoute(text: string): string {
  const bare = text.replace(/\p{Cc}+/gu, '');
  const colon = bare.startsWith('@') ? bare.indexOf(':') : -1;
  return colon < 0 ? bare : bare.slice(colon + 1);
}

function written(token: Token): string {
  if (token.kind !== 'quoted') return token.text;
  // a quoted local part keeps its quotes when it needs them
  if (/^[^\s"(),:;<>@[\\\]]+$/.test(token.text) && !/^\.|\.\.|\.$/.test(token.text)) return token.text;
  return `"${token.text.replace(/["\\]/g, '\\$&')}"`;
}

const MARKS = new Set([',', ';', ':', '<', '>']);

function* tokensOf(text: string): Generator<Token> {
  let at = 0;
  let isApart = true;
  const hopeless = new Set<string>(); // openers that are never closed are plain characters from there on
  while (at < text.length) {
    const next = tokenEnd(text, at, hopeless);
    if (next === at) {
      isApart = true;
      at++;
      continue;
    }
    yield { ...tokenAt(text, at, next), isApart };
    isApart = false;
    at = next;
  }
}

function tokenAt(text: string, start: number, end: number): { kind: Token['kind']; text: string } {
  const first = text.charAt(start);
  const last = end > start + 1 ? text.charAt(end - 1) : '';
  if (MARKS.has(first)) return { kind: 'mark', text: first };
  if (first === '"' && last === '"') return { kind: 'quoted', text: unescaped(text.slice(start + 1, end - 1)) };
  if (first === '(' && last === ')') return { kind: 'comment', text: unescaped(text.slice(start + 1, end - 1)) };
  return { kind: 'word', text: text.slice(start, end) };
}

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, '$1');
}

/** Offset behind the token at `start`; `start` itself for white space. */
function tokenEnd(text: string, start: number, hopeless: Set<string>): number {
  const first = text.charAt(start);
  if (MARKS.has(first)) return start + 1;
  if ((first === '"' || first === '(') && !hopeless.has(first)) {
    const end = first === '"' ? quoteEnd(text, start) : commentEnd(text, start);
    if (end > 0) return end;
    hopeless.add(first);
    return start + 1;
  }
  let at = start;
  let isLiteral = false; // within [..] of an address literal a colon is plain
  while (at < text.length) {
    const character = text.charAt(at);
    if (isBlankCode(text.charCodeAt(at))) break;
    if ((character === '"' || character === '(') && !hopeless.has(character)) break;
    if (MARKS.has(character) && !(isLiteral && character === ':')) break;
    if (character === '[' && text.charAt(at - 1) === '@') isLiteral = true;
    if (character === ']') isLiteral = false;
    at++;
  }
  return at;
}

function isBlankCode(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0;
}

/** Offset behind the closing quote, or -1. */
function quoteEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text.charAt(at) === '\\') at++;
    else if (text.charAt(at) === '"') return at + 1;
  }
  return -1;
}

/** Offset behind the parenthesis that closes the one at `start`, or -1; comments nest. */
function commentEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\') at++;
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return at + 1;
  }
  return -1;
}
