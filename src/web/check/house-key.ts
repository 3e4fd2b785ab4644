// What the own server says of its book: the key it signs with, and the path between two sizes. What it answers is checked, never believed.

import { parsePath } from '#vault/book/check/receipt.ts';
import type { Hash } from '#vault/book/merkle.ts';
import type { HouseKey } from './judge-receipt.ts';

/** Undefined: not reachable, or not one of our houses. */
export async function askHouseKey(reach: typeof fetch): Promise<HouseKey | undefined> {
  const body = await askJson(reach, '/.well-known/siegel-book');
  const { house, key } = Object.assign({ house: undefined, key: undefined }, body);
  return typeof house === 'string' && typeof key === 'string' ? { house, key } : undefined;
}

export async function askConsistency(
  reach: typeof fetch,
  from: number,
  to: number,
): Promise<readonly Hash[] | undefined> {
  const body = await askJson(reach, `/book/consistency?from=${from}&to=${to}`);
  return parsePath(Object.assign({ path: undefined }, body).path);
}

async function askJson(reach: typeof fetch, path: string): Promise<object> {
  try {
    const answer = await reach(path, { credentials: 'omit', redirect: 'error' });
    const body: unknown = answer.ok ? await answer.json() : undefined;
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
}
