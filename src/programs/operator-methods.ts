// What the operator's commands ask the running program, and the exact shapes of question and answer.

import * as v from 'valibot';
import type { Result } from '#base/result.ts';
import { accountMethods } from './methods/account-methods.ts';
import { backupMethods } from './methods/backup-methods.ts';
import { changeMethods } from './methods/change-methods.ts';
import { deskMethods } from './methods/desk-methods.ts';
import { fulfilMethods } from './methods/fulfil-methods.ts';
import { drillMethods } from './methods/drill-methods.ts';
import { generationMethods } from './methods/generation-methods.ts';
import { incidentMethods } from './methods/incident-methods.ts';
import { ledgerMethods } from './methods/ledger-methods.ts';
import { sqlMethods } from './methods/sql-methods.ts';
import { telemetryMethods } from './methods/telemetry-methods.ts';

const nothing = v.strictObject({});
const address = v.pipe(v.string(), v.minLength(3), v.maxLength(320));
const named = v.object({ address: v.string() });
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const role = v.picklist(['member', 'operator', 'second', 'clerk', 'officer', 'lawyer']);

/** Every method once: the shape of its parameters and of its result. */
export const operatorMethods = {
  status: {
    params: nothing,
    result: v.object({
      /** Sentences for the operator, each saying what is wrong and what to do. */
      warnings: v.array(v.string()),
      /** Plain facts in the order they are shown: ports, folders, counts. */
      facts: v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
    }),
  },
  'invite.create': { params: v.strictObject({ role }), result: v.object({ code: v.string(), url: v.string() }) },
  /** `owner` is an address of the account that gets the new one. */
  'address.add': { params: v.strictObject({ address, owner: address }), result: named },
  'address.alias': { params: v.strictObject({ address, owner: address }), result: named },
  'address.remove': {
    params: v.strictObject({ address, apply: v.boolean() }),
    result: v.object({ plan: v.string(), isApplied: v.boolean() }),
  },
  /** `catchAll`: an address of the account that takes what no address takes. */
  'domain.add': {
    params: v.strictObject({ domain: v.string(), catchAll: v.optional(address) }),
    result: v.object({ domain: v.string() }),
  },
  'group.list': {
    params: nothing,
    result: v.object({ groups: v.array(v.object({ address: v.string(), members: v.array(v.string()) })) }),
  },
  /** `members`: an address of each account; the whole new list. */
  'group.put': {
    params: v.strictObject({ address, members: v.array(address), apply: v.boolean() }),
    result: v.object({ plan: v.string(), isApplied: v.boolean() }),
  },
  'group.remove': {
    params: v.strictObject({ address, apply: v.boolean() }),
    result: v.object({ plan: v.string(), isApplied: v.boolean() }),
  },
  /** New signing keys; `records` are all that are to be published from now on. */
  'dkim.rotate': {
    params: v.strictObject({ apply: v.boolean() }),
    result: v.object({
      plan: v.string(),
      isApplied: v.boolean(),
      records: v.array(v.object({ name: v.string(), value: v.string(), line: v.string(), state: v.string() })),
    }),
  },
  'journal.verify': {
    params: nothing,
    result: v.object({ records: count, journals: count, problems: v.array(v.string()) }),
  },
  'database.rebuild': {
    params: v.strictObject({ apply: v.boolean() }),
    result: v.object({ plan: v.string(), isApplied: v.boolean(), records: count, accounts: count, letters: count }),
  },
  /** What waits to leave: ids, counts and times, never addresses. */
  'queue.list': {
    params: nothing,
    result: v.object({
      waiting: count,
      inFlight: count,
      held: v.nullable(v.string()),
      accounts: v.array(v.object({ account: v.string(), waiting: count, held: v.nullable(v.string()) })),
      /** The next ones. */
      letters: v.array(
        v.object({
          id: v.string(),
          account: v.string(),
          dueMs: v.number(),
          attempts: count,
          recipients: count,
          sizeBytes: count,
        }),
      ),
    }),
  },
  /** Without an account: the whole queue. */
  'queue.hold': {
    params: v.strictObject({ account: v.optional(v.string()), apply: v.boolean() }),
    result: v.object({ plan: v.string(), isApplied: v.boolean() }),
  },
  'queue.release': {
    params: v.strictObject({ account: v.optional(v.string()), apply: v.boolean() }),
    result: v.object({ plan: v.string(), isApplied: v.boolean() }),
  },
  /** The newest signed head of the book. */
  'book.head': {
    params: nothing,
    result: v.object({
      house: v.string(),
      key: v.string(),
      head: v.object({
        v: v.literal(1),
        house: v.string(),
        size: count,
        root: v.string(),
        timeMs: count,
        signature: v.string(),
      }),
    }),
  },
  ...accountMethods,
  ...ledgerMethods,
  ...deskMethods,
  ...fulfilMethods,
  ...drillMethods,
  ...telemetryMethods,
  ...incidentMethods,
  ...sqlMethods,
  ...backupMethods,
  ...changeMethods,
  ...generationMethods,
  'book.verify': { params: nothing, result: v.object({ entries: count, problems: v.array(v.string()) }) },
  trace: {
    params: v.strictObject({ id: v.string() }),
    result: v.object({ steps: v.array(v.object({ atMs: v.number(), step: v.string() })) }),
  },
  /** The first account, and where SMTP listens. */
  'letter.target': { params: nothing, result: v.object({ address: v.string(), host: v.string(), port: v.number() }) },
} as const;

export type OperatorMethod = keyof typeof operatorMethods;
export type ParamsOf<M extends OperatorMethod> = v.InferOutput<(typeof operatorMethods)[M]['params']>;
export type ResultOf<M extends OperatorMethod> = v.InferOutput<(typeof operatorMethods)[M]['result']>;

export interface OperatorRefusal {
  /** A stable word for scripts. */
  readonly kind: string;
  /** What happened and what to do next; holds no letter's content. */
  readonly sentence: string;
}

/** Tells how far a long piece of work is. */
export type Progress = (done: number, total: number) => void;

export type OperatorHandlers = {
  readonly [M in OperatorMethod]: (
    params: ParamsOf<M>,
    progress: Progress,
  ) => Promise<Result<ResultOf<M>, OperatorRefusal>>;
};

export function isOperatorMethod(text: unknown): text is OperatorMethod {
  return typeof text === 'string' && Object.hasOwn(operatorMethods, text);
}
