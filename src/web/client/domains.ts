// How the world sees the house's domains; the server tells nobody but the operator.

import { domainAnswers } from '#formats/auth-wire/domain-answers.ts';
import type { HouseReport } from '#formats/zone/house-report.ts';
import type { OpenSession } from './open-session.ts';

/** Undefined when nobody answers, or when it is not for us. */
export async function readDomains({ door }: OpenSession): Promise<readonly string[] | undefined> {
  const answer = await door.read('/api/domains/', domainAnswers.domains);
  return answer.ok ? answer.value.domains : undefined;
}

export async function readDomainReport({ door }: OpenSession, domain: string): Promise<HouseReport | undefined> {
  const answer = await door.read(`/api/domains/${encodeURIComponent(domain)}`, domainAnswers.domainReport);
  return answer.ok ? answer.value : undefined;
}
