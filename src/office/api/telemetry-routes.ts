// GET /telemetry, POST /telemetry: what operators see of the honest counter and whether they agree to it; nobody else may ask.

import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { telemetryChoiceShape } from '#formats/auth-wire/telemetry-answers.ts';
import type { Role } from '#vault/journal/commands.ts';
import type { ChoiceRefusal, TelemetryHome } from '../telemetry/home/home.ts';
import { problem } from './problem.ts';

export interface TelemetryNeighbours {
  readonly authenticate: (request: Request) => Promise<{ readonly role: Role } | undefined>;
  readonly telemetry: Pick<TelemetryHome, 'view' | 'choose'>;
}

/** Mounted at /. */
export function createTelemetryRoutes({ authenticate, telemetry }: TelemetryNeighbours): Hono {
  const app = new Hono();
  app.use('/telemetry', async (context, next) => {
    context.header('cache-control', 'no-store');
    const caller = await authenticate(context.req.raw);
    if (caller === undefined) return problem('signedOut');
    if (caller.role !== 'operator') return problem('notAllowed');
    await next();
    return undefined;
  });
  app.use('/telemetry', bodyLimit({ maxSize: limits.telemetry.bodyBytes, onError: () => problem('bodyTooLarge') }));
  app.get('/telemetry', async (context) => context.json(await telemetry.view()));
  app.post('/telemetry', async (context) => {
    const choice = v.safeParse(telemetryChoiceShape, await context.req.json().catch(() => undefined));
    if (!choice.success) return problem('badRequest');
    const chosen = await telemetry.choose(choice.output);
    if (chosen.ok) return context.json(await telemetry.view());
    return context.json({ kind: chosen.error.kind, sentence: sentences[chosen.error.kind] }, 409);
  });
  return app;
}

/** For an operator who did not agree to what is asked now. */
export const sentences: Readonly<Record<ChoiceRefusal['kind'], string>> = {
  noCollector: 'No collector is configured, so there is nothing to agree to. Set the option telemetry-collector.',
  noWay: 'There is no way to the collector: set the option telemetry-relay, or agree to reports without a relay.',
  otherCatalogue: 'This is not the list that was shown: it has changed since. Look at it again, then agree.',
};
