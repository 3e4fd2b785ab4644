// The door for letters from other servers: reception put together with the house behind it, and bound to its port.

import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import {
  createReception,
  letterWorkerFile,
  type Reception,
  type ReceptionNeighbours,
} from '#post/reception/reception.ts';
import type { LetterPlace } from '#post/wire/letter-place.ts';
import { doorKeyFromSeed } from '#vault/sealing/door-key.ts';
import { carryWorker } from '../carried-worker.ts';
import type { CommandRefusal } from '../command.ts';
import { createDoorNeighbours } from './door-neighbours.ts';
import { openRspamd } from './open-outgoing.ts';
import type { Vault } from './open-vault.ts';
import type { Prepared } from './prepare.ts';
import type { TlsPair } from './read-tls.ts';
import type { TraceLog } from './trace-log.ts';

/** For twins in tests, which take a safeguard away: the program itself hands on the door as it is. */
export type WrapDoor = (door: ReceptionNeighbours) => ReceptionNeighbours;

export interface DoorParts {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly tls: TlsPair | undefined;
  readonly prepared: Prepared;
  readonly open: { readonly vault?: Vault; readonly trace?: TraceLog };
  readonly wrapDoor: WrapDoor;
  /** Letters to their addresses go there and into no mailbox. */
  readonly places: readonly LetterPlace[];
}

export async function createDoor({
  config,
  log,
  clock,
  tls,
  prepared,
  open,
  wrapDoor,
  places,
}: DoorParts): Promise<Reception> {
  const { kit, identity, outgoing } = prepared;
  const carried = identity ? await carryWorker(letterWorkerFile) : undefined;
  const neighbours = createDoorNeighbours({
    kit,
    log,
    nowMs: () => clock.nowMs(),
    vault: () => open.vault,
    trace: () => open.trace,
  });
  const { domain, smtpPort, lmtpSocket, trustedNetworks, workers, dns } = config;
  return createReception(
    {
      domain,
      smtpPort,
      lmtpSocket,
      trustedNetworks,
      workers,
      clock,
      log,
      smtpHost: config.bind,
      tls,
      doorKey: doorKeyFromSeed(kit.doorKey.seed),
      dnsServers: dns,
      rspamd: openRspamd(config, clock, log, outgoing),
      ...(carried ? { startWorker: carried } : {}),
    },
    wrapDoor({ ...neighbours, places }),
  );
}

export async function listen(reception: Reception, config: Config): Promise<Result<number, CommandRefusal>> {
  try {
    return ok((await reception.listen()).smtpPort ?? 0);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    const place = `${config.bind}:${config.smtpPort}`;
    const advice =
      code === 'EADDRINUSE'
        ? `Something already listens there, perhaps another siegel. Stop it, or choose another port with SIEGEL_SMTP_PORT.`
        : code === 'EACCES'
          ? `Ports below 1024 need root. Start as root, or choose another port with SIEGEL_SMTP_PORT.`
          : 'Check the address and the port.';
    const sentence = `SMTP cannot listen on ${place} (${code}). ${advice}`;
    return err({ kind: 'refused', reason: 'cannot-listen', sentence });
  }
}
