// A backup of a running house taken, restored beside and checked; the same house built out of it on an empty machine.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '#base/clock.ts';
import { askOperator } from '../src/programs/operator-socket.ts';
import { runSiegel, startProgram } from '../test/running-program.ts';
import { round } from './figures.ts';
import { signUp, type House } from './scale/people.ts';
import { openSeedHouse, seedLetters } from './seed-journal.ts';

const PEOPLE = 20;
const YEAR_MS = 365 * 86_400_000;
const LETTER_BYTES = 8_000;
const READY_WAIT_MS = 15 * 60_000;

/**
 * `--letters=N` (100,000); `--quick`: a tenth. `first`: everything is new at the place; `second`: what a day later is new.
 * `restoreSeconds`: from the command to its end, all checks included; `startSeconds`: until every row of the new house stands.
 */
export async function run(flags: readonly string[]): Promise<unknown> {
  const named = flags.find((flag) => flag.startsWith('--letters='))?.slice('--letters='.length);
  const letters = named === undefined ? (flags.includes('--quick') ? 10_000 : 100_000) : Number(named);
  const top = await mkdtemp(join(tmpdir(), 'siegel-backup-'));
  const place = join(top, 'place');
  const options = {
    directory: join(top, 'house'),
    env: { SIEGEL_LOG: 'error', SIEGEL_BACKUP_DIR: place },
    readyWaitMs: READY_WAIT_MS,
  };
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
    await untilApplied(house.program.dataDir);
    const first = await take(house.program.dataDir, letters);
    const second = await take(house.program.dataDir, letters);
    await house.program.stop();
    const to = join(top, 'new', 'data');
    const words = [
      'restore',
      '--to',
      to,
      '--backup',
      place,
      '--kit',
      `${house.program.dataDir}-kit`,
      '--apply',
      '--json',
    ];
    const restoreSeconds = await timed(async () => {
      const restored = await runSiegel(words, '', { ...process.env, SIEGEL_DATA_DIR: join(top, 'nowhere') });
      if (restored.code !== 0) throw new Error(restored.stdout);
    });
    const startSeconds = await timed(async () => {
      house.program = await startProgram({ ...options, directory: join(top, 'new') });
      await untilApplied(house.program.dataDir);
    });
    return { letters, accounts: PEOPLE, first, second, restoreSeconds, startSeconds };
  } finally {
    await house.program.stop();
    await rm(top, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function take(dataDir: string, letters: number): Promise<Readonly<Record<string, number>>> {
  const taken = await askOperator(dataDir, 'backup.take', {});
  if (!taken.ok) throw new Error(taken.error.sentence);
  const { storedBytes, writtenBytes, copyMs, proofMs } = taken.value;
  if (taken.value.letters !== letters) throw new Error(`${String(taken.value.letters)} of ${letters} letters`);
  return {
    storedMb: Math.round(storedBytes / 1e6),
    writtenMb: Math.round(writtenBytes / 1e6),
    copySeconds: round(copyMs / 1000),
    proofSeconds: round(proofMs / 1000),
  };
}

async function untilApplied(dataDir: string): Promise<void> {
  for (;;) {
    const status = await askOperator(dataDir, 'status', {});
    if (!status.ok) throw new Error(status.error.sentence);
    const { facts } = status.value;
    if (facts['database'] === 'up' && facts['records applied'] === facts['journal record']) return;
    await wait(100);
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return round((performance.now() - started) / 1000);
}
