// The way to other servers: signing keys and the smarthost's login are read while their files can be reached, then the transport is made.

import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import { createDns } from '#base/dns/dns.ts';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import { err, ok, type Result } from '#base/result.ts';
import { createDkimSigner } from '#post/delivery/peer/dkim-signer.ts';
import type { Smarthost } from '#post/delivery/peer/destination.ts';
import {
  createPeerTransport,
  type PeerTransport,
  type PeerTransportOptions,
} from '#post/delivery/peer/peer-transport.ts';
import { describeLoginRefusal, readSmarthostLogin } from '#post/delivery/peer/smarthost-login.ts';
import { mxHostOf } from '../setup/house-facts.ts';
import { describeDkimRefusal, openDkimKeys, type DkimKeyPair } from '#vault/keykit/dkim-keys.ts';

const TLS_FIRST_PORT = 465;

export interface Outward {
  /** Replaced when they are rotated: each letter is signed with those that count then. */
  dkimKeys: readonly DkimKeyPair[];
  readonly smarthost: Smarthost | undefined;
}

export async function readOutward(
  { smarthost, smarthostLogin }: Config,
  kitDir: string,
  clock: Clock,
): Promise<Result<Outward, { readonly kind: string; readonly sentence: string }>> {
  const keys = await openDkimKeys(kitDir, clock.nowMs());
  if (!keys.ok) return err({ kind: keys.error.kind, sentence: describeDkimRefusal(keys.error) });
  if (smarthost === undefined) return ok({ dkimKeys: keys.value, smarthost: undefined });
  const login = smarthostLogin === undefined ? ok(undefined) : await readSmarthostLogin(smarthostLogin);
  if (!login.ok) return err({ kind: login.error.kind, sentence: describeLoginRefusal(login.error) });
  const isTlsFirst = smarthost.port === TLS_FIRST_PORT;
  return ok({ dkimKeys: keys.value, smarthost: { ...smarthost, isTlsFirst, credentials: login.value } });
}

export interface TransportParts {
  readonly config: Config;
  readonly clock: Clock;
  /** Undefined: no policies of other domains are asked for. */
  readonly outgoing: Outgoing | undefined;
  readonly outward: Outward;
  readonly isOwnDomain: (domain: string) => boolean;
  /** For tests. */
  readonly tuning?: Partial<PeerTransportOptions> | undefined;
}

export function openTransport(parts: TransportParts): PeerTransport {
  const { config, clock, outgoing, outward, isOwnDomain, tuning } = parts;
  const { domain } = config;
  return createPeerTransport({
    clock,
    ...(outgoing && { outgoing }),
    dns: createDns(clock, { servers: config.dns }),
    greetingName: mxHostOf(config),
    ownHosts: new Set([domain, mxHostOf(config)]),
    mayPrivate: config.outboundPrivate,
    sign: createDkimSigner({ clock, keys: () => outward.dkimKeys, isOwnDomain, mainDomain: domain }),
    ...(outward.smarthost && { smarthost: outward.smarthost }),
    ...tuning,
  });
}
