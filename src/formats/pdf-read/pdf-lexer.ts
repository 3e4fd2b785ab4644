// Reads one PDF value from bytes: numbers, names, strings, arrays, dictionaries, references (ISO 32000-2 §7.2, §7.3).

import { limits } from '#base/limits.ts';
import type { PdfValue } from './pdf-value.ts';

const SPACE = new Set([0, 9, 10, 12, 13, 32]);
const DELIMITER = new Set(new TextEncoder().encode('()<>[]{}/%'));
const ESCAPES: ReadonlyMap<number, number> = new Map([
  [0x6e, 10],
  [0x72, 13],
  [0x74, 9],
  [0x62, 8],
  [0x66, 12],
]);

function hexOf(byte: number | undefined): number | undefined {
  if (byte === undefined) return undefined;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}

/** Keeps its place in the bytes; whatever is malformed reads as undefined (null is a value of its own). */
export class PdfLexer {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  at: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#end = Math.min(end, bytes.length);
    this.at = at;
  }

  get isDone(): boolean {
    return this.at >= this.#end;
  }

  skipSpace(): void {
    while (this.at < this.#end) {
      const byte = this.#bytes[this.at] ?? 0;
      if (byte === 0x25) {
        while (this.at < this.#end && this.#bytes[this.at] !== 10 && this.#bytes[this.at] !== 13) this.at++;
      } else if (SPACE.has(byte)) this.at++;
      else return;
    }
  }

  /** Takes `word` when it stands here and ends here. */
  takeWord(word: string): boolean {
    this.skipSpace();
    for (let i = 0; i < word.length; i++) {
      if (this.#bytes[this.at + i] !== word.charCodeAt(i) || this.at + i >= this.#end) return false;
    }
    const next = this.#bytes[this.at + word.length];
    if (this.at + word.length < this.#end && next !== undefined && !SPACE.has(next) && !DELIMITER.has(next))
      return false;
    this.at += word.length;
    return true;
  }

  /** A whole number without sign; undefined and no step when there is none. */
  takeCount(): number | undefined {
    this.skipSpace();
    let at = this.at;
    let value = 0;
    while (at < this.#end && at - this.at < 15) {
      const digit = (this.#bytes[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at++;
    }
    if (at === this.at) return undefined;
    this.at = at;
    return value;
  }

  readValue(depth: number = limits.transit.pdfDepthMax): PdfValue | undefined {
    this.skipSpace();
    if (this.isDone || depth <= 0) return undefined;
    const byte = this.#bytes[this.at] ?? 0;
    if (byte === 0x2f) return this.#readName();
    if (byte === 0x28) return this.#readText();
    if (byte === 0x5b) return this.#readArray(depth);
    if (byte === 0x3c) return this.#bytes[this.at + 1] === 0x3c ? this.#readDict(depth) : this.#readHex();
    if ((byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2d || byte === 0x2e) return this.#readNumber();
    if (this.takeWord('true')) return true;
    if (this.takeWord('false')) return false;
    return this.takeWord('null') ? null : undefined;
  }

  #readName(): PdfValue {
    this.at++;
    let name = '';
    while (this.at < this.#end) {
      const byte = this.#bytes[this.at] ?? 0;
      if (SPACE.has(byte) || DELIMITER.has(byte)) break;
      const [high, low] = byte === 0x23 ? [hexOf(this.#bytes[this.at + 1]), hexOf(this.#bytes[this.at + 2])] : [];
      const isEscaped = high !== undefined && low !== undefined;
      name += String.fromCharCode(isEscaped ? high * 16 + low : byte);
      this.at += isEscaped ? 3 : 1;
    }
    return { kind: 'name', name };
  }

  #readNumber(): PdfValue | undefined {
    const start = this.at;
    let text = '';
    while (this.at < this.#end && text.length < 64) {
      const byte = this.#bytes[this.at] ?? 0;
      if (!((byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2d || byte === 0x2e)) break;
      text += String.fromCharCode(byte);
      this.at++;
    }
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) {
      this.at = start;
      return undefined;
    }
    const value = Number(text);
    return /^\d+$/.test(text) ? (this.#readRef(value) ?? value) : value;
  }

  #readRef(number: number): PdfValue | undefined {
    const start = this.at;
    const generation = SPACE.has(this.#bytes[this.at] ?? 0) ? this.takeCount() : undefined;
    if (generation !== undefined && SPACE.has(this.#bytes[this.at] ?? 0) && this.takeWord('R'))
      return { kind: 'ref', number, generation };
    this.at = start;
    return undefined;
  }

  #readArray(depth: number): PdfValue | undefined {
    this.at++;
    const items: PdfValue[] = [];
    for (;;) {
      this.skipSpace();
      if (this.#bytes[this.at] === 0x5d && !this.isDone) {
        this.at++;
        return { kind: 'array', items };
      }
      const item = this.readValue(depth - 1);
      if (item === undefined) return undefined;
      items.push(item);
    }
  }

  #readDict(depth: number): PdfValue | undefined {
    this.at += 2;
    const entries = new Map<string, PdfValue>();
    for (;;) {
      this.skipSpace();
      if (this.isDone) return undefined;
      const byte = this.#bytes[this.at];
      if (byte === 0x3e && this.#bytes[this.at + 1] === 0x3e) {
        this.at += 2;
        return { kind: 'dict', entries };
      }
      if (byte !== 0x2f) return undefined;
      const key = this.#readName();
      const value = this.readValue(depth - 1);
      if (value === undefined || key === null || typeof key !== 'object' || key.kind !== 'name') return undefined;
      entries.set(key.name, value);
    }
  }

  #readHex(): PdfValue | undefined {
    const digits: number[] = [];
    for (this.at++; this.at < this.#end; this.at++) {
      const byte = this.#bytes[this.at] ?? 0;
      if (byte === 0x3e) {
        this.at++;
        if (digits.length % 2 === 1) digits.push(0);
        const bytes = Uint8Array.from({ length: digits.length / 2 }, (_, i) => {
          return (digits[2 * i] ?? 0) * 16 + (digits[2 * i + 1] ?? 0);
        });
        return { kind: 'string', bytes };
      }
      const digit = hexOf(byte);
      if (digit !== undefined) digits.push(digit);
      else if (!SPACE.has(byte)) return undefined;
    }
    return undefined;
  }

  #readText(): PdfValue | undefined {
    const out: number[] = [];
    let open = 1;
    for (this.at++; this.at < this.#end; this.at++) {
      const byte = this.#bytes[this.at] ?? 0;
      if (byte === 0x5c) {
        this.#readEscape(out);
        continue;
      }
      if (byte === 0x28) open++;
      if (byte === 0x29 && --open === 0) {
        this.at++;
        return { kind: 'string', bytes: Uint8Array.from(out) };
      }
      out.push(byte);
    }
    return undefined;
  }

  /** Behind a backslash; leaves the place on the last byte of the escape. */
  #readEscape(out: number[]): void {
    const byte = this.#bytes[++this.at] ?? 0;
    if (byte >= 0x30 && byte <= 0x37) {
      let value = byte - 0x30;
      for (let more = 0; more < 2; more++) {
        const digit = (this.#bytes[this.at + 1] ?? 0) - 0x30;
        if (digit < 0 || digit > 7) break;
        value = value * 8 + digit;
        this.at++;
      }
      out.push(value & 255);
    } else if (byte === 13) {
      if (this.#bytes[this.at + 1] === 10) this.at++;
    } else if (byte !== 10) out.push(ESCAPES.get(byte) ?? byte);
  }
}
