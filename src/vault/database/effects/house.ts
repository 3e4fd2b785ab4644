// What concerns the whole house: its instance, domains, catch-all accounts, group addresses and invites.

import { uuids } from '../array-parameter.ts';
import { idToUuid } from '../ids.ts';
import type { CommandOf } from '../../journal/commands.ts';
import type { RecordHeader } from '../../journal/record.ts';
import type { Session } from '../session.ts';
import { endAccount } from './account-end.ts';
import { noteDesk, putDeskFile } from './desk.ts';
import { bytesOf, CannotApply } from './effect.ts';

const KINDS = [
  'instanceCreated',
  'domainAdded',
  'domainRemoved',
  'catchAllPut',
  'groupPut',
  'groupRemoved',
  'inviteCreated',
  'operatorPut',
  'operatorRemoved',
  'changeStepped',
  'incidentPut',
  'eraRaised',
  'accountErased',
  'deskNoted',
  'deskFilePut',
] as const;
export type HouseKind = (typeof KINDS)[number];
export type HouseCommand = { readonly [K in HouseKind]: CommandOf<K> }[HouseKind];

const SQL = {
  instance: 'INSERT INTO instance (instance_id) VALUES ($1)',
  addDomain: 'INSERT INTO domain (domain) VALUES ($1) ON CONFLICT (domain) DO NOTHING',
  dropDomain: 'DELETE FROM domain WHERE domain = $1',
  catchAll: 'UPDATE domain SET catch_all = $2 WHERE domain = $1',
  putGroup: `
    INSERT INTO group_address (address, account_ids)
    SELECT $1::text, $2::uuid[] WHERE NOT EXISTS (SELECT 1 FROM address WHERE address = $1)
    ON CONFLICT (address) DO UPDATE SET account_ids = excluded.account_ids, removed_ms = NULL RETURNING 1`,
  dropGroup: 'UPDATE group_address SET removed_ms = $2 WHERE address = $1 AND removed_ms IS NULL',
  era: 'UPDATE instance SET era = greatest(era, $1)',
  endSessions: 'DELETE FROM session WHERE opened_ms <= $1',
  endAppPasswords: 'DELETE FROM app_password WHERE created_ms <= $1',
  // numbers after the copy may be given again, so they name nothing that any client has seen
  newUidValidity: 'UPDATE mailbox SET uid_validity = greatest(uid_validity + 1, $1)',
  // a code of the time after the copy may have been used already
  spendSteps:
    'UPDATE account SET second_factor_step = greatest(second_factor_step, $1) WHERE second_factor IS NOT NULL',
  invite: 'INSERT INTO invite (invite_id, code_hash, role, expires_ms) VALUES ($1, $2, $3, $4)',
} as const;

export async function applyHouseCommand(tx: Session, header: RecordHeader, command: HouseCommand): Promise<void> {
  switch (command.kind) {
    case 'instanceCreated':
      await tx.rows(SQL.instance, [idToUuid(command.effect.instanceId)]);
      return;
    case 'domainAdded':
      await tx.rows(SQL.addDomain, [command.effect.domain]);
      return;
    case 'domainRemoved':
      await tx.rows(SQL.dropDomain, [command.effect.domain]);
      return;
    case 'catchAllPut': {
      const { domain, accountId } = command.effect;
      await tx.rows(SQL.catchAll, [domain, accountId === null ? null : idToUuid(accountId)]);
      return;
    }
    case 'groupPut': {
      const { address, accountIds } = command.effect;
      const put = await tx.rows(SQL.putGroup, [address, uuids(accountIds.map((id) => idToUuid(id)))]);
      if (put.length === 0) throw new CannotApply('the address belongs to an account');
      return;
    }
    case 'groupRemoved':
      await tx.rows(SQL.dropGroup, [command.effect.address, header.timeMs]);
      return;
    case 'inviteCreated': {
      const { inviteId, codeHash, role, expiresMs } = command.effect;
      await tx.rows(SQL.invite, [idToUuid(inviteId), bytesOf(codeHash), role, expiresMs]);
      return;
    }
    case 'eraRaised':
      await raiseEra(tx, header, command.effect);
      return;
    case 'accountErased':
      await endAccount(tx, header, command.effect);
      return;
    case 'deskNoted':
      await noteDesk(tx, header, command.effect);
      return;
    case 'deskFilePut':
      await putDeskFile(tx, header, command.effect);
      return;
    case 'operatorPut':
    case 'operatorRemoved':
    case 'changeStepped':
    case 'incidentPut':
      return; // read from the directory's register, which needs no database
  }
}

const STEP_MS = 30_000; // RFC 6238 §4

async function raiseEra(
  tx: Session,
  { timeMs }: RecordHeader,
  { era, lostTail, endsSessions }: CommandOf<'eraRaised'>['effect'],
): Promise<void> {
  await tx.rows(SQL.era, [era]);
  if (endsSessions || lostTail) await tx.rows(SQL.endSessions, [timeMs]);
  if (!lostTail) return;
  await tx.rows(SQL.endAppPasswords, [timeMs]);
  await tx.rows(SQL.newUidValidity, [Math.floor(timeMs / 1000)]);
  await tx.rows(SQL.spendSteps, [Math.floor(timeMs / STEP_MS) + 1]);
}

export function isHouseCommand(command: { readonly kind: string }): command is HouseCommand {
  return KINDS.some((kind) => kind === command.kind);
}
