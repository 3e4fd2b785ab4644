// The answer to documents: progress while the work goes on, then report, files, pictures and receipt, each handed over once and forgotten.

import { limits } from '#base/limits.ts';
import type { AnswerFrame } from '#formats/transit-wire/drop-frames.ts';
import { frameLine } from '#formats/transit-wire/frames.ts';
import type { Handed } from '#post/transit/control/room.ts';
import { pageHeaders } from './page-headers.ts';
import type { DroppedOrder } from './transit-order.ts';
import type { TransitNeighbours } from './transit-routes.ts';

/** `frameLine` counts the bytes by itself. */
type WithoutBytes<Frame> = Frame extends unknown ? Omit<Frame, 'bytes'> : never;
type Head = WithoutBytes<AnswerFrame>;
type Part = readonly [head: Head, bytes?: Uint8Array];

const answerHeaders = {
  ...pageHeaders,
  'content-type': 'application/vnd.siegel.results',
  'cache-control': 'no-store',
  // a proxy in front must not gather it, neither in memory nor in a file
  'x-accel-buffering': 'no',
};

/** Begins at once. `signal` is the connection's: with it the work ends and is erased. */
export function answerStream(of: TransitNeighbours, dropped: DroppedOrder, signal: AbortSignal): Response {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const pieces = answerPieces(of, dropped, stopping.signal);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await pieces.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    cancel: stop,
  });
  return new Response(body, { headers: answerHeaders });
}

/** Ends without its last frame when the work breaks off. */
async function* answerPieces(
  of: TransitNeighbours,
  dropped: DroppedOrder,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const told: Head[] = [];
  let wake = (): void => undefined;
  const tell = (head: Head): void => {
    told.push(head);
    wake();
  };
  const beat = setInterval(() => tell({ kind: 'beat' }), limits.transit.beatMs);
  const done: { parts: readonly Part[] | undefined } = { parts: undefined };
  try {
    const working = work(of, dropped, { signal, tell }).then((parts) => {
      done.parts = parts;
      wake();
    });
    while (done.parts === undefined || told.length > 0) {
      if (signal.aborted) return;
      const head = told.shift();
      if (head) yield frameLine(head);
      else await Promise.race([working, new Promise<void>((resolve) => (wake = resolve))]);
    }
    const parts: Part[] = [...done.parts, [{ kind: 'end' }]];
    done.parts = [];
    // what has left is not held any longer
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      const [head, bytes] = part;
      yield frameLine(head, bytes?.length);
      if (bytes !== undefined && bytes.length > 0) yield bytes;
    }
  } finally {
    clearInterval(beat);
  }
}

async function work(
  { room, papers }: TransitNeighbours,
  { order, language }: DroppedOrder,
  { signal, tell }: { readonly signal: AbortSignal; readonly tell: (head: Head) => void },
): Promise<readonly Part[]> {
  const onProgress: Parameters<typeof room.optimise>[1]['onProgress'] = (progress) =>
    tell({ kind: 'progress', ...progress });
  const handed = await room.optimise(order, { signal, onProgress });
  if (!handed.ok) return [[{ kind: 'refused', why: handed.error.kind }]];
  const written = (await papers?.(handed.value, language)) ?? [];
  return [
    ...partsOf(handed.value),
    ...written.map(({ name, type, bytes }): Part => [{ kind: 'paper', name, type }, bytes]),
  ];
}

/** The report first: it names what follows. */
function partsOf({ result, receipt, salts }: Handed): readonly Part[] {
  const { files, previews = [] } = result;
  const receiptFile = new TextEncoder().encode(`${JSON.stringify({ receipt, salts }, undefined, 2)}\n`);
  return [
    [{ kind: 'report', report: toWire(result.report) }],
    [{ kind: 'receipt', receipt }, receiptFile],
    ...previews.flatMap(({ report, before, after }): Part[] => [
      [{ kind: 'preview', report, side: 'before' }, before],
      [{ kind: 'preview', report, side: 'after' }, after],
    ]),
    ...files.map(({ name, bytes, report }): Part => [{ kind: 'file', name, report }, bytes]),
  ];
}

/** Readonly lists become the wire's own. */
function toWire({ files, profile, tookMs }: Handed['result']['report']): Extract<Head, { kind: 'report' }>['report'] {
  return {
    profile,
    tookMs,
    files: files.map((file) => ({
      ...file,
      foundIn: [...file.foundIn],
      pages: [...file.pages],
      criteria: [...file.criteria],
    })),
  };
}
