// A restore in a process of its own that kills itself at the step it is told (0: at none); for tests.

import { readKitCopy } from '#vault/keykit/kit-copy.ts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '#base/clock.ts';
import { silentLog } from '#base/log/log.ts';
import { chooseIdentity } from '../src/programs/drop-privileges.ts';
import { chooseBackup } from '../src/programs/restore/choose-backup.ts';
import { restoreHouse } from '../src/programs/restore/restore-house.ts';

const order = JSON.parse(process.argv[2] ?? '') as { to: string; place: string; kit: string; killAt: number };
const kit = await readKitCopy(await readFile(join(order.kit, 'key-kit.json'), 'utf8'), undefined);
if (!kit.ok) throw new Error(kit.error.kind);
const chosen = await chooseBackup(order.place, kit.value.kit);
if (!chosen.ok) throw new Error(chosen.error.sentence);
const runAs = chooseIdentity(undefined);
let steps = 0;
const done = await restoreHouse({
  ...chosen.value,
  to: order.to,
  kitDir: `${order.to}-kit`,
  kit: kit.value.kit,
  identity: runAs.ok ? runAs.value.identity : undefined,
  clock: systemClock,
  log: silentLog,
  tell: () => undefined,
  step: async (name) => {
    steps += 1;
    if (steps !== order.killAt) return;
    process.stdout.write(`${name}\n`);
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  },
});
process.stdout.write(done.ok ? 'done\n' : `${done.error.reason ?? done.error.kind}\n`);
process.exit(0);
