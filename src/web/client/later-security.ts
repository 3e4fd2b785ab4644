// Who is signed in, at once; sessions, addresses, phrase and second factor when they are first asked for: the list does not wait for them.

import type { Backend } from '../backend.ts';
import { readState, type OpenSession } from './open-session.ts';
import type { Security } from './security.ts';

export function laterSecurity(
  session: OpenSession,
  load: () => Promise<Security>,
): Security & Pick<Backend, 'session'> {
  return {
    async session() {
      const state = await readState(session.door);
      return state.ok ? state.value.session : undefined;
    },
    signOut: async () => (await load()).signOut(),
    sessions: async () => (await load()).sessions(),
    endSession: async (...args) => (await load()).endSession(...args),
    security: async () => (await load()).security(),
    recoveryDueMs: async () => (await load()).recoveryDueMs(),
    cancelRecovery: async () => (await load()).cancelRecovery(),
    appPasswords: async () => (await load()).appPasswords(),
    makeAppPassword: async (...args) => (await load()).makeAppPassword(...args),
    removeAppPassword: async (...args) => (await load()).removeAppPassword(...args),
    domains: async () => (await load()).domains(),
    domainReport: async (...args) => (await load()).domainReport(...args),
    addresses: async () => (await load()).addresses(),
    addAlias: async (...args) => (await load()).addAlias(...args),
    removeAlias: async (...args) => (await load()).removeAlias(...args),
    deleted: async () => (await load()).deleted(),
    bringBack: async (...args) => (await load()).bringBack(...args),
    destroyNow: async (...args) => (await load()).destroyNow(...args),
    closeMailbox: async () => (await load()).closeMailbox(),
    newPhrase: async () => (await load()).newPhrase(),
    confirmPhrase: async (...args) => (await load()).confirmPhrase(...args),
    newCodeSecret: async () => (await load()).newCodeSecret(),
    confirmCode: async (...args) => (await load()).confirmCode(...args),
    removeCode: async (...args) => (await load()).removeCode(...args),
  };
}
