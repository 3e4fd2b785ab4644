// What `siegel drill` asks the running program, and the exact shape of the answer.

import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const replayShape = v.object({
  id: v.string(),
  attempted: v.string(),
  stoppedBy: v.string(),
  lettersLost: count,
  lettersDoubled: count,
  lettersBroken: count,
  seconds: v.number(),
  sabotageFailed: v.boolean(),
  sabotage: v.object({ without: v.string(), lost: count, doubled: count, broken: count }),
  trouble: v.exactOptional(v.string()),
});

export const drillShape = v.object({
  passed: v.boolean(),
  form: v.picklist(['short', 'full']),
  startedMs: count,
  seconds: v.number(),
  replays: v.pipe(v.array(replayShape), v.readonly()),
});

export const drillMethods = {
  /** `receipt`: the file, as `siegel receipt check` reads it; null: the book took none. */
  'drill.run': {
    params: v.strictObject({ full: v.boolean() }),
    result: v.object({ ...drillShape.entries, receipt: v.nullable(v.string()) }),
  },
} as const;
