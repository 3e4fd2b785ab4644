// Every way to alter a JSON value a little, for tests: each member and element changed, removed, exchanged with its neighbour, and lists turned around.

type Json = unknown;
type Path = readonly (string | number)[];

export interface Mutation {
  readonly name: string;
  readonly value: Json;
}

export function* mutationsOf(root: Json): Generator<Mutation> {
  for (const path of pathsOf(root, [])) {
    const value = path.reduce<Json>((at, step) => memberOf(at, step), root);
    const named = (how: string, altered: Json): Mutation => ({ name: `${path.join('.')}: ${how}`, value: altered });
    if (path.length > 0) {
      if (!isContainer(value)) yield named('changed', withAt(root, path, changed(value)));
      yield named('removed', without(root, path));
    }
    if (!Array.isArray(value)) continue;
    for (let at = 0; at + 1 < value.length; at++) {
      const exchanged: Json[] = value.toSpliced(at, 2, value[at + 1], value[at]);
      if (JSON.stringify(exchanged) !== JSON.stringify(value))
        yield named(`${at} exchanged`, withAt(root, path, exchanged));
    }
    const last: Json = value.at(-1);
    if (value.length > 0) yield named('last repeated', withAt(root, path, [...value, last]));
    if (value.length > 2 && JSON.stringify(value.toReversed()) !== JSON.stringify(value))
      yield named('turned around', withAt(root, path, value.toReversed()));
  }
}

/** Another value of the same kind. */
export function changed(value: Json): Json {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string') return 0;
  const last = value.at(-1) ?? '';
  return /^[0-9a-f]+$/.test(value) ? `${value.slice(0, -1)}${last === '0' ? '1' : '0'}` : `${value}x`;
}

function* pathsOf(value: Json, path: Path): Generator<Path> {
  yield path;
  if (Array.isArray(value)) for (const at of value.keys()) yield* pathsOf(value[at], [...path, at]);
  else if (isContainer(value))
    for (const [key, member] of Object.entries(value)) yield* pathsOf(member, [...path, key]);
}

function withAt(root: Json, [step, ...rest]: Path, value: Json): Json {
  if (step === undefined) return value;
  const inner = withAt(memberOf(root, step), rest, value);
  return Array.isArray(root) ? root.with(Number(step), inner) : { ...(root as object), [step]: inner };
}

function without(root: Json, path: Path): Json {
  const [last, before] = [path.at(-1), path.slice(0, -1)];
  const holder = before.reduce<Json>((at, step) => memberOf(at, step), root);
  if (Array.isArray(holder)) return withAt(root, before, holder.toSpliced(Number(last), 1));
  const members = Object.entries(holder as object).filter(([key]) => key !== last);
  return withAt(root, before, Object.fromEntries(members));
}

function memberOf(value: Json, step: string | number): Json {
  return (value as Record<string | number, Json>)[step];
}

function isContainer(value: Json): value is object {
  return typeof value === 'object' && value !== null;
}
