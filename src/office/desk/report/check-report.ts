// The signatures under a report: two people over its canonical bytes (decision 0018).

import { err, ok, type Result } from '#base/result.ts';
import type { Policy, RosterMember } from '#formats/desk/policy-shape.ts';
import { parseReport } from './parse-report.ts';
import { checkTwoSignatures, type TwoSignaturesRefusal } from './two-signatures.ts';

export interface ReportSignatureRefusal {
  readonly kind: 'reportSignatures';
  readonly why: 'notAReport' | TwoSignaturesRefusal['why'];
  /** A sentence. */
  readonly what: string;
}

/** Who signed. `policy`: the one in force, from a chain that was checked. */
export async function checkReportSignatures(
  text: string,
  signatures: readonly string[],
  policy: Policy,
): Promise<Result<readonly RosterMember[], ReportSignatureRefusal>> {
  if (!parseReport(text).ok)
    return err({
      kind: 'reportSignatures',
      why: 'notAReport',
      what: 'What was signed is no report in canonical JSON.',
    });
  const checked = await checkTwoSignatures(text, signatures, policy);
  if (checked.ok) return ok(checked.value.map(({ member }) => member));
  return err({ ...checked.error, kind: 'reportSignatures' });
}
