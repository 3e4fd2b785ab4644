// What `siegel sql` asks the running program, and the exact shape of the answer.

import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const sqlMethods = {
  /** What reads is carried out; what writes is only described. */
  'sql.ask': {
    params: v.strictObject({ sql: v.pipe(v.string(), v.maxLength(100_000)) }),
    result: v.variant('kind', [
      v.object({
        kind: v.literal('rows'),
        columns: v.array(v.string()),
        rows: v.array(v.array(v.union([v.string(), v.number(), v.boolean(), v.null()]))),
        isCut: v.boolean(),
      }),
      v.object({
        kind: v.literal('changes'),
        statements: v.array(
          v.object({
            sql: v.string(),
            grammar: v.string(),
            tables: v.array(v.string()),
            hasWhere: v.boolean(),
            /** Rows that PostgreSQL expects it to touch; null: it cannot say. */
            expected: v.nullable(count),
          }),
        ),
      }),
    ]),
  },
} as const;
