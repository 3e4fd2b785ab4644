// What operators see of the safeguards and what everybody may know, with what is behind it: ledger, incidents, backups, changes.

import type { Hono } from 'hono';
import type { AccountId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { SafetyChange } from '#formats/auth-wire/safety-answers.ts';
import { createSafetyRoutes, type Refused, type SafetyNeighbours } from '#office/safety/safety-routes.ts';
import { createStatusRoutes } from '#office/safety/status-routes.ts';
import type { KeptFacts } from '#office/trust/trust-facts.ts';
import { approve } from '#vault/safeguards/change/approve-change.ts';
import type { ChangeParts } from '#vault/safeguards/change/parts.ts';
import { LedgerWatch } from './ledger-watch.ts';
import type { HouseBackups } from './open-backups.ts';
import { openHouseIncidents, type HouseIncidents, type IncidentParts } from './open-incidents.ts';
import { BackupGlance } from './safety-events.ts';
import { backupView, changesView, changeView } from './safety-view.ts';

export interface SafetyParts extends Omit<IncidentParts, 'ledger' | 'backups'> {
  readonly ledgerKey: Uint8Array;
  readonly backups: HouseBackups;
  /** Undefined: there are no changes here (yet). */
  readonly changes: () => ChangeParts | undefined;
  /** Undefined: there is no drill here (yet). */
  readonly lastDrill?:
    (() => { readonly atMs: number; readonly passed: number; readonly total: number } | undefined) | undefined;
}

export interface HouseSafety extends Disposable {
  readonly ledger: LedgerWatch;
  readonly incidents: HouseIncidents;
  /** For /trust. */
  kept(): Omit<KeptFacts, 'atMs'>;
  routes(of: SafetyRoutesParts): readonly Hono[];
}

export interface SafetyRoutesParts {
  readonly authenticate: SafetyNeighbours['authenticate'];
  readonly frame: string | undefined;
}

export function openHouseSafety(parts: SafetyParts): HouseSafety {
  const { clock, vault, backups } = parts;
  const ledger = new LedgerWatch(parts);
  const glance = new BackupGlance(backups.backups, clock);
  const incidents = openHouseIncidents({ ...parts, ledger, backups: glance });
  return {
    ledger,
    incidents,
    kept() {
      const { last } = ledger;
      const verifiedMs = glance.known.at(-1)?.verifiedMs;
      return { backup: backups.backups.isNamed ? { verifiedMs } : undefined, ledger: last };
    },
    routes: ({ authenticate, frame }) => [
      createSafetyRoutes({
        authenticate,
        safety: (accountId) => safetyOf({ parts, ledger, glance, incidents }, accountId),
        checkLedger: () => ledger.check(),
        approve:
          parts.changes() === undefined ? undefined : (number, signature) => approveFrom(parts, number, signature),
      }),
      createStatusRoutes({
        clock,
        domain: parts.domain,
        works: () => ({ takesMail: vault.journal.mayAccept().ok, showsMail: vault.door.health.state === 'up' }),
        incidents: () => incidents.shown(),
        frame,
      }),
    ],
    [Symbol.dispose]() {
      ledger[Symbol.dispose]();
      incidents[Symbol.dispose]();
    },
  };
}

interface Behind {
  readonly parts: SafetyParts;
  readonly ledger: LedgerWatch;
  readonly glance: BackupGlance;
  readonly incidents: HouseIncidents;
}

async function safetyOf(
  { parts, ledger, glance, incidents }: Behind,
  accountId: AccountId,
): ReturnType<SafetyNeighbours['safety']> {
  const changes = parts.changes();
  const drill = parts.lastDrill;
  return {
    nowMs: parts.clock.nowMs(),
    backup: backupView(parts.backups, await glance.look()),
    ledger: { last: ledger.last ?? null, isRunning: ledger.isRunning },
    drill: drill === undefined ? null : { last: drill() ?? null },
    changes: changes === undefined ? null : changesView(changes, accountId),
    incidents: [...incidents.shown()].map((one) => ({ ...one, timeline: [...one.timeline] })),
  };
}

async function approveFrom(
  { changes }: SafetyParts,
  number: number,
  signature: string,
): Promise<Result<SafetyChange, Refused>> {
  const parts = changes();
  if (parts === undefined)
    return err({ kind: 'none', sentence: 'There are no changes here. Nothing was changed. See: siegel status' });
  const approved = await approve(parts, number, [signature]);
  return approved.ok ? ok(changeView(parts, approved.value)) : approved;
}
