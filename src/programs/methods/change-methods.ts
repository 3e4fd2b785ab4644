// What the commands about changes and operators ask the running program, and the exact shapes of the answers.

import * as v from 'valibot';

const count = v.pipe(v.number(), v.minValue(0));
const whole = v.pipe(count, v.integer());
const number = v.pipe(v.number(), v.integer(), v.minValue(1));
const words = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const signature = v.pipe(v.string(), v.maxLength(16_384));
const report = v.object({ rows: v.record(v.string(), count), locks: v.array(v.string()), seconds: count });

/** One change as it stands. */
const view = v.object({
  number,
  kind: v.picklist(['sql', 'migration', 'operators', 'restore', 'settings']),
  class: v.picklist(['R0', 'R1', 'R2']),
  standing: v.string(),
  because: v.array(v.string()),
  statements: v.array(
    v.object({ sql: v.string(), written: v.nullable(v.string()), class: v.string(), why: v.string() }),
  ),
  plannedMs: count,
  expiresMs: count,
  endedMs: v.nullable(count),
  generation: v.string(),
  backup: v.nullable(v.string()),
  predicted: v.nullable(v.object({ ...report.entries, undoSeconds: count })),
  actual: v.nullable(report),
  undoSeconds: v.nullable(count),
  proof: v.nullable(v.object({ ledger: v.string(), indexes: v.string(), letter: v.string() })),
  approvals: v.object({ by: v.array(v.string()), need: whole, isEnough: v.boolean(), because: v.string() }),
  undo: v.string(),
  /** Why it was closed or taken back. */
  why: v.nullable(v.string()),
  next: v.string(),
});

const wanted = v.variant('kind', [
  v.strictObject({ kind: v.literal('sql'), sql: v.string() }),
  /** The first one that is pending. */
  v.strictObject({ kind: v.literal('migration') }),
  v.strictObject({
    kind: v.literal('restore'),
    leaveOut: v.strictObject({
      actor: v.optional(words),
      build: v.optional(words),
      fromMs: v.optional(count),
      toMs: v.optional(count),
      seqs: v.optional(v.array(whole)),
    }),
  }),
  v.strictObject({ kind: v.literal('settings'), settings: v.record(v.string(), v.string()) }),
]);

const one = v.strictObject({ number });
const role = v.picklist(['operator', 'second']);

export const changeMethods = {
  'change.plan': { params: wanted, result: view },
  'change.backup': { params: one, result: view },
  'change.rehearse': { params: one, result: view },
  /** `plan`: exactly the bytes to sign. */
  'change.approve': {
    params: v.strictObject({ number, signatures: v.array(signature) }),
    result: v.object({ change: view, plan: v.string() }),
  },
  'change.apply': {
    params: v.strictObject({ number, apply: v.boolean() }),
    result: v.object({ change: view, isApplied: v.boolean() }),
  },
  'change.verify': { params: one, result: view },
  'change.undo': {
    params: v.strictObject({ number, apply: v.boolean(), why: v.optional(words) }),
    result: v.object({ change: view, isApplied: v.boolean() }),
  },
  /** Without a number: those that are not over. */
  'change.status': {
    params: v.strictObject({ number: v.optional(number) }),
    result: v.object({ changes: v.array(view) }),
  },
  'change.history': { params: v.strictObject({}), result: v.object({ changes: v.array(view) }) },
  'operator.list': {
    params: v.strictObject({}),
    result: v.object({
      operators: v.array(
        v.object({
          name: v.string(),
          role,
          fingerprint: v.string(),
          hasMailbox: v.boolean(),
          procedure: v.picklist(['current', 'older', 'unsigned']),
          procedureMs: v.nullable(count),
          hasStanding: v.boolean(),
        }),
      ),
      /** SHA-256 of the procedure as it is installed; null: it is not there. */
      procedure: v.nullable(v.string()),
    }),
  },
  /** The first is named at once; afterwards it is a change, whose number is told. */
  'operator.add': {
    params: v.strictObject({ name: words, sshKey: signature, role, account: v.optional(words) }),
    result: v.object({ change: v.nullable(view) }),
  },
  'operator.remove': { params: v.strictObject({ name: words }), result: v.object({ change: view }) },
  /** Without a signature: what is to be signed. An empty one takes a standing approval back. */
  'operator.sign': {
    params: v.strictObject({
      name: words,
      what: v.picklist(['procedure', 'standing']),
      signature: v.optional(signature),
    }),
    result: v.object({ text: v.string(), isSigned: v.boolean() }),
  },
} as const;

export type ChangeView = v.InferOutput<typeof view>;
