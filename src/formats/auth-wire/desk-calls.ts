// What the page asks of the desk's server, body by body.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { arrivalField } from '../desk/fields.ts';
import { dismissals, reasons, verdicts } from '../desk/model.ts';

const { caseFileBytes, letterBytes } = limits.deskFiling;
const armored = v.pipe(v.string(), v.maxLength(limits.deskPolicy.signatureBytes));
const sealed = v.pipe(v.string(), v.maxLength(Math.ceil((caseFileBytes * 4) / 3) + 4), v.regex(/^[\w-]+$/));
const positions = v.pipe(
  v.array(v.pipe(v.number(), v.integer(), v.minValue(0))),
  v.maxLength(limits.deskReview.itemsMax),
);
const named = v.pipe(v.array(v.picklist(reasons)), v.maxLength(reasons.length));
const language = v.picklist(['de', 'en']);

export const deskCalls = {
  /** `given`: its own reader says where it is wrong (office/desk/book/new-filing.ts). `caseFile`: base64url. */
  file: v.strictObject({ given: v.unknown(), caseFile: v.nullable(sealed), arrival: v.optional(arrivalField) }),
  dismiss: v.strictObject({ why: v.picklist(dismissals) }),
  statement: v.strictObject({ verdict: v.picklist(verdicts), reasons: named, items: v.nullable(positions) }),
  review: v.strictObject({ statement: v.pipe(v.string(), v.maxLength(letterBytes)), signature: armored }),
  addFile: v.strictObject({ caseFile: sealed }),
  draft: v.strictObject({ letterKind: v.picklist(['REJECTION', 'CORRECTION']), language, reasons: named }),
  answer: v.strictObject({
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(letterBytes)),
    letterKind: v.picklist(['REJECTION', 'CORRECTION', 'ANSWER']),
    language,
  }),
  close: v.strictObject({}),
} as const;
