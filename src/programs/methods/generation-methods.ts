// What the commands about generations of the database ask the running program, and the exact shapes of the answers.

import * as v from 'valibot';

const nothing = v.strictObject({});
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const generationMethods = {
  'generation.list': {
    params: nothing,
    result: v.object({
      live: v.string(),
      /** A sentence when it is stopped and fenced. */
      fenced: v.nullable(v.string()),
      generations: v.array(
        v.object({
          name: v.string(),
          madeMs: count,
          source: v.string(),
          systemIdentifier: v.string(),
          retiredMs: v.nullable(count),
          reason: v.nullable(v.string()),
          /** When it goes. */
          untilMs: v.nullable(count),
        }),
      ),
      points: v.array(v.object({ name: v.string(), madeMs: count, seq: count, untilMs: count })),
    }),
  },
  /** Ends a maintenance that a killed program left behind: the fence is lifted and the database starts. */
  'generation.release': {
    params: v.strictObject({ apply: v.boolean() }),
    result: v.object({ plan: v.string(), isApplied: v.boolean() }),
  },
} as const;
