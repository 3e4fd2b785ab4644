// The arguments the standard methods share: /get, /changes, /query, /queryChanges, /set (RFC 8620 §§5.1–5.6).

import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { limits } from '#base/limits.ts';
import type { MethodError } from './errors.ts';
import { idPattern, isPlainObject } from './request.ts';
import { windowArguments } from './query-window.ts';

export const idText = v.pipe(v.string(), v.regex(idPattern));
/** An id, or a creation id with # in front. */
export const idOrReference = v.pipe(v.string(), v.regex(/^#?[A-Za-z0-9_-]{1,255}$/));
export const unsignedInt = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const jsonObject = v.custom<Readonly<Record<string, unknown>>>(isPlainObject);
const objectsById = v.pipe(
  jsonObject,
  v.custom<Readonly<Record<string, Readonly<Record<string, unknown>>>>>(areObjects),
);

export const getShape = v.strictObject({
  ids: v.nullish(v.array(idText)),
  properties: v.nullish(v.array(v.string())),
});

export const changesShape = v.strictObject({
  sinceState: v.string(),
  maxChanges: v.nullish(v.pipe(unsignedInt, v.minValue(1))),
});

export const queryShape = v.strictObject({
  filter: v.optional(v.unknown()),
  sort: v.optional(v.unknown()),
  ...windowArguments,
});

export const queryChangesShape = v.strictObject({
  filter: v.optional(v.unknown()),
  sort: v.optional(v.unknown()),
  sinceQueryState: v.string(),
  maxChanges: v.nullish(v.pipe(unsignedInt, v.minValue(1))),
  upToId: v.nullish(idText),
  calculateTotal: v.nullish(v.boolean()),
});

export const setShape = v.strictObject({
  ifInState: v.nullish(v.string()),
  create: v.nullish(objectsById),
  update: v.nullish(objectsById),
  destroy: v.nullish(v.array(idOrReference)),
});

export interface SetArguments {
  readonly ifInState?: string | null | undefined;
  readonly create?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null | undefined;
  readonly update?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null | undefined;
  readonly destroy?: readonly string[] | null | undefined;
}

/** Arguments in a shape, or invalidArguments naming the first that is wrong; values are never repeated. */
export function readArguments<const S extends v.GenericSchema>(
  shape: S,
  args: Readonly<Record<string, unknown>>,
): Result<v.InferOutput<S>, MethodError> {
  const parsed = v.safeParse(shape, args, { abortEarly: true });
  if (parsed.success) return ok(parsed.output);
  const name = parsed.issues[0].path?.[0]?.key;
  return err({
    kind: 'invalidArguments',
    ...(typeof name === 'string' && name.length <= 64 ? { arguments: [name] } : {}),
    description: `Expected ${parsed.issues[0].expected ?? 'something else'}.`,
  });
}

/** Ids in order, each once; too many are refused. */
export function boundIds(ids: readonly string[]): Result<readonly string[], MethodError> {
  if (ids.length > limits.jmap.objectsInGet) {
    return err({ kind: 'requestTooLarge', description: `At most ${limits.jmap.objectsInGet} ids in one call.` });
  }
  return ok([...new Set(ids)]);
}

/** The properties to answer: those asked for, or all; `id` always. Unknown ones are refused. */
export function readProperties(
  asked: readonly string[] | null | undefined,
  known: readonly string[],
): Result<ReadonlySet<string>, MethodError> {
  if (asked === null || asked === undefined) return ok(new Set(known));
  if (!asked.every((name) => known.includes(name))) return err({ kind: 'invalidArguments', arguments: ['properties'] });
  return ok(new Set(['id', ...asked]));
}

/** The members named in `wanted`. */
export function pick(all: Readonly<Record<string, unknown>>, wanted: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.has(name)));
}

/** More objects than one /set may touch are refused as a whole. */
export function boundSet(args: SetArguments): Result<void, MethodError> {
  const count =
    Object.keys(args.create ?? {}).length + Object.keys(args.update ?? {}).length + (args.destroy ?? []).length;
  if (count <= limits.jmap.objectsInSet) return ok(undefined);
  return err({ kind: 'requestTooLarge', description: `At most ${limits.jmap.objectsInSet} objects in one call.` });
}

function areObjects(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  return Object.entries(value).every(([key, inner]) => /^#?[A-Za-z0-9_-]{1,255}$/.test(key) && isPlainObject(inner));
}
