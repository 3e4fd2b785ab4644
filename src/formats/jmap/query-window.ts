// Which part of a query's results is wanted: position or anchor, limit, total (RFC 8620 §5.5).

import * as v from 'valibot';
import { limits } from '#base/limits.ts';

const int = v.pipe(v.number(), v.safeInteger());
const unsignedInt = v.pipe(int, v.minValue(0));

/** The window arguments every /query takes, for use in its shape. */
export const windowArguments = {
  position: v.optional(v.nullable(int), 0),
  anchor: v.optional(v.nullable(v.string())),
  anchorOffset: v.optional(v.nullable(int), 0),
  limit: v.optional(v.nullable(unsignedInt)),
  calculateTotal: v.optional(v.nullable(v.boolean()), false),
};

export interface WindowArguments {
  readonly position: number | null;
  readonly anchor?: string | null | undefined;
  readonly anchorOffset: number | null;
  readonly limit?: number | null | undefined;
  readonly calculateTotal: boolean | null;
}

export interface QueryWindow {
  readonly limit: number;
  /** The server's own bound was used: the answer must say so. */
  readonly isLimitOurs: boolean;
  readonly anchor: string | undefined;
  readonly anchorOffset: number;
  /** Negative: counted from the end. */
  readonly position: number;
  readonly calculateTotal: boolean;
}

export function readWindow(of: WindowArguments): QueryWindow {
  const isLimitOurs = of.limit === undefined || of.limit === null || of.limit > limits.jmap.queryLimit;
  return {
    limit: isLimitOurs ? limits.jmap.queryLimit : (of.limit ?? limits.jmap.queryLimit),
    isLimitOurs,
    anchor: of.anchor ?? undefined,
    anchorOffset: of.anchorOffset ?? 0,
    position: of.position ?? 0,
    calculateTotal: of.calculateTotal ?? false,
  };
}

/** First index of the answer. `anchorIndex`: where the anchor stands; `total`: needed for negative positions only. */
export function startOfWindow(window: QueryWindow, anchorIndex: number | undefined, total: number): number {
  if (anchorIndex !== undefined) return Math.max(0, anchorIndex + window.anchorOffset);
  return window.position < 0 ? Math.max(0, total + window.position) : window.position;
}
