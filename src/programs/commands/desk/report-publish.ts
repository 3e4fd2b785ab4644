// `siegel report publish REPORT SIGNATURE…`: the file that two people signed goes into the register and onto /transparency; it is never changed, only corrected by another.

import { ok } from '#base/result.ts';
import { parseReport } from '#office/desk/report/parse-report.ts';
import { reportDigest } from '#office/desk/report/report.ts';
import { ask } from '../../ask.ts';
import type { Run } from '../../command.ts';
import { readSigned, refused } from './read-text.ts';

export const run: Run = async (call) => {
  const read = await readSigned(call.operands);
  if (!read.ok) return read;
  const { path, text: report, signatures } = read.value;
  const parsed = parseReport(report);
  if (!parsed.ok) return refused('not-a-report', `${path} is no report as siegel report transparency --out writes it.`);
  const { year, erratum } = parsed.value;
  const what = erratum === 0 ? `the report of ${year}` : `erratum ${erratum} to the report of ${year}`;
  const plan = `Everybody reads ${what} on /transparency from now on (${reportDigest(report)}).`;
  if (!call.switches.has('apply'))
    return ok({ json: { plan, isApplied: false }, text: `${plan}\nNothing was changed yet: add --apply.` });
  return ask(call, 'report.publish', { report, signatures: [...signatures] }, (put) => ({
    json: { plan, ...put, isApplied: true },
    text: `Published: ${what}.\nHead  ${put.head}`,
  }));
};
