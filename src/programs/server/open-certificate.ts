// The certificate the options ask for: out of files, or by ACME with its port for proofs, bound while we still may.

import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import { createDns } from '#base/dns/dns.ts';
import type { Log } from '#base/log/log.ts';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import { createResolveName } from '#base/outgoing/resolve-name.ts';
import { err, ok, type Result } from '#base/result.ts';
import { createChallenges, openChallengePort } from '../acme/challenges.ts';
import { openKeeper } from '../acme/keeper.ts';
import type { CommandRefusal } from '../command.ts';
import { certificateNames, houseFacts } from '../setup/house-facts.ts';
import { certificateOfFiles, type HouseCertificate } from './house-certificate.ts';

export interface CertificateParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly outgoing: Outgoing;
  /** As it can be reached from now on. */
  readonly kitDir: string;
}

/** Where the authority asks (RFC 8555 §8.3). */
const PROOF_PORT = 80;

export async function openCertificate(parts: CertificateParts): Promise<Result<HouseCertificate, CommandRefusal>> {
  const { config, clock, log, outgoing, kitDir } = parts;
  if (config.acme === undefined) return ok(certificateOfFiles(config, clock));
  const facts = houseFacts(config, config.domain, []);
  const challenges = createChallenges();
  await using opened = new AsyncDisposableStack();
  if (config.acmePort !== 'none') {
    const where = {
      host: config.bind,
      port: config.acmePort ?? PROOF_PORT,
      leadsTo: config.url ?? `https://${facts.mxHost}`,
    };
    try {
      opened.use(await openChallengePort(challenges, where));
    } catch (cause) {
      return refuse(where, cause);
    }
  }
  const keeper = openKeeper({
    clock,
    log,
    outgoing,
    challenges,
    resolve: createResolveName(createDns(clock, { servers: config.dns })),
    directory: config.acme,
    contact: config.acmeContact,
    names: certificateNames(facts),
    folder: kitDir,
  });
  opened.use(keeper);
  const closing = opened.move();
  return ok({
    get current() {
      return keeper.current;
    },
    get isTrusted() {
      return keeper.isTrusted;
    },
    get endsMs() {
      return keeper.endsMs;
    },
    challenges: keeper.challenges,
    onChange: (listener) => keeper.onChange(listener),
    begin: () => keeper.begin(),
    warnings: () => keeper.warnings(),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  });
}

function refuse(
  { host, port }: { readonly host: string; readonly port: number },
  cause: unknown,
): { readonly ok: false; readonly error: CommandRefusal } {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  const sentence = `The port for proofs of the certificate’s authority cannot be opened on ${host}:${port} (${code}). Stop what listens there, choose another with SIEGEL_ACME_PORT, or set it to none and let the proxy hand /.well-known/acme-challenge/ on.`;
  return err({ kind: 'refused', reason: 'cannot-listen', sentence });
}
