// What the mailbox asks beside the list: the disclosure table, storage, what is due about the account's safety.

import { useEffect, useState } from 'preact/hooks';
import type { Backend, Disclosure, MailboxInfo } from '../backend.ts';

const STORAGE_WAIT_MS = 1_500;

export interface Extras {
  readonly disclosure: Disclosure | undefined;
  readonly hasTransit: boolean;
  readonly storage: { readonly usedBytes: number; readonly limitBytes: number } | undefined;
  readonly phraseMissing: boolean;
  readonly recoveryDueMs: number | undefined;
  readonly cancelRecovery: () => void;
}

type Found = Omit<Extras, 'cancelRecovery' | 'hasTransit'>;
const nothing: Found = { disclosure: undefined, storage: undefined, phraseMissing: false, recoveryDueMs: undefined };

/** Storage is asked again when the mailboxes changed. */
export function useExtras(backend: Backend, mailboxes: readonly MailboxInfo[]): Extras {
  const [extras, setExtras] = useState<Found>(nothing);
  const later = (part: Promise<Partial<Found>>): void =>
    void part.then(
      (found) => setExtras((known) => ({ ...known, ...found })),
      () => undefined, // asked again with the next page; nothing here is needed to read mail
    );
  useEffect(() => {
    later(backend.disclosure().then((disclosure) => ({ disclosure })));
    later(
      Promise.all([backend.security(), backend.shownMailbox()]).then(([{ phraseSet }, { shared }]) => ({
        // Where several people read, one's own phrase is nothing to see to.
        phraseMissing: !phraseSet && shared === undefined,
      })),
    );
    later(backend.recoveryDueMs().then((recoveryDueMs) => ({ recoveryDueMs })));
  }, [backend]);
  useEffect(() => {
    const waitMs = extras.storage ? STORAGE_WAIT_MS : 0;
    const timer = setTimeout(() => later(backend.storage().then((storage) => ({ storage }))), waitMs);
    return () => clearTimeout(timer);
  }, [mailboxes]);
  const cancelRecovery = (): void =>
    later(backend.cancelRecovery().then((done) => (done.ok ? { recoveryDueMs: undefined } : {})));
  const hasTransit = extras.disclosure?.rows.some(({ key }) => key === 'documents') === true;
  return { ...extras, hasTransit, cancelRecovery };
}
