// A stand-in for the client's writing half: people, drafts and sending in memory, no keys, no server.
// Addresses choose the case: at kanzlei.test the sample colleagues are of the house and anybody else is unknown there; verified@, key@ and changed@ any domain
// have a key compared, pinned when first seen, or another one than the pinned; Hatice Demir's is pinned; everybody else has none. limit@ is refused as too many today.

import { newId, type ItemId, type LetterId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { writeVcards } from '#formats/contacts/vcard.ts';
import type { ChangeRefusal, ListRow, Person } from '#web/backend.ts';
import type {
  Contact,
  Draft,
  PinnedKey,
  RecipientState,
  SenderIdentity,
  SendRefusal,
  Sent,
  WaitingLetter,
  Writing,
} from '#web/writing.ts';
import type { FakeBackend } from './fake-client.ts';
import { me } from './held-letters.ts';
import { samples } from './sample-letters.ts';

const DAY_MS = 86_400_000;
const colleagues = new Map([
  ['leyla.yildiz@kanzlei.test', '5e1f0c7a93d24b8861aa07f39c2be4d05716fe83'],
  ['jonas.brandt@kanzlei.test', 'a14be9027dd84c6f135b60a2c9e871f44d3a0b96'],
  ['sekretariat@kanzlei.test', '0b7719e4cc5a2fd83e6490fa1d8b25c3f7605ea1'],
]);
const HATICE = 'hatice.demir@feldpost.test';
const OLD = 'd3a90c61f8e24b7790aa5c1e6f2b8d4403c7e915';
const NEW = '77f2be0d1a6c4935e8d40b91c65af3827e09d1bc';
const OK = ok(undefined);

interface Pending {
  readonly sent: Sent;
  readonly draft: Draft;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export function fakeWriting(backend: FakeBackend, nowMs: () => number = Date.now): Writing {
  const contacts = new Map<ItemId, Contact>(sampleContacts(nowMs()).map((one) => [one.id, one]));
  const drafts = new Map<ItemId, { readonly draft: Draft; readonly savedMs: number }>();
  const pending = new Map<string, Pending>();
  const trusted = new Map<string, 'compared' | 'accepted'>();
  const names = new Map([['main', me.name]]);
  const people = peopleOf();

  const stateOf = (address: string): RecipientState => {
    const lower = address.toLowerCase();
    const [local = '', domain = ''] = lower.split('@');
    const base = {
      address,
      fingerprint: undefined,
      formerFingerprint: undefined,
      deliverable: true,
      reason: undefined,
    };
    const house = colleagues.get(lower);
    if (house !== undefined) return { ...base, state: 'house', fingerprint: house };
    if (domain === 'kanzlei.test') return { ...base, state: 'none', deliverable: false };
    if (local === 'changed') {
      const how = trusted.get(lower);
      if (how !== undefined) {
        return { ...base, state: how === 'compared' ? 'verified' : 'first-use', fingerprint: NEW };
      }
      return { ...base, state: 'changed', fingerprint: NEW, formerFingerprint: OLD };
    }
    const hasKey = local === 'verified' || local === 'key' || lower === HATICE;
    if (!hasKey) return { ...base, state: 'none' };
    const isVerified = local === 'verified' || trusted.get(lower) === 'compared';
    return { ...base, state: isVerified ? 'verified' : 'first-use', fingerprint: OLD };
  };

  const refusalOf = (draft: Draft, unsealed: readonly string[]): SendRefusal | undefined => {
    const addresses = [...draft.to, ...draft.cc, ...draft.bcc].map((one) => one.address);
    if (addresses.length === 0) return { kind: 'no-recipient' };
    if (addresses.some((one) => one.startsWith('limit@'))) return { kind: 'too-many-today' };
    if (draft.files.reduce((sum, file) => sum + file.bytes.length, 0) > 35_000_000) return { kind: 'too-large' };
    const states = addresses.map(stateOf);
    const where = (wanted: (state: RecipientState) => boolean) => states.filter(wanted).map((state) => state.address);
    const unknown = where((state) => !state.deliverable);
    if (unknown.length > 0) return { kind: 'unknown-recipients', addresses: unknown };
    const changed = where((state) => state.state === 'changed');
    if (changed.length > 0) return { kind: 'key-changed', addresses: changed };
    const named = new Set(unsealed.map((one) => one.toLowerCase()));
    const open = where((state) => state.state === 'none' && !named.has(state.address.toLowerCase()));
    return open.length > 0 ? { kind: 'would-be-unsealed', addresses: open } : undefined;
  };

  const keep = (draft: Draft, unsealed: boolean): LetterId => {
    const row: ListRow = {
      id: newId<LetterId>(),
      mailboxIds: [backend.box('sent').id],
      keywords: ['$seen'],
      from: [{ name: names.get(draft.identityId) ?? '', address: me.address }],
      to: [...draft.to, ...draft.cc],
      subject: draft.subject,
      snippet: snippetOf(draft),
      receivedMs: nowMs(),
      sizeBytes: 2_000 + draft.plainText.length,
      attachmentsCount: draft.files.filter((file) => file.contentId === undefined).length,
      sign: unsealed ? 'on-arrival' : 'end-to-end',
      expiresMs: undefined,
      altered: false,
      threadCount: 1,
    };
    const sample = {
      from: [me.name, me.address] as const,
      subject: draft.subject,
      text: draft.plainText,
      ...(draft.plainHtml === undefined ? {} : { html: draft.plainHtml }),
      sign: row.sign,
      place: 'sent' as const,
    };
    backend.keep({ row, sample });
    return row.id;
  };

  const mark = async ({ answers }: Draft): Promise<void> => {
    if (answers === undefined) return;
    await backend.change([answers.id], { addKeywords: [answers.how === 'reply' ? '$answered' : '$forwarded'] });
  };

  return {
    identities: async (): Promise<readonly SenderIdentity[]> => [
      { id: 'main', address: me.address, name: names.get('main') ?? '' },
      { id: 'office', address: 'kanzlei@kanzlei.test', name: names.get('office') ?? 'Brandt & Yıldız' },
    ],
    setIdentityName: async (id: string, name: string): Promise<Result<undefined, ChangeRefusal>> => {
      if (backend.failing) return err({ kind: 'no-connection' });
      names.set(id, name);
      return OK;
    },
    recipientStates: async (addresses: readonly string[]) => addresses.map(stateOf),
    trustKey: async (address: string, _fingerprint: string, how: 'compared' | 'accepted') => {
      trusted.set(address.toLowerCase(), how);
      return OK;
    },
    ...sending(),
    ...draftShelf(),
    ...addressBook(),
  };

  function sending(): Pick<Writing, 'send' | 'unsend' | 'waiting'> {
    return {
      async send(draft, options) {
        if (backend.failing) return err({ kind: 'no-connection' });
        const refused = refusalOf(draft, options.unsealed);
        if (refused) return err(refused);
        const letterId = keep(draft, options.unsealed.length > 0);
        const leavesMs = Math.max(nowMs() + options.undoMs, options.sendAtMs ?? 0);
        const id = newId<ItemId>();
        const sent: Sent = { submissionIds: [id], letterId, leavesMs, isFinal: false };
        const timer = setTimeout(() => pending.delete(id), Math.min(leavesMs - nowMs(), 2 ** 31 - 1));
        pending.set(id, { sent, draft, timer });
        if (draft.id !== undefined) drafts.delete(draft.id);
        await mark(draft);
        return ok(sent);
      },
      async unsend(submissionIds) {
        const found = pending.get(submissionIds[0] ?? '');
        if (!found) return err({ kind: 'left' });
        clearTimeout(found.timer);
        pending.delete(submissionIds[0] ?? '');
        await backend.destroy([found.sent.letterId]);
        const draftId = found.draft.id ?? newId<ItemId>();
        drafts.set(draftId, { draft: { ...found.draft, id: draftId }, savedMs: nowMs() });
        return ok({ draftId });
      },
      waiting: async (): Promise<readonly WaitingLetter[]> => [...pending.values()].map(({ sent }) => sent),
    };
  }

  function draftShelf(): Pick<Writing, 'drafts' | 'openDraft' | 'saveDraft' | 'dropDraft' | 'lookAtDraft'> {
    return {
      drafts: async () =>
        [...drafts]
          .map(([id, { draft, savedMs }]) => ({
            id,
            to: draft.to,
            subject: draft.subject,
            snippet: snippetOf(draft),
            savedMs,
          }))
          .toSorted((a, b) => b.savedMs - a.savedMs),
      async openDraft(id) {
        const found = drafts.get(id);
        return found ? ok(found.draft) : err({ kind: 'gone' });
      },
      async saveDraft(draft) {
        if (backend.failing) return err({ kind: 'no-connection' });
        const id = draft.id ?? newId<ItemId>();
        drafts.set(id, { draft: { ...draft, id }, savedMs: nowMs() });
        return ok({ id, savedMs: nowMs() });
      },
      lookAtDraft: async () => 'same',
      async dropDraft(id) {
        drafts.delete(id);
        return OK;
      },
    };
  }

  function addressBook(): Pick<
    Writing,
    'contacts' | 'putContact' | 'removeContact' | 'importContacts' | 'exportContacts' | 'suggest'
  > {
    return {
      contacts: async () => [...contacts.values()].toSorted((a, b) => a.name.localeCompare(b.name)),
      async putContact(contact) {
        if (backend.failing) return err({ kind: 'no-connection' });
        const id = contact.id ?? newId<ItemId>();
        contacts.set(id, { ...contact, id });
        return ok({ id });
      },
      async removeContact(id) {
        contacts.delete(id);
        return OK;
      },
      async importContacts(bytes) {
        const text = new TextDecoder().decode(bytes);
        const found = [...text.matchAll(/^FN:(.*)$[\s\S]*?^EMAIL[^:]*:(.*)$/gm)];
        if (found.length === 0) return err({ kind: 'not-understood' });
        for (const [, name = '', address = ''] of found) {
          const id = newId<ItemId>();
          contacts.set(id, { ...contactOf(name.trim(), address.trim()), id });
        }
        return ok({ added: found.length, joined: 0, skipped: [] });
      },
      exportContacts: async () =>
        new TextEncoder().encode(
          writeVcards([...contacts.values()].map((contact) => ({ ...contact, certificates: [] }))),
        ),
      async suggest(text) {
        const wanted = text.toLowerCase().trim();
        if (wanted === '') return [];
        const fits = ({ name, address }: Person) => `${name} ${address}`.toLowerCase().includes(wanted);
        const known = [...contacts.values()].flatMap(({ name, addresses }) =>
          addresses.map((address) => ({ name, address })),
        );
        const seen = new Set<string>();
        return [...known, ...people]
          .filter((person) => fits(person) && !seen.has(person.address) && seen.add(person.address))
          .slice(0, 8);
      },
    };
  }
}

function snippetOf({ plainText }: Draft): string {
  return plainText.replaceAll(/\s+/g, ' ').slice(0, 110);
}

function contactOf(name: string, address: string): Contact {
  return { id: undefined, name, addresses: [address], phones: [], organisation: '', note: '', keys: [] };
}

function peopleOf(): readonly Person[] {
  return samples
    .filter((sample) => sample.place !== 'junk')
    .map(({ from: [name, address] }): Person => ({ name, address }));
}

function sampleContacts(nowMs: number): readonly (Contact & { readonly id: ItemId })[] {
  const key = (fingerprint: string, days: number, verified: boolean, source: PinnedKey['source']): PinnedKey => ({
    fingerprint,
    firstSeenMs: nowMs - days * DAY_MS,
    lastSeenMs: nowMs - DAY_MS,
    verified,
    source,
  });
  const house = (address: string): readonly PinnedKey[] => [key(colleagues.get(address) ?? OLD, 253, false, 'house')];
  const one = (name: string, address: string, more: Omit<Partial<Contact>, 'id'> = {}) => ({
    ...contactOf(name, address),
    id: newId<ItemId>(),
    ...more,
  });
  return [
    one('Jonas Brandt', 'jonas.brandt@kanzlei.test', {
      phones: ['+49 555 0134'],
      organisation: 'Brandt & Yıldız',
      keys: house('jonas.brandt@kanzlei.test'),
    }),
    one('Mara Kaya', 'sekretariat@kanzlei.test', {
      organisation: 'Brandt & Yıldız',
      keys: house('sekretariat@kanzlei.test'),
    }),
    one('Hatice Demir', HATICE, {
      phones: ['+49 555 0177'],
      note: 'Akte 14/26',
      keys: [key(OLD, 88, false, 'wkd'), key(NEW, 400, false, 'autocrypt')],
    }),
    one('Ayşe Öztürk', 'ayse.oeztuerk@briefkiste.test', { phones: ['+90 555 010 20 30'] }),
    one('Prof. Dr. Marlene Hartung', 'hartung@gutachten-hartung.test', { organisation: 'Gutachten Hartung' }),
  ];
}
