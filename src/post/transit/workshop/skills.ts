// What a worker of each role knows: its libraries are loaded by that role alone.

import type { Role } from './start-worker.ts';
import type { Skills } from './serve-work.ts';

const LOADERS: Readonly<Record<Role, () => Promise<Skills>>> = {
  read: async () => (await import('./skills/read-skills.ts')).readSkills,
  page: async () => (await import('./skills/page-skills.ts')).pageSkills(),
  bind: async () => (await import('./skills/bind-skills.ts')).bindSkills,
  verify: async () => (await import('./skills/verify-skills.ts')).verifySkills,
};

/** Undefined: there is no such role. */
export async function findSkills(role: string | undefined): Promise<Skills | undefined> {
  return isRole(role) ? LOADERS[role]() : undefined;
}

function isRole(role: string | undefined): role is Role {
  return role !== undefined && Object.hasOwn(LOADERS, role);
}
