// `node tools/docs.ts`: writes docs/generated out of the tables in the code; its test says when they are behind.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionEnv, optionKeys, optionName, options, reservedOptions } from '#base/config/options.ts';
import { kinds } from '#formats/desk/model.ts';
import { disclosureMatrix, neverHandedOver, type MatrixRow } from '#office/desk/fulfil/disclosure-matrix.ts';
import type { Command } from '../src/programs/command.ts';
import { commandTable } from '../src/programs/commands/table.ts';
import { usage } from '../src/programs/help.ts';

export const generatedFolder = join(import.meta.dirname, '..', 'docs', 'generated');
const MADE_BY = '<!-- Made by `node tools/docs.ts`; change the table in the code instead. -->';

/** Every generated page: name → text. */
export function generatedPages(): Readonly<Record<string, string>> {
  return {
    'options.md': optionsPage(),
    'commands.md': commandsPage(commandTable),
    'disclosure-matrix.md': matrixPage(),
  };
}

function optionsPage(): string {
  const rows = optionKeys.map((key) => {
    const { prose, allowed, shownDefault } = options[key];
    return [`\`--${optionName(key)}\``, `\`${optionEnv(key)}\``, prose, allowed, shownDefault].map(cell).join(' | ');
  });
  const reserved = [...reservedOptions].map(([name, why]) => `- \`${name}\`: ${why}.`);
  return [
    '# Options',
    MADE_BY,
    '',
    'Each option can be a flag, a name of the environment, or a line `name = value` in `siegel.conf` in the data folder',
    '(or in the file that `--config` or `SIEGEL_CONFIG` names). A flag wins over the environment, the environment over the',
    'file. An option that is not known, or whose value is not allowed, ends the program with code 2 and a sentence.',
    '',
    '| Flag | Environment | For | Must be | Default |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    '',
    'Names that are refused because their work is not built yet:',
    '',
    ...reserved,
    '',
  ].join('\n');
}

function commandsPage(table: readonly Command[]): string {
  const sections = table.flatMap((command) => {
    const operands = (command.operands ?? []).map(({ name, prose }) => `- \`${name}\`: ${prose}`);
    const flags = Object.entries(command.options ?? {}).map(
      ([name, { value, prose }]) => `- \`--${name}${value === undefined ? '' : ` ${value}`}\`: ${prose}`,
    );
    const details = [...operands, ...flags];
    return [
      `## siegel ${usage(command)}`,
      '',
      `${command.summary}.`,
      '',
      ...(details.length > 0 ? [...details, ''] : []),
    ];
  });
  return [
    '# Commands',
    MADE_BY,
    '',
    '`--json` on any of them prints one JSON value; `--help` explains it. Exit code 0: done, 1: refused, 2: misused.',
    'With `--json` a refusal is `{"error":{"kind":…,"sentence":…}}`.',
    '',
    ...sections,
  ].join('\n');
}

function matrixPage(): string {
  const sections = kinds.flatMap((kind) => {
    const { exists, most, fields }: MatrixRow = disclosureMatrix[kind];
    const rows = fields.map(({ name, says }) => `| \`${name}\` | ${cell(says.en)} | ${cell(says.de)} |`);
    const table = ['| Field | Meaning | Bedeutung |', '| --- | --- | --- |', ...rows, ''];
    const spoken = (language: 'en' | 'de', here: string, handed: string): readonly string[] => [
      `**${here}** ${exists[language]}`,
      '',
      `**${handed}** ${most[language]}`,
      '',
    ];
    return [
      `## ${kind}`,
      '',
      ...spoken('en', 'Exists here:', 'The most that can be handed over:'),
      ...spoken('de', 'Hier vorhanden:', 'Höchstens übergeben wird:'),
      ...(rows.length > 0 ? table : []),
    ];
  });
  return [
    '# What can be handed over to an authority',
    MADE_BY,
    '',
    'For each kind of request what exists here and the most that leaves, by field. `/transparency/matrix` shows the same to',
    'everybody; test/journeys/fulfilment.test.ts runs every job and compares.',
    '',
    ...sections,
    '## Never',
    '',
    ...neverHandedOver.map(({ en, de }) => `- ${en}\n  ${de}`),
    '',
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

if (import.meta.main) {
  mkdirSync(generatedFolder, { recursive: true });
  for (const [name, text] of Object.entries(generatedPages())) writeFileSync(join(generatedFolder, name), text);
}
