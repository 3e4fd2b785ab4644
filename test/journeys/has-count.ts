// How many of something a page shows, once it has settled: what was pressed may still be drawn.

import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { Locator } from 'playwright-core';

const SETTLE_MS = 5_000;
const LOOK_MS = 25;

export async function hasCount(locator: Locator, count: number, why?: string): Promise<void> {
  const untilMs = performance.now() + SETTLE_MS;
  let seen = await locator.count();
  while (seen !== count && performance.now() < untilMs) {
    await wait(LOOK_MS);
    seen = await locator.count();
  }
  assert.equal(seen, count, why);
}
