// `siegel report transparency YEAR`: the report as the register bears it now, written to be signed, or shown as a table or a page.

import { writeFile } from 'node:fs/promises';
import { ok } from '#base/result.ts';
import { parseReport } from '#office/desk/report/parse-report.ts';
import { reportCsv } from '#office/desk/report/report-csv.ts';
import { transparencyDocument } from '#office/desk/page/transparency-document.ts';
import { BARE_FRAME, fillFrame } from '#office/trust/plain-frame.ts';
import { ask } from '../../ask.ts';
import type { Outcome, Run } from '../../command.ts';
import { misused, readYear, refused } from './read-text.ts';

export const run: Run = async (call) => {
  const year = readYear(call.operands[0]);
  if (year === undefined) return misused(`${call.operands[0] ?? ''} is no year.`);
  const { out } = call.options;
  return ask(call, 'report.draft', { year }, async ({ report: text }): Promise<Outcome> => {
    const parsed = parseReport(text);
    if (!parsed.ok) return refused('not-a-report', 'The program answered with something that is no report.');
    const report = parsed.value;
    if (out !== undefined) {
      try {
        await writeFile(out, text, { flag: 'wx' });
      } catch {
        return refused('cannot-write', `${out} cannot be written: the folder must be there, and the file must not.`);
      }
    }
    if (call.switches.has('csv')) return ok({ json: report, text: reportCsv(report).trimEnd() });
    if (call.switches.has('html')) {
      const version = { report, text, signatures: [], signers: [] };
      const shown = { year, versions: [version] as const };
      const document = await transparencyDocument({ shown, years: [year] }, 'en');
      return ok({ json: report, text: fillFrame(BARE_FRAME, document, 'en') });
    }
    const figures = Object.entries(report.figures).map(([id, { value }]) => `${id.padEnd(28)} ${value ?? 'left out'}`);
    const next =
      out === undefined
        ? ['To publish it: --out FILE, then both sign FILE.']
        : [
            `Written to ${out}. Both sign it: gpg --detach-sign --armor ${out}`,
            `Then: siegel report publish ${out} SIGNATURE SIGNATURE --apply`,
          ];
    return ok({ json: report, text: [...figures, '', ...next].join('\n') });
  });
};
