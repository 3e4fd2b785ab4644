// How sessions with each domain were closed, counted by day in memory for TLS reports (RFC 8460): lost with a restart, never on a disk.

import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { StsPolicy } from '#formats/mta-sts/sts-policy.ts';
import { formatStsPolicy } from '#formats/mta-sts/sts-policy.ts';
import type { TlsDay, TlsFailure } from '#formats/mta-sts/tls-report.ts';

export interface TlsCounters {
  success(domain: string, policy: StsPolicy | undefined): void;
  failure(
    domain: string,
    policy: StsPolicy | undefined,
    failure: { readonly type: TlsFailure; readonly mxHost: string },
  ): void;
  /** Days that are over, taken out: each is reported once. */
  takeDays(): readonly TlsDay[];
  readonly today: readonly TlsDay[];
}

const DAY_MS = 86_400_000;

interface Tally {
  readonly domain: string;
  readonly startMs: number;
  policy: StsPolicy | undefined;
  successes: number;
  readonly failures: Map<string, { readonly type: TlsFailure; readonly mxHost: string; count: number }>;
}

export function createTlsCounters(clock: Clock): TlsCounters {
  const tallies = new Map<string, Tally>();

  function tallyOf(domain: string, policy: StsPolicy | undefined): Tally | undefined {
    const startMs = Math.floor(clock.nowMs() / DAY_MS) * DAY_MS;
    const key = `${startMs} ${domain}`;
    let tally = tallies.get(key);
    if (tally === undefined) {
      if (tallies.size >= limits.delivery.tlsReportDomainsMax) return undefined;
      tally = { domain, startMs, policy, successes: 0, failures: new Map() };
      tallies.set(key, tally);
    }
    tally.policy = policy ?? tally.policy;
    return tally;
  }

  return {
    success(domain, policy) {
      const tally = tallyOf(domain, policy);
      if (tally !== undefined) tally.successes += 1;
    },
    failure(domain, policy, { type, mxHost }) {
      const tally = tallyOf(domain, policy);
      const key = `${type} ${mxHost}`;
      const found = tally?.failures.get(key);
      if (found !== undefined) found.count += 1;
      else if (tally !== undefined && tally.failures.size < limits.delivery.tlsReportFailuresMax)
        tally.failures.set(key, { type, mxHost, count: 1 });
    },
    takeDays() {
      const startMs = Math.floor(clock.nowMs() / DAY_MS) * DAY_MS;
      const over = [...tallies].filter(([, tally]) => tally.startMs < startMs);
      for (const [key] of over) tallies.delete(key);
      return over.map(([, tally]) => dayOf(tally));
    },
    get today() {
      return [...tallies.values()].map(dayOf);
    },
  };
}

function dayOf({ domain, startMs, policy, successes, failures }: Tally): TlsDay {
  const lines = policy === undefined ? [] : formatStsPolicy(policy).trimEnd().split('\r\n');
  return {
    domain,
    startMs,
    policy: { type: policy === undefined ? 'no-policy-found' : 'sts', lines, mx: policy?.mx ?? [] },
    successesCount: successes,
    failures: [...failures.values()].map(({ type, mxHost, count }) => ({ type, mxHost, sessionsCount: count })),
  };
}
