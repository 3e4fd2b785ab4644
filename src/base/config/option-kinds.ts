// What an option is, and the kinds of which there are several: ports, files, texts that nobody can check.

import * as values from './values.ts';
import type { Spoken, TextParser } from './values.ts';

/** What a default may depend on. */
export interface Surroundings {
  /** Whether the program runs as root: then it is taken for a service of the machine. */
  readonly isRoot: boolean;
  /** The folder that holds package.json, absolute. */
  readonly programDir: string;
}

export interface Option<T> {
  readonly prose: string;
  /** What is allowed, as the end of the sentence "… must be". */
  readonly allowed: string;
  /** What the documentation says when nothing is given. */
  readonly shownDefault: string;
  readonly fallback: (surroundings: Surroundings) => T;
  /** The value, or undefined when the text is not allowed. */
  readonly parse: TextParser<T>;
  /** Name in the environment where it is not SIEGEL_ + the option's name. */
  readonly env?: string;
  /** An empty text is a value of its own (an empty list) and not "not given". */
  readonly mayBeEmpty?: boolean;
}

const DECLARED_CHARACTERS = 120;

export function option<T>(facts: Option<T>): Option<T> {
  return facts;
}

export function portOption(prose: string, port: number): Option<number> {
  return {
    prose,
    allowed: 'a port number from 0 to 65535 (0: any free one, printed at the start)',
    shownDefault: String(port),
    fallback: () => port,
    parse: values.wholeNumber(0, 65_535),
  };
}

/** Undefined: the usual one where there is a certificate, else none. */
export function secretPort(prose: string, port: number): Option<number | 'none' | undefined> {
  const number = values.wholeNumber(0, 65_535);
  return {
    prose,
    allowed: 'a port number from 0 to 65535 (0: any free one, printed at the start), or none',
    shownDefault: `${port} with a certificate, else none`,
    fallback: () => undefined,
    parse: (text) => (text === 'none' ? text : number(text)),
  };
}

export function fileOption(prose: string): Option<string | undefined> {
  return { prose, allowed: 'a path', shownDefault: 'none', fallback: () => undefined, parse: values.path };
}

/** What the card of a collector says, in both languages. */
export function spokenOption(prose: string, fallback?: Spoken): Option<Spoken | undefined> {
  return {
    prose,
    allowed: 'German text, then " | ", then English text; each at most 400 characters',
    shownDefault: fallback === undefined ? 'none; a card needs it' : `${fallback.de} | ${fallback.en}`,
    fallback: () => fallback,
    parse: values.spoken,
  };
}

/** What the operator says of himself on /trust; nobody can check it. */
export function declaredOption(prose: string): Option<string | undefined> {
  return {
    prose,
    allowed: `one line of at most ${DECLARED_CHARACTERS} characters`,
    shownDefault: 'not declared, and /trust says so',
    fallback: () => undefined,
    parse: values.shortText(DECLARED_CHARACTERS),
  };
}
