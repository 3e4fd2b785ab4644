// The program behind ./siegel: finds the command, reads the options, runs it, and ends with 0 done, 1 refused, 2 misused.

import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { configFileOf, programDir, readConfig } from '#base/config/read.ts';
import { EXIT_CODES, type CommandRefusal, type Outcome, type Terminal } from './command.ts';
import { parseCommandLine, type ParsedLine } from './command-line.ts';
import { commandTable } from './commands/table.ts';
import { helpText } from './help.ts';

const terminal: Terminal = {
  print: (line) => process.stdout.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
  readInput: () => text(process.stdin),
  isTty: process.stdout.isTTY,
};

async function main(words: readonly string[]): Promise<number> {
  const parsed = parseCommandLine(words, commandTable);
  if (!parsed.ok) return fail(parsed.error, words.includes('--json'));
  const line = parsed.value;
  if (line.kind === 'run') return run(line.line);
  terminal.print(line.kind === 'version' ? version() : helpText(line.about, commandTable));
  return EXIT_CODES.done;
}

async function run(line: ParsedLine): Promise<number> {
  const config = readConfig({ flags: line.flags, file: line.configFile });
  if (!config.ok)
    return fail({ kind: 'misused', sentence: config.error.sentence, reason: config.error.kind }, line.json);
  const { command, operands, options, switches, json } = line;
  const { run: carryOut } = await command.load();
  const configFile = configFileOf(line.configFile, config.value.dataDir);
  const outcome: Outcome = await carryOut({
    config: config.value,
    configFile,
    operands,
    options,
    switches,
    json,
    terminal,
  });
  if (!outcome.ok) return fail(outcome.error, json);
  const shown = json ? JSON.stringify(outcome.value.json) : outcome.value.text;
  if (shown !== '') terminal.print(shown);
  return outcome.value.isBad === true ? EXIT_CODES.refused : EXIT_CODES.done;
}

function fail(refusal: CommandRefusal, json: boolean): number {
  const { kind, sentence, reason = kind } = refusal;
  if (json) terminal.print(JSON.stringify({ error: { kind: reason, sentence } }));
  else terminal.note(`siegel: ${sentence}`);
  return EXIT_CODES[kind];
}

function version(): string {
  const packed: unknown = JSON.parse(readFileSync(`${programDir}/package.json`, 'utf8'));
  const has = typeof packed === 'object' && packed !== null && 'version' in packed;
  return has && typeof packed.version === 'string' ? packed.version : 'unknown';
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (cause) {
  // A mistake of ours: its stack helps, its message might quote what a letter or a person said.
  const { name, frames } = describe(cause);
  terminal.note(`siegel: something is wrong in the program itself (${name}).\n${frames}`);
  process.exitCode = EXIT_CODES.refused;
}

function describe(cause: unknown): { name: string; frames: string } {
  if (!(cause instanceof Error)) return { name: typeof cause, frames: '' };
  const frames = (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const code = 'code' in cause && typeof cause.code === 'string' ? ` ${cause.code}` : '';
  return { name: `${cause.name}${code}`, frames: frames.join('\n') };
}
