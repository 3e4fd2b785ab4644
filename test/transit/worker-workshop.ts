// The real workshop with stand-in workers, for tests: real processes in their real locks, which do what a document tells them (test-worker.ts).

import { systemClock } from '#base/clock.ts';
import { nameFiles } from '#post/transit/names/name-files.ts';
import { findSandbox } from '#post/transit/workshop/locks.ts';
import { makeOptimise } from '#post/transit/workshop/make-optimise.ts';
import { startWorker, type StartWorker, type Worker } from '#post/transit/workshop/start-worker.ts';
import { testProgram } from '#post/transit/workshop/test-workshop.ts';
import type { RoomWorkshop } from '#programs/transit/room.ts';

/** `keepsWorkers`: the mistake that tests must find, a worker for many jobs. */
export async function openWorkerWorkshop(keepsWorkers: boolean): Promise<RoomWorkshop> {
  const program = testProgram('test-worker.ts');
  const sandbox = await findSandbox(program);
  const start: StartWorker = (role) => startWorker(program, role, { sandbox, hasBounds: true, hasPermissions: true });
  const optimise = makeOptimise({
    clock: systemClock,
    pagesAtOnce: 2,
    nameFiles,
    start: keepsWorkers ? keepingWorkers(start) : start,
  });
  return { optimise, sandbox: sandbox.kind, writePdf: undefined };
}

function keepingWorkers(start: StartWorker): StartWorker {
  const kept = new Map<string, Worker>();
  let before: Promise<unknown> = Promise.resolve();
  return (role) => {
    const worker = kept.get(role) ?? start(role);
    kept.set(role, worker);
    return {
      pid: worker.pid,
      ended: Promise.resolve(),
      get isGone() {
        return worker.isGone;
      },
      kill: () => undefined,
      ask(question, order, waitMs) {
        const asked = before.then(() => worker.ask(question, order, waitMs));
        before = asked;
        return asked;
      },
    };
  };
}

const PNG = '\x89PNG\r\n\x1a\n';

/** A document as those workers understand it, long enough that its new form is smaller; markers in it come out again. */
export function standIn(words: string): Uint8Array {
  return Buffer.from(`${PNG}${words} ${'.'.repeat(4_000)}`, 'latin1');
}
