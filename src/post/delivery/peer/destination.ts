// Where letters for a domain go: its mail hosts in order, or the smarthost (RFC 5321 §5.1, null MX RFC 7505, MTA-STS RFC 8461 §5).

import { randomInt } from 'node:crypto';
import { isIP } from 'node:net';
import type { Dns } from '#base/dns/dns.ts';
import { limits } from '#base/limits.ts';
import { isPublicAddress } from '#base/outgoing/public-address.ts';
import { err, ok, type Result } from '#base/result.ts';
import { parseDomain } from '#formats/smtp/address.ts';
import { isStsHost, type StsPolicy } from '#formats/mta-sts/sts-policy.ts';
import type { TlsDemand } from './session.ts';
import type { Credentials } from './sign-in.ts';
import type { StsPolicies } from './sts-policies.ts';
import type { TlsFailure } from '#formats/mta-sts/tls-report.ts';

export interface Smarthost {
  readonly host: string;
  readonly port: number;
  readonly credentials: Credentials | undefined;
  /** TLS from the first byte, as on port 465; else STARTTLS. */
  readonly isTlsFirst: boolean;
}

/** All domains with one key share connections. */
export interface Destination {
  readonly key: string;
  /** In the order of trying. */
  readonly hosts: readonly string[];
  readonly port: number;
  readonly tls: TlsDemand;
  readonly isTlsFirst: boolean;
  readonly credentials: Credentials | undefined;
  /** The operator named it, so it may stand in the operator's own network. */
  readonly mayPrivate: boolean;
  readonly policy: StsPolicy | undefined;
  readonly policyProblem: TlsFailure | undefined;
}

export type DestinationRefusal =
  | { readonly kind: 'badDomain' }
  | { readonly kind: 'noSuchDomain' }
  /** RFC 7505: the domain says that it takes no mail. */
  | { readonly kind: 'takesNoMail' }
  | { readonly kind: 'noAnswer' }
  /** The best host is this house itself. */
  | { readonly kind: 'loop' }
  | { readonly kind: 'literal' }
  /** None of its hosts is one that the domain's TLS policy names. */
  | { readonly kind: 'noHostInPolicy'; readonly policy: StsPolicy };

export interface DestinationsOptions {
  readonly dns: Dns;
  /** undefined: no policies are asked for. */
  readonly policies: StsPolicies | undefined;
  readonly smarthost: Smarthost | undefined;
  /** Names under which this house takes letters. */
  readonly ownHosts: ReadonlySet<string>;
  readonly mayPrivate: boolean;
  readonly port: number;
}

export async function findDestination(
  domain: string,
  options: DestinationsOptions,
): Promise<Result<Destination, DestinationRefusal>> {
  const { smarthost } = options;
  if (smarthost !== undefined) return ok(smarthostDestination(smarthost));
  const name = parseDomain(domain);
  if (name === undefined) return err({ kind: 'badDomain' });
  const common = {
    port: options.port,
    isTlsFirst: false,
    credentials: undefined,
    mayPrivate: options.mayPrivate,
  } as const;
  if (name.startsWith('[')) {
    const address = name.slice(1, -1).replace(/^ipv6:/, '');
    if (!options.mayPrivate || isIP(address) === 0) return err({ kind: 'literal' });
    const hosts = [address];
    return ok({ ...common, key: keyOf(hosts, options.port, ''), hosts, tls: 'opportunistic', ...noPolicy });
  }
  const [found, { policy, problem }] = await Promise.all([
    findHosts(name, options),
    options.policies?.find(name) ?? { policy: undefined, problem: undefined },
  ]);
  if (!found.ok) return found;
  if (policy?.mode !== 'enforce') {
    const hosts = found.value;
    const key = keyOf(hosts, options.port, '');
    return ok({ ...common, key, hosts, tls: 'opportunistic', policy, policyProblem: problem });
  }
  const hosts = found.value.filter((host) => isStsHost(policy, host));
  if (hosts.length === 0) return err({ kind: 'noHostInPolicy', policy });
  const key = keyOf(hosts, options.port, 'verified');
  return ok({ ...common, key, hosts, tls: 'verified', policy, policyProblem: problem });
}

