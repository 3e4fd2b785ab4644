// As much of JSON Schema 2020-12 as the report's schema uses, for tests; a keyword it does not know is an error, never passed over.

type Json = unknown;
type Schema = Readonly<Record<string, Json>>;

const notes = new Set(['$schema', '$id', '$defs', 'title', 'description']);

/** Where the value does not fit; empty: it does. */
export function schemaFaults(root: Schema, value: Json, schema: Schema = root, place = '$'): readonly string[] {
  return Object.entries(schema).flatMap(([keyword, rule]) => {
    if (notes.has(keyword)) return [];
    if (keyword === '$ref') return schemaFaults(root, value, resolve(root, String(rule)), place);
    const check = keywords[keyword];
    if (!check) throw new Error(`the schema says ${keyword}, which this check does not know`);
    return check({ root, value, rule, schema, place });
  });
}

interface Case {
  readonly root: Schema;
  readonly value: Json;
  readonly rule: Json;
  readonly schema: Schema;
  readonly place: string;
}

const fault = ({ place }: Case, what: string): readonly string[] => [`${place} ${what}`];

const keywords: Readonly<Record<string, (given: Case) => readonly string[]>> = {
  type: (given) => {
    const types = Array.isArray(given.rule) ? given.rule : [given.rule];
    return types.some((type) => isOf(String(type), given.value)) ? [] : fault(given, `is no ${types.join(', ')}`);
  },
  const: (given) => (given.value === given.rule ? [] : fault(given, 'is another constant')),
  enum: (given) => ((given.rule as Json[]).includes(given.value) ? [] : fault(given, 'is none of the list')),
  minimum: (given) =>
    typeof given.value !== 'number' || given.value >= Number(given.rule) ? [] : fault(given, 'is too small'),
  pattern: (given) =>
    typeof given.value !== 'string' || new RegExp(String(given.rule), 'u').test(given.value)
      ? []
      : fault(given, 'does not match'),
  required: (given) =>
    (given.rule as string[]).flatMap((key) =>
      isObject(given.value) && !(key in given.value) ? fault(given, `lacks ${key}`) : [],
    ),
  properties: ({ root, value, rule, place }) =>
    Object.entries(rule as Record<string, Schema>).flatMap(([key, schema]) =>
      isObject(value) && key in value ? schemaFaults(root, value[key], schema, `${place}.${key}`) : [],
    ),
  additionalProperties: (given) => {
    const { root, value, rule, schema, place } = given;
    if (!isObject(value)) return [];
    const more = Object.keys(value).filter((key) => !(key in ((schema['properties'] as object | undefined) ?? {})));
    if (rule === false) return more.flatMap((key) => fault(given, `has ${key}`));
    return more.flatMap((key) => schemaFaults(root, value[key], rule as Schema, `${place}.${key}`));
  },
  items: ({ root, value, rule, place }) =>
    Array.isArray(value)
      ? value.flatMap((item, nth) => schemaFaults(root, item, rule as Schema, `${place}[${nth}]`))
      : [],
  oneOf: (given) => {
    const fitting = (given.rule as Schema[]).filter(
      (schema) => schemaFaults(given.root, given.value, schema, given.place).length === 0,
    );
    return fitting.length === 1 ? [] : fault(given, `fits ${fitting.length} of the choices`);
  },
};

function isOf(type: string, value: Json): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function resolve(root: Schema, ref: string): Schema {
  const name = ref.replace('#/$defs/', '');
  const found = (root['$defs'] as Record<string, Schema>)[name];
  if (!found) throw new Error(`the schema has no ${ref}`);
  return found;
}
