// Calls across a worker's door, asked: an object whose methods the worker answers.

import { isRecord, post, type Answer, type Door, type Told } from './rpc.ts';

/** The worker could not do it; `message` holds the error's name only. */
export class WorkerRefusal extends Error {
  override readonly name = 'WorkerRefusal';
}

function parseAnswer(value: unknown): Answer | undefined {
  return isRecord(value) && typeof value['answer'] === 'number' ? (value as unknown as Answer) : undefined;
}
function parseTold(value: unknown): Told | undefined {
  return isRecord(value) && 'told' in value ? (value as unknown as Told) : undefined;
}

/** The other side: an object whose methods are answered by the worker; `onChange` listens to what it tells. */
export function callDoor<T extends object>(door: Door): T {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(cause: Error): void }>();
  const listeners = new Set<(event: unknown) => void>();
  let last = 0;
  door.addEventListener('message', (event) => {
    const answer = parseAnswer(event.data);
    if (answer) {
      const asker = waiting.get(answer.answer);
      waiting.delete(answer.answer);
      if (answer.ok) asker?.resolve(answer.value);
      else asker?.reject(new WorkerRefusal(`the worker failed: ${String(answer.value)}`));
      return;
    }
    const told = parseTold(event.data);
    if (told) for (const listener of listeners) listener(told.told);
  });
  const onChange = (listener: (event: unknown) => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const handler: ProxyHandler<object> = {
    get: (_, method) => {
      if (method === 'onChange') return onChange;
      if (typeof method !== 'string' || method === 'then') return undefined;
      return (...args: unknown[]) =>
        new Promise<unknown>((resolve, reject) => {
          const call = ++last;
          waiting.set(call, { resolve, reject });
          post(door, { call, method, args });
        });
    },
  };
  return new Proxy({}, handler) as T;
}
