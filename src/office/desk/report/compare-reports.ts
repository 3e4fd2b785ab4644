// What changed from one report of a year to the next: an erratum lists it.

import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import type { Report } from './report.ts';

export interface Change {
  /** "figures.total", "tables.kind-channel", "before.targets", "house" … */
  readonly id: string;
  /** Undefined: it was not there. */
  readonly before: unknown;
  readonly after: unknown;
}

/** Not compared, because they differ always: when it was made, where the register was cut off, the number of the erratum. */
const compared = ['house', 'country', 'policy', 'definitions', 'roundings'] as const;

/** By id, in order. */
export function compareReports(before: Report, after: Report): readonly Change[] {
  return [
    ...compared.flatMap((id) => changeOf(id, before[id], after[id])),
    ...changesIn('figures', before.figures, after.figures),
    ...changesIn('tables', before.tables, after.tables),
    ...changesIn('before', before.before?.figures ?? {}, after.before?.figures ?? {}),
  ].toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

export function changedFigures(before: Report, after: Report): readonly string[] {
  return compareReports(before, after).map(({ id }) => id);
}

function changesIn(
  part: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly Change[] {
  const ids = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...ids].flatMap((id) => changeOf(`${part}.${id}`, before[id], after[id]));
}

function changeOf(id: string, before: unknown, after: unknown): readonly Change[] {
  return textOf(before) === textOf(after) ? [] : [{ id, before, after }];
}

function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : canonicalJson(value);
}
