// Whether a letter with documents is from the domain of its author: SPF or DKIM, aligned as DMARC says; our own networks are not excepted.

import type { Clock } from '#base/clock.ts';
import { withBudget, type Dns } from '#base/dns/dns.ts';
import { limits } from '#base/limits.ts';
import { readLetter } from '#formats/message/letter-view.ts';
import { authenticate } from '#post/reception/authentication/authenticate.ts';
import { checkSpf } from '#post/reception/authentication/check-spf.ts';
import type { HandedIn, Proven } from '#post/transit/door/door.ts';

export async function proveOrigin(clock: Clock, dns: Dns, letter: HandedIn): Promise<Proven> {
  const bounded = withBudget(clock, dns, limits.authentication.dnsBudgetMs);
  const spf = await checkSpf({ ...letter.source, sender: letter.sender }, bounded);
  const view = readLetter(letter.plainLetter);
  const { dkim, dmarc } = await authenticate(view, spf, bounded, letter.receivedMs);
  if (dmarc.alignedDomain !== undefined) return 'yes';
  const isUnsure = [spf.status, dmarc.status, ...dkim.map(({ status }) => status)].includes('temperror');
  return isUnsure ? 'later' : 'no';
}
