// What the records of one change say together: a fold over its steps, the same on every machine and after every kill.

import * as v from 'valibot';
import { assert, unreachable } from '#base/assert.ts';
import type { RegisterEntry } from '../../directory/directory.ts';
import { draftShape, predictedShape, type Plan, type PlanDraft, type Predicted } from './plan.ts';

/**
 * planned → backedUp → rehearsed → (approved) → applying → applied → verified; from applying on also undoing → undone.
 * `closed`: it never touched anything and never will.
 */
export type Standing =
  'planned' | 'backedUp' | 'rehearsed' | 'applying' | 'applied' | 'verified' | 'undoing' | 'undone' | 'closed';

const count = v.pipe(v.number(), v.minValue(0));
const approvalShape = v.object({ operatorId: v.string(), key: v.string(), digest: v.string(), signature: v.string() });
const reportShape = v.object({ rows: v.record(v.string(), count), locks: v.array(v.string()), seconds: count });
const proofShape = v.object({ ledger: v.string(), indexes: v.string(), letter: v.string() });
export const undoShape = v.object({
  why: v.string(),
  /** The generation that was live when it began: another one is, once the switch is done. */
  from: v.string(),
  leaveOut: v.array(count),
  /** Attempts that failed before. */
  tries: count,
});

/** Facts of each step, by its name in the journal. */
const steps = {
  planned: draftShape,
  backedUp: v.object({ backup: v.string(), verifiedMs: count }),
  rehearsed: predictedShape,
  approved: approvalShape,
  /** Hours the program has watched go by since the plan could be approved. */
  waited: v.object({ ms: count }),
  applying: v.object({ restorePoint: v.string(), seq: count, by: v.array(v.string()) }),
  applied: reportShape,
  verified: proofShape,
  undoing: undoShape,
  undone: v.object({ generation: v.string(), seconds: count }),
  closed: v.object({ why: v.string() }),
  told: v.object({ step: v.string(), reached: count }),
} as const;
export type StepName = keyof typeof steps;
export type StepFacts<S extends StepName> = v.InferOutput<(typeof steps)[S]>;

export interface Approval extends StepFacts<'approved'> {
  readonly atMs: number;
}

export interface Change {
  readonly number: number;
  readonly draft: PlanDraft;
  readonly standing: Standing;
  readonly plannedMs: number;
  readonly backup?: StepFacts<'backedUp'>;
  readonly predicted?: Predicted;
  readonly rehearsedMs?: number;
  readonly approvals: readonly Approval[];
  readonly waitedMs: number;
  readonly applying?: StepFacts<'applying'> & { readonly atMs: number };
  readonly applied?: StepFacts<'applied'>;
  readonly verified?: StepFacts<'verified'>;
  readonly undoing?: StepFacts<'undoing'>;
  readonly undone?: StepFacts<'undone'>;
  readonly closedWhy?: string;
  readonly endedMs?: number;
  /** Steps that operators have been told of. */
  readonly told: readonly string[];
}

/** Changes by number; a step that cannot be read, or whose change was never planned, is passed over. */
export function readChanges(entries: readonly RegisterEntry[]): ReadonlyMap<number, Change> {
  const changes = new Map<number, Change>();
  for (const entry of entries) {
    const number = Number(entry.id);
    const next = take(changes.get(number), entry);
    if (next !== undefined) changes.set(number, next);
  }
  return changes;
}

function take(change: Change | undefined, { id, content, timeMs }: RegisterEntry): Change | undefined {
  const name = content['step'];
  if (typeof name !== 'string' || !isStepName(name)) return undefined;
  const read = v.safeParse(steps[name], content['facts']);
  if (!read.success) return undefined;
  // the shape of this very step has just said so
  const facts = <S extends StepName>(step: S): StepFacts<S> => {
    assert(step === name, 'the facts of this step');
    return read.output;
  };
  if (name === 'planned') {
    if (change !== undefined) return undefined;
    const fresh = { number: Number(id), draft: facts('planned'), standing: 'planned' as const, plannedMs: timeMs };
    return { ...fresh, approvals: [], waitedMs: 0, told: [] };
  }
  return change === undefined ? undefined : advance(change, name, { facts, timeMs });
}

interface StepAt {
  readonly facts: <S extends StepName>(name: S) => StepFacts<S>;
  readonly timeMs: number;
}

function advance(change: Change, name: Exclude<StepName, 'planned'>, { facts, timeMs }: StepAt): Change {
  switch (name) {
    case 'backedUp':
      return { ...change, standing: name, backup: facts(name) };
    case 'rehearsed':
      return { ...change, standing: name, predicted: facts(name), rehearsedMs: timeMs };
    case 'approved':
      return { ...change, approvals: [...change.approvals, { ...facts(name), atMs: timeMs }] };
    case 'waited':
      return { ...change, waitedMs: Math.max(change.waitedMs, facts(name).ms) };
    case 'applying':
      return { ...change, standing: name, applying: { ...facts(name), atMs: timeMs } };
    case 'applied':
      return { ...change, standing: name, applied: facts(name) };
    case 'verified':
      return { ...change, standing: name, verified: facts(name), endedMs: timeMs };
    case 'undoing':
      return { ...change, standing: name, undoing: facts(name) };
    case 'undone':
      return { ...change, standing: name, undone: facts(name), endedMs: timeMs };
    case 'closed':
      return { ...change, standing: name, closedWhy: facts(name).why, endedMs: timeMs };
    case 'told':
      return { ...change, told: [...change.told, facts(name).step] };
    default:
      return unreachable(name);
  }
}

function isStepName(name: string): name is StepName {
  return Object.hasOwn(steps, name);
}

/** The plan that is signed; undefined until it was rehearsed. */
export function planOf({ draft, backup, predicted }: Change): Plan | undefined {
  return backup === undefined || predicted === undefined ? undefined : { ...draft, backup: backup.backup, predicted };
}

/** Something began and is not over: nothing else may begin, and the next start goes on with it. */
export function isUnderWay({ standing }: Change): boolean {
  return standing === 'applying' || standing === 'applied' || standing === 'undoing';
}
