// Every receipt of an account as files, by the command a person uses; waits until no letter of the hour is left out.

import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { RunningProgram } from './running-program.ts';

/** The hour of the letters ends at the book's next look, a moment after the start of a program whose clock is ahead. */
export async function saveReceipts(
  program: Pick<RunningProgram, 'siegel'>,
  of: { readonly address: string; readonly plainPassword: string; readonly out: string },
): Promise<void> {
  const words = [
    'user',
    'receipts',
    '--address',
    of.address,
    '--password-stdin',
    '--letters',
    '--out',
    of.out,
    '--json',
  ];
  for (let tries = 0; tries < 20; tries++) {
    const saved = await program.siegel(words, of.plainPassword);
    assert.equal(saved.code, 0, saved.stdout + saved.stderr);
    if ((JSON.parse(saved.stdout) as { waiting: number }).waiting === 0) return;
    await wait(500);
  }
  throw new Error('letters still wait');
}
