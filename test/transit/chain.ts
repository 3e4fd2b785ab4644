// The whole chain for tests: the workshop with its real worker processes, watched, and what must hold of every answer whatever was sent.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemClock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { TakenOut } from './unlocked-worker.ts';
import type { OptimiseOrder, OptimiseResult } from '#post/transit/contract.ts';
import { findWorkersProgram } from '#programs/transit/built-workers.ts';
import { nameFiles } from '#post/transit/names/name-files.ts';
import { nameFault } from '#post/transit/verify/name-rule.ts';
import { findSandbox, type Sandbox, type WorkerProgram } from '#post/transit/workshop/locks.ts';
import type { FileBounds } from '#post/transit/workshop/job.ts';
import { makeOptimise } from '#post/transit/workshop/make-optimise.ts';
import { startWorker, type StartWorker } from '#post/transit/workshop/start-worker.ts';
import { workerReads } from '#post/transit/workshop/worker-program.ts';

/** As a start finds them, so that tests look at what is run. */
const PROGRAM = await findWorkersProgram();
const UNBOUNDED = join(import.meta.dirname, 'unbounded-worker.ts');
const UNLOCKED = join(import.meta.dirname, 'unlocked-worker.ts');

export interface ChainWay {
  /** The twin: workers in which no bound of `limits.transit` holds. */
  readonly isUnbounded?: boolean;
  /** The twin: workers without these locks. */
  readonly takenOut?: readonly TakenOut[];
  readonly nameFiles?: typeof nameFiles;
  readonly pageWaitMs?: number;
  readonly oneFileMax?: FileBounds;
  /** 1: no worker for pages begins before there is a page. */
  readonly pagesAtOnce?: number;
}

export interface Chain {
  readonly optimise: (order: Partial<OptimiseOrder>, signal?: AbortSignal) => Promise<OptimiseResult>;
  /** Of every worker that ever began. */
  readonly pids: readonly number[];
}

/** Looked for once: the walls of this machine are the same for every chain. */
let sandboxFound: Promise<Sandbox> | undefined;

export async function openChain({ pageWaitMs, pagesAtOnce = 2, ...way }: ChainWay = {}): Promise<Chain> {
  const program = programOf(way);
  const sandbox = await (sandboxFound ??= findSandbox(program));
  const pids: number[] = [];
  const start: StartWorker = (role) => {
    const worker = startWorker(program, role, { sandbox, hasBounds: true, hasPermissions: true });
    if (worker.pid !== undefined) pids.push(worker.pid);
    return worker;
  };
  const bound = {
    ...(pageWaitMs === undefined ? {} : { pageWaitMs }),
    ...(way.oneFileMax === undefined ? {} : { oneFileMax: way.oneFileMax }),
  };
  const work = makeOptimise({
    clock: systemClock,
    start,
    pagesAtOnce,
    nameFiles: way.nameFiles ?? nameFiles,
    ...bound,
  });
  return {
    pids,
    optimise: (order, signal = new AbortController().signal) =>
      work({ files: [], profile: 'balanced', ...order }, { signal, onProgress: () => undefined }),
  };
}

const folders: string[] = [];
process.once('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function programOf({ isUnbounded = false, takenOut = [] }: ChainWay): WorkerProgram {
  const { reads, runtime } = workerReads();
  if (takenOut.length === 0 && isUnbounded) return { reads: [...reads, UNBOUNDED], runtime, file: UNBOUNDED };
  if (takenOut.length === 0) return PROGRAM;
  const folder = mkdtempSync(join(tmpdir(), 'siegel-unlocked-'));
  folders.push(folder);
  const file = join(folder, 'main.mjs');
  const { href } = pathToFileURL(UNLOCKED);
  writeFileSync(file, `globalThis.takenOut = ${JSON.stringify(takenOut)};\nawait import(${JSON.stringify(href)});\n`);
  return { reads: [...reads, folder, UNLOCKED], runtime, file };
}

/** `name: reason` of what went back as it came, and each criterion that is not met. */
export function failures({ report }: OptimiseResult): readonly string[] {
  return report.files.flatMap(({ oldName, kept, criteria }) => [
    ...(kept === undefined ? [] : [`${oldName}: ${kept}`]),
    ...criteria.filter(({ isMet }) => !isMet).map(({ name, seen }) => `${oldName}: ${name}: ${seen}`),
  ]);
}

/** Whatever was sent: each file has its line in the report, its hash, a name that holds, and is what it was or smaller and proved. */
export function assertSound(result: OptimiseResult, bytesSent: number): void {
  for (const { name, bytes, report } of result.files) {
    const told = report === undefined ? undefined : result.report.files[report];
    assert.ok(told !== undefined, 'each file has its line');
    assert.equal(told.newName, name);
    assert.equal(told.digestAfter, createHash('sha256').update(bytes).digest('hex'));
    assert.ok(told.bytesAfter <= told.bytesBefore, `${told.oldName} grew`);
    assert.ok(
      name.length <= limits.transit.nameCharacters && /^[\dA-Za-z_ÄÖÜäöüß.-]+$/.test(name),
      JSON.stringify(name),
    );
    assert.doesNotMatch(told.oldName, /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069/\\]/u);
    if (told.kept !== undefined) assert.equal(told.digestAfter, told.digestBefore, `${told.oldName}: ${told.kept}`);
    else if (told.pages.length > 0) {
      assert.equal(nameFault(name), undefined);
      assert.equal(told.criteria.length, 16);
      assert.ok(told.criteria.every(({ isMet }) => isMet));
    }
  }
  const sum = result.files.reduce((all, { bytes }) => all + bytes.length, 0);
  assert.ok(sum <= bytesSent, `the letter grew from ${bytesSent} to ${sum} bytes`);
}
