// Before anything is kept: checks of the machine, who we become, our folders, PostgreSQL's programs, the key kit.

import { chmod, chown } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import type { InstanceId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import { prepareBinaries } from '#vault/database/postgres/binaries.ts';
import { openDirectory } from '#vault/directory/open-directory.ts';
import type { Directory } from '#vault/directory/directory.ts';
import { findInstance } from '#vault/journal/find-instance.ts';
import { nodeDisk } from '#vault/journal/disk.ts';
import { kitFingerprint, type KeyKit } from '#vault/keykit/key-kit.ts';
import { openKeyKit } from '#vault/keykit/kit-file.ts';
import { describeKitRefusal } from '#vault/keykit/kit-refusals.ts';
import { sumThreadFile, type StartSumThread } from '#vault/safeguards/ledger/sum-aside.ts';
import { carryWorker } from '../carried-worker.ts';
import type { CommandRefusal } from '../command.ts';
import { becomeUser, chooseIdentity, type Identity } from '../drop-privileges.ts';
import { prepareFolder } from '../folders.ts';
import { checkStart } from '../start-checks.ts';
import { openOutgoing, outgoingWarnings, type OutgoingTuning } from './open-outgoing.ts';
import { readOutward, type Outward } from './open-transport.ts';
import { journalFolder } from './open-vault.ts';
import { prepareSecondPlace, type SecondPlaceDoor } from './second-place.ts';

export interface Prepared {
  /** As it can be reached from now on, also where its parents are closed to the user we become. */
  readonly dataDir: string;
  /** Likewise. */
  readonly kitDir: string;
  readonly kit: KeyKit;
  readonly directory: Directory;
  readonly isKitNew: boolean;
  readonly fingerprint: string;
  /** PostgreSQL's programs; undefined where none come along and the database is the operator's. */
  readonly native: string | undefined;
  readonly identity: Identity | undefined;
  /** Carried in memory where the checkout will be closed to us. */
  readonly startSumThread: StartSumThread | undefined;
  /** The one door for HTTP to the outside. */
  readonly outgoing: Outgoing;
  /** What letters out are signed with, and through whom they go. */
  readonly outward: Outward;
  /** Where backups go, as it can be reached from now on; undefined: none is named, or it cannot be used (a warning says so). */
  readonly backupDir: string | undefined;
  /** Where verified backups are passed on to. */
  readonly secondPlace: SecondPlaceDoor | undefined;
  readonly warnings: readonly string[];
}

export async function prepare(
  config: Config,
  clock: Clock,
  tuning?: OutgoingTuning,
): Promise<Result<Prepared, CommandRefusal>> {
  const checked = checkStart();
  if (!checked.ok) return refuse(checked.error);
  const runAs = chooseIdentity(config.runAs);
  if (!runAs.ok) return refuse(runAs.error);
  const { identity } = runAs.value;
  const dataDir = prepareFolder(config.dataDir, identity);
  if (!dataDir.ok) return refuse(dataDir.error);
  const kitDir = prepareFolder(config.kitDir, identity);
  if (!kitDir.ok) return refuse(kitDir.error);
  const owner = identity && { uid: identity.uid, gid: identity.gid };
  // with a database of the operator's own they only try backups
  const binaries = prepareBinaries([dataDir.value], owner);
  if (!binaries.ok && config.databaseUrl === undefined) return refuse(binaries.error);
  const kit = await asUser(identity, async () => {
    const instanceId = await findInstance(nodeDisk, journalFolder(dataDir.value));
    return openKeyKit({ folder: kitDir.value, instanceId, clock });
  });
  if (!kit.ok) return refuse({ kind: kit.error.kind, sentence: describeKitRefusal(kit.error) });
  // a disk for backups that is not there stops no mail
  const backupDir = config.backupDir === undefined ? undefined : prepareFolder(config.backupDir, identity);
  const outgoing = openOutgoing(config, clock, tuning);
  const second = prepareSecondPlace(config, { identity, outgoing, clock });
  if (!second.ok) return refuse(second.error);
  const outward = await asUser(identity, () => readOutward(config, kitDir.value, clock));
  if (!outward.ok) return refuse(outward.error);
  const directory = await lockFolder(config.dataDir, kit.value.kit.instanceId, identity);
  if (!directory.ok) return directory;
  return ok({
    dataDir: dataDir.value,
    kitDir: kitDir.value,
    directory: directory.value,
    kit: kit.value.kit,
    isKitNew: kit.value.isNew,
    fingerprint: kitFingerprint(kit.value.kit),
    native: binaries.ok ? binaries.value.native : undefined,
    identity,
    startSumThread: identity && (await carryWorker(sumThreadFile)),
    outgoing,
    secondPlace: second.value,
    outward: outward.value,
    backupDir: backupDir?.ok ? backupDir.value : undefined,
    warnings: [
      ...(backupDir?.ok === false ? [`No backups: ${backupDir.error.sentence}`] : []),
      ...checked.value.warnings,
      ...runAs.value.warnings,
      ...outgoingWarnings(config),
    ],
  });
}

/** The directory snapshot is opened while every path can be reached; its lock keeps a second program off the folder. */
async function lockFolder(
  dataDir: string,
  instanceId: InstanceId,
  identity: Identity | undefined,
): Promise<Result<Directory, CommandRefusal>> {
  const path = join(dataDir, 'directory.sqlite');
  const directory = await openDirectory(path, instanceId);
  if (!directory.ok) {
    const sentence = `Another siegel already runs on ${dataDir}. Stop it first, or give another folder with --data-dir.`;
    return refuse({ kind: 'already-running', sentence });
  }
  for (const file of [path, `${path}-wal`]) {
    await chmod(file, 0o600);
    if (identity) await chown(file, identity.uid, identity.gid);
  }
  return directory;
}

/** For good. */
export function dropRights(identity: Identity | undefined): void {
  if (identity) becomeUser(identity);
}

/** What is made here must belong to the user we become: rights are put aside for a moment and taken up again. */
export async function asUser<T>(identity: Identity | undefined, work: () => Promise<T>): Promise<T> {
  if (!identity || !process.setegid || !process.seteuid) return work();
  process.setegid(identity.gid);
  process.seteuid(identity.uid);
  try {
    return await work();
  } finally {
    process.seteuid(0);
    process.setegid(0);
  }
}

function refuse(refusal: { readonly kind: string; readonly sentence: string }): { ok: false; error: CommandRefusal } {
  return err({ kind: 'refused', reason: refusal.kind, sentence: refusal.sentence });
}
