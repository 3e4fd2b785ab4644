// What the records of a house depend on, taken from its options.

import type { Config } from '#base/config/read.ts';
import type { StsMode } from '#base/config/options.ts';
import type { StsPolicy } from '#formats/mta-sts/sts-policy.ts';
import type { DkimRecord } from '#vault/keykit/dkim-keys.ts';

export interface HouseFacts {
  readonly domain: string;
  readonly mxHost: string;
  /** The machine that answers HTTPS: of the page, of policies and keys. */
  readonly webHost: string;
  readonly webPort: number;
  readonly smarthost: string | undefined;
  /** undefined: mail programs cannot hand letters in from elsewhere. */
  readonly startTlsPort: number | undefined;
  readonly tlsPort: number | undefined;
  /** Of the doors for letters; a proxy's certificate is none of these. */
  readonly hasCertificate: boolean;
  readonly stsMode: StsMode;
  readonly hasAcme: boolean;
  readonly dkim: readonly DkimRecord[];
}

const USUAL_PORTS = { startTls: 2587, tls: 2465, https: 443 };

export function houseFacts(config: Config, domain: string, dkim: readonly DkimRecord[]): HouseFacts {
  const mxHost = mxHostOf(config);
  const url = config.url === undefined ? undefined : new URL(config.url);
  const hasCertificate = config.tlsCert !== undefined || config.acme !== undefined;
  return {
    domain,
    mxHost,
    webHost: url?.hostname ?? mxHost,
    webPort: Number(url?.port || (url === undefined ? config.httpPort : USUAL_PORTS.https)),
    smarthost: config.smarthost?.host,
    startTlsPort: hasCertificate ? portOf(config.submissionPort, USUAL_PORTS.startTls) : undefined,
    tlsPort: hasCertificate ? portOf(config.submissionsPort, USUAL_PORTS.tls) : undefined,
    hasCertificate,
    stsMode: config.mtaSts,
    hasAcme: config.acme !== undefined,
    dkim,
  };
}

/** The name of this machine among mail servers. */
export function mxHostOf({ mxHost, domain }: Pick<Config, 'mxHost' | 'domain'>): string {
  return mxHost ?? domain;
}

const STS_AGE_SECONDS = 604_800; // a week: long enough to protect, short enough to be corrected

/** undefined: without a certificate, or with mode none, the house asks for nothing. */
export function stsPolicyOf({
  hasCertificate,
  stsMode,
  mxHost,
}: Pick<HouseFacts, 'hasCertificate' | 'stsMode' | 'mxHost'>): StsPolicy | undefined {
  if (!hasCertificate || stsMode === 'none') return undefined;
  return { mode: stsMode, mx: [mxHost], maxAgeSeconds: STS_AGE_SECONDS };
}

/** Names that the certificate has to hold, the first without fail. */
export function certificateNames(facts: Pick<HouseFacts, 'mxHost' | 'webHost' | 'domain'>): readonly string[] {
  const { mxHost, webHost, domain } = facts;
  return [...new Set([mxHost, webHost, `mta-sts.${domain}`, `autoconfig.${domain}`, `openpgpkey.${domain}`])];
}

function portOf(setting: number | 'none' | undefined, usual: number): number | undefined {
  return setting === 'none' ? undefined : (setting ?? usual);
}
