// How mail programs are told where to hand letters in: config-v1.1.xml (draft-ietf-mailmaint-autoconfig). Only what there is: no server to read mail from.

import { Hono, type Context } from 'hono';
import { problem } from './problem.ts';
import { hostOf } from './request-host.ts';

export interface AutoconfigNeighbours {
  readonly isOwnDomain: (domain: string) => boolean;
  /** Answers when the Host is no domain of the house. */
  readonly domain: string;
  readonly mxHost: string;
  /** undefined: that door is closed to other machines. */
  readonly startTlsPort: number | undefined;
  readonly tlsPort: number | undefined;
}

const PATHS = ['/.well-known/autoconfig/mail/config-v1.1.xml', '/mail/config-v1.1.xml'];
const PREFIX = 'autoconfig.';

/** Mounted at /. The address that programs put behind the question mark is not looked at. */
export function createAutoconfig(neighbours: AutoconfigNeighbours): Hono {
  const app = new Hono();
  for (const path of PATHS) app.get(path, (context) => answer(context, neighbours));
  return app;
}

function answer(
  context: Context,
  { isOwnDomain, domain, mxHost, startTlsPort, tlsPort }: AutoconfigNeighbours,
): Response {
  const host = hostOf(context);
  const asked = host.startsWith(PREFIX) ? host.slice(PREFIX.length) : host;
  const servers = [
    ...(tlsPort === undefined ? [] : [outgoing(mxHost, tlsPort, 'SSL')]),
    ...(startTlsPort === undefined ? [] : [outgoing(mxHost, startTlsPort, 'STARTTLS')]),
  ];
  if (servers.length === 0) return problem('notFound');
  const own = isOwnDomain(asked) ? asked : domain;
  return new Response(document(own, servers), {
    headers: { 'content-type': 'application/xml; charset=utf-8', 'cache-control': 'max-age=3600' },
  });
}

/** Domain and host are names of options: letters, digits, dots and hyphens only. */
function document(domain: string, servers: readonly string[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<clientConfig version="1.1">',
    `  <emailProvider id="${domain}">`,
    `    <domain>${domain}</domain>`,
    `    <displayName>${domain}</displayName>`,
    '    <!-- Mail is read in the browser: there is no server for incoming mail yet. -->',
    ...servers,
    '  </emailProvider>',
    '</clientConfig>',
    '',
  ].join('\n');
}

function outgoing(host: string, port: number, socketType: 'SSL' | 'STARTTLS'): string {
  return [
    '    <outgoingServer type="smtp">',
    `      <hostname>${host}</hostname>`,
    `      <port>${port}</port>`,
    `      <socketType>${socketType}</socketType>`,
    '      <username>%EMAILADDRESS%</username>',
    '      <authentication>password-cleartext</authentication>',
    '    </outgoingServer>',
  ].join('\n');
}
