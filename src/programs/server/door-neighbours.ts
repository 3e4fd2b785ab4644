// What reception is handed: who gets a letter (from the directory snapshot), whether there is room, and the journal's promise.

import * as v from 'valibot';
import { idToBytes, type AccountId } from '#base/ids.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Address } from '#formats/smtp/address.ts';
import type { Found, KeepRefusal, LetterToKeep, ReceptionNeighbours, Recipient } from '#post/reception/neighbours.ts';
import { rulesSchema, type Rule } from '#post/reception/rules.ts';
import type { Directory, DirectoryAccount } from '#vault/directory/directory.ts';
import type { LetterEntry } from '#vault/journal/journal.ts';
import { openSetting } from '#vault/keykit/settings-seal.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';
import { ledgerElement } from '#vault/safeguards/ledger/ledger-element.ts';
import { readerKeysFromPublic, type ReaderKeys } from '#vault/sealing/reader-keys.ts';
import type { TraceLog } from './trace-log.ts';
import type { Vault } from './open-vault.ts';

const RECIPIENTS_REMEMBERED = 10_000;
const DOOR = { kind: 'door', id: new Uint8Array(16) } as const;

type DoorVault = Pick<Vault, 'directory' | 'journal'> & { readonly door: Pick<Vault['door'], 'keepLetter'> };

export interface DoorFacts {
  readonly kit: KeyKit;
  readonly log: Log;
  readonly nowMs: () => number;
  /** Undefined until everything is open: then letters are asked to come again. */
  readonly vault: () => DoorVault | undefined;
  readonly trace: () => TraceLog | undefined;
}

export function createDoorNeighbours(facts: DoorFacts): ReceptionNeighbours {
  const remembered = new Map<string, Remembered>();
  return {
    findRecipients(address) {
      const vault = facts.vault();
      return vault === undefined ? err({ kind: 'stale' }) : findRecipients(facts, vault, remembered, address);
    },
    mayAccept: () => facts.vault()?.journal.mayAccept() ?? err({ kind: 'journalFailed' }),
    async keep(letter) {
      const vault = facts.vault();
      return vault === undefined ? err({ kind: 'journalFailed' }) : keepLetter(facts.kit, vault, letter);
    },
    trace: (id, step) => facts.trace()?.note(id, step),
  };
}

/** Parsed keys and opened rules, valid while the account's row is the same. */
interface Remembered {
  readonly keysVersion: number;
  readonly rulesBytes: Uint8Array | undefined;
  readonly keys: ReaderKeys;
  readonly rules: readonly Rule[];
}

function findRecipients(
  facts: DoorFacts,
  vault: DoorVault,
  remembered: Map<string, Remembered>,
  address: Address,
): Found {
  const { directory } = vault;
  if (!directory.hasDomain(address.domain)) return err({ kind: mayBeStale(vault) ? 'stale' : 'notOurs' });
  const accounts = accountsOf(directory, address);
  if (accounts.length === 0) return err({ kind: mayBeStale(vault) ? 'stale' : 'unknown' });
  const withRoom = accounts.filter((account) => account.usedBytes < account.quotaBytes);
  if (withRoom.length === 0) return err({ kind: 'overQuota' });
  const recipients = withRoom
    .map((account) => toRecipient(facts, remembered, account))
    .filter((one) => one !== undefined);
  return recipients.length > 0 ? ok(recipients) : err({ kind: 'stale' });
}

function accountsOf(directory: Directory, { local, domain }: Address): readonly DirectoryAccount[] {
  if (local === '*') {
    const account = directory.findCatchAll(domain);
    return account ? [account] : [];
  }
  const account = directory.findByAddress(`${local}@${domain}`);
  if (account) return [account];
  const group = directory.findGroup(`${local}@${domain}`);
  if (group.length > 0) return group;
  return local === 'postmaster' ? directory.operators() : [];
}

/** A sign-up or an address that is journalled and not yet in the snapshot: then "unknown" is no answer. */
function mayBeStale({ journal, directory }: DoorVault): boolean {
  return directory.appliedSeq < journal.lastAddressingSeq;
}

function toRecipient(
  facts: DoorFacts,
  remembered: Map<string, Remembered>,
  account: DirectoryAccount,
): Recipient | undefined {
  const { accountId, inbox, junk } = account;
  const known = remembered.get(accountId);
  const isSame = known?.keysVersion === account.keysVersion && areSame(known.rulesBytes, account.rules);
  const fresh = isSame ? known : readAccount(facts, account);
  if (fresh === undefined) {
    facts.log.error('reception.keysUnusable', { accountId });
    return undefined;
  }
  if (!isSame) {
    if (remembered.size >= RECIPIENTS_REMEMBERED) remembered.clear();
    remembered.set(accountId, fresh);
  }
  return { accountId, inbox, junk, keys: fresh.keys, rules: fresh.rules };
}

function readAccount(facts: DoorFacts, account: DirectoryAccount): Remembered | undefined {
  const { keysVersion, certificate, summaryKey, rules } = account;
  const keys = readerKeysFromPublic(certificate, summaryKey, { version: keysVersion, nowMs: facts.nowMs() });
  if (!keys.ok) return undefined;
  return { keysVersion, rulesBytes: rules, keys: keys.value, rules: openRules(facts, account.accountId, rules) };
}

/** Rules that cannot be read are no rules: the letter goes to the inbox. */
function openRules(facts: DoorFacts, accountId: AccountId, sealed: Uint8Array | undefined): readonly Rule[] {
  const plain = sealed && openSetting(facts.kit.settingsKey, accountId, 'rules', sealed);
  if (!plain) return [];
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), rulesSchema), new TextDecoder().decode(plain));
  return parsed.success ? parsed.output : [];
}

function areSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && Buffer.from(a).equals(b));
}

async function keepLetter(kit: KeyKit, vault: DoorVault, letter: LetterToKeep): Promise<Result<void, KeepRefusal>> {
  const entry: LetterEntry = {
    packet: letter.packet,
    packetDigest: letter.packetDigest,
    copies: letter.copies.map(({ accountId, ...copy }) => ({
      accountId,
      actor: DOOR,
      record: {
        ...copy,
        receivedMs: letter.receivedMs,
        element: ledgerElement(kit.ledgerKey, idToBytes(copy.letterId), letter.packetDigest),
        expiresMs: 0,
        wrapping: 0,
      },
    })),
  };
  const kept = await vault.door.keepLetter(entry);
  if (kept.ok) return ok(undefined);
  return err({ kind: kept.error.kind === 'tooLarge' ? 'journalFailed' : kept.error.kind });
}
