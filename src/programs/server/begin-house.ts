// The first records of a house: its instance and its domain. At later starts, a changed domain is added.

import type { InstanceId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Command } from '#vault/journal/commands.ts';
import type { CommandRefusal } from '../command.ts';
import type { Vault } from './open-vault.ts';

const SYSTEM = { kind: 'system', id: new Uint8Array(16) } as const;

/** Both go through the one door for change, so rows and snapshot know them before the first letter. */
export async function beginHouse(
  vault: Vault,
  instanceId: InstanceId,
  domain: string,
): Promise<Result<void, CommandRefusal>> {
  const first: Command[] = [];
  if (vault.journal.durableSeq === 0) first.push({ kind: 'instanceCreated', effect: { instanceId } });
  if (!vault.directory.hasDomain(domain)) first.push({ kind: 'domainAdded', effect: { domain } });
  for (const command of first) {
    const done = await vault.door.commit(undefined, SYSTEM, async () => ok(command));
    if (done.ok) continue;
    const sentence =
      done.error.kind === 'diskFull'
        ? 'The disk is full: make room, then start again.'
        : 'The database does not answer, so a new house cannot begin. Look at its log, then start again.';
    return err({ kind: 'refused', reason: done.error.kind, sentence });
  }
  return ok(undefined);
}
