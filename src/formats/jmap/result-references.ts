// Arguments that point into earlier answers: "#ids": {resultOf, name, path} (RFC 8620 §3.7).

import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { limits } from '#base/limits.ts';
import type { MethodError } from './errors.ts';
import { isPlainObject, type Invocation } from './request.ts';

const referenceShape = v.strictObject({ resultOf: v.string(), name: v.string(), path: v.string() });

/** Arguments with every reference replaced by what it points to. */
export function resolveReferences(
  args: Readonly<Record<string, unknown>>,
  earlier: readonly Invocation[],
): Result<Readonly<Record<string, unknown>>, MethodError> {
  if (!Object.keys(args).some((key) => key.startsWith('#'))) return ok(args);
  const resolved = new Map<string, unknown>();
  for (const [key, value] of Object.entries(args)) {
    if (!key.startsWith('#')) {
      resolved.set(key, value);
      continue;
    }
    const name = key.slice(1);
    if (Object.hasOwn(args, name)) {
      return err({ kind: 'invalidArguments', description: 'An argument stands both plain and as a reference.' });
    }
    const reference = v.safeParse(referenceShape, value);
    if (!reference.success) return err(unresolved('A result reference has resultOf, name and path.'));
    const source = earlier.find((response) => response.callId === reference.output.resultOf);
    if (source === undefined || source.name !== reference.output.name) {
      return err(unresolved('No earlier response has that call id and name.'));
    }
    const target = evaluatePointer(source.args, reference.output.path);
    if (!target.ok) return err(unresolved('The path does not resolve in that response.'));
    resolved.set(name, target.value);
  }
  return ok(Object.fromEntries(resolved));
}

/** RFC 6901 with JMAP's `*`: maps the rest of the path over an array, arrays of results flattened by one level. */
export function evaluatePointer(root: unknown, path: string): Result<unknown, { kind: 'unresolved' }> {
  const tokens = splitPointer(path);
  if (tokens === undefined || tokens.length > limits.jmap.jsonDepthMax) return err({ kind: 'unresolved' });
  return walk(root, tokens, 0);
}

/** "/a/b~1c" → ["a", "b/c"]; undefined when it is not a pointer. */
export function splitPointer(path: string): string[] | undefined {
  if (path === '') return [];
  if (!path.startsWith('/') || /~(?![01])/.test(path)) return undefined;
  return path
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function walk(value: unknown, tokens: readonly string[], at: number): Result<unknown, { kind: 'unresolved' }> {
  const token = tokens[at];
  if (token === undefined) return ok(value);
  if (Array.isArray(value)) {
    if (token === '*') return walkEach(value, tokens, at + 1);
    if (!/^(0|[1-9]\d{0,9})$/.test(token) || Number(token) >= value.length) return err({ kind: 'unresolved' });
    return walk(value[Number(token)], tokens, at + 1);
  }
  if (!isPlainObject(value) || !Object.hasOwn(value, token)) return err({ kind: 'unresolved' });
  return walk(value[token], tokens, at + 1);
}

function walkEach(
  values: readonly unknown[],
  tokens: readonly string[],
  at: number,
): Result<unknown, { kind: 'unresolved' }> {
  const results: unknown[] = [];
  for (const value of values) {
    const result = walk(value, tokens, at);
    if (!result.ok) return result;
    if (Array.isArray(result.value)) {
      for (const inner of result.value) results.push(inner);
    } else results.push(result.value);
    if (results.length > limits.jmap.queryLimit) return err({ kind: 'unresolved' });
  }
  return ok(results);
}

function unresolved(description: string): MethodError {
  return { kind: 'invalidResultReference', description };
}
