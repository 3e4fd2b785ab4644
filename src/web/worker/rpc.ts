// Calls across a worker's door, answered: a method is named with its arguments; one kind of event goes out unasked.

export interface Door {
  postMessage(message: unknown): void;
  addEventListener(kind: 'message', listener: (event: MessageEvent<unknown>) => void): void;
}

interface Call {
  readonly call: number;
  readonly method: string;
  readonly args: readonly unknown[];
}
export interface Answer {
  readonly answer: number;
  readonly ok: boolean;
  readonly value: unknown;
}
export interface Told {
  readonly told: unknown;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
function parseCall(value: unknown): Call | undefined {
  return isRecord(value) && typeof value['call'] === 'number' ? (value as unknown as Call) : undefined;
}

/** A worker's door has one other side: there is no origin to name. */
export function post(door: Door, message: Call | Answer | Told): void {
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
