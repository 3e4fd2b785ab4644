// The TLS policies of other domains: found by DNS, fetched through the outgoing door, kept in memory as long as they say (RFC 8461 §3, §5).

import type { Clock } from '#base/clock.ts';
import { lookUpTexts, type Dns } from '#base/dns/dns.ts';
import { limits } from '#base/limits.ts';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import { err, type Result } from '#base/result.ts';
import { parseStsPolicy, type StsPolicy } from '#formats/mta-sts/sts-policy.ts';
import { findStsId } from '#formats/mta-sts/sts-record.ts';
import type { TlsFailure } from '#formats/mta-sts/tls-report.ts';

export interface FoundPolicy {
  /** undefined: the domain asks for nothing, or what it asks for could not be read. */
  readonly policy: StsPolicy | undefined;
  /** For the report: what went wrong on the way to the policy. */
  readonly problem: TlsFailure | undefined;
}

export interface StsPolicies {
  find(domain: string): Promise<FoundPolicy>;
}

export interface StsPoliciesOptions {
  readonly clock: Clock;
  readonly dns: Dns;
  readonly outgoing: Outgoing;
  /** For tests: the port of the policy's server. */
  readonly policyPort?: number;
}

interface Kept {
  readonly id: string;
  readonly policy: StsPolicy | undefined;
  readonly problem: TlsFailure | undefined;
  readonly untilMs: number;
  /** A newer one that could not be fetched, and when it is asked for again. */
  readonly awaited?: { readonly id: string; readonly fromMs: number };
}

type FetchRefusal = { readonly kind: TlsFailure };

export function createStsPolicies(options: StsPoliciesOptions): StsPolicies {
  const { clock, dns } = options;
  const kept = new Map<string, Kept>();
  const asked = new Map<string, Promise<FoundPolicy>>();

  async function look(domain: string): Promise<FoundPolicy> {
    const known = kept.get(domain);
    const alive = known !== undefined && clock.nowMs() < known.untilMs ? known : undefined;
    const texts = await lookUpTexts(dns, `_mta-sts.${domain}`);
    const id = texts.ok ? findStsId(texts.value) : undefined;
    // a policy that was seen holds until it ends, even when its record is gone: that is what it is for (§5.1)
    const isAwaited = id !== undefined && id === alive?.awaited?.id && clock.nowMs() < alive.awaited.fromMs;
    if (id === undefined || id === alive?.id || isAwaited) return { policy: alive?.policy, problem: alive?.problem };
    const fetched = await fetchPolicy(domain, options);
    if (fetched.ok) {
      const ageMs = Math.min(fetched.value.maxAgeSeconds * 1_000, limits.delivery.stsAgeMaxMs);
      keep(domain, { id, policy: fetched.value, problem: undefined, untilMs: clock.nowMs() + ageMs });
      return { policy: fetched.value, problem: undefined };
    }
    const problem = fetched.error.kind;
    const againMs = clock.nowMs() + limits.delivery.stsRetryMs;
    if (alive?.policy === undefined) keep(domain, { id, policy: undefined, problem, untilMs: againMs });
    else keep(domain, { ...alive, problem, awaited: { id, fromMs: againMs } });
    return { policy: alive?.policy, problem };
  }

  function keep(domain: string, policy: Kept): void {
    kept.delete(domain);
    for (const oldest of kept.keys()) {
      if (kept.size < limits.delivery.stsPoliciesMax) break;
      kept.delete(oldest);
    }
    kept.set(domain, policy);
  }

  return {
    find(domain) {
      let pending = asked.get(domain);
      if (pending === undefined) {
        pending = look(domain).finally(() => asked.delete(domain));
        asked.set(domain, pending);
      }
      return pending;
    },
  };
}

/** Only a 200 of type text/plain, with a valid certificate and no redirect, is a policy (§3.3). */
async function fetchPolicy(
  domain: string,
  { outgoing, policyPort }: StsPoliciesOptions,
): Promise<Result<StsPolicy, FetchRefusal>> {
  const port = policyPort === undefined ? '' : `:${policyPort}`;
  const answer = await outgoing.request('mta-sts', {
    url: `https://mta-sts.${domain}${port}/.well-known/mta-sts.txt`,
    method: 'GET',
    bytesMax: limits.delivery.stsPolicyBytes,
    timeoutMs: limits.delivery.stsWaitMs,
  });
  if (!answer.ok)
    return err({ kind: answer.error.kind === 'untrusted' ? 'sts-webpki-invalid' : 'sts-policy-fetch-error' });
  const { status, headers, body } = answer.value;
  const mediaType = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (status !== 200 || mediaType !== 'text/plain') return err({ kind: 'sts-policy-fetch-error' });
  const policy = parseStsPolicy(new TextDecoder().decode(body));
  return policy.ok ? policy : err({ kind: 'sts-policy-invalid' });
}
