// `siegel database rebuild` of a running house: letters a second from the journal alone into the full schema.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#base/clock.ts';
import { askOperator } from '../src/programs/operator-socket.ts';
import { startProgram } from '../test/running-program.ts';
import { median, round } from './figures.ts';
import { signUp, type House } from './scale/people.ts';
import { openSeedHouse, seedLetters } from './seed-journal.ts';

const PEOPLE = 20;
const YEAR_MS = 365 * 86_400_000;
const LETTER_BYTES = 2_500;
const READY_WAIT_MS = 15 * 60_000;

/** `--letters=N` (100,000); `--quick`: a tenth, once. The time runs from the command to its answer: new cluster, schema and all rows. */
export async function run(flags: readonly string[]): Promise<unknown> {
  const quick = flags.includes('--quick');
  const named = flags.find((flag) => flag.startsWith('--letters='))?.slice('--letters='.length);
  const letters = named === undefined ? (quick ? 10_000 : 100_000) : Number(named);
  const directory = await mkdtemp(join(tmpdir(), 'siegel-rebuild-'));
  const options = { directory, env: { SIEGEL_LOG: 'error' }, readyWaitMs: READY_WAIT_MS };
  const house: House = { program: await startProgram(options) };
  try {
    const addresses: string[] = [];
    for (let n = 0; n < PEOPLE; n++) addresses.push((await signUp(house, `person${n}`)).address);
    await house.program.stop();
    {
      await using seed = await openSeedHouse(house.program.dataDir);
      const fromMs = systemClock.nowMs() - YEAR_MS;
      await seedLetters(seed, { count: letters, addresses, sizeBytes: LETTER_BYTES, fromMs });
    }
    house.program = await startProgram(options);
    const seconds: number[] = [];
    for (let n = 0; n < (quick ? 1 : 3); n++) seconds.push(await rebuild(house.program.dataDir, letters));
    return {
      lettersPerSecond: Math.round(letters / median(seconds)),
      seconds: seconds.map(round),
      letters,
      accounts: PEOPLE,
    };
  } finally {
    await house.program.stop();
    await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function rebuild(dataDir: string, letters: number): Promise<number> {
  const started = performance.now();
  const answer = await askOperator(dataDir, 'database.rebuild', { apply: true });
  const tookMs = performance.now() - started;
  if (!answer.ok) throw new Error(answer.error.sentence);
  if (answer.value.letters !== letters) throw new Error(`${answer.value.letters} of ${letters} letters came back`);
  return tookMs / 1000;
}
