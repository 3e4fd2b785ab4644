// The browser of the journeys: SIEGEL_CHROMIUM, else Debian's chromium, else the npm one; undefined when there is none.

import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

interface Found {
  readonly path: string;
  readonly args: readonly string[];
}

async function findChromium(): Promise<Found | undefined> {
  const named = process.env['SIEGEL_CHROMIUM'] ?? '/usr/bin/chromium';
  if (existsSync(named)) return { path: named, args: ['--no-sandbox', '--disable-dev-shm-usage'] };
  try {
    const { default: packed } = await import('@sparticuz/chromium');
    return { path: await packed.executablePath(), args: packed.args };
  } catch {
    return undefined;
  }
}

export async function openChromium(): Promise<Browser | undefined> {
  const found = await findChromium();
  if (!found) return undefined;
  return await chromium.launch({ executablePath: found.path, args: [...found.args], headless: true });
}
