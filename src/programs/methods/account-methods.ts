// What `siegel account …` asks the running program, and the exact shapes of the answers.

import * as v from 'valibot';

const address = v.pipe(v.string(), v.minLength(1), v.maxLength(320));
const planned = v.object({ plan: v.string(), isApplied: v.boolean() });
const timeMs = v.pipe(v.number(), v.integer(), v.minValue(0));

export const accountMethods = {
  'account.close': { params: v.strictObject({ address, apply: v.boolean() }), result: planned },
  'account.reopen': { params: v.strictObject({ address, apply: v.boolean() }), result: planned },
  /** Those that are closed and not yet erased, and what is kept of what was deleted. */
  'account.list': {
    params: v.strictObject({}),
    result: v.object({
      closed: v.array(
        v.object({
          address: v.string(),
          closedMs: timeMs,
          /** Until then it can be reopened. */
          reopenUntilMs: timeMs,
          /** From then on no copy on this machine opens. */
          goneMs: timeMs,
        }),
      ),
      copies: v.array(
        v.object({
          kind: v.string(),
          ageMaxDays: v.number(),
          copies: v.number(),
          oldestDays: v.nullable(v.number()),
          isOver: v.boolean(),
        }),
      ),
    }),
  },
} as const;
