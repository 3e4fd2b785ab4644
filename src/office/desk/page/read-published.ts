// The reports that stand in the register, with whose signatures are good: checked against the policy that each was made by, once for each.

import type { Desk } from '../book/desk.ts';
import type { DeskEvent } from '../register/event.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import type { Policy } from '#formats/desk/policy-shape.ts';
import { checkReportSignatures } from '../report/check-report.ts';
import { parseReport } from '../report/parse-report.ts';
import type { PublishedReport, PublishedYear, Signer } from './published.ts';

type Reported = Extract<DeskEvent, { kind: 'REPORTED' }>;

export interface PublishedReader {
  /** Newest year first. Throws when the register holds something that was never written so. */
  years(): Promise<readonly PublishedYear[]>;
}

export function openPublished(desk: Pick<Desk, 'register' | 'inForce'>): PublishedReader {
  let kept: { readonly key: string; readonly years: readonly PublishedYear[] } | undefined;
  return {
    async years() {
      const register = await desk.register();
      const events = (await register.ofKind('REPORTED')).flatMap(({ event }) =>
        event.kind === 'REPORTED' ? [event] : [],
      );
      if (events.length === 0) return [];
      const standing = await desk.inForce(register);
      const policies = standing.ok ? standing.value.policies : [];
      // a policy that comes later changes nothing about a report; one that is altered does
      const key = JSON.stringify([events, policies.map(policyDigest)]);
      if (kept?.key !== key)
        kept = { key, years: byYear(await Promise.all(events.map((one) => toReport(one, policies)))) };
      return kept.years;
    },
  };
}

async function toReport(event: Reported, policies: readonly Policy[]): Promise<PublishedReport> {
  const { report: text, signatures, year, erratum } = event;
  const report = parseReport(text);
  if (!report.ok) throw new Error('what the register holds as a report is none');
  if (report.value.year !== year || report.value.erratum !== erratum)
    throw new Error('the register holds a report as one of another year');
  const policy = policies.find((one) => policyDigest(one) === report.value.policy);
  const signers = policy === undefined ? [] : await signersOf(text, signatures, policy);
  return { report: report.value, text, signatures, signers };
}

/** Nobody, unless they are two who may sign. */
async function signersOf(text: string, signatures: readonly string[], policy: Policy): Promise<readonly Signer[]> {
  const checked = await checkReportSignatures(text, signatures, policy);
  if (!checked.ok) return [];
  return checked.value.map(({ name, role, fingerprint, certificate }) => ({ name, role, fingerprint, certificate }));
}

/** Each year with its versions in their order. */
function byYear(reports: readonly PublishedReport[]): readonly PublishedYear[] {
  const newest = [...new Set(reports.map(({ report }) => report.year))].toSorted((a, b) => b - a);
  return newest.flatMap((year) => {
    const [first, ...errata] = reports
      .filter(({ report }) => report.year === year)
      .toSorted((a, b) => a.report.erratum - b.report.erratum);
    return first === undefined ? [] : [{ year, versions: [first, ...errata] as const }];
  });
}
