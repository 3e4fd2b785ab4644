// What a drill fills its houses with: accounts and letters of random bytes whose ids and digests it remembers, so that it can count them.

import { createHash, randomBytes } from 'node:crypto';
import { idToBytes, newId, type AccountId, type LetterId, type MailboxId } from '#base/ids.ts';
import type { CommandOf, MailboxRole } from '#vault/journal/commands.ts';
import type { LetterEntry } from '#vault/journal/journal.ts';
import { ledgerElement } from '#vault/safeguards/ledger/ledger-element.ts';

const ROLES: readonly MailboxRole[] = ['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash'];
const PACKET_BYTES = 400;

export interface DrillAccount {
  readonly id: AccountId;
  readonly inbox: MailboxId;
  readonly address: string;
}

/** A letter that was acknowledged: from then on it must be there, once, with these bytes. */
export interface KnownLetter {
  readonly accountId: AccountId;
  readonly letterId: LetterId;
  /** SHA-256 of its packet, in hexadecimal. */
  readonly digest: string;
  readonly receivedMs: number;
}

/** `setupId`: of the house’s key kit. */
export function makeAccount(
  address: string,
  setupId: string,
): { readonly account: DrillAccount; readonly command: CommandOf<'accountCreated'> } {
  const text = (bytes: number): string => randomBytes(bytes).toString('base64url');
  const mailboxes = ROLES.map((role, sortOrder) => ({
    id: newId<MailboxId>(),
    parentId: null,
    role,
    sealedName: '',
    sortOrder,
  }));
  const command: CommandOf<'accountCreated'> = {
    kind: 'accountCreated',
    effect: {
      role: 'member',
      address,
      inviteId: null,
      keys: { version: 1, certificate: text(400), summaryKey: text(32), authKey: text(32) },
      credential: {
        version: 1,
        setupId,
        record: text(192),
        stretching: { suite: 'argon2id', version: 19, iterations: 3, memoryKib: 65_536, parallelism: 1 },
        wrap: text(60),
        arkVersion: 1,
      },
      wraps: [],
      keyring: { version: 1, sealed: text(200) },
      manifest: { version: 1, bytes: text(300) },
      mailboxes,
      quotaBytes: 1e9,
    },
  };
  const [inbox] = mailboxes;
  if (inbox === undefined) throw new Error('an account without mailboxes');
  return { account: { id: newId<AccountId>(), inbox: inbox.id, address }, command };
}

export interface LetterOrder {
  readonly account: DrillAccount;
  readonly ledgerKey: Uint8Array;
  readonly receivedMs: number;
  /** Default: new. */
  readonly letterId?: LetterId;
  /** Default: random. */
  readonly packet?: Uint8Array;
}

export function makeLetter(order: LetterOrder): { readonly entry: LetterEntry; readonly known: KnownLetter } {
  const { account, ledgerKey, receivedMs, letterId = newId<LetterId>(), packet = randomBytes(PACKET_BYTES) } = order;
  const packetDigest = createHash('sha256').update(packet).digest();
  const entry: LetterEntry = {
    packet,
    packetDigest,
    copies: [
      {
        accountId: account.id,
        actor: { kind: 'door', id: new Uint8Array(16) },
        record: {
          letterId,
          mailboxId: account.inbox,
          element: ledgerElement(ledgerKey, idToBytes(letterId), packetDigest),
          expiresMs: 0,
          receivedMs,
          renderVersion: 1,
          renderSizeBytes: 1_000,
          wrapping: 0,
          keywords: [],
          keyPacket: randomBytes(94),
          summary: randomBytes(256),
          terms: randomBytes(300),
        },
      },
    ],
  };
  return { entry, known: { accountId: account.id, letterId, digest: packetDigest.toString('hex'), receivedMs } };
}
