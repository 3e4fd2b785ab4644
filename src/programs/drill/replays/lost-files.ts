// R1, R3: the database’s own files: a supervisor that starts it while somebody works on them, and rm -rf.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { assert } from '#base/assert.ts';
import { childEnvironment } from '#base/config/read.ts';
import { endProcess, findPostmaster, isReady } from '#vault/database/postgres/cluster.ts';
import { liftFence } from '#vault/database/postgres/fence.ts';
import { settingArguments } from '#vault/database/postgres/settings.ts';
import { findTableFiles } from '#vault/safeguards/drill/table-files.ts';
import { journalFolder } from '../../server/open-vault.ts';
import { mustBackUp, restoreFrom } from '../drill-backups.ts';
import type { DrillHouse } from '../drill-house.ts';
import { requireStopped, type Ending, type Replay } from '../replay.ts';

const NEW_LETTERS = 10;
const SUPERVISED_MS = 2_500;
const STARTED_MS_MAX = 60_000;
const POLL_MS = 50;

/** An outside loop as of a service manager: starts PostgreSQL again whenever it ended. */
class Supervisor implements AsyncDisposable {
  readonly #loop;
  readonly #cluster: string;

  constructor(native: string, cluster: string) {
    const settings = settingArguments({ unix_socket_directories: '../../run' });
    const script = 'while :; do "$@" 2>/dev/null; sleep 0.1; done';
    const words = ['-c', script, 'sh', join(native, 'bin', 'postgres'), '-D', '.', ...settings];
    this.#loop = spawn('/bin/sh', words, { cwd: cluster, env: childEnvironment(), stdio: 'ignore', detached: true });
    this.#cluster = cluster;
  }

  /** Whether it got the database to run: within a while, or for as long as it takes where it must. */
  async succeeds(mustIt: boolean): Promise<boolean> {
    const forMs = mustIt ? STARTED_MS_MAX : SUPERVISED_MS;
    for (let waitedMs = 0; waitedMs < forMs; waitedMs += POLL_MS) {
      const pid = await findPostmaster(this.#cluster);
      // one that finds no control file is there for a moment too: running is what takes connections
      if (pid !== undefined && (await isReady(join(this.#cluster, '..'), pid))) return true;
      await wait(POLL_MS);
    }
    return false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#loop, 'exit');
    this.#loop.kill('SIGKILL');
    await gone;
    const pid = await findPostmaster(this.#cluster);
    if (pid === undefined) return;
    await endProcess(pid);
    while ((await findPostmaster(this.#cluster)) !== undefined) await wait(POLL_MS);
  }
}

const R1: Replay = {
  id: 'R1',
  attempted: 'a supervisor restarts the database again and again while somebody rewrites the letters’ table as a file',
  without: 'the fence',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    const { generations } = house.vault;
    assert(generations !== undefined, 'a scratch house has generations');
    const files = await findTableFiles(house.vault.database, 'letter');
    const stopped = await generations.stopLive('a drill rewrites a table');
    requireStopped(stopped.ok, 'the database could not be stopped');
    if (!stopped.ok) throw new Error('unreachable');
    const cluster = stopped.value.folder;
    if (isSabotaged) await liftFence(join(cluster, '..'));
    const paths = files.map((file) => join(cluster, file));
    for (const path of paths) await copyFile(path, `${path}.rewritten`);
    let started = false;
    {
      await using supervisor = new Supervisor(stage.machine.native, cluster);
      await house.keep(NEW_LETTERS);
      started = await supervisor.succeeds(isSabotaged);
      if (started) await house.settle();
    }
    requireStopped(started === isSabotaged, started ? 'the supervisor started a fenced database' : 'it never started');
    for (const path of paths) {
      await copyFile(`${path}.rewritten`, path);
      await rm(`${path}.rewritten`);
    }
    await stopped.value[Symbol.asyncDispose]();
    await house.settle();
    const words = `the fence: the supervisor’s starts all failed; ${NEW_LETTERS} letters came meanwhile`;
    return { stoppedBy: isSabotaged ? 'nothing' : words, ...(await countOrLose(house)) };
  },
};

/** Rows that cannot even be read are lost to whoever asks for them. */
async function countOrLose(house: DrillHouse): Promise<Pick<Ending, 'lost' | 'doubled' | 'broken'>> {
  try {
    return await house.count();
  } catch {
    return { lost: house.facts.letters.length, doubled: 0, broken: 0 };
  }
}

const R3: Replay = {
  id: 'R3',
  attempted: 'rm -rf of the database while it serves, then of a journal’s key lane',
  without: 'the journal, and the backup elsewhere',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    const placeDir = join(stage.folder, 'place');
    await rm(join(house.dataDir, 'postgres'), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    if (isSabotaged) await removeLane(house);
    await house.reopen();
    await house.settle();
    if (isSabotaged) return { stoppedBy: 'nothing', ...(await house.count()) };
    const first = await house.count();
    await house.receive(NEW_LETTERS);
    await mustBackUp(house, { placeDir });
    await removeLane(house);
    await house.close();
    await using again = await restoreFrom(placeDir, house, stage.folder);
    const second = await again.count();
    return {
      stoppedBy: 'the journal, of which the database was made anew; the backup, of which the house was made anew',
      lost: first.lost + second.lost,
      doubled: first.doubled + second.doubled,
      broken: first.broken + second.broken,
    };
  },
};

async function removeLane({ dataDir }: Pick<DrillHouse, 'dataDir'>): Promise<void> {
  const folder = journalFolder(dataDir);
  for (const name of await readdir(folder)) if (name.startsWith('key')) await rm(join(folder, name));
}

export const lostFileReplays: readonly Replay[] = [R1, R3];
