// What every command of a person begins and ends with: reach the server, read the password, sign in, end the session.

import { systemClock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { SignedIn } from '#web/backend.ts';
import { createEntryClient, type EntryClient } from '#web/client/entry.ts';
import { jarFetch } from '#web/client/jar-fetch.ts';
import { openSession, type OpenSession } from '#web/client/open-session.ts';
import type { Call, CommandRefusal, Outcome } from '../../command.ts';
import { refusedEntry, refusedSession } from './sentences.ts';

export interface Reached {
  readonly reach: typeof fetch;
  readonly entry: EntryClient;
}

/** The server of --server, or the one of this machine. */
export function reachServer(call: Call): Result<Reached, CommandRefusal> {
  const text = call.options['server'] ?? `http://127.0.0.1:${call.config.httpPort}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    return err({ kind: 'misused', sentence: '--server must be a URL such as https://mail.example.org.' });
  }
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol === 'http:' && !isLocal) {
    return err({ kind: 'misused', sentence: '--server must begin with https: outside this machine.' });
  }
  const reach = jarFetch(() => url.origin);
  return ok({ reach, entry: createEntryClient(reach, systemClock) });
}

/** Lines of standard input without their line ends: passwords may begin and end with blanks. */
export async function readLines(call: Call): Promise<readonly string[]> {
  const input = await call.terminal.readInput();
  return input.replace(/\r?\n$/, '').split(/\r?\n/);
}

export interface SignedInCall extends Reached {
  readonly call: Call;
  readonly signedIn: SignedIn;
  readonly session: OpenSession;
  /** What stood on standard input. */
  readonly plainLines: readonly string[];
}

/** Signs in, does the work, ends the session whatever happened. */
export async function whileSignedIn(call: Call, work: (of: SignedInCall) => Promise<Outcome>): Promise<Outcome> {
  const reached = reachServer(call);
  if (!reached.ok) return reached;
  const { entry, reach } = reached.value;
  const plainLines = await readLines(call);
  const signedIn = await signIn(entry, call, plainLines[0] ?? '');
  if (!signedIn.ok) return signedIn;
  try {
    const session = await openSession(reach, signedIn.value);
    if (!session.ok) return refusedSession(session.error);
    return await work({ call, reach, entry, signedIn: signedIn.value, session: session.value, plainLines });
  } finally {
    await reach('/auth/logout', { method: 'POST' }).catch(() => undefined);
  }
}

async function signIn(
  entry: EntryClient,
  call: Call,
  plainPassword: string,
): Promise<Result<SignedIn, CommandRefusal>> {
  const step = await entry.signIn({ address: call.options['address'] ?? '', plainPassword });
  if (!step.ok) return refusedEntry(step.error);
  if (step.value.step === 'done') return ok(step.value.signedIn);
  if (step.value.step === 'closed') return closedMailbox;
  const code = call.options['code'];
  if (code === undefined) {
    const sentence = 'this account asks for a code too. Add --code with the six digits your app shows.';
    return err({ kind: 'refused', reason: 'code-needed', sentence });
  }
  const done = await entry.giveCode(code);
  if (!done.ok) return refusedEntry(done.error);
  return done.value.step === 'done' ? ok(done.value.signedIn) : closedMailbox;
}

const closedMailbox = err({
  kind: 'refused',
  reason: 'account-closed',
  sentence: 'this mailbox is closed. Sign in on the page to reopen it, or ask the operator: siegel account reopen.',
});
