// Chance that repeats: drawn from a secret of this machine, so that the same question about the same thing has the same answer after every restart.

import { createHmac } from 'node:crypto';

/** 32 random bytes that never leave the machine. */
export type Seed = Uint8Array;
export const SEED_BYTES = 32;

const UNIT_BYTES = 6;

/**
 * Numbers in [0, 1), 48 bits each, at most five. Another use or another thing gives others; whoever has not the seed cannot tell
 * them from chance.
 */
export function drawUnits(seed: Seed, use: string, thing: string, count: number): readonly number[] {
  const drawn = createHmac('sha256', seed).update(`siegel/telemetry/${use}/v1\0${thing}`).digest();
  return Array.from({ length: count }, (_, nth) => drawn.readUIntBE(nth * UNIT_BYTES, UNIT_BYTES) / 2 ** 48);
}

/** 0 to choices − 1. */
export function choose(unit: number, choices: number): number {
  return Math.floor(unit * choices);
}
