// Questions and answers between two processes of ours over Node's own pipe: each side asks, each side answers, and a closed pipe ends all waiting.

/** What a process or its child offers: messages in, messages out. */
export interface TalkPort {
  /** Throws or drops when the pipe is closed: `onClose` tells. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
}

export interface AnswerWay {
  /** Something on the way to the answer. */
  readonly note: (value: unknown) => void;
  /** Whoever asked no longer waits. */
  readonly signal: AbortSignal;
}

/** Rejects where there is no answer: the asker hears that, and nothing of why. */
export type AnswerQuestion = (question: string, value: unknown, way: AnswerWay) => Promise<unknown>;

export interface AskWay {
  readonly onNote?: (value: unknown) => void;
  readonly signal?: AbortSignal;
}

export interface Talk {
  /** Rejects when the other side has no answer or is gone. */
  ask(question: string, value: unknown, way?: AskWay): Promise<unknown>;
}

type Message =
  | { readonly kind: 'ask'; readonly id: number; readonly question: string; readonly value: unknown }
  | { readonly kind: 'answer' | 'note'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed' | 'stop'; readonly id: number };

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (cause: Error) => void;
  readonly onNote: ((value: unknown) => void) | undefined;
}

export function createTalk(port: TalkPort, answer: AnswerQuestion): Talk {
  const waiting = new Map<number, Waiting>();
  const answering = new Map<number, AbortController>();
  let lastId = 0;
  let isClosed = false;

  async function answerOne(id: number, question: string, value: unknown): Promise<void> {
    const stopping = new AbortController();
    answering.set(id, stopping);
    const note = (noted: unknown): void => port.send({ kind: 'note', id, value: noted } satisfies Message);
    try {
      const answered = await answer(question, value, { note, signal: stopping.signal });
      port.send({ kind: 'answer', id, value: answered } satisfies Message);
    } catch {
      port.send({ kind: 'failed', id } satisfies Message);
    } finally {
      answering.delete(id);
    }
  }

  port.onMessage((received) => {
    const message = readMessage(received);
    if (message === undefined) return;
    if (message.kind === 'ask') return void answerOne(message.id, message.question, message.value);
    if (message.kind === 'stop') return answering.get(message.id)?.abort();
    const asked = waiting.get(message.id);
    if (message.kind === 'note') return asked?.onNote?.(message.value);
    waiting.delete(message.id);
    if (message.kind === 'answer') asked?.resolve(message.value);
    else asked?.reject(new Error('the other process has no answer'));
  });
  port.onClose(() => {
    isClosed = true;
    for (const { reject } of waiting.values()) reject(new Error('the other process is gone'));
    waiting.clear();
    for (const stopping of answering.values()) stopping.abort();
  });

  return {
    ask(question, value, { onNote, signal } = {}) {
      if (isClosed) return Promise.reject(new Error('the other process is gone'));
      const id = ++lastId;
      signal?.addEventListener('abort', () => waiting.has(id) && port.send({ kind: 'stop', id } satisfies Message), {
        once: true,
      });
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject, onNote });
        port.send({ kind: 'ask', id, question, value } satisfies Message);
      });
    },
  };
}

/** Both ends are ours; what has not this shape was never sent by one. */
function readMessage(received: unknown): Message | undefined {
  if (typeof received !== 'object' || received === null || !('kind' in received) || !('id' in received))
    return undefined;
  if (typeof received.id !== 'number') return undefined;
  const { kind, id } = received;
  const value = 'value' in received ? received.value : undefined;
  if (kind === 'ask') {
    const question = 'question' in received ? received.question : undefined;
    return typeof question === 'string' ? { kind, id, question, value } : undefined;
  }
  if (kind === 'answer' || kind === 'note') return { kind, id, value };
  return kind === 'failed' || kind === 'stop' ? { kind, id } : undefined;
}
