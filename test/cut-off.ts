// A client's flow of requests that ends in the middle: the program is killed before a request, after it, or while it is under way.

import { setTimeout as wait } from 'node:timers/promises';
import { jarFetch } from '../src/web/client/jar-fetch.ts';
import type { RunningProgram } from './running-program.ts';

/** The program that runs now; each kill puts another in its place. */
export interface Life {
  program: RunningProgram;
}

export interface Cut {
  /** The request at which it happens. */
  readonly path: string;
  /** `after`: the server has answered, the client never hears it. `under way`: some milliseconds after it was sent. */
  readonly when: 'before' | 'after' | 'under way';
  /** For `under way`; without it, anything up to UNDER_WAY_MS. */
  readonly killAfterMs?: number;
}

const UNDER_WAY_MS = 15;

export interface CutReach {
  readonly reach: typeof fetch;
  /** Whether the flow came as far as the cut. */
  readonly isKilled: () => boolean;
  /** What the server did with a request, as far as its answers show. */
  fateOf(path: string): 'not sent' | 'sent' | 'answered';
}

/** `fetch` for one flow: at the cut the program dies by SIGKILL, and the client with it: no later request leaves. */
export function cutReach(reach: typeof fetch, cut: Cut, kill: () => Promise<void>): CutReach {
  let isKilled = false;
  const sent = new Set<string>();
  const answered = new Set<string>();
  const send: typeof fetch = async (input, init) => {
    sent.add(pathOf(input));
    const answer = await reach(input, init);
    if (answer.status === 200) answered.add(pathOf(input));
    return answer;
  };
  async function die(input: Parameters<typeof fetch>[0], init: RequestInit | undefined): Promise<never> {
    isKilled = true;
    if (cut.when === 'after') await (await send(input, init)).arrayBuffer();
    const underWay = cut.when === 'under way' ? send(input, init).catch(() => undefined) : undefined;
    if (underWay) await wait(cut.killAfterMs ?? Math.random() * UNDER_WAY_MS);
    await kill();
    await underWay;
    throw new Error('the client is gone');
  }
  return {
    reach(input, init) {
      if (isKilled) throw new Error('the client is gone');
      return pathOf(input) === cut.path ? die(input, init) : send(input, init);
    },
    isKilled: () => isKilled,
    fateOf: (path) => (answered.has(path) ? 'answered' : sent.has(path) ? 'sent' : 'not sent'),
  };
}

/** The paths that a flow asks for, in order. */
export function recordingReach(reach: typeof fetch): { readonly reach: typeof fetch; readonly paths: string[] } {
  const paths: string[] = [];
  return {
    paths,
    reach: (input, init) => {
      paths.push(pathOf(input));
      return reach(input, init);
    },
  };
}

/** A client of its own, with its cookies, at whatever program lives. */
export function freshReach(life: Life): typeof fetch {
  return jarFetch(() => life.program.url);
}

/** Asked again while the program is not up yet. */
export async function patiently<T extends { readonly ok: boolean }>(ask: () => Promise<T>): Promise<T> {
  const untilMs = performance.now() + 20_000;
  for (;;) {
    const answer = await ask();
    const kind = answer.ok ? undefined : JSON.stringify(answer);
    const isAway = kind?.includes('"no-connection"') === true || kind?.includes('"server-unavailable"') === true;
    if (!isAway || performance.now() > untilMs) return answer;
    await wait(200);
  }
}

function pathOf(input: Parameters<typeof fetch>[0]): string {
  return typeof input === 'string' ? input : input instanceof URL ? input.pathname : new URL(input.url).pathname;
}
