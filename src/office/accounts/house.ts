// What the accounts room is given by the program: five neighbours and a few settings.

import type { Clock } from '#base/clock.ts';
import { idToBytes, type AccountId, type AppPasswordId, type SessionId } from '#base/ids.ts';
import type { Log } from '#base/log/log.ts';
import { ok, type Result } from '#base/result.ts';
import type { CommitDoor } from '#vault/database/commit.ts';
import type { Reader } from '#vault/database/reader.ts';
import type { Command } from '#vault/journal/commands.ts';
import type { Actor } from '#vault/journal/record.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';

export interface House {
  readonly clock: Clock;
  readonly log: Log;
  readonly kit: KeyKit;
  readonly reader: Reader;
  readonly door: Pick<CommitDoor, 'commit'>;
}

export interface AccountsOptions {
  /** The domain of new addresses, and of addresses typed without one. */
  readonly domain: string;
  /** Of the desk: nobody can have it. */
  readonly deskAddress?: string | undefined;
  /** Network addresses without a limit of their own: loopback, where programs of this machine and proxies come from. */
  readonly isUnlimitedPeer: (peer: string) => boolean;
  /** An app password ended, or (undefined) all of the account: what signed in with it ends too. */
  readonly onAppPasswordEnded?: (accountId: AccountId, id: AppPasswordId | undefined) => void;
  /** For the twin in tests: logins are answered as soon as the answer is made. */
  readonly isUnpaced?: boolean;
}

/** Where a request came from: in memory while it is answered, never kept. */
export type Peer = string;

export const SYSTEM: Actor = { kind: 'system', id: new Uint8Array(16) };

export function sessionActor(sessionId: SessionId): Actor {
  return { kind: 'session', id: idToBytes(sessionId) };
}

/** Journals and applies a command that was decided before, inside this room's queue for the account. */
export function keep(
  { door }: House,
  accountId: AccountId,
  command: Command,
  actor: Actor,
): Promise<Result<unknown, { readonly kind: string }>> {
  return door.commit(accountId, actor, async () => ok(command));
}
