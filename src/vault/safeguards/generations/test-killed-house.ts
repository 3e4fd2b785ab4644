// A child of kills.test.ts: opens a house, and kills itself hard at the named step; with "undo", during an undo.

import { requireValue } from '#base/assert.ts';
import type { InstanceId } from '#base/ids.ts';
import { restoreTo } from './restore-to.ts';
import { openGenerationHouse } from './test-generations.ts';

interface Order {
  readonly scratch: string;
  readonly folder: string;
  readonly instanceId: InstanceId;
  /** How often the step is passed before the kill, and which. */
  readonly step: string;
  /** The record to undo; 0: only open the house. */
  readonly wrong: number;
}

const order = JSON.parse(requireValue(process.argv[2], 'an order')) as Order;
const die = (): void => void process.kill(process.pid, 'SIGKILL');
const step = async (name: string): Promise<void> => {
  if (name === order.step) die();
};
const house = await openGenerationHouse({ ...order, step });
if (order.wrong > 0) {
  await house.quiet();
  const base = house.generations.fromPoint('before');
  const leaveOut = [{ seq: order.wrong, change: 1 }];
  const done = await restoreTo(house, { base, leaveOut, reason: 'undone', why: 'killed' });
  if (!done.ok) throw new Error(done.error.sentence);
  if (order.step === 'over') die();
}
throw new Error(`nobody passed ${order.step}`);
