// Calls across a worker's door: the page names a method and its arguments, the worker answers; one kind of event comes back unasked.

export interface Door {
  postMessage(message: unknown): void;
  addEventListener(kind: 'message', listener: (event: MessageEvent<unknown>) => void): void;
}

/** The worker could not do it; `message` holds the error's name only. */
export class WorkerRefusal extends Error {
  override readonly name = 'WorkerRefusal';
}

interface Call {
  readonly call: number;
  readonly method: string;
  readonly args: readonly unknown[];
}
interface Answer {
  readonly answer: number;
  readonly ok: boolean;
  readonly value: unknown;
}
interface Told {
  readonly told: unknown;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
function parseCall(value: unknown): Call | undefined {
  return isRecord(value) && typeof value['call'] === 'number' ? (value as unknown as Call) : undefined;
}
function parseAnswer(value: unknown): Answer | undefined {
  return isRecord(value) && typeof value['answer'] === 'number' ? (value as unknown as Answer) : undefined;
}
function parseTold(value: unknown): Told | undefined {
  return isRecord(value) && 'told' in value ? (value as unknown as Told) : undefined;
}

/** A worker's door has one other side: there is no origin to name. */
function post(door: Door, message: Call | Answer | Told): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  door.postMessage(message);
}

/** Answers calls at `door` with the methods of `target`, once it is there. An error keeps its name only: its text could quote a letter. */
export function serveDoor(door: Door, target: Promise<object>): { tell(event: unknown): void } {
  const answerCall = async (call: Call): Promise<void> => {
    try {
      const methods: object = await target;
      const method: unknown = Reflect.get(methods, call.method);
      if (typeof method !== 'function') throw new TypeError('no such method');
      const value: unknown = await Reflect.apply(method, methods, [...call.args]);
      post(door, { answer: call.call, ok: true, value });
    } catch (cause) {
      const name = cause instanceof Error ? cause.name : 'Error';
      post(door, { answer: call.call, ok: false, value: name });
    }
  };
  door.addEventListener('message', (event) => {
    const call = parseCall(event.data);
    if (call) void answerCall(call);
  });
  return { tell: (event) => post(door, { told: event }) };
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
