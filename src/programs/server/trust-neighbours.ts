// What /trust is told by the rest of the house: the operator's words, which connections are set up, how many were made.

import { connectionKinds, isOverHttp, type ConnectionKind } from '#base/outgoing/egress.ts';
import type { TrustNeighbours } from '#office/api/trust-routes.ts';
import type { OfficeParts } from './open-office.ts';
import type { HouseTransparency } from './open-transparency.ts';

export function trustNeighbours(parts: OfficeParts, { newest }: Pick<HouseTransparency, 'newest'>): TrustNeighbours {
  const { config, clock, vault, pages, outgoing, deliveries } = parts;
  const way = config.smarthost === undefined ? 'delivery' : 'smarthost';
  const isSetUp: Readonly<Partial<Record<ConnectionKind, boolean>>> = {
    rspamd: config.rspamd !== undefined,
    acme: config.acme !== undefined,
    database: config.databaseUrl !== undefined,
    delivery: way === 'delivery',
    smarthost: way === 'smarthost',
    submission: parts.submission.places.length > 0,
    relay: false, // that is siegel relay, a program of its own
  };
  return {
    clock,
    domain: config.domain,
    operator: { name: config.operatorName, country: config.operatorCountry, machine: config.operatorMachine },
    book: vault.book,
    // Zero is a count too. Not of figures: whoever reads this page every hour would know when this house reported.
    connections: () =>
      new Map<ConnectionKind, number>([
        ...connectionKinds
          .filter((kind) => isOverHttp(kind) && kind !== 'telemetry')
          .map((kind) => [kind, outgoing.connections.get(kind) ?? 0] as const),
        [way, deliveries()],
      ]),
    kept: () => parts.safety.kept(),
    requests: newest,
    isOn: (kind) => (kind === 'telemetry' ? parts.telemetry.home.isOn() : (isSetUp[kind] ?? true)),
    hasTransit: config.transit,
    frame: pages.frame,
  };
}
