// What `siegel restore account` does in the running program: letters of single accounts out of a backup, while everybody goes on.

import { randomBytes } from 'node:crypto';
import type { Config } from '#base/config/read.ts';
import { parseId, type AccountId, type LetterId, type MailboxId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import {
  bringBack,
  type BringBackRefusal,
  type BroughtBack,
  type LiveHouse,
} from '#vault/safeguards/backup/bring-back.ts';
import { explainBackup } from '#vault/safeguards/backup/refusals.ts';
import type { Command } from '#vault/journal/commands.ts';
import type { OperatorHandlers, OperatorRefusal, ParamsOf, Progress, ResultOf } from '../operator-methods.ts';
import type { HouseBackups } from './open-backups.ts';
import type { Vault } from './open-vault.ts';
import { findOwner, readAddress, refuse } from './operator-change.ts';

export interface RestoreParts {
  readonly config: Pick<Config, 'domain'>;
  readonly vault: Vault;
  readonly backups: HouseBackups;
}

export function createRestoreHandlers(parts: RestoreParts): Pick<OperatorHandlers, 'restore.account'> {
  return { 'restore.account': (params, progress) => restoreAccounts(parts, params, progress) };
}

interface Wanted {
  readonly accountIds: readonly AccountId[];
  readonly letterId: LetterId | undefined;
  readonly mailboxId: MailboxId | undefined;
}

type Answer = Result<ResultOf<'restore.account'>, OperatorRefusal>;

async function restoreAccounts(
  parts: RestoreParts,
  params: ParamsOf<'restore.account'>,
  progress: Progress,
): Promise<Answer> {
  const wanted = await readWanted(parts, params);
  if (!wanted.ok) return wanted;
  const { accountIds, letterId, mailboxId } = wanted.value;
  // one name for all that this run does: a later undo can leave it out as one
  const actor = { kind: 'tool', id: new Uint8Array(randomBytes(16)) } as const;
  const done: { readonly account: AccountId; readonly brought: BroughtBack }[] = [];
  const refused: { readonly account: AccountId; readonly why: string }[] = [];
  const read = await parts.backups.backups.read(params.backup, async ({ database, journal, manifest }) => {
    for (const [index, accountId] of accountIds.entries()) {
      const live = liveHouse(parts.vault, actor);
      const order = {
        backup: { database, journal },
        live,
        actor,
        accountId,
        letterId,
        mailboxId,
        isApplied: params.apply,
      };
      const brought = await bringBack(order);
      if (brought.ok) done.push({ account: accountId, brought: brought.value });
      else refused.push({ account: accountId, why: explain(brought.error) });
      progress(index + 1, accountIds.length);
    }
    return manifest.id;
  });
  if (!read.ok) return err({ kind: read.error.kind, sentence: explainBackup(read.error) });
  const [only] = refused;
  if (done.length === 0 && only !== undefined) return refuse('not-brought-back', only.why);
  return ok(describe(read.value, params.apply, { done, refused }));
}

async function readWanted(
  { config, vault }: RestoreParts,
  { addresses, letter, folder }: ParamsOf<'restore.account'>,
): Promise<Result<Wanted, OperatorRefusal>> {
  const letterId = parseId<LetterId>(letter);
  const mailboxId = parseId<MailboxId>(folder);
  if ((letter !== undefined && letterId === undefined) || (folder !== undefined && mailboxId === undefined))
    return refuse('bad-id', 'That is not the id of a letter or a folder. Nothing was changed.');
  if (addresses.length > 1 && (letterId !== undefined || mailboxId !== undefined))
    return refuse('one-account', 'A letter or a folder belongs to one account: name one address. Nothing was changed.');
  const accountIds = new Set<AccountId>();
  for (const text of addresses) {
    const address = readAddress(text, config.domain);
    if (!address.ok) return address;
    const owner = await findOwner(vault, address.value);
    if (!owner.ok) return owner;
    accountIds.add(owner.value);
  }
  return ok({ accountIds: [...accountIds], letterId, mailboxId });
}

function liveHouse(
  { database, door, journal }: Vault,
  actor: { readonly kind: 'tool'; readonly id: Uint8Array },
): LiveHouse {
  return {
    database,
    journal,
    commit: (accountId, command: Command) => door.commit(accountId, actor, async () => ok(command)),
    keepLetter: (entry) => door.keepLetter(entry),
    settled: (accountId) => untilSettled(door, accountId),
  };
}

const SETTLE_TRIES = 120;

/** Thousands of letters take their time to reach the rows; the door itself waits half a second. */
async function untilSettled(door: Vault['door'], accountId: AccountId): ReturnType<LiveHouse['settled']> {
  for (let tries = 1; ; tries += 1) {
    const settled = await door.settled(accountId);
    if (settled.ok || tries === SETTLE_TRIES || door.health.state !== 'up') return settled;
  }
}

function explain(refusal: BringBackRefusal): string {
  switch (refusal.kind) {
    case 'notInBackup':
      return 'It is not in this backup. Nothing was changed. Look at another: siegel backup list';
    case 'accountGone':
      return 'The account was erased for good, so nothing can be put into it. Nothing was changed; the whole house as it was: siegel restore --to DIR --backup PLACE --kit FILE';
    case 'backupDamaged':
      return `Letter ${refusal.letterId} could not be read out of the backup. What was brought back before it stays. Try the backup: siegel backup verify`;
    case 'notTaken':
      return `The house could not take it just now (${refusal.why}). What was brought back stays; run it again, and nothing comes twice.`;
    case 'notAsInBackup':
      return `Counted in the journal: ${refusal.missing} letters are not there as the backup has them, and ${refusal.extra} are there that it has not. Everything that is there stays. Run it again, and what is missing comes, nothing twice; then: siegel ledger check`;
    default:
      return refusal satisfies never;
  }
}

interface Outcome {
  readonly done: readonly { readonly account: AccountId; readonly brought: BroughtBack }[];
  readonly refused: readonly { readonly account: AccountId; readonly why: string }[];
}

function describe(backup: string, isApplied: boolean, { done, refused }: Outcome): ResultOf<'restore.account'> {
  const sum = (of: (brought: BroughtBack) => number): number =>
    done.reduce((total, { brought }) => total + of(brought), 0);
  const [placed, appended, folders] = [sum((one) => one.placed), sum((one) => one.appended), sum((one) => one.folders)];
  const reopened = done.filter(({ brought }) => brought.isReopened).length;
  const looked = sum((one) => one.looked);
  return {
    plan: `Of ${looked} letters in backup ${backup}, ${placed} that were removed are placed where they lay, ${appended} that were erased are appended again, ${folders} folders and ${reopened} closed accounts come back; the others are there. Nothing that is there is changed.`,
    isApplied,
    backup,
    looked,
    placed,
    appended,
    folders,
    reopened,
    accounts: done.map(({ account, brought }) => ({
      account,
      placed: brought.placed,
      appended: brought.appended,
      folders: brought.folders,
    })),
    refused: refused.map(({ account, why }) => ({ account, why })),
  };
}
