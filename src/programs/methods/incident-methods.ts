// What the incident commands ask the running program, and the exact shapes of the answers.

import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const progress = v.nullable(v.object({ expected: count, found: count, atMs: count }));
const told = v.nullable(v.object({ atMs: count, reached: count }));

const incident = v.object({
  number: count,
  title: v.string(),
  openedMs: count,
  closedMs: v.nullable(count),
  /** Null: nobody counted. */
  progress,
  /** `reached`: mailboxes that have their notice; null: not all out yet. */
  told: v.object({ opened: told, closed: told }),
  affected: v.array(
    v.object({
      account: v.string(),
      /** Undefined: the account has none any more. */
      address: v.optional(v.string()),
      expected: count,
      found: count,
      /** That differ. */
      mailboxes: count,
    }),
  ),
  timeline: v.array(
    v.object({
      atMs: count,
      what: v.string(),
      text: v.optional(v.string()),
      change: v.optional(count),
      seconds: v.optional(count),
    }),
  ),
});

const number = v.pipe(v.number(), v.integer(), v.minValue(1));
const planned = v.object({ plan: v.string(), isApplied: v.boolean(), incident: v.nullable(incident) });

export const incidentMethods = {
  /** `accounts`: an address of each. */
  'incident.open': {
    params: v.strictObject({
      title: v.string(),
      fromLedger: v.boolean(),
      accounts: v.array(v.string()),
      apply: v.boolean(),
    }),
    result: planned,
  },
  'incident.update': { params: v.strictObject({ number, text: v.string(), apply: v.boolean() }), result: planned },
  'incident.close': {
    params: v.strictObject({ number, text: v.string(), isLost: v.boolean(), apply: v.boolean() }),
    result: planned,
  },
  'incident.list': { params: v.strictObject({}), result: v.object({ incidents: v.array(incident) }) },
  'incident.show': { params: v.strictObject({ number }), result: incident },
  'incident.draft': { params: v.strictObject({ number }), result: v.object({ markdown: v.string() }) },
} as const;
