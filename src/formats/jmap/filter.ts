// Filter trees of /query: conditions joined by AND, OR, NOT, with bounded depth and size (RFC 8620 §5.5).

import { err, ok, type Result } from '#base/result.ts';
import { limits } from '#base/limits.ts';
import type { MethodError } from './errors.ts';
import { isPlainObject } from './request.ts';

export type Filter<C> =
  | { readonly operator: 'AND' | 'OR' | 'NOT'; readonly conditions: readonly Filter<C>[] }
  | { readonly operator: 'none'; readonly condition: C };

type ParseCondition<C> = (condition: Readonly<Record<string, unknown>>) => Result<C, MethodError>;

/** The `filter` argument → tree; null and undefined mean everything. */
export function parseFilter<C>(
  value: unknown,
  parseCondition: ParseCondition<C>,
): Result<Filter<C> | undefined, MethodError> {
  if (value === null || value === undefined) return ok(undefined);
  const budget = { conditions: limits.jmap.filterConditionsMax };
  return parseNode(value, parseCondition, { depth: 1, budget });
}

/** Whether `item` passes, when single conditions can be asked in memory. */
export function matchesFilter<C>(filter: Filter<C> | undefined, test: (condition: C) => boolean): boolean {
  if (filter === undefined) return true;
  if (filter.operator === 'none') return test(filter.condition);
  const passes = (inner: Filter<C>): boolean => matchesFilter(inner, test);
  if (filter.operator === 'AND') return filter.conditions.every(passes);
  const any = filter.conditions.some(passes);
  return filter.operator === 'OR' ? any : !any;
}

interface Place {
  readonly depth: number;
  readonly budget: { conditions: number };
}

function parseNode<C>(value: unknown, parseCondition: ParseCondition<C>, at: Place): Result<Filter<C>, MethodError> {
  if (!isPlainObject(value)) return err(invalidFilter('A filter is an object.'));
  if (at.depth > limits.jmap.filterDepthMax || --at.budget.conditions < 0) {
    return err({ kind: 'unsupportedFilter', description: 'The filter is too large.' });
  }
  if (!Object.hasOwn(value, 'operator')) {
    const condition = parseCondition(value);
    return condition.ok ? ok({ operator: 'none', condition: condition.value }) : condition;
  }
  const { operator, conditions, ...rest } = value;
  if (operator !== 'AND' && operator !== 'OR' && operator !== 'NOT') {
    return err(invalidFilter('An operator is AND, OR or NOT.'));
  }
  if (!Array.isArray(conditions) || Object.keys(rest).length > 0) {
    return err(invalidFilter('An operator has conditions and nothing else.'));
  }
  const inner: Filter<C>[] = [];
  for (const condition of conditions) {
    const parsed = parseNode(condition, parseCondition, { depth: at.depth + 1, budget: at.budget });
    if (!parsed.ok) return parsed;
    inner.push(parsed.value);
  }
  return ok({ operator, conditions: inner });
}

export function invalidFilter(description: string): MethodError {
  return { kind: 'invalidArguments', arguments: ['filter'], description };
}
