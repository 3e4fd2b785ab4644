// For tests: takes a backup in a process of its own, which kills itself at the step it is told.

import { readFile } from 'node:fs/promises';
import { clockStartingAt } from '#base/clock.ts';
import { ok } from '#base/result.ts';
import { nodeDisk } from '../../journal/disk.ts';
import { parseKeyKit } from '../../keykit/key-kit.ts';
import { backupKeysOf } from './backup-keys.ts';
import { Backups } from './backups.ts';
import { openFolderPlace } from './folder-place.ts';
import { neighboursOf } from './test-backup.ts';

interface Order {
  readonly dataDir: string;
  readonly placeDir: string;
  readonly kitFile: string;
  /** Of a database, with NAME in its place. */
  readonly url: string;
  readonly killAt: number;
}

const order = JSON.parse(process.argv[2] ?? '') as Order;
const kit = parseKeyKit(await readFile(order.kitFile, 'utf8'));
if (!kit.ok) throw new Error(kit.error.kind);
let steps = 0;
const backups = new Backups({
  dataDir: order.dataDir,
  disk: nodeDisk,
  journal: 0,
  keys: backupKeysOf(kit.value),
  kit: kit.value,
  readKit: async () => ok(kit.value),
  build: 'test',
  clock: clockStartingAt(Date.now()),
  neighbours: neighboursOf({ url: (name) => order.url.replace('NAME', name) }),
  openPlace: () => openFolderPlace(order.placeDir),
  placeName: order.placeDir,
  step: async (name) => {
    steps += 1;
    if (steps !== order.killAt) return;
    process.stdout.write(`${name}\n`);
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  },
});
const taken = await backups.take();
process.stdout.write(taken.ok ? 'done\n' : `${taken.error.kind}\n`);
process.exit(0);
