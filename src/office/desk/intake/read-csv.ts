// Lines of a CSV file (RFC 4180) as its bytes come: quotes, line ends of any kind, commas or semicolons; bounded, and wrong bytes are named with their line.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';

export interface CsvLine {
  /** Of the file, from 1: where this record begins. */
  readonly line: number;
  readonly fields: readonly string[];
}

export interface CsvRefusal {
  readonly kind: 'csv';
  readonly line: number;
  /** Follows "line N: ". */
  readonly what: string;
}

const BOM = '\ufeff';

/** Ends after the first refusal. Chunks may be cut anywhere. */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Result<CsvLine, CsvRefusal>> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const parser = new Parser();
  try {
    for await (const chunk of chunks) yield* parser.take(decoder.decode(chunk, { stream: true }));
    yield* parser.take(decoder.decode());
  } catch (cause) {
    if (cause instanceof Broken) return yield err({ kind: 'csv', line: cause.line, what: cause.message });
    if (!(cause instanceof TypeError)) throw cause;
    return yield err({
      kind: 'csv',
      line: parser.line,
      what: 'is not UTF-8: save the file as “CSV UTF-8” and try again',
    });
  }
  const last = parser.finish();
  if (last !== undefined) yield last;
  return undefined;
}

class Broken extends Error {
  readonly line: number;
  constructor(line: number, what: string) {
    super(what);
    this.line = line;
  }
}

type Place = 'start' | 'plain' | 'quoted' | 'afterQuote';

class Parser {
  line = 1;
  #begun = 1;
  #place: Place = 'start';
  #field: string[] = [];
  #fieldCharacters = 0;
  #fields: string[] = [];
  #divider: string | undefined;
  #isFirst = true;
  #isAfterReturn = false;

  *take(text: string): Generator<Result<CsvLine, CsvRefusal>> {
    let given = text;
    if (this.#isFirst && given !== '') {
      this.#isFirst = false;
      if (given.startsWith(BOM)) given = given.slice(1);
    }
    for (const character of given) {
      // CR LF is one end of a line
      if (character === '\n' && this.#isAfterReturn) {
        this.#isAfterReturn = false;
        if (this.#place === 'quoted') this.#add(character);
        continue;
      }
      this.#isAfterReturn = character === '\r';
      const record = this.#step(character);
      if (record !== undefined) yield ok(record);
    }
  }

  finish(): Result<CsvLine, CsvRefusal> | undefined {
    if (this.#place === 'quoted')
      return err({ kind: 'csv', line: this.#begun, what: 'opens a quote that is never closed' });
    const record = this.#endLine();
    return record && ok(record);
  }

  #step(character: string): CsvLine | undefined {
    if (character === '\0') throw new Broken(this.line, 'holds a NUL: this is no text file');
    if (this.#place === 'quoted') {
      if (character === '"') this.#place = 'afterQuote';
      else this.#add(character);
      if (character === '\n' || character === '\r') this.line += 1;
      return undefined;
    }
    if (character === '"' && this.#place === 'afterQuote') {
      this.#add('"');
      this.#place = 'quoted';
      return undefined;
    }
    if (character === '\n' || character === '\r') {
      const record = this.#endLine();
      this.line += 1;
      this.#begun = this.line;
      return record;
    }
    if (this.#isDivider(character)) {
      this.#endField();
      return undefined;
    }
    if (character === '"' && this.#place === 'start') {
      this.#place = 'quoted';
      return undefined;
    }
    if (this.#place === 'afterQuote') {
      if (character === ' ') return undefined;
      throw new Broken(this.line, `has “${character}” behind a closing quote: write a quote inside quotes twice`);
    }
    this.#place = 'plain';
    this.#add(character);
    return undefined;
  }

  /** The first of the two in the header says which it is. */
  #isDivider(character: string): boolean {
    if (character !== ',' && character !== ';') return false;
    this.#divider ??= character;
    return character === this.#divider;
  }

  #add(character: string): void {
    this.#fieldCharacters += character.length;
    if (this.#fieldCharacters > limits.deskIntake.fieldCharacters)
      throw new Broken(this.#begun, `has a field of more than ${limits.deskIntake.fieldCharacters} characters`);
    this.#field.push(character);
  }

  #endField(): void {
    this.#fields.push(this.#field.join(''));
    this.#field = [];
    this.#fieldCharacters = 0;
    this.#place = 'start';
    if (this.#fields.length > limits.deskIntake.columnsMax)
      throw new Broken(this.#begun, `has more than ${limits.deskIntake.columnsMax} columns`);
  }

  /** Undefined: an empty line. */
  #endLine(): CsvLine | undefined {
    const isEmpty = this.#place === 'start' && this.#fields.length === 0;
    if (isEmpty) return undefined;
    this.#endField();
    const record = { line: this.#begun, fields: this.#fields };
    this.#fields = [];
    return record;
  }
}
