// What a worker of each role knows: its libraries are loaded by that role alone.

import type { Model } from '../text/open-core.ts';
import type { Role } from './start-worker.ts';
import type { Skills } from './serve-work.ts';

/** What a worker is handed that lies in files: only the role that needs it asks. */
export interface SkillFiles {
  readonly readModels: () => Promise<readonly Model[]>;
}

const LOADERS: Readonly<Record<Role, (files: SkillFiles) => Promise<Skills>>> = {
  read: async () => (await import('./skills/read-skills.ts')).readSkills,
  page: async ({ readModels }) => (await import('./skills/page-skills.ts')).pageSkills(await readModels()),
  bind: async () => (await import('./skills/bind-skills.ts')).bindSkills,
  verify: async () => (await import('./skills/verify-skills.ts')).verifySkills,
};

/** Undefined: there is no such role. */
export async function findSkills(role: string | undefined, files: SkillFiles): Promise<Skills | undefined> {
  return isRole(role) ? LOADERS[role](files) : undefined;
}

function isRole(role: string | undefined): role is Role {
  return role !== undefined && Object.hasOwn(LOADERS, role);
}
