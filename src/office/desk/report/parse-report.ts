// A report from its text: the canonical bytes and what verification, comparison and pages rely on. Whether its figures are true, verify-register.ts says.

import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import type { Digest } from '#formats/desk/model.ts';
import { definitionIds } from './definitions.ts';
import { roundingIds } from './figure.ts';
import type { Report } from './report.ts';
import { tableIds } from './tables.ts';

export interface ReportRefusal {
  readonly kind: 'notJson' | 'notCanonical' | 'notAReport';
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const digest = v.custom<Digest>((value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value));
const spoken = v.strictObject({ de: v.string(), en: v.string() });

const figure = v.strictObject({
  value: v.nullable(v.union([v.number(), v.string()])),
  numerator: v.nullable(v.pipe(v.number(), v.safeInteger())),
  denominator: v.nullable(count),
  definition: v.picklist(definitionIds),
  rounding: v.picklist(roundingIds),
});
const figures = v.record(v.string(), figure);
const table = v.strictObject({
  rows: v.array(v.string()),
  columns: v.array(v.string()),
  cells: v.nullable(v.array(v.array(v.nullable(count)))),
  definition: v.picklist(definitionIds),
  rounding: v.picklist(roundingIds),
});

const reportSchema = v.strictObject({
  what: v.literal('siegel transparency report 1'),
  year: count,
  house: v.string(),
  country: v.string(),
  generatedAt: v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)),
  policy: v.nullable(digest),
  register: v.strictObject({ entries: count, head: digest, root: digest }),
  erratum: count,
  corrects: v.nullable(v.strictObject({ erratum: count, sha256: digest, changed: v.array(v.string()) })),
  figures,
  tables: v.strictObject(v.entriesFromList(tableIds, table)),
  before: v.nullable(v.strictObject({ year: count, figures })),
  definitions: v.strictObject(v.entriesFromList(definitionIds, spoken)),
  roundings: v.strictObject(v.entriesFromList(roundingIds, spoken)),
});

/** Only the canonical text is a report: it is what was signed. */
export function parseReport(text: string): Result<Report, ReportRefusal> {
  let value: unknown;
  try {
    value = JSON.parse(text);
    if (canonicalJson(value) !== text) return err({ kind: 'notCanonical' });
  } catch {
    return err({ kind: 'notJson' });
  }
  const shaped = v.safeParse(reportSchema, value, { abortEarly: true });
  return shaped.success ? ok(shaped.output) : err({ kind: 'notAReport' });
}
