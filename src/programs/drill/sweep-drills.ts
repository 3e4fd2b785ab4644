// What a killed drill left: its folder in the temporary folder, and processes that still live in it. The next drill clears it away.

import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';

/** Of folders that a drill makes itself. */
export const DRILL_PREFIX = 'sgl-drill-';
export const DRILL_MARK = '.siegel-drill';
const markSchema = v.object({
  kind: v.literal('siegel drill'),
  pid: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** When the kernel started that process; another one may have its number later. */
  born: v.optional(v.string()),
});
export type DrillMark = v.InferOutput<typeof markSchema>;

/** Of this process. */
export function newMark(): DrillMark {
  const born = bornOf(process.pid);
  return { kind: 'siegel drill', pid: process.pid, ...(born === undefined ? {} : { born }) };
}

/** Undefined: no drill made this folder. */
export function readMark(folder: string): DrillMark | undefined {
  try {
    const read = v.safeParse(markSchema, JSON.parse(readFileSync(join(folder, DRILL_MARK), 'utf8')));
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}

/** Field 22 of /proc/PID/stat; the name before it may hold anything, so it is counted from behind its bracket. */
function bornOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function isAlive({ pid, born }: DrillMark): boolean {
  if (pid === undefined) return true; // made by hand, or by an earlier version: nobody knows
  try {
    process.kill(pid, 0);
  } catch (cause) {
    // somebody else's process is a process
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM' && bornOf(pid) === born;
  }
  return born === undefined || bornOf(pid) === born;
}

/** Folders below `parent` that a drill made whose process is gone; those that are not ours to remove stay. */
export async function sweepDrills(parent: string): Promise<readonly string[]> {
  const swept: string[] = [];
  for (const name of readdirSync(parent).filter((one) => one.startsWith(DRILL_PREFIX))) {
    const folder = join(parent, name);
    const { uid } = lstatSync(folder);
    const mark = readMark(folder);
    if (mark === undefined || isAlive(mark)) continue;
    try {
      await endThoseIn(folder, uid);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      swept.push(name);
    } catch {
      // another user's: he sweeps it
    }
  }
  return swept;
}

const TRIES_MAX = 50;
const POLL_MS = 100;

/** Databases and the loops that start them stand in the folder itself, and belong to whom it belongs to. */
async function endThoseIn(folder: string, uid: number): Promise<void> {
  const inside = `${realpathSync(folder)}/`;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && standsIn(name, inside, uid));
    if (pids.length === 0) return;
    for (const pid of pids) tryKill(Number(pid));
    await wait(POLL_MS);
  }
}

function standsIn(pid: string, inside: string, uid: number): boolean {
  try {
    return statSync(`/proc/${pid}`).uid === uid && readlinkSync(`/proc/${pid}/cwd`).startsWith(inside);
  } catch {
    return false;
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone meanwhile
  }
}
