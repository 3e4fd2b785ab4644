// The writing half before it is loaded: every call loads it first, so that the list of letters does not wait for it.

import type { Writing } from '../../writing.ts';

export function laterWriting(load: () => Promise<Writing>): Writing {
  return {
    identities: async () => (await load()).identities(),
    setIdentityName: async (...args) => (await load()).setIdentityName(...args),
    recipientStates: async (...args) => (await load()).recipientStates(...args),
    trustKey: async (...args) => (await load()).trustKey(...args),
    send: async (...args) => (await load()).send(...args),
    unsend: async (...args) => (await load()).unsend(...args),
    waiting: async () => (await load()).waiting(),
    drafts: async () => (await load()).drafts(),
    openDraft: async (...args) => (await load()).openDraft(...args),
    saveDraft: async (...args) => (await load()).saveDraft(...args),
    dropDraft: async (...args) => (await load()).dropDraft(...args),
    lookAtDraft: async (...args) => (await load()).lookAtDraft(...args),
    contacts: async () => (await load()).contacts(),
    putContact: async (...args) => (await load()).putContact(...args),
    removeContact: async (...args) => (await load()).removeContact(...args),
    importContacts: async (...args) => (await load()).importContacts(...args),
    exportContacts: async () => (await load()).exportContacts(),
    suggest: async (...args) => (await load()).suggest(...args),
  };
}
