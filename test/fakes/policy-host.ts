// The TLS policies of other domains, served by https on 127.0.0.1 as their `mta-sts` hosts would (RFC 8461 §3.2).

import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { NamedCertificate } from './certificates.ts';
import type { Zone } from './dns-server.ts';

export interface PolicyHost extends AsyncDisposable {
  readonly port: number;
  /** How often each domain's policy was asked for. */
  readonly asked: ReadonlyMap<string, number>;
}

/** Whose `mx` is `mx.DOMAIN`, as in `zoneOf`; the certificate must be valid for each `mta-sts.DOMAIN`. */
export async function startPolicyHost(
  domains: readonly string[],
  mode: 'enforce' | 'testing',
  certificate: NamedCertificate,
): Promise<PolicyHost> {
  const asked = new Map<string, number>();
  const server = createServer({ key: certificate.keyPem, cert: certificate.certificatePem }, (request, response) => {
    const host = request.headers.host?.split(':')[0] ?? '';
    const domain = domains.find((name) => host === `mta-sts.${name}`);
    const isAsked = domain !== undefined && request.url === '/.well-known/mta-sts.txt';
    if (!isAsked) return response.writeHead(404).end();
    asked.set(domain, (asked.get(domain) ?? 0) + 1);
    const policy = ['version: STSv1', `mode: ${mode}`, `mx: mx.${domain}`, 'max_age: 86400', ''].join('\r\n');
    return response.writeHead(200, { 'content-type': 'text/plain' }).end(policy);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    // oxlint-disable-next-line no-unsafe-type-assertion -- a server on a port
    port: (server.address() as AddressInfo).port,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The names by which the policies of these domains are found. */
export function policyZone(domains: readonly string[]): Zone {
  return Object.fromEntries(
    domains.flatMap((domain) => [
      [`_mta-sts.${domain}`, { TXT: ['v=STSv1; id=1;'] }],
      [`mta-sts.${domain}`, { A: ['127.0.0.1'] }],
    ]),
  );
}
