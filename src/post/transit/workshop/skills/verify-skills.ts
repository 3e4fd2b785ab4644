// What the verifying role knows: the criteria, by code that shares no library with the maker.

import { ok } from '#base/result.ts';
import { glanceAt } from '../../verify/seen-file.ts';
import { verifyFile } from '../../verify/verify-file.ts';
import type { Skills } from '../serve-work.ts';

export const verifySkills: Skills = {
  glance: async ({ source }) => ok({ seen: await glanceAt(source) }),
  verify: async ({ bytes, expectation }) => ok(await verifyFile(bytes, expectation)),
};
