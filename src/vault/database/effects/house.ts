// What concerns the whole house: its instance, domains, catch-all accounts and invites.

import { idToUuid } from '../ids.ts';
import type { CommandOf } from '../../journal/commands.ts';
import type { Session } from '../session.ts';
import { bytesOf } from './effect.ts';

export type HouseKind = 'instanceCreated' | 'domainAdded' | 'domainRemoved' | 'catchAllPut' | 'inviteCreated';
export type HouseCommand = { readonly [K in HouseKind]: CommandOf<K> }[HouseKind];

const SQL = {
  instance: 'INSERT INTO instance (instance_id) VALUES ($1)',
  addDomain: 'INSERT INTO domain (domain) VALUES ($1) ON CONFLICT (domain) DO NOTHING',
  dropDomain: 'DELETE FROM domain WHERE domain = $1',
  catchAll: 'UPDATE domain SET catch_all = $2 WHERE domain = $1',
  invite: 'INSERT INTO invite (invite_id, code_hash, role, expires_ms) VALUES ($1, $2, $3, $4)',
} as const;

export async function applyHouseCommand(tx: Session, command: HouseCommand): Promise<void> {
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
    case 'inviteCreated': {
      const { inviteId, codeHash, role, expiresMs } = command.effect;
      await tx.rows(SQL.invite, [idToUuid(inviteId), bytesOf(codeHash), role, expiresMs]);
      return;
    }
  }
}

export function isHouseCommand(command: { readonly kind: string }): command is HouseCommand {
  return ['instanceCreated', 'domainAdded', 'domainRemoved', 'catchAllPut', 'inviteCreated'].includes(command.kind);
}
