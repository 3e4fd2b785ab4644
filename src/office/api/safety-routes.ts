// GET /safety, POST /safety/changes/N/signature, POST /safety/ledger/check: what operators see and do in the page; nobody else may ask.

import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as v from 'valibot';
import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Result } from '#base/result.ts';
import type { LedgerLook, Safety, SafetyChange } from '#formats/auth-wire/safety-answers.ts';
import type { Role } from '#vault/journal/commands.ts';
import { problem } from './problem.ts';

/** What a safeguard refuses, told as it says it. */
export interface Refused {
  readonly kind: string;
  readonly sentence: string;
}

export interface SafetyNeighbours {
  readonly authenticate: (
    request: Request,
  ) => Promise<{ readonly role: Role; readonly accountId: AccountId } | undefined>;
  readonly safety: (accountId: AccountId) => Promise<Safety>;
  /** One at a time: who asks while it runs gets the same answer. */
  readonly checkLedger: () => Promise<Result<LedgerLook, Refused>>;
  /** Adds a signature file. */
  readonly approve: (change: number, signature: string) => Promise<Result<SafetyChange, Refused>>;
}

const signatureShape = v.strictObject({
  signature: v.pipe(v.string(), v.maxLength(limits.incident.signatureCharacters)),
});

/** Mounted at /. */
export function createSafetyRoutes({ authenticate, safety, checkLedger, approve }: SafetyNeighbours): Hono {
  const app = new Hono<{ Variables: { accountId: AccountId } }>();
  app.use('/safety/*', async (context, next) => {
    context.header('cache-control', 'no-store');
    const caller = await authenticate(context.req.raw);
    if (caller === undefined) return problem('signedOut');
    if (caller.role !== 'operator') return problem('notAllowed');
    context.set('accountId', caller.accountId);
    await next();
    return undefined;
  });
  app.use('/safety/*', bodyLimit({ maxSize: limits.http.bodyBytes, onError: () => problem('bodyTooLarge') }));
  app.get('/safety', async (context) => context.json(await safety(context.get('accountId'))));
  app.post('/safety/ledger/check', async (context) => {
    const checked = await checkLedger();
    return checked.ok ? context.json(checked.value) : context.json(checked.error, 409);
  });
  app.post('/safety/changes/:number/signature', async (context) => {
    const text = context.req.param('number');
    const body = v.safeParse(signatureShape, await context.req.json().catch(() => undefined));
    if (!body.success || !/^[1-9]\d{0,8}$/.test(text)) return problem('badRequest');
    const approved = await approve(Number(text), body.output.signature);
    return approved.ok ? context.json(approved.value) : context.json(approved.error, 409);
  });
  return new Hono().route('/', app);
}