const noPolicy = { policy: undefined, policyProblem: undefined } as const;

function smarthostDestination({ host, port, credentials, isTlsFirst }: Smarthost): Destination {
  const hosts = [host];
  const tls = credentials === undefined ? 'opportunistic' : 'verified';
  const key = keyOf(hosts, port, 'smarthost');
  return { key, hosts, port, tls, isTlsFirst, credentials, mayPrivate: true, ...noPolicy };
}

/** In alphabetical order: hosts of one preference are tried in any order, and are one destination all the same. */
function keyOf(hosts: readonly string[], port: number, mark: string): string {
  return [...hosts.toSorted(), port, mark].join(' ');
}

async function findHosts(
  domain: string,
  { dns, ownHosts }: DestinationsOptions,
): Promise<Result<readonly string[], DestinationRefusal>> {
  const answer = await dns.lookUp(domain, 'MX');
  if (!answer.ok) {
    if (answer.error.kind === 'noAnswer') return err({ kind: 'noAnswer' });
    // without MX the domain itself is the host (§5.1); whether it has an address is seen when it is tried
    return answer.error.kind === 'noSuchName' ? err({ kind: 'noSuchDomain' }) : ok([domain]);
  }
  const records = answer.value.map(readMx).filter((record) => record !== undefined);
  if (records.length === 1 && records[0]?.host === '') return err({ kind: 'takesNoMail' });
  const named = records
    .filter(({ host }) => host !== '' && isIP(host) === 0 && parseDomain(host) !== undefined)
    .toSorted((a, b) => a.priority - b.priority || a.chance - b.chance);
  const own = named.find(({ host }) => ownHosts.has(host));
  // hosts that are no better than ourselves would bring the letter back to us (§5.1)
  const better = own === undefined ? named : named.filter(({ priority }) => priority < own.priority);
  if (own !== undefined && better.length === 0) return err({ kind: 'loop' });
  if (better.length === 0) return err({ kind: 'noSuchDomain' });
  return ok(better.slice(0, limits.delivery.hostsMax).map(({ host }) => host));
}

interface MxHost {
  readonly host: string;
  readonly priority: number;
  readonly chance: number;
}

function readMx(record: unknown): MxHost | undefined {
  if (record === null || typeof record !== 'object') return undefined;
  const { exchange, priority }: { exchange?: unknown; priority?: unknown } = record;
  if (typeof exchange !== 'string' || typeof priority !== 'number') return undefined;
  return { host: exchange.toLowerCase().replace(/\.$/, ''), priority, chance: randomInt(1_000_000) };
}

export type AddressesRefusal =
  | { readonly kind: 'noAddress' }
  | { readonly kind: 'noAnswer' }
  /** Only addresses of private networks. */
  | { readonly kind: 'notPublic' };

/** Addresses that may be connected to, IPv4 first. */
export async function findHostAddresses(
  host: string,
  { mayPrivate, dns }: { readonly mayPrivate: boolean; readonly dns: Dns },
): Promise<Result<readonly string[], AddressesRefusal>> {
  if (isIP(host) !== 0) return mayPrivate || isPublicAddress(host) ? ok([host]) : err({ kind: 'notPublic' });
  const answers = await Promise.all([dns.lookUp(host, 'A'), dns.lookUp(host, 'AAAA')]);
  const addresses = answers
    .flatMap((answer) => (answer.ok ? answer.value : []))
    .filter((address) => typeof address === 'string' && isIP(address) !== 0);
  if (addresses.length === 0) {
    const isOpen = answers.some((answer) => !answer.ok && answer.error.kind === 'noAnswer');
    return err({ kind: isOpen ? 'noAnswer' : 'noAddress' });
  }
  const allowed = addresses.map(String).filter((address) => mayPrivate || isPublicAddress(address));
  return allowed.length > 0 ? ok(allowed.slice(0, limits.delivery.addressesPerHostMax)) : err({ kind: 'notPublic' });
}
