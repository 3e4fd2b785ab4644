// What a newcomer to the sample office is told: where it is, who works there, what to try.

import { OFFICE_NAME, persons } from './persons.ts';

export interface DemoWelcome {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly folder: string;
  readonly tookMs: number;
  /** Page of the invented collector. */
  readonly figures: string | undefined;
}

export const demoWelcome = {
  json: ({ url, host, port, folder, tookMs, figures }: DemoWelcome): unknown => ({
    url,
    smtp: `${host}:${port}`,
    folder,
    tookMs,
    figures,
    persons: persons.map(({ name, address, plainPassword }) => ({ name, address, plainPassword })),
  }),
  text(of: DemoWelcome, warnings: readonly string[]): string {
    const width = Math.max(...persons.map(({ address }) => address.length));
    const lines = [
      `The sample office ${OFFICE_NAME} is open (${(of.tookMs / 1000).toFixed(1)} s). Everything in it is invented.`,
      '',
      `  Page        ${of.url}`,
      `  Letters in  ${of.host}:${of.port}`,
      `  Requests    ${of.url}/transparency   (from authorities, invented like all; Mara works at the Desk)`,
      ...(of.figures === undefined ? [] : [`  Figures     ${of.figures}/   (of 300 invented houses)`]),
      `  Folder      ${of.folder}   (begin anew: npm run demo -- --fresh)`,
      '',
      ...persons.map(
        ({ name, address, plainPassword }) => `  ${name.padEnd(12)}  ${address.padEnd(width)}  ${plainPassword}`,
      ),
      '',
      'Three things to try:',
      '  1  Open the page and choose a person at the top',
      '  2  Open “Akte 14: Termin verlegt” and ask what the operator can see (E)',
      '  3  Press S in the mailbox: all that this server can see of it',
    ];
    for (const warning of warnings) lines.push('', `Warning: ${warning}`);
    return lines.join('\n');
  },
};
