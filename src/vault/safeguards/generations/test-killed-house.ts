// A child of kills.test.ts: opens a house, undoes a record when one is named, and kills itself hard at a step.

import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireValue } from '#base/assert.ts';
import type { InstanceId } from '#base/ids.ts';
import { restoreTo } from './restore-to.ts';
import { openGenerationHouse } from './test-generations.ts';

interface Order {
  readonly scratch: string;
  readonly folder: string;
  readonly instanceId: InstanceId;
  /** The name of the step it dies at, or the how-manieth of its life; what it does not come to lets it end well. */
  readonly step: string | number;
  /** The record to undo; 0: only open the house. */
  readonly wrong: number;
  /** The twin: a switch that writes its pointer first. */
  readonly pointsFirst?: boolean;
}

const order = JSON.parse(requireValue(process.argv[2], 'an order')) as Order;
let count = 0;
const step = async (name: string): Promise<void> => {
  count += 1;
  process.stdout.write(`${name}\n`);
  if (order.pointsFirst === true && name === 'begun') {
    const root = join(order.folder, 'postgres');
    const newest = (await readdir(root))
      .filter((one) => one.startsWith('gen-'))
      .toSorted()
      .at(-1);
    await writeFile(join(root, 'current'), `${newest ?? ''}\n`);
  }
  if (name === order.step || count === order.step) process.kill(process.pid, 'SIGKILL');
};
const house = await openGenerationHouse({ ...order, step });
if (order.wrong > 0) {
  await house.quiet();
  const base = house.generations.fromPoint('before');
  const leaveOut = [{ seq: order.wrong, change: 1 }];
  const done = await restoreTo(house, { base, leaveOut, reason: 'undone', why: 'killed' });
  if (!done.ok) throw new Error(done.error.sentence);
  await step('over');
}
await house[Symbol.asyncDispose]();
