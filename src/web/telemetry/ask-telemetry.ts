// What the page asks about figures, and the one thing it can do: agree to the list that is shown, or end it.

import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { telemetryShape, type TelemetryAnswer, type TelemetryChoice } from '#formats/auth-wire/telemetry-answers.ts';

/** `other-list`: the list is not the one that was shown any more. */
export type TelemetryTrouble = 'signed-out' | 'not-allowed' | 'no-connection' | 'server-unavailable' | 'other-list';

export type Asked = Promise<Result<TelemetryAnswer, { readonly kind: TelemetryTrouble }>>;

export function readTelemetry(): Asked {
  return ask();
}

export function choose(choice: TelemetryChoice): Asked {
  return ask({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(choice) });
}

async function ask(more: RequestInit = {}): Asked {
  let status: number;
  let answer: unknown;
  try {
    const response = await fetch('/telemetry', {
      credentials: 'same-origin',
      redirect: 'error',
      cache: 'no-store',
      ...more,
    });
    status = response.status;
    answer = await response.json();
  } catch {
    return err({ kind: 'no-connection' });
  }
  if (status === 200) {
    const read = v.safeParse(telemetryShape, answer);
    return read.success ? ok(read.output) : err({ kind: 'server-unavailable' });
  }
  const troubles: Readonly<Record<number, TelemetryTrouble>> = {
    401: 'signed-out',
    403: 'not-allowed',
    409: 'other-list',
  };
  return err({ kind: troubles[status] ?? 'server-unavailable' });
}
