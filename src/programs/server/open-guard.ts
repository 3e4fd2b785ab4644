// Asks the database's guard whether it stands, whenever the database came up, and puts into the book what was done above it.

import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log/log.ts';
import { markGlassTold, readBrokenGlass } from '#vault/database/broken-glass.ts';
import type { GuardParts } from '#vault/database/install-guard.ts';
import { testGuard, type GuardReport } from '#vault/safeguards/guard/self-test.ts';
import { createRecorder } from './house-book.ts';
import type { Vault } from './open-vault.ts';

export interface HouseGuard extends AsyncDisposable {
  readonly status: { readonly warnings: readonly string[]; readonly fact: string };
}

export interface GuardWay {
  readonly clock: Clock;
  readonly log: Log;
  readonly vault: Vault;
}

const LOOK_MS = 5_000;
const AGAIN_MS = 3_600_000;

/** The first look is over when this resolves, if the database is up; then every hour and whenever it came back. */
export async function openGuard(way: GuardWay): Promise<HouseGuard> {
  const { clock, vault } = way;
  let report: GuardReport | undefined;
  let glassMs: readonly number[] = [];
  let lookedMs = 0;
  let wasUp = false;
  let looking: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    const isUp = vault.door.health.state === 'up';
    const isDue = isUp && (!wasUp || clock.monotonicMs() - lookedMs > AGAIN_MS);
    wasUp = isUp;
    if (!isDue) return;
    lookedMs = clock.monotonicMs();
    try {
      report = await testGuard(vault.database);
      glassMs = [...glassMs, ...(await tellBrokenGlass(way))];
    } catch (cause) {
      wasUp = false; // again at the next look
      way.log.fault('guard.notTested', cause);
    }
    if (report?.isActive === false) way.log.error('guard.notActive', { findings: report.findings.length });
  };
  await look();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, LOOK_MS);
  timer.unref();
  return {
    get status() {
      return { warnings: [...glassMs.map(sayBrokenGlass), ...warningsOf(report)], fact: factOf(report) };
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await looking;
    },
  };
}

/** A receipt for each time; told once the book has it. */
async function tellBrokenGlass({ vault, log }: GuardWay): Promise<readonly number[]> {
  await using owner = await vault.database.connectAs('owner');
  const times = await readBrokenGlass(owner);
  const record = createRecorder(vault.door, vault.book);
  for (const noticedMs of times) {
    log.error('guard.brokenGlass', {});
    const kept = await record({ kind: 'break-glass', facts: { what: 'worked on in single-user mode', noticedMs } });
    if (kept.ok) await markGlassTold(owner, noticedMs);
  }
  return times;
}

function sayBrokenGlass(noticedMs: number): string {
  return `Somebody worked on the stopped database, past the guard (noticed ${new Date(noticedMs).toISOString()}). The book has it. Compare rows and journal: siegel ledger check.`;
}

function factOf(report: GuardReport | undefined): string {
  if (report === undefined) return 'not tested yet';
  const { isActive, tried, tookMs } = report;
  return isActive ? `active, ${tried} wrong commands refused in ${Math.round(tookMs)} ms` : 'not active';
}

function warningsOf(report: GuardReport | undefined): readonly string[] {
  if (report === undefined) return [];
  const next = report.parts.isSealed
    ? 'Make the database anew: siegel database rebuild'
    : 'Name a new, empty database in DATABASE_URL: it is filled from the journal.';
  const found = report.findings.map((finding) => `The database’s guard is not active: ${finding}. ${next}`);
  return [...found, ...missing(report.parts)];
}

function missing({ core, roles, events, isSealed }: GuardParts): readonly string[] {
  if (!core)
    return [
      'The user of DATABASE_URL may not make a schema, so the database has no guard. Let it: GRANT CREATE ON DATABASE.',
    ];
  if (!roles)
    return [
      'The user of DATABASE_URL may not make roles, so all works with its rights. Let it: ALTER ROLE … CREATEROLE.',
    ];
  if (!events)
    return [
      'Only a superuser can have tables guarded against DROP and ALTER, and the user of DATABASE_URL is none: that part is not active.',
    ];
  return isSealed
    ? []
    : ['The user of DATABASE_URL is a superuser and stands above the guard. Keep its password away from people.'];
}
