// What the server tells its operator about the house's domains, as the client checks it: apart, because few ever load it.

import * as v from 'valibot';
import { problemKinds, whyKinds } from '../zone/report-words.ts';
import { ZONE_TYPES } from '../zone/zone-record.ts';

const text = v.pipe(v.string(), v.maxLength(1024));
const longText = v.pipe(v.string(), v.maxLength(8 * 1024));

export const domainAnswers = {
  domains: v.object({ domains: v.array(text) }),
  domainReport: v.object({
    domain: text,
    mxHost: text,
    isGreen: v.boolean(),
    findings: v.array(
      v.object({
        id: text,
        state: v.picklist(['green', 'red', 'hint']),
        record: v.nullable(v.object({ name: text, type: v.picklist(ZONE_TYPES), value: longText, line: longText })),
        found: v.array(longText),
        problem: v.nullable(v.object({ kind: v.picklist(problemKinds), facts: v.array(longText) })),
        why: v.picklist(whyKinds),
      }),
    ),
  }),
} as const;
