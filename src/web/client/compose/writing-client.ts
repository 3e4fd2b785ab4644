// The writing half of the client: every part on one open session, as the page's Writing.

import type { Clock } from '#base/clock.ts';
import { err, ok } from '#base/result.ts';
import type { Person } from '../../backend.ts';
import type { Writing } from '../../writing.ts';
import { createContactBook } from '../contacts/contact-book.ts';
import { RecipientKeys } from '../contacts/recipient-keys.ts';
import { createSuggestions } from '../contacts/suggestions.ts';
import type { OpenSession } from '../open-session.ts';
import { DraftShelf } from './draft-shelf.ts';
import { createIdentities } from './identities.ts';
import { createSending } from './send-letter.ts';

/** `people`: of letters whose summaries are open in memory. */
export function createWriting(session: OpenSession, clock: Clock, people: () => Iterable<Person>): Writing {
  const keys = new RecipientKeys(session, clock);
  const shelf = new DraftShelf(session, clock);
  const suggestions = createSuggestions(session, clock, people);
  const named = createIdentities(session);
  return {
    ...named,
    recipientStates: (addresses) => keys.statesOf(addresses),
    trustKey: (address, fingerprint, how) => keys.trust({ address, fingerprint, how }),
    ...createSending({ session, clock, shelf, keys, suggestions, identities: named.identities }),
    drafts: () => shelf.rows(),
    openDraft: (id) => shelf.open(id),
    dropDraft: (id) => shelf.drop(id),
    lookAtDraft: (id) => shelf.look(id),
    async saveDraft(draft) {
      const saved = await shelf.save(draft);
      if (saved.ok) return ok({ id: saved.value.id, savedMs: saved.value.kept.savedMs });
      return saved.error.kind === 'too-large' ? err({ kind: 'too-many' }) : err(saved.error);
    },
    ...createContactBook(session, clock),
    suggest: suggestions.suggest,
  };
}
