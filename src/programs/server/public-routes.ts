// What the house tells the world and its operator over HTTP beside mail: its rule for TLS, how to hand letters in, how it is, how its domains look.

import type { Hono } from 'hono';
import type { Config } from '#base/config/read.ts';
import type { Clock } from '#base/clock.ts';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import { createAutoconfig } from '#office/api/autoconfig.ts';
import { createDomainRoutes } from '#office/api/domain-report.ts';
import { createHealthRoutes } from '#office/api/health.ts';
import { createStsRoute } from '#office/api/sts-policy.ts';
import type { Accounts } from '#office/accounts/accounts.ts';
import type { Queue } from '#post/delivery/queue/queue.ts';
import type { Reception } from '#post/reception/reception.ts';
import { readDomains } from '#vault/database/addresses-read.ts';
import { reportOnDomain } from '../setup/domain-report.ts';
import { houseFacts, stsPolicyOf } from '../setup/house-facts.ts';
import { createMeasures } from './measures.ts';
import type { Outward } from './open-transport.ts';
import type { SubmissionDoor } from './open-submission.ts';
import type { Vault } from './open-vault.ts';
import type { HouseCertificate } from './house-certificate.ts';

export interface PublicParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly outgoing: Outgoing;
  readonly outward: Pick<Outward, 'dkimKeys'>;
  readonly measured: {
    readonly reception: Pick<Reception, 'connections'>;
    readonly submission: Pick<SubmissionDoor, 'connections'>;
    readonly queue: Pick<Queue, 'status'>;
    readonly deliveries: () => number;
  };
  readonly certificate: HouseCertificate;
  readonly metricsToken: string | undefined;
}

export function publicRoutes(parts: PublicParts, { findSession }: Pick<Accounts, 'findSession'>): readonly Hono[] {
  const { config, clock, vault, outgoing, outward, certificate } = parts;
  const isOwnDomain = (domain: string): boolean => vault.directory.hasDomain(domain);
  const facts = houseFacts(config, config.domain, []);
  const measures = createMeasures(parts);
  return [
    createStsRoute({ isOwnDomain, policy: () => (certificate.isTrusted ? stsPolicyOf(facts) : undefined) }),
    createAutoconfig({ ...facts, isOwnDomain }),
    createHealthRoutes({ ...measures, token: parts.metricsToken }),
    certificate.challenges,
    createDomainRoutes({
      clock,
      authenticate: (request) => findSession(request.headers),
      domains: () => readDomains(vault.database.reader),
      report: (domain) => {
        const { dkimKeys } = outward;
        const pem = certificate.isTrusted ? certificate.current?.certificatePem : undefined;
        const state = { pem, nowMs: clock.nowMs() };
        return reportOnDomain({ config, clock, outgoing, dkimKeys, certificate: state }, domain);
      },
    }),
  ];
}
