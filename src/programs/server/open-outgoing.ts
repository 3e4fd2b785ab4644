// The door for HTTP to the outside, and what uses it from the first letter on: rspamd, if the operator runs one.

import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import { createDns } from '#base/dns/dns.ts';
import type { Log } from '#base/log/log.ts';
import { createOutgoing, type Outgoing, type OutgoingOptions } from '#base/outgoing/outgoing.ts';
import { createResolveName } from '#base/outgoing/resolve-name.ts';
import { createRspamd, type Rspamd } from '#post/reception/checks/rspamd.ts';

/** For tests: other people's servers on other ports, with certificates that nobody else trusts. */
export type OutgoingTuning = Pick<OutgoingOptions, 'securePort' | 'trustPem' | 'mayPrivateKinds'>;

/** One for the whole program: its counters are the egress list's. */
export function openOutgoing({ dns, outboundPrivate }: Config, clock: Clock, tuning: OutgoingTuning = {}): Outgoing {
  const resolve = createResolveName(createDns(clock, { servers: dns }));
  return createOutgoing({ resolve, mayPrivate: outboundPrivate, ...tuning });
}

/** Said at the start and in `status`, for it is easily forgotten. */
export function outgoingWarnings({ outboundPrivate }: Config): readonly string[] {
  if (!outboundPrivate) return [];
  return [
    'SIEGEL_OUTBOUND_PRIVATE is on: a letter or a stranger’s server can lead requests of this program into your own network. It is for tests; take it away.',
  ];
}

export function openRspamd({ rspamd }: Config, clock: Clock, log: Log, outgoing: Outgoing): Rspamd | undefined {
  return rspamd && createRspamd({ clock, log, outgoing }, rspamd);
}
