// What `siegel ledger check` asks the running program, and the exact shape of the answer.

import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const difference = v.object({
  account: v.string(),
  /** An address of the account; undefined where it has none any more. */
  address: v.optional(v.string()),
  /** Undefined: all letters of the account. */
  mailbox: v.optional(v.string()),
});

export const ledgerMethods = {
  /** `account`: an address. `deep`: every letter's record and digest too, not only what is summed. */
  'ledger.check': {
    params: v.strictObject({ account: v.optional(v.string()), deep: v.boolean() }),
    result: v.object({
      isEqual: v.boolean(),
      /** The journal record that the rows stand at. */
      record: count,
      accounts: count,
      letters: count,
      places: count,
      /** Sums of rows and journal, as plans and receipts quote them. */
      rows: v.object({ letters: v.string(), places: v.string() }),
      journal: v.object({ letters: v.string(), places: v.string() }),
      differing: v.array(v.object({ ...difference.entries, rows: count, journal: count })),
      named: v.array(
        v.object({ ...difference.entries, letter: v.string(), what: v.picklist(['missing', 'extra', 'changed']) }),
      ),
      wrongElements: count,
    }),
  },
} as const;
