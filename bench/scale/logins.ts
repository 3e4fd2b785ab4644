// Logins by OPAQUE over HTTP, measured where the server works: the client's stretching of the password is left out.

import { createHttpDoor } from '#web/client/http-door.ts';
import { jarFetch } from '#web/client/jar-fetch.ts';
import { startLoggingIn } from '#web/client/opaque-client.ts';
import { round } from '../figures.ts';
import type { Person } from './people.ts';

const AT_ONCE = 16;
const STARTS = 200;

/** Milliseconds the server took for both halves of one login, up to the open session. */
export async function timeLogin(url: string, { address, plainPassword }: Person): Promise<number> {
  const door = createHttpDoor(jarFetch(() => url));
  const login = await startLoggingIn(plainPassword);
  const began = performance.now();
  const started = await door.call('loginStart', { address, startLoginRequest: login.startLoginRequest });
  const startMs = performance.now() - began;
  if (!started.ok) throw new Error(`login: ${started.error.kind}`);
  const { loginId, candidates } = started.value;
  const { loginResponse, stretching } = candidates[0];
  const finished = login.finish(loginResponse, started.value, stretching);
  if (!finished) throw new Error('login: the server’s answer does not fit');
  const { finishLoginRequest } = finished;
  const resumed = performance.now();
  const step = await door.call('loginFinish', { loginId, candidate: 0, finishLoginRequest, purpose: 'session' });
  const finishMs = performance.now() - resumed;
  if (!step.ok) throw new Error(`login: ${step.error.kind}`);
  if (step.value.step !== 'done') throw new Error(`login: ${step.value.step} instead of a session`);
  return round(startMs + finishMs);
}

/** First halves a second, several at once: what the server can answer whatever the clients' machines do. */
export async function startsPerSecond(url: string, people: readonly Person[]): Promise<number> {
  const door = createHttpDoor(jarFetch(() => url));
  const { startLoginRequest } = await startLoggingIn('any password will do');
  const waiting = people.slice(0, STARTS).values();
  let done = 0;
  const began = performance.now();
  const work = async (): Promise<void> => {
    for (const { address } of waiting) {
      const started = await door.call('loginStart', { address, startLoginRequest });
      if (!started.ok) throw new Error(`login: ${started.error.kind}`);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return done / ((performance.now() - began) / 1000);
}
