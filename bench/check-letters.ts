// `npm run check-letters -- DIR [--json]`: every letter of a folder in by SMTP and out again, byte for byte.

import { stat } from 'node:fs/promises';
import { checkLetters, findLetters, type Checked } from '../test/check-letters.ts';

const words = process.argv.slice(2);
const json = words.includes('--json');
const [folder, ...others] = words.filter((word) => word !== '--json');
if (folder === undefined || others.length > 0 || !(await stat(folder).catch(() => undefined))?.isDirectory()) {
  console.error('check-letters: name one folder of letters: npm run check-letters -- DIR [--json]');
  process.exit(2);
}
const startMs = performance.now();
const checked = await checkLetters(await findLetters(folder), { note: (text) => console.error(text) });
const seconds = Math.round((performance.now() - startMs) / 100) / 10;
console.log(json ? JSON.stringify({ ...checked, seconds }) : textOf(checked));
process.exit(checked.problems.length === 0 && checked.letters > 0 ? 0 : 1);

function textOf({ letters, bdat, data, openedBy, skipped, problems }: Checked): string {
  return [
    `${letters} letters; by BDAT ${bdat.identical} of ${bdat.sent} came out byte-identical, by DATA ${data.identical} of ${data.sent}.`,
    ...openedBy.map(
      ({ program, letters: tried, identical }) =>
        `${program} opened ${identical} of ${tried} to the same bytes and exactly the recorded insertions.`,
    ),
    ...skipped,
    ...problems.map((problem) => `PROBLEM ${problem}`),
    `${seconds} s`,
  ].join('\n');
}
