// Proves a finished file by the 16 criteria, sharing nothing with what made it but PDFium's view of the pages.

import { limits } from '#base/limits.ts';
import type { Criterion } from '../contract.ts';
import type { Expectation } from './expectation.ts';
import { nameFault } from './name-rule.ts';
import { objectCriteria } from './object-criteria.ts';
import { pageCriteria } from './page-criteria.ts';
import { lookAtFile, type SeenFile } from './seen-file.ts';

/** In the order of the report. */
const NAMES = [
  'parses',
  'version',
  'fonts',
  'searchable',
  'text',
  'active',
  'references',
  'size',
  'pages',
  'upright',
  'grew',
  'ink',
  'jbig2',
  'name',
  'limits',
  'metadata',
] as const;

/** Always all 16; a file that cannot be read meets none that ask what stands in it. Never throws for what it holds. */
export async function verifyFile(bytes: Uint8Array, expectation: Expectation): Promise<readonly Criterion[]> {
  const seen = await lookAtFile(bytes, expectation);
  const criteria = [
    ...fileCriteria(bytes, expectation),
    ...(typeof seen === 'string' ? [] : insideCriteria(seen, expectation)),
  ];
  const unread = typeof seen === 'string' ? seen : 'not judged';
  return NAMES.map(
    (name) => criteria.find((criterion) => criterion.name === name) ?? { name, isMet: false, seen: unread },
  );
}

/** What is known without opening it. */
function fileCriteria(bytes: Uint8Array, { bytesBefore, newName, pages }: Expectation): readonly Criterion[] {
  const fault = nameFault(newName);
  const isSmall = bytes.length <= limits.transit.bytesBackMax && pages.length <= limits.transit.pagesMax;
  return [
    { name: 'grew', isMet: bytes.length <= bytesBefore, seen: `${bytesBefore} → ${bytes.length} bytes` },
    { name: 'name', isMet: fault === undefined, seen: fault ?? `${newName.length} characters` },
    { name: 'limits', isMet: isSmall, seen: `${bytes.length} bytes, ${pages.length} pages` },
  ];
}

function insideCriteria(seen: SeenFile, expectation: Expectation): readonly Criterion[] {
  return [judgeParses(seen), ...objectCriteria(seen), ...pageCriteria(seen, expectation)];
}

function judgeParses({ document, missing, objects }: SeenFile): Criterion {
  const isEncrypted = document.trailers.some((trailer) => trailer.entries.has('Encrypt'));
  const what = isEncrypted ? 'encrypted' : missing > 0 ? `${missing} objects missing` : `${objects.length} objects`;
  return { name: 'parses', isMet: !isEncrypted && missing === 0, seen: what };
}
