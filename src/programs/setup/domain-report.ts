// A domain of the house against live DNS, with what this machine knows about itself; the same for the command and for the page.

import { networkInterfaces } from 'node:os';
import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import { createDns } from '#base/dns/dns.ts';
import { limits } from '#base/limits.ts';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import { isPublicAddress } from '#base/outgoing/public-address.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { HouseReport } from '#formats/zone/house-report.ts';
import { publishedRecords, type DkimKeyPair } from '#vault/keykit/dkim-keys.ts';
import type { CertificateState } from './check-certificate.ts';
import { checkHouse } from './check-house.ts';
import { houseFacts } from './house-facts.ts';

export interface ReportParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly outgoing: Outgoing;
  readonly dkimKeys: readonly DkimKeyPair[];
  readonly certificate: CertificateState;
}

/** Asks anew each time: what was just set is what one wants to see. */
export function reportOnDomain(parts: ReportParts, domain: string): Promise<HouseReport> {
  const { config, clock, outgoing, dkimKeys, certificate } = parts;
  const dns = createDns(clock, { servers: config.dns });
  const facts = houseFacts(config, domain, publishedRecords(dkimKeys, clock.nowMs()));
  const fetchPolicy = (of: string): Promise<Result<string, { readonly kind: string }>> => fetchText(outgoing, of);
  return checkHouse(facts, { dns, addresses: publicAddresses(), certificate, fetchPolicy });
}

/** Those of this machine that the world can reach; none behind a router. */
export function publicAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((of) => of ?? []);
  const found = all.filter(({ internal, address }) => !internal && isPublicAddress(address));
  return found.map(({ address }) => address);
}

async function fetchText(outgoing: Outgoing, domain: string): Promise<Result<string, { readonly kind: string }>> {
  const answer = await outgoing.request('mta-sts', {
    url: `https://mta-sts.${domain}/.well-known/mta-sts.txt`,
    method: 'GET',
    bytesMax: limits.delivery.stsPolicyBytes,
  });
  if (!answer.ok) return err({ kind: answer.error.kind });
  if (answer.value.status !== 200) return err({ kind: `status ${answer.value.status}` });
  return ok(new TextDecoder().decode(answer.value.body));
}
