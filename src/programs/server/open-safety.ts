// What operators see of the safeguards and what everybody may know, with what is behind it: ledger, incidents, backups, changes.

import type { Hono } from 'hono';
import type { Config } from '#base/config/read.ts';
import type { AccountId } from '#base/ids.ts';
import { ok, type Result } from '#base/result.ts';
import type { SafetyChange } from '#formats/auth-wire/safety-answers.ts';
import { createSafetyRoutes, type Refused, type SafetyNeighbours } from '#office/api/safety-routes.ts';
import { createStatusRoutes } from '#office/api/status-routes.ts';
import type { KeptFacts } from '#office/trust/trust-facts.ts';
import { approve } from '#vault/safeguards/change/approve-change.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';
import type { ChangeParts } from '#vault/safeguards/change/parts.ts';
import { LedgerWatch } from './ledger-watch.ts';
import type { HouseBackups } from './open-backups.ts';
import type { HouseForgetting } from './open-forgetting.ts';
import { openHouseIncidents, type HouseIncidents, type IncidentParts } from './open-incidents.ts';
import type { Safeguards } from './open-safeguards.ts';
import { BackupGlance } from './safety-events.ts';
import { backupView, changesView, changeView, copiesView } from './safety-view.ts';

export interface SafetyParts extends Omit<IncidentParts, 'ledger' | 'backups' | 'domain'> {
  readonly config: Config;
  readonly kit: KeyKit;
  readonly backups: HouseBackups;
  readonly safeguards: Pick<Safeguards, 'changes' | 'drill'>;
  readonly forgetting: Pick<HouseForgetting, 'seen'>;
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
  const { config, clock, log, kit, vault, backups, safeguards } = parts;
  const { domain } = config;
  const ledger = new LedgerWatch({ clock, log, vault, ledgerKey: kit.ledgerKey });
  const glance = new BackupGlance(backups.backups, clock);
  const incidents = openHouseIncidents({ ...parts, domain, ledger, backups: glance });
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
        approve: (number, signature) => approveFrom(safeguards.changes, number, signature),
      }),
      createStatusRoutes({
        clock,
        domain,
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
  const { changes, drill } = parts.safeguards;
  return {
    nowMs: parts.clock.nowMs(),
    backup: backupView(parts.backups, await glance.look()),
    ledger: { last: ledger.last ?? null, isRunning: ledger.isRunning },
    drill: { last: drill.last() ?? null },
    changes: changesView(changes, accountId),
    incidents: [...incidents.shown()].map((one) => ({ ...one, timeline: [...one.timeline] })),
    ...copiesView(parts.forgetting),
  };
}

async function approveFrom(
  changes: ChangeParts,
  number: number,
  signature: string,
): Promise<Result<SafetyChange, Refused>> {
  const approved = await approve(changes, number, [signature]);
  return approved.ok ? ok(changeView(changes, approved.value)) : approved;
}
