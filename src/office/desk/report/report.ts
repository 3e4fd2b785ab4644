// The transparency report of a year: a JSON value, computed from the rows of the register and nothing else, that says itself what each figure means.

import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import type { Policy } from '#formats/desk/policy-shape.ts';
import { sha256 } from '../register/chain.ts';
import type { FilingRow } from '../register/fold.ts';
import type { Digest } from '#formats/desk/model.ts';
import { changedFigures } from './compare-reports.ts';
import { countYears, emptyCount, type YearCount } from './count-year.ts';
import { definitions, type DefinitionId } from './definitions.ts';
import { figuresOf, type Bands, type Figures } from './figures.ts';
import { roundings, type RoundingId, type Spoken } from './figure.ts';
import { parseReport } from './parse-report.ts';
import { tablesOf, type Tables } from './tables.ts';

export const REPORT_TYPE = 'siegel transparency report 1';

export interface YearFigures {
  readonly year: number;
  readonly figures: Figures;
}

export interface Corrects {
  readonly erratum: number;
  /** SHA-256 of the corrected report in canonical JSON. */
  readonly sha256: Digest;
  /** "figures.total", "tables.kind-channel", "before.targets", "house" … */
  readonly changed: readonly string[];
}

/** Where the register was cut off: figures say what followed from its first `entries` entries. */
export interface CutOff {
  readonly entries: number;
  readonly head: Digest;
  /** merkleRootOf() the leaves. */
  readonly root: Digest;
}

export interface Report extends YearFigures {
  readonly what: typeof REPORT_TYPE;
  readonly house: string;
  readonly country: string;
  /** ISO 8601, UTC, to the second. */
  readonly generatedAt: string;
  /** SHA-256 of the policy by which it was made. */
  readonly policy: Digest | null;
  readonly register: CutOff;
  /** 0; each correction of the same year one more. */
  readonly erratum: number;
  readonly corrects: Corrects | null;
  readonly tables: Tables;
  /** The year before, from the same rows; null: nothing of it is in the register. */
  readonly before: YearFigures | null;
  readonly definitions: Readonly<Record<DefinitionId, Spoken>>;
  readonly roundings: Readonly<Record<RoundingId, Spoken>>;
}

/** What a report takes from the policy. */
export interface PolicyFacts {
  readonly digest: Digest | null;
  readonly house: string;
  readonly country: string;
  readonly interceptions: Bands;
}

export interface ReportWish {
  readonly rows: Iterable<FilingRow>;
  readonly year: number;
  readonly policy: PolicyFacts;
  readonly register: CutOff;
  readonly generatedMs: number;
  /** The text of the newest report of the same year, when this one puts it right. */
  readonly corrects?: string | undefined;
}

/** Throws when `corrects` is no report of the same year. */
export function reportOf({ rows, ...wish }: ReportWish): Report {
  return reportFrom({ ...wish, counts: countYears(rows, [wish.year, wish.year - 1]) });
}

/** `counts`: of the year and of the one before. */
export function reportFrom({
  counts: [count, countBefore],
  year,
  policy,
  register,
  generatedMs,
  corrects,
}: Omit<ReportWish, 'rows'> & { readonly counts: readonly YearCount[] }): Report {
  const figures = (of: YearCount): Figures => figuresOf(of, policy.interceptions);
  const now = count ?? emptyCount(year);
  const hasBefore = countBefore !== undefined && countBefore.total > 0;
  const report: Report = {
    what: REPORT_TYPE,
    year,
    house: policy.house,
    country: policy.country,
    generatedAt: `${new Date(generatedMs).toISOString().slice(0, 19)}Z`,
    policy: policy.digest,
    register,
    erratum: 0,
    corrects: null,
    figures: figures(now),
    tables: tablesOf(now, policy.interceptions),
    before: hasBefore ? { year: year - 1, figures: figures(countBefore) } : null,
    definitions,
    roundings,
  };
  return corrects === undefined ? report : { ...report, ...correction(report, corrects) };
}

export function factsOf(policy: Policy): PolicyFacts {
  const { house, country, interceptions } = policy;
  return { digest: policyDigest(policy), house: house.name, country, interceptions };
}

/** What is signed, published and written into the register. */
export function reportText(report: Report): string {
  return canonicalJson(report);
}

export function reportDigest(text: string): Digest {
  return sha256(Buffer.from(text, 'utf8'));
}

function correction(report: Report, text: string): Pick<Report, 'erratum' | 'corrects'> {
  const before = parseReport(text);
  if (!before.ok) throw new Error('what is to be corrected is no report');
  if (before.value.year !== report.year) throw new Error('a correction is of the same year');
  const { erratum } = before.value;
  return {
    erratum: erratum + 1,
    corrects: { erratum, sha256: reportDigest(text), changed: changedFigures(before.value, report) },
  };
}
