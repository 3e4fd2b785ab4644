// `siegel relay start`: passes sealed reports on to one collector; keeps nothing and has no folder (RFC 9458 §6.2).

import type { Clock } from '#base/clock.ts';
import { clockOf, type Config } from '#base/config/read.ts';
import { limits } from '#base/limits.ts';
import { createLog, type Log } from '#base/log/log.ts';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import { err, ok, type Result } from '#base/result.ts';
import { isLoopback } from '#office/api/http-server.ts';
import { createReportDoor } from '#office/telemetry/door/report-door.ts';
import { createAddressCounts, type AddressBounds } from '#office/telemetry/relay/address-counts.ts';
import { createRelay } from '#office/telemetry/relay/relay.ts';
import type { CommandRefusal, Run } from '../command.ts';
import { chooseIdentity } from '../drop-privileges.ts';
import { openOutgoing, outgoingWarnings } from '../server/open-outgoing.ts';
import { dropRights } from '../server/prepare.ts';
import { readTls } from '../server/read-tls.ts';
import { checkStart } from '../start-checks.ts';
import { cannotListen, untilStopped } from './run-collector.ts';

/** For tests. */
export interface RelayTuning {
  readonly clock?: Clock;
  readonly bounds?: Partial<AddressBounds>;
  readonly outgoing?: Pick<Outgoing, 'request'>;
}

export interface RunningRelay extends AsyncDisposable {
  readonly listens: string;
  readonly url: string;
  readonly warnings: readonly string[];
}

export const runRelay: Run = async ({ config, terminal, json }) => {
  const started = await startRelay(config, createLog(config.log));
  if (!started.ok) return started;
  await using running = started.value;
  const { url, listens, warnings } = running;
  const collector = config.relayCollector;
  terminal.print(
    json
      ? JSON.stringify({ url, listens, collector, warnings })
      : [
          `Reports  ${url}/report`,
          `Go to    ${collector}/report`,
          `Listens  ${listens}`,
          ...warnings.flatMap((warning) => ['', `Warning: ${warning}`]),
        ].join('\n'),
  );
  await untilStopped();
  return ok({ json: { stopped: true }, text: '' });
};

export async function startRelay(
  config: Config,
  log: Log,
  tuning: RelayTuning = {},
): Promise<Result<RunningRelay, CommandRefusal>> {
  const collector = config.relayCollector;
  if (collector === undefined)
    return err({
      kind: 'misused',
      sentence: 'a relay passes reports on to one collector: give --relay-collector, the url of its card.',
    });
  const checked = checkStart();
  if (!checked.ok) return refuse(checked.error);
  const runAs = chooseIdentity(config.runAs);
  if (!runAs.ok) return refuse(runAs.error);
  const clock = tuning.clock ?? clockOf(config);
  const tls = readTls(config);
  const host = tls !== undefined || isLoopback(config.bind) ? config.bind : '127.0.0.1';
  const door = createReportDoor({
    host,
    port: config.httpPort,
    tls,
    isProxied: tls === undefined && config.url !== undefined,
    log,
    take: createRelay({
      outgoing: tuning.outgoing ?? openOutgoing(config, clock),
      collector,
      counts: createAddressCounts(clock, { ...limits.relay, ...tuning.bounds }),
    }),
  });
  const listening = await door.listen();
  if (!listening.ok) return cannotListen(config.httpPort, listening.error.code);
  dropRights(runAs.value.identity);
  const name = host.includes(':') ? `[${host}]` : host;
  const listens = `${tls === undefined ? 'http' : 'https'}://${name}:${listening.value.port}`;
  return ok({
    listens,
    url: config.url ?? listens,
    warnings: [...checked.value.warnings, ...runAs.value.warnings, ...outgoingWarnings(config)],
    [Symbol.asyncDispose]: () => door.close(),
  });
}

function refuse(refusal: { readonly kind: string; readonly sentence: string }): {
  readonly ok: false;
  readonly error: CommandRefusal;
} {
  return err({ kind: 'refused', reason: refusal.kind, sentence: refusal.sentence });
}
