// One worker: a process that is shut in, asked one thing at a time through pipes, and killed when it is late, silent or no longer needed.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { err, ok, type Result } from '#base/result.ts';
import { limits } from '#base/limits.ts';
import type { KeepReason } from '../contract.ts';
import { FrameReader, packFrame } from './frames.ts';
import { killGroup } from './kill-group.ts';
import { type Locks, shutIn, type WorkerProgram } from './locks.ts';
import { findWord, isReadyWord, type Question, type Work } from './messages.ts';

export type Role = 'read' | 'page' | 'bind' | 'verify';

/** `isGone`: the worker is of no more use; otherwise it said the reason itself. */
export interface WorkRefusal {
  readonly kind: KeepReason;
  readonly isGone: boolean;
}

export interface Worker {
  readonly pid: number | undefined;
  /** One question at a time. Never throws for what the worker does. */
  ask<K extends Question>(
    question: K,
    order: Work[K]['order'],
    waitMs: number,
  ): Promise<Result<Work[K]['answer'], WorkRefusal>>;
  /** Killed, or dead of itself. */
  readonly isGone: boolean;
  /** At once, whatever it is doing; its memory is the kernel's again. */
  kill(): void;
  /** When the process is gone. */
  readonly ended: Promise<void>;
}

export type StartWorker = (role: Role) => Worker;

const LAST_WORDS_MS = 300;
/** What the sandbox says of a runtime that was killed in it. */
const KILLED_INSIDE = 128 + 9;
const COMPLAINT_CHARACTERS = 4_000;
const NO_MEMORY = /out of memory|bad_alloc|Allocation failed|Failed to allocate|Cannot allocate memory/i;

export function startWorker(program: WorkerProgram, role: string, locks: Locks): Worker {
  const { file, args } = shutIn(program, role, locks);
  // a group of its own: whatever the shell and the sandbox become, one signal reaches all of it
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], env: {}, cwd: '/', detached: true });
  return new RunningWorker(child);
}

class RunningWorker implements Worker {
  readonly pid: number | undefined;
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  /** The worker has spoken: it is in its locks, and dies with this process. Before that it is told nothing. */
  readonly #ready = Promise.withResolvers<void>();
  #isReady = false;
  readonly #frames = new FrameReader({
    wordsBytes: limits.transit.frameWordsBytes,
    partsBytes: limits.transit.framePartsBytes,
  });
  /** Read for one thing only, whether memory ran out: it may quote what the worker was reading. */
  #complaint = '';
  #hear: ((heard: Heard) => void) | undefined;
  #isGone = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.pid = child.pid;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    child.once('error', () => this.#end({ lost: 'workerFailed' }, resolve));
    let waiting: NodeJS.Timeout | undefined;
    const end = (): void => {
      clearTimeout(waiting);
      this.#end({ lost: this.#reasonOfEnd() }, resolve);
    };
    child.once('close', end);
    // its last words come a little later; whoever else held the pipe does not keep us waiting
    child.once('exit', () => {
      waiting = setTimeout(end, LAST_WORDS_MS);
    });
    child.stdin?.on('error', () => undefined); // what follows a broken pipe is its end
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = `${this.#complaint}${text}`.slice(-COMPLAINT_CHARACTERS);
    });
    child.stdout?.on('data', (chunk: Uint8Array) => this.#take(chunk));
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  async ask<K extends Question>(
    question: K,
    order: Work[K]['order'],
    waitMs: number,
  ): Promise<Result<Work[K]['answer'], WorkRefusal>> {
    if (this.#isGone) return err({ kind: 'workerFailed', isGone: true });
    const heard = await this.#exchange({ question, order }, waitMs);
    if ('lost' in heard) return err({ kind: heard.lost, isGone: true });
    const word = findWord(question, heard.message);
    if (word === undefined) {
      this.kill();
      return err({ kind: 'workerFailed', isGone: true });
    }
    return word.isDone ? ok(word.value) : err({ kind: word.reason, isGone: false });
  }

  kill(): void {
    this.#isGone = true;
    killGroup(this.#child);
    this.#hear?.({ lost: 'workerFailed' });
  }

  async #exchange(message: object, waitMs: number): Promise<Heard> {
    const { promise, resolve } = Promise.withResolvers<Heard>();
    this.#hear = resolve;
    const timer = setTimeout(() => {
      resolve({ lost: 'outOfTime' });
      this.kill();
    }, waitMs);
    const writing = this.#write(message, promise);
    const heard = await promise;
    clearTimeout(timer);
    this.#hear = undefined;
    if ('lost' in heard) this.kill();
    await writing;
    return heard;
  }

  /** Waits where the pipe is full, and no longer than there is somebody to read it. */
  async #write(message: object, over: Promise<Heard>): Promise<void> {
    const { stdin } = this.#child;
    await Promise.race([this.#ready.promise, over]);
    if (stdin === null || this.#isGone) return;
    for (const chunk of packFrame(message)) {
      if (!stdin.writable) return;
      if (!stdin.write(chunk)) await Promise.race([once(stdin, 'drain').catch(() => undefined), over]);
    }
  }

  #take(chunk: Uint8Array): void {
    if (this.#isGone) return;
    const taken = this.#frames.take(chunk);
    const [message, ...more] = taken.ok ? taken.value : [];
    if (message === undefined && taken.ok) return;
    if (!this.#isReady && more.length === 0 && isReadyWord(message)) {
      this.#isReady = true;
      return this.#ready.resolve();
    }
    // a word nobody asked for is no word of ours
    if (!taken.ok || more.length > 0 || !this.#isReady || this.#hear === undefined) this.kill();
    else this.#hear({ message });
  }

  #end(heard: Heard, done: () => void): void {
    this.#isGone = true;
    this.#hear?.(heard);
    done();
  }

  #reasonOfEnd(): KeepReason {
    if (this.#child.signalCode === 'SIGXCPU') return 'outOfTime';
    const { signalCode, exitCode } = this.#child;
    // what we kill is not asked again: this was the kernel, for want of memory
    if (signalCode === 'SIGKILL' || exitCode === KILLED_INSIDE) return 'outOfMemory';
    return NO_MEMORY.test(this.#complaint) ? 'outOfMemory' : 'workerFailed';
  }
}

type Heard = { readonly message: unknown } | { readonly lost: KeepReason };
