// What the verifying role knows: the criteria, by code that shares no library with the maker.

import { ok } from '#base/result.ts';
import { verifyFile } from '../../verify/verify-file.ts';
import type { Skills } from '../serve-work.ts';

export const verifySkills: Skills = {
  verify: async ({ bytes, expectation }) => ok(await verifyFile(bytes, expectation)),
};
