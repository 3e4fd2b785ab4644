// The help texts, made from the command table and the table of options.

import { optionEnv, optionKeys, optionName, options } from '#base/config/options.ts';
import type { Command } from './command.ts';
import { commandWords } from './command-line.ts';

const GENERAL: readonly (readonly [string, string])[] = [
  ['--json', 'print one JSON value instead of text'],
  ['--help', 'say what a command does'],
  ['--config FILE', 'read options from this file instead of siegel.conf in the data folder'],
];

/** Help about these words: nothing, a noun, a whole command, or "options". */
export function helpText(about: readonly string[], table: readonly Command[]): string {
  if (about[0] === 'options') return optionsHelp();
  const matching = table.filter((command) => command.noun === about[0]);
  const exact =
    matching.find((command) => command.verb === about[1]) ?? matching.find(({ verb }) => verb === undefined);
  if (exact !== undefined) return commandHelp(exact);
  return matching.length > 0 ? listHelp(matching) : overviewHelp(table);
}

/** "user signup --invite CODE [--server URL]". */
export function usage(command: Command): string {
  const operands = (command.operands ?? []).map(({ name, isOptional, isRepeated }) => {
    const shown = isRepeated === true ? `${name}…` : name;
    return isOptional === true ? `[${shown}]` : shown;
  });
  const flags = Object.entries(command.options ?? {}).map(([name, { value, isRequired }]) => {
    const flag = value === undefined ? `--${name}` : `--${name} ${value}`;
    return isRequired === true ? flag : `[${flag}]`;
  });
  return [commandWords(command), ...operands, ...flags].join(' ');
}

function overviewHelp(table: readonly Command[]): string {
  const tail = ['', 'Everywhere:', ...columns(GENERAL), '', 'Options of the program: siegel help options'];
  return ['siegel NOUN VERB: a mail suite that keeps the secrecy of letters.', '', listHelp(table), ...tail].join('\n');
}

function listHelp(commands: readonly Command[]): string {
  return columns(commands.map((command) => [commandWords(command), command.summary])).join('\n');
}

function commandHelp(command: Command): string {
  const operands = (command.operands ?? []).map(({ name, prose }) => [name, prose] as const);
  const flags = Object.entries(command.options ?? {}).map(
    ([name, { value, prose }]) => [value === undefined ? `--${name}` : `--${name} ${value}`, prose] as const,
  );
  return [
    `siegel ${usage(command)}`,
    '',
    `${command.summary}.`,
    '',
    ...columns([...operands, ...flags, ...GENERAL]),
  ].join('\n');
}

function optionsHelp(): string {
  const lines = optionKeys.map((key) => {
    const { prose, allowed, shownDefault } = options[key];
    return `--${optionName(key)}  or  ${optionEnv(key)}\n    ${prose}\n    Must be ${allowed}. Default: ${shownDefault}.`;
  });
  return ['Options, as flags, in the environment, or as lines `name = value` in siegel.conf:', '', ...lines].join('\n');
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
