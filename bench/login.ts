// What a login costs: how long one takes at the server, how many a second when many come at once, how much processor time.

import { readFile } from 'node:fs/promises';
import { startProgram } from '../test/running-program.ts';
import { percentile, round, spreadOf } from './figures.ts';
import { startsPerSecond, timeLogin } from './scale/logins.ts';
import { signUp, type House, type Person } from './scale/people.ts';

const PEOPLE = 40;
const ALONE = 20;
const ROUNDS = 5;
/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** `--quick`: one round. Both halves of OPAQUE up to the open session; the client's stretching of the password is left out. */
export async function run(flags: readonly string[]): Promise<unknown> {
  const rounds = flags.includes('--quick') ? 1 : ROUNDS;
  await using program = await startProgram({ env: { SIEGEL_LOG: 'error' } });
  const house: House = { program };
  const people: Person[] = [];
  for (let n = 0; n < PEOPLE; n++) people.push(await signUp(house, `person${n}`));
  const alone: number[] = [];
  const starts: number[] = [];
  let logins = 0;
  const cpuBefore = await cpuSeconds(program.pid);
  for (let n = 0; n < rounds; n++) {
    for (const person of people.slice(0, ALONE)) alone.push(await timeLogin(program.url, person));
    logins += ALONE;
  }
  const cpuMsPerLogin = ((await cpuSeconds(program.pid)) - cpuBefore) / logins / 1e-3;
  for (let n = 0; n < rounds; n++) starts.push(await startsPerSecond(program.url, people));
  return {
    alone: spreadOf(alone),
    cpuMsPerLogin: round(cpuMsPerLogin),
    startsPerSecond: Math.round(percentile(starts, 0.5)),
    logins,
  };
}

/** The main thread's and all worker threads' time of the program, database not included. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
