// What everybody may know of the desk before they send it something: to which keys it is sealed, and what the form takes.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { deskRoles } from '../desk/model.ts';

const fingerprint = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/));

export const authoritiesAnswers = {
  /** `roster`: empty where no policy is in force, and nothing can be sent. */
  desk: v.object({
    house: v.string(),
    roster: v.pipe(
      v.array(v.object({ role: v.picklist(deskRoles), fingerprint, certificate: v.string() })),
      v.maxLength(limits.deskPolicy.rosterMax),
    ),
  }),
  arrived: v.object({ arrival: v.string() }),
} as const;

export type AuthoritiesDesk = v.InferOutput<typeof authoritiesAnswers.desk>;
