// For journeys that kill the whole program at counted steps: one life of it, which pairs of kills are tried, and what came of them.

import { setTimeout as wait } from 'node:timers/promises';
import type { OperatorMethod, ParamsOf, ResultOf } from '../src/programs/operator-methods.ts';
import { askOperator } from '../src/programs/operator-socket.ts';
import { startProgram, type ProgramOptions, type RunningProgram } from './running-program.ts';

export interface Life extends ProgramOptions {
  readonly directory: string;
  readonly script: string;
  /** Whose steps count: change, generations, forgetting. */
  readonly works: string;
  /** At which it is killed; Infinity: never. */
  readonly diesAt: number;
  /** What is done while it lives; it may be killed meanwhile. */
  readonly work: (program: RunningProgram) => Promise<unknown>;
}

/** True: it was killed. Whatever else ends it is an error. */
export async function live({ works, diesAt, work, ...options }: Life): Promise<boolean> {
  const env = { ...options.env, DIES_IN: works, DIES_AT: String(diesAt) };
  const program = await startProgram({ ...options, env }).catch((cause: unknown) => {
    // it may end before it has said that it is there
    if (cause instanceof Error && cause.message.includes('ended with SIGKILL')) return undefined;
    throw cause;
  });
  if (program === undefined) return true;
  const failure: unknown = await work(program).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  // who was told nothing any more learns a moment later that it is gone
  if (failure !== undefined) for (let tries = 0; tries < 40 && isAlive(program); tries += 1) await wait(25);
  if (!isAlive(program)) return true;
  await program.stop();
  if (failure !== undefined) throw new Error(`it lives and did not do it:\n${program.output()}`, { cause: failure });
  return false;
}

export function isAlive({ pid }: RunningProgram): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** What a command asks the running program, over the same socket. */
export async function must<M extends OperatorMethod>(
  program: RunningProgram,
  method: M,
  params: ParamsOf<M>,
): Promise<ResultOf<M>> {
  for (let tries = 0; ; tries += 1) {
    const answer = await askOperator(program.dataDir, method, params);
    if (answer.ok) return answer.value;
    // the page answers a moment before this door does
    const isEarly = answer.error.kind === 'not-running' && tries < 200 && isAlive(program);
    if (!isEarly) throw new Error(`${method}: ${answer.error.sentence}`);
    await wait(50);
  }
}

/** `SIEGEL_LONG=1`: everything; `SIEGEL_LONG=2/8`: the second eighth of it. */
export const long = ((text) => {
  if (text === undefined) return undefined;
  const [part = 1, parts = 1] = text.includes('/') ? text.split('/').map(Number) : [];
  return { part, parts };
})(process.env['SIEGEL_LONG']);

/** Whether this run's part holds the n-th of all. */
export function isMine(n: number): boolean {
  return long !== undefined && n % long.parts === long.part % long.parts;
}

export class Tally {
  kills = 0;
  before = 0;
  after = 0;
  booksEqual = 0;
  readonly bad: string[] = [];

  /** Notes what is not as it must be, and goes on: a long run shows all of it. */
  async look(where: string, work: () => Promise<'before' | 'after'>): Promise<void> {
    try {
      this[await work()] += 1;
      this.booksEqual += 1;
    } catch (cause) {
      this.bad.push(`${where}: ${cause instanceof Error ? cause.message : 'unknown'}`);
    }
  }

  say(): string {
    const { kills, before, after, booksEqual, bad } = this;
    return `${kills} kills: before ${before}, after ${after}, books equal ${booksEqual}, bad ${bad.length}`;
  }
}
