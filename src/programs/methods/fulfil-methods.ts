// What the commands of fulfilment ask the running program, and the exact shapes of the answers.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { lookFaults } from '#formats/desk/model.ts';

const { letterBytes } = limits.deskFiling;
const { certificateBytes, targetsMax } = limits.deskFulfilment;
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const number = v.pipe(v.string(), v.maxLength(16));
const person = v.pipe(v.string(), v.minLength(1), v.maxLength(limits.deskPolicy.nameCharacters));
const armored = v.pipe(v.string(), v.maxLength(limits.deskPolicy.signatureBytes));
const changed = v.object({
  filing: v.string(),
  state: v.string(),
  outcome: v.nullable(v.string()),
  events: v.array(v.string()),
  head: v.string(),
});
const target = v.strictObject({
  target: v.pipe(v.string(), v.maxLength(limits.deskPolicy.sayingCharacters)),
  random: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

export const fulfilMethods = {
  'request.collect': {
    params: v.strictObject({
      filing: number,
      by: person,
      targets: v.pipe(v.array(target), v.maxLength(targetsMax)),
      recipient: v.pipe(v.string(), v.maxLength(certificateBytes)),
    }),
    result: v.object({
      ...changed.entries,
      /** None: nothing is held. */
      fields: v.array(v.string()),
      package: v.string(),
      bytes: count,
      recipient: v.string(),
      look: v.string(),
    }),
  },
  /** `fault`: null when they agree. */
  'request.look-statement': {
    params: v.strictObject({ filing: number, by: person, fault: v.nullable(v.picklist(lookFaults)) }),
    /** Exactly what is to be signed. */
    result: v.object({ statement: v.string() }),
  },
  'request.look': {
    params: v.strictObject({ statement: v.pipe(v.string(), v.maxLength(letterBytes)), signature: armored }),
    result: changed,
  },
  /** In parts, base64url. LOOK: sealed to the roster. HANDOVER: sealed to the authority, once two have agreed. */
  'request.copy': {
    params: v.strictObject({ filing: number, copy: v.picklist(['LOOK', 'HANDOVER']), from: count }),
    result: v.object({ bytes: v.string(), total: count, digest: v.string() }),
  },
} as const;
