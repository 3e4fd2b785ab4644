// From the words of a command line to a command and its parts, or to a sentence that says what is wrong with them.

import { parseArgs } from 'node:util';
import { nearest } from '#base/config/nearest.ts';
import { optionKeys, optionName, reservedOptions } from '#base/config/options.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Command, CommandRefusal } from './command.ts';

export interface ParsedLine {
  readonly command: Command;
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  readonly switches: ReadonlySet<string>;
  /** Options of the program, for readConfig. */
  readonly flags: Readonly<Record<string, string>>;
  readonly configFile: string | undefined;
  readonly json: boolean;
}

/** `about` are the words before --help. */
export type CommandLine =
  | { readonly kind: 'run'; readonly line: ParsedLine }
  | { readonly kind: 'help'; readonly about: readonly string[] }
  | { readonly kind: 'version' };

const GENERAL_SWITCHES = ['json', 'help', 'version'];
const CONFIG_FILE_OPTION = 'config';

export function parseCommandLine(
  words: readonly string[],
  table: readonly Command[],
): Result<CommandLine, CommandRefusal> {
  const takesValue = optionTypes(table);
  const kinds = [...takesValue].map(([name, has]) => [name, { type: has ? 'string' : 'boolean' }] as const);
  const aliases = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
  const { positionals, tokens } = parseArgs({
    args: [...words],
    options: { ...Object.fromEntries(kinds), ...aliases },
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const options: Record<string, string> = {};
  const switches = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const needsValue = takesValue.get(token.name);
    if (needsValue === undefined) return misused(unknownOption(token.rawName, [...takesValue.keys()]));
    if (!needsValue && token.value !== undefined) return misused(`${token.rawName} takes no value.`);
    if (!needsValue) switches.add(token.name);
    else if (token.value === undefined || (token.value.startsWith('--') && !token.inlineValue)) {
      return misused(`${token.rawName} needs a value behind it.`);
    } else options[token.name] = token.value;
  }
  if (switches.has('version')) return ok({ kind: 'version' });
  const about = positionals[0] === 'help' ? positionals.slice(1) : positionals;
  if (positionals.length === 0 || positionals[0] === 'help' || switches.has('help')) return ok({ kind: 'help', about });
  const found = findCommand(positionals, table);
  return found.ok ? split({ ...found.value, options, switches }) : found;
}

/** Whether each known option takes a value: the program's options and those of every command. */
function optionTypes(table: readonly Command[]): Map<string, boolean> {
  const types = new Map<string, boolean>(GENERAL_SWITCHES.map((name) => [name, false]));
  types.set(CONFIG_FILE_OPTION, true);
  for (const key of optionKeys) types.set(optionName(key), true);
  for (const name of reservedOptions.keys()) types.set(name, true);
  for (const command of table) {
    for (const [name, facts] of Object.entries(command.options ?? {})) types.set(name, facts.value !== undefined);
  }
  return types;
}

function findCommand(
  positionals: readonly string[],
  table: readonly Command[],
): Result<{ readonly command: Command; readonly operands: readonly string[] }, CommandRefusal> {
  const [noun = '', verb, ...rest] = positionals;
  const sameNoun = table.filter((command) => command.noun === noun);
  const alone = sameNoun.find((command) => command.verb === undefined);
  const exact = sameNoun.find((command) => command.verb !== undefined && command.verb === verb);
  if (exact !== undefined) return ok({ command: exact, operands: rest });
  if (alone !== undefined) return ok({ command: alone, operands: positionals.slice(1) });
  if (sameNoun.length === 0) {
    const close = nearest(noun, [...new Set(table.map((command) => command.noun))]);
    return misused(`there is no command “${noun}”. ${close === undefined ? SEE_HELP : `Is “${close}” meant?`}`);
  }
  const verbs = sameNoun.flatMap((command) => (command.verb === undefined ? [] : [command.verb]));
  if (verb === undefined) return misused(`“${noun}” needs a verb: ${verbs.join(', ')}.`);
  const close = nearest(verb, verbs);
  const hint = close === undefined ? `There are: ${verbs.join(', ')}.` : `Is “${noun} ${close}” meant?`;
  return misused(`there is no command “${noun} ${verb}”. ${hint}`);
}

const SEE_HELP = '`siegel help` lists those there are.';

interface Found {
  readonly command: Command;
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  readonly switches: ReadonlySet<string>;
}

/** Parts the options into those of the command and those of the program; checks that nothing is missing or too much. */
function split(found: Found): Result<CommandLine, CommandRefusal> {
  const { command, operands } = found;
  const own = command.options ?? {};
  const programs = new Set([...optionKeys.map(optionName), ...reservedOptions.keys()]);
  const words = commandWords(command);
  const options: Record<string, string> = {};
  const flags: Record<string, string> = {};
  for (const [name, value] of Object.entries(found.options)) {
    if (own[name] !== undefined) options[name] = value;
    else if (programs.has(name)) flags[name] = value;
    else if (name !== CONFIG_FILE_OPTION) return misused(`“${words}” has no option --${name}. ${helpHint(command)}`);
  }
  const stray = [...found.switches].find((name) => own[name] === undefined && !GENERAL_SWITCHES.includes(name));
  if (stray !== undefined) return misused(`“${words}” has no option --${stray}. ${helpHint(command)}`);
  const missing = Object.entries(own).find(([name, facts]) => facts.isRequired === true && !isGiven(found, name));
  if (missing !== undefined)
    return misused(`“${words}” needs --${missing[0]}${missing[1].value === undefined ? '' : ` ${missing[1].value}`}.`);
  const expected = command.operands ?? [];
  const lacking = expected[operands.length];
  if (lacking !== undefined && lacking.isOptional !== true) {
    return misused(`“${words}” needs ${lacking.name}: ${lacking.prose}.`);
  }
  const extra = expected.at(-1)?.isRepeated === true ? undefined : operands[expected.length];
  if (extra !== undefined) return misused(`“${words}” does not know what to do with “${extra}”. ${helpHint(command)}`);
  const line: ParsedLine = {
    command,
    operands,
    options,
    switches: new Set([...found.switches].filter((name) => own[name] !== undefined)),
    flags,
    configFile: found.options[CONFIG_FILE_OPTION],
    json: found.switches.has('json'),
  };
  return ok({ kind: 'run', line });
}

function isGiven(found: Found, name: string): boolean {
  return found.options[name] !== undefined || found.switches.has(name);
}

/** "invite create". */
export function commandWords(command: Command): string {
  return command.verb === undefined ? command.noun : `${command.noun} ${command.verb}`;
}

function helpHint(command: Command): string {
  return `\`siegel ${commandWords(command)} --help\` lists what there is.`;
}

function unknownOption(rawName: string, known: readonly string[]): string {
  const close = nearest(rawName.replace(/^-+/, ''), known);
  return `there is no option ${rawName}. ${close === undefined ? '`siegel help options` lists those there are.' : `Is --${close} meant?`}`;
}

function misused(sentence: string): Result<never, CommandRefusal> {
  return err({ kind: 'misused', sentence });
}
