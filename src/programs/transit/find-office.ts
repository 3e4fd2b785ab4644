// Looks whether LibreOffice runs behind its walls here: Office documents become PDFs only where it does.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { OfficeModule } from '#post/transit/office/office-format.ts';
import type { OfficeCheck } from '#post/transit/report/self-check.ts';
import { officeVersion, type OfficePlaces } from '#post/transit/workshop/convert-office.ts';
import type { Sandbox } from '#post/transit/workshop/locks.ts';
import { swapWarnings } from '../start-checks.ts';
import { officeFolder } from './office-folder.ts';

export interface FoundOffice {
  /** Undefined: Office documents go back as they came. */
  readonly places: OfficePlaces | undefined;
  readonly check: OfficeCheck;
}

/** What is looked at; commands over a person's own files, and tests, say it otherwise. */
export interface OfficeLook {
  readonly sandbox: Sandbox;
  /** Undefined: LibreOffice is not installed. */
  readonly programFolder?: string | undefined;
  readonly hasSwap?: boolean;
}

const MODULE_FILES: readonly (readonly [OfficeModule, string])[] = [
  ['writer', 'libswlo.so'],
  ['calc', 'libsclo.so'],
  ['impress', 'libsdlo.so'],
];

/** Its memory file system would go to the swap with everything else: where there is one on a disk in clear, nothing is converted. */
export async function findOffice({
  sandbox,
  programFolder = officeFolder(),
  hasSwap = swapWarnings().length > 0,
}: OfficeLook): Promise<FoundOffice> {
  if (programFolder === undefined) return without('notInstalled');
  if (sandbox.kind !== 'bubblewrap') return without('noSandbox');
  if (hasSwap) return without('swap');
  const modules = MODULE_FILES.filter(([, file]) => existsSync(join(programFolder, file))).map(([name]) => name);
  if (modules.length === 0) return without('notInstalled');
  const places = { sandbox: sandbox.path, programFolder, modules };
  const version = await officeVersion(places);
  return version === undefined ? without('noSandbox') : { places, check: { version } };
}

function without(why: Extract<OfficeCheck, { why: unknown }>['why']): FoundOffice {
  return { places: undefined, check: { why } };
}
