// Patch objects of /set: pointers with the leading slash left out, values to put there, null to remove (RFC 8620 §5.3).

import { err, ok, type Result } from '#base/result.ts';
import type { SetError } from './errors.ts';
import { splitPointer } from './result-references.ts';

export interface PatchStep {
  /** At least one token; the first is the property's name. */
  readonly path: readonly [string, ...string[]];
  readonly value: unknown;
}

/** An update object → its steps; refused when a pointer is malformed, or one is the beginning of another. */
export function parsePatch(update: Readonly<Record<string, unknown>>): Result<readonly PatchStep[], SetError> {
  const steps: PatchStep[] = [];
  const whole = new Set<string>();
  for (const [key, value] of Object.entries(update)) {
    const [first, ...rest] = splitPointer(`/${key}`) ?? [];
    if (first === undefined || first === '') return err(badPatch('A key is not a pointer.'));
    steps.push({ path: [first, ...rest], value });
    whole.add(JSON.stringify([first, ...rest]));
  }
  for (const { path } of steps) {
    for (let length = 1; length < path.length; length++) {
      if (whole.has(JSON.stringify(path.slice(0, length)))) {
        return err(badPatch('One pointer is the beginning of another.'));
      }
    }
  }
  return ok(steps);
}

/**
 * The new members of a set-like property ({name: true}) after the steps that touch it; undefined: no step does.
 * `true` adds, null (or false, which some clients send) removes.
 */
export function patchMembers(
  property: string,
  steps: readonly PatchStep[],
  current: readonly string[],
): Result<readonly string[] | undefined, SetError> {
  const touching = steps.filter((step) => step.path[0] === property);
  if (touching.length === 0) return ok(undefined);
  const members = new Set(current);
  for (const { path, value } of touching) {
    if (path.length > 2) return err(badPatch(`${property} has no deeper members.`));
    const member = path[1];
    if (member === undefined) {
      const whole = readMembers(value);
      if (whole === undefined) return err({ kind: 'invalidProperties', properties: [property] });
      return ok(whole);
    }
    if (value === true) members.add(member);
    else if (value === null || value === false) members.delete(member);
    else return err({ kind: 'invalidProperties', properties: [`${property}/${member}`] });
  }
  return ok([...members]);
}

/** {a: true, b: true} → ["a", "b"]; undefined when it is anything else. */
export function readMembers(value: unknown): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  return entries.every(([, member]) => member === true) ? entries.map(([name]) => name) : undefined;
}

function badPatch(description: string): SetError {
  return { kind: 'invalidPatch', description };
}
