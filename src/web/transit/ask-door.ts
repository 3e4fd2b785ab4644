// What the page asks the house besides its jobs: whether it may come in, and what is under way.

import * as v from 'valibot';
import { countersAnswer, doorAnswer, type CountersAnswer, type DoorAnswer } from '#formats/transit-wire/drop-frames.ts';
import { codeHeader } from './send-drop.ts';

/** `noTransit`: the house has no such room; `noConnection`: nobody answered. */
export type DoorState = DoorAnswer | 'noTransit' | 'noConnection';

export async function askDoor(reach: typeof fetch, code: string | undefined): Promise<DoorState> {
  try {
    const answer = await reach('/transit/door', { headers: codeHeader(code), redirect: 'error' });
    if (!answer.ok) return answer.status === 404 ? 'noTransit' : 'noConnection';
    const parsed = v.safeParse(doorAnswer, await answer.json());
    return parsed.success ? parsed.output : 'noTransit';
  } catch {
    return 'noConnection';
  }
}

export async function askCounters(reach: typeof fetch, code: string | undefined): Promise<CountersAnswer | undefined> {
  try {
    const answer = await reach('/transit/counters', { headers: codeHeader(code), redirect: 'error' });
    const parsed = v.safeParse(countersAnswer, await answer.json());
    return answer.ok && parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** The demo's sample, where the document names one. */
export function samplePath(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[name=siegel-sample]')?.content;
}

export async function fetchSample(reach: typeof fetch, path: string): Promise<File | undefined> {
  try {
    const answer = await reach(path, { redirect: 'error' });
    if (!answer.ok) return undefined;
    return new File([await answer.blob()], 'IMG_2041.jpg', { type: 'image/jpeg' });
  } catch {
    return undefined;
  }
}
