// From what the operator wants to the lines of siegel.conf.

import { networkInterfaces } from 'node:os';
import { optionKeys, optionName, type OptionKey } from '#base/config/options.ts';
import type { Config } from '#base/config/read.ts';
import type { MailRelay } from '#base/config/values.ts';
import type { SettingChanges } from './settings-file.ts';

export interface Wishes {
  readonly domain: string;
  readonly mxHost: string;
  readonly out:
    | { readonly kind: 'direct' }
    | { readonly kind: 'smarthost'; readonly relay: MailRelay; readonly loginFile: string | undefined };
  readonly backupDir: string | undefined;
  readonly certificate:
    | { readonly kind: 'files'; readonly tlsCert: string; readonly tlsKey: string }
    | { readonly kind: 'acme'; readonly directory: string; readonly contact: string | undefined }
    | { readonly kind: 'proxy' };
}

const TRYING_DOMAIN = 'siegel.test';
const LOOPBACK = '127.0.0.1';
/** Ports for trying out, and those of the world. */
const PUBLIC_PORTS = { smtp: [2525, 25], http: [8025, 443], submission: 587, submissions: 465 } as const;
const WRITTEN: readonly OptionKey[] = [
  'domain',
  'mxHost',
  'bind',
  'smtpPort',
  'submissionPort',
  'submissionsPort',
  'httpPort',
  'url',
  'smarthost',
  'smarthostLogin',
  'tlsCert',
  'tlsKey',
  'acme',
  'acmeContact',
  'acmePort',
  'mtaSts',
  'backupDir',
];

/** Nobody has said yet what the domain is: it is the one for trying out. */
export function isUnset(domain: string): boolean {
  return domain === TRYING_DOMAIN;
}

/** The options as they will be. What was given another value than the one for trying out keeps it. */
export function configOf(config: Config, wishes: Wishes): Config {
  const { domain, mxHost, out, backupDir, certificate } = wishes;
  const isPublic = certificate.kind !== 'proxy';
  const usual = (value: number, [trying, open]: readonly [number, number]): number => (value === trying ? open : value);
  return {
    ...config,
    domain,
    mxHost,
    // behind a mail server in front, loopback is meant
    bind: config.bind === LOOPBACK && config.lmtpSocket === undefined ? everyAddress() : config.bind,
    smtpPort: usual(config.smtpPort, PUBLIC_PORTS.smtp),
    submissionPort: isPublic ? (config.submissionPort ?? PUBLIC_PORTS.submission) : undefined,
    submissionsPort: isPublic ? (config.submissionsPort ?? PUBLIC_PORTS.submissions) : undefined,
    httpPort: isPublic ? usual(config.httpPort, PUBLIC_PORTS.http) : config.httpPort,
    url: config.url ?? `https://${mxHost}`,
    smarthost: out.kind === 'smarthost' ? out.relay : undefined,
    smarthostLogin: out.kind === 'smarthost' ? out.loginFile : undefined,
    tlsCert: certificate.kind === 'files' ? certificate.tlsCert : undefined,
    tlsKey: certificate.kind === 'files' ? certificate.tlsKey : undefined,
    acme: certificate.kind === 'acme' ? certificate.directory : undefined,
    acmeContact: certificate.kind === 'acme' ? certificate.contact : undefined,
    acmePort: certificate.kind === 'acme' ? config.acmePort : undefined,
    backupDir,
  };
}

/** Each line that setup looks after; what equals the default has none. */
export function settingsOf(config: Config): SettingChanges {
  const defaults: ReadonlyMap<OptionKey, unknown> = new Map<OptionKey, unknown>([['mtaSts', 'enforce']]);
  return new Map(
    WRITTEN.filter((key) => optionKeys.includes(key)).map((key) => {
      const value = config[key];
      const isLeftOut = value === undefined || value === defaults.get(key);
      return [optionName(key), isLeftOut ? undefined : textOf(value)];
    }),
  );
}

function textOf(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value);
  if (!('host' in value) || !('port' in value)) throw new Error('a setting without a text');
  const host = String(value.host);
  return `${host.includes(':') ? `[${host}]` : host}:${String(value.port)}`;
}

/** Both families where the machine has both. */
function everyAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((of) => of ?? []);
  return all.some(({ family }) => family === 'IPv6') ? '::' : '0.0.0.0';
}
