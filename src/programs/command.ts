// What a command is: its words, its operands and options, and the file that carries it out.

import type { Config } from '#base/config/read.ts';
import type { Result } from '#base/result.ts';

export interface Operand {
  /** In capitals, as the help shows it. */
  readonly name: string;
  readonly prose: string;
  readonly isOptional?: boolean;
  /** The last one: as many as are given, at least one. */
  readonly isRepeated?: boolean;
}

export interface CommandOption {
  readonly prose: string;
  /** What stands behind the option in the help; without it the option is a switch. */
  readonly value?: string;
  readonly isRequired?: boolean;
}

export interface Command {
  readonly noun: string;
  /** Undefined where the noun says it all: `siegel status`. */
  readonly verb?: string;
  /** One line, in the imperative, without a full stop. */
  readonly summary: string;
  readonly operands?: readonly Operand[];
  readonly options?: Readonly<Record<string, CommandOption>>;
  /** Loads the command's own file, so that no command waits for the code of another. */
  readonly load: () => Promise<{ readonly run: Run }>;
}

/** Where a command reads and writes; text in and out is UTF-8. */
export interface Terminal {
  /** Standard output, a line. */
  readonly print: (line: string) => void;
  /** Standard error, a line. */
  readonly note: (line: string) => void;
  /** All of standard input. */
  readonly readInput: () => Promise<string>;
  readonly isTty: boolean;
}

export interface Call {
  readonly config: Config;
  /** The file that options are read from, whether it is there or not. */
  readonly configFile: string;
  readonly operands: readonly string[];
  /** Options with a value. */
  readonly options: Readonly<Record<string, string>>;
  readonly switches: ReadonlySet<string>;
  readonly json: boolean;
  readonly terminal: Terminal;
}

/** `refused` ends with exit code 1, `misused` with 2. */
export interface CommandRefusal {
  readonly kind: 'refused' | 'misused';
  /** What happened and what to do next. */
  readonly sentence: string;
  /** A stable word for scripts, where there is one. */
  readonly reason?: string;
}

/** `json` is printed with --json, `text` without. */
export interface Done {
  readonly json: unknown;
  readonly text: string;
  /** Everything is shown, and something in it is wrong: exit code 1. */
  readonly isBad?: boolean;
}

export type Outcome = Result<Done, CommandRefusal>;
export type Run = (call: Call) => Promise<Outcome>;

export const EXIT_CODES = { done: 0, refused: 1, misused: 2 } as const;
