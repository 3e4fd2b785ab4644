// Issue 4, R4: a backup job that ends well and has written nothing, something old, something of another database, or half of it.

import assert from 'node:assert/strict';
import { chmod, chown, cp, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { clockStartingAt, manualClock } from '#base/clock.ts';
import { silentLog } from '#base/log/log.ts';
import { ok } from '#base/result.ts';
import { prepareBinaries } from '../../database/postgres/binaries.ts';
import { startEmbedded } from '../../database/postgres/embedded.ts';
import { openDatabase } from '../../database/open-database.ts';
import { startTestCluster, type TestCluster } from '../../database/test-cluster.ts';
import { positionOf } from '../generations/follow-journal.ts';
import { openGenerations, type Generations } from '../generations/generations.ts';
import { takeBase } from '../generations/take-base.ts';
import { unpackBase } from '../generations/unpack-base.ts';
import { openFolderPlace } from './folder-place.ts';
import { formatManifest } from './manifest.ts';
import type { Neighbours } from './neighbours.ts';
import { manifestName } from './place.ts';
import { openBackupHouse, type BackupHouse } from './test-backup.ts';

const owner = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;
const binaries = prepareBinaries(['/tmp'], owner);
const native = binaries.ok ? binaries.value.native : '';

let cluster: TestCluster;
before(async () => (cluster = await startTestCluster()));
after(() => cluster[Symbol.asyncDispose]());

interface BaseHouse extends AsyncDisposable {
  readonly house: BackupHouse;
  readonly neighbours: Neighbours;
}

/** A house whose rows lie in a cluster of its own, copied and opened as the program does. */
async function openBaseHouse(): Promise<BaseHouse> {
  const parts: { generations?: Generations } = {};
  const house = await openBackupHouse(cluster, clockStartingAt(1_700_000_000_000), async (dataDir) => {
    const opened = await openGenerations({
      root: join(dataDir, 'postgres'),
      native,
      owner,
      settings: {},
      journal: 0,
      clock: manualClock(0),
      log: silentLog,
      neighbours: { raiseEra: async () => ok(undefined), void: async () => ok(undefined) },
    });
    if (!opened.ok) throw new Error(opened.error.sentence);
    parts.generations = opened.value;
    return {
      database: openDatabase(opened.value.url, silentLog),
      close: async () => opened.value[Symbol.asyncDispose](),
    };
  });
  const { generations } = parts;
  assert.ok(generations);
  const { database } = house.house;
  return {
    house,
    neighbours: {
      ...house.neighbours,
      async takeBase(folder) {
        const appliedSeq = await positionOf(database, 0);
        if (owner !== undefined) await chown(folder, owner.uid, owner.gid);
        await chmod(dirname(folder), 0o711); // the program itself has the same user as its PostgreSQL
        const cluster = join(house.dataDir, 'postgres', generations.live.name, 'cluster');
        const taken = await takeBase({ url: generations.url, database, journal: 0, folder, cluster });
        return taken.ok ? ok({ systemIdentifier: taken.value.systemIdentifier, appliedSeq }) : taken;
      },
      async openRows(base) {
        if (base === undefined) return house.neighbours.openRows(base);
        const folder = join(house.folder, 'rows');
        await rm(folder, { recursive: true, force: true });
        await mkdir(folder, { recursive: true });
        const unpacked = await unpackBase(base, join(folder, 'cluster'), { owner });
        if (!unpacked.ok) return unpacked;
        const started = await startEmbedded({ native, folder, owner, settings: { fsync: 'off' } });
        if (!started.ok) return started;
        const rows = openDatabase(started.value.connection, silentLog);
        const control = await readFile(join(folder, 'cluster', 'global', 'pg_control'));
        return ok({
          database: rows,
          systemIdentifier: String(control.readBigUInt64LE(0)),
          async [Symbol.asyncDispose]() {
            await rows.close();
            await started.value.stop();
          },
        });
      },
    },
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  };
}

type TakeBase = NonNullable<Neighbours['takeBase']>;

async function kindOf({ house, neighbours }: BaseHouse, extra: Partial<Neighbours>): Promise<string> {
  const taken = await house.backups({ neighbours: { ...neighbours, ...extra } }).take();
  return taken.ok ? 'ok' : taken.error.kind;
}

describe('R4: a copy of the rows', () => {
  it('that is whole is followed to the end; empty, cut off, old or of another database it does not count', async (t) => {
    await using open = await openBaseHouse();
    const { house, neighbours } = open;
    const takeBaseNow: TakeBase = neighbours.takeBase ?? (() => assert.fail('no copies'));
    await house.addLetters(20);
    await house.house.door.settled((house.accounts[0] ?? assert.fail()).id);
    const old = join(house.folder, 'old');
    const kept: TakeBase = async (folder) => {
      const taken = await takeBaseNow(folder);
      await rm(old, { recursive: true, force: true });
      await cp(folder, old, { recursive: true });
      return taken;
    };
    const whole = await house.backups({ neighbours: { ...neighbours, takeBase: kept } }).take();
    assert.ok(whole.ok, JSON.stringify(whole));
    const facts = await house.backups().list();
    assert.ok(facts.ok && (facts.value[0]?.manifest?.base?.appliedSeq ?? 0) > 20);
    await house.addLetters(20);
    await house.house.door.settled((house.accounts[0] ?? assert.fail()).id);

    const faults: Readonly<Record<string, readonly [string, TakeBase]>> = {
      'nothing was written': [
        'neighbour',
        async (folder) => {
          const taken = await takeBaseNow(folder);
          for (const name of ['base.tar', 'backup_manifest']) await rm(join(folder, name));
          return taken;
        },
      ],
      'it is empty': [
        'neighbour',
        async (folder) => {
          const taken = await takeBaseNow(folder);
          await writeFile(join(folder, 'base.tar'), '');
          return taken;
        },
      ],
      'half of it is there': [
        'neighbour',
        async (folder) => {
          const taken = await takeBaseNow(folder);
          await truncate(join(folder, 'base.tar'), 2_000_000);
          return taken;
        },
      ],
      'it is yesterday’s': [
        'baseOld',
        async (folder) => {
          const appliedSeq = await positionOf(house.house.database, 0);
          await cp(old, folder, { recursive: true, force: true });
          const first = facts.value[0]?.manifest?.base?.systemIdentifier ?? '';
          return ok({ systemIdentifier: first, appliedSeq });
        },
      ],
      'it is another database’s': [
        'baseOtherCluster',
        async (folder) => {
          const taken = await takeBaseNow(folder);
          return taken.ok ? ok({ ...taken.value, systemIdentifier: '7000000000000000000' }) : taken;
        },
      ],
    };
    for (const [name, [kind, faulty]] of Object.entries(faults)) {
      await t.test(name, async () => {
        assert.equal(await kindOf(open, { takeBase: faulty }), kind);
        const backups = house.backups({ neighbours });
        const listed = await backups.list();
        const all = listed.ok ? listed.value.flatMap(({ manifest }) => manifest ?? []) : [];
        const last = all.toSorted((a, b) => a.takenMs - b.takenMs).at(-1);
        assert.ok(last !== undefined && last.verifiedMs === null && backups.newestId !== last.id);
        // the twin: whoever believes the job because it ended well counts on it, and it cannot be brought back
        const place = await openFolderPlace(house.placeDir);
        const believed = formatManifest({ ...last, verifiedMs: last.takenMs }, house.keys.signs);
        await place.write('backups', manifestName(last.id), believed);
        await backups.list();
        assert.equal(backups.newestId, last.id);
        assert.ok(!(await backups.verify(last.id)).ok);
        assert.notEqual(backups.newestId, last.id);
      });
    }
    assert.equal(await kindOf(open, {}), 'ok');
  });
});
