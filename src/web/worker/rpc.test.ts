// The page and its worker understand each other; what goes wrong inside tells its name and nothing of a letter.

import assert from 'node:assert/strict';
import { MessageChannel } from 'node:worker_threads';
import { test } from 'node:test';
import { callDoor } from './call-door.ts';
import { serveDoor, type Door } from './rpc.ts';

interface Counter {
  add(by: number): Promise<number>;
  fail(): Promise<void>;
  onChange(listener: (event: unknown) => void): () => void;
}

function doors(): { readonly here: Door; readonly there: Door; readonly close: () => void } {
  const { port1, port2 } = new MessageChannel();
  const door = (port: typeof port1): Door => ({
    postMessage: (message) => port.postMessage(message),
    addEventListener: (_, listener) => port.on('message', (data) => listener(new MessageEvent('message', { data }))),
  });
  return { here: door(port1), there: door(port2), close: () => port1.close() };
}

test('calls are answered in any order and errors keep only their name', async () => {
  const { here, there, close } = doors();
  let sum = 0;
  const served = serveDoor(
    there,
    Promise.resolve({
      add: async (by: number) => {
        await new Promise((resolve) => setTimeout(resolve, by === 1 ? 20 : 1));
        return (sum += by);
      },
      fail: async () => {
        throw new RangeError('Betreff: geheim');
      },
    }),
  );
  const counter = callDoor<Counter>(here);
  const told: unknown[] = [];
  const stop = counter.onChange((event) => told.push(event));
  assert.deepEqual(await Promise.all([counter.add(1), counter.add(2)]), [3, 2]);
  await assert.rejects(
    counter.fail(),
    (cause: Error) => cause.message.includes('RangeError') && !cause.message.includes('geheim'),
  );
  served.tell({ kind: 'mailboxes' });
  await counter.add(0);
  assert.deepEqual(told, [{ kind: 'mailboxes' }]);
  stop();
  close();
});

test('a method that is not there is refused', async () => {
  const { here, there, close } = doors();
  serveDoor(there, Promise.resolve({}));
  await assert.rejects(callDoor<Counter>(here).add(1));
  close();
});
