// The honest counter of this house: its files, its truths, its timer and its page; nothing of it where no collector is configured.

import { readFileSync } from 'node:fs';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hono } from 'hono';
import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import { createTelemetryRoutes, type TelemetryNeighbours } from '#office/api/telemetry-routes.ts';
import { parseCard, type KnownCollector } from '#office/telemetry/catalogue/card.ts';
import { questions } from '#office/telemetry/catalogue/questions.ts';
import type { TelemetryFiles } from '#office/telemetry/home/files.ts';
import { lookAtMoments } from '#office/telemetry/home/at-moments.ts';
import { openTelemetryHome, type TelemetryHome } from '#office/telemetry/home/home.ts';
import { writeWhole } from '#vault/database/postgres/write-whole.ts';
import { createRecorder } from './house-book.ts';
import { measureHouse, type HouseFacts } from './measure-house.ts';
import type { Vault } from './open-vault.ts';

/** In the data folder. */
const FOLDER = 'telemetry';

/** The card as it is read before the rights are dropped; a bad one leaves the house running and says so. */
export interface TelemetryCard {
  readonly collector: KnownCollector | undefined;
  readonly warnings: readonly string[];
}

export function readTelemetryCard({ telemetryCollector, telemetryRelay }: Config): TelemetryCard {
  if (telemetryCollector === undefined) {
    const lonely = 'telemetry-relay is set, but no collector: nothing is asked or sent. Set telemetry-collector too.';
    return { collector: undefined, warnings: telemetryRelay === undefined ? [] : [lonely] };
  }
  const off = (sentence: string): TelemetryCard => ({
    collector: undefined,
    warnings: [`Figures are off, nothing is asked or sent: ${sentence}`],
  });
  let text: string;
  try {
    text = readFileSync(telemetryCollector, 'utf8').slice(0, limits.telemetry.cardBytes);
  } catch {
    return off(`the card ${telemetryCollector} cannot be read. Put it there, or take telemetry-collector away.`);
  }
  const card = parseCard(text);
  return card.ok ? { collector: card.value, warnings: [] } : off(card.error.sentence);
}

export interface TelemetryHouseParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly dataDir: string;
  readonly vault: Pick<Vault, 'door' | 'book' | 'database' | 'directory'>;
  readonly outgoing: Outgoing;
  readonly card: TelemetryCard;
  readonly use: () => HouseFacts['use'];
  readonly version: string;
}

export interface HouseTelemetry extends Disposable {
  readonly home: TelemetryHome;
  routes(authenticate: TelemetryNeighbours['authenticate']): Hono;
}

export async function openHouseTelemetry(parts: TelemetryHouseParts): Promise<HouseTelemetry> {
  const { config, clock, log, vault, outgoing, card } = parts;
  const record = createRecorder(vault.door, vault.book);
  const home = await openTelemetryHome({
    clock,
    log,
    files: await openFiles(join(parts.dataDir, FOLDER)),
    collector: card.collector,
    relay: config.telemetryRelay,
    questions,
    measure: () =>
      measureHouse({
        config,
        reader: vault.database.reader,
        countAccounts: () => vault.directory.countAccounts(),
        use: parts.use,
        version: parts.version,
      }),
    send: (request) => outgoing.request('telemetry', request),
    record: async (kind, catalogue) => {
      const recorded = await record({ kind, facts: { catalogue } });
      if (!recorded.ok) log.warn('telemetry.notRecorded', {});
    },
  });
  const moments = lookAtMoments({
    clock,
    nextMs: () => home.nextMs(),
    look: () => home.look(),
    lookMs: limits.telemetry.lookMs,
  });
  return {
    home,
    routes: (authenticate) => createTelemetryRoutes({ authenticate, telemetry: home }),
    [Symbol.dispose]() {
      moments[Symbol.dispose]();
    },
  };
}

/** Files of a folder of its own; a line is on the medium before it counts. */
export async function openFiles(folder: string): Promise<TelemetryFiles> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const at = (name: string): string => join(folder, name);
  return {
    read: (name) =>
      readFile(at(name), 'utf8').catch((cause: unknown) => {
        if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
        throw cause;
      }),
    write: (name, text) => writeWhole(at(name), text),
    async append(name, line) {
      const file = await open(at(name), 'a', 0o600);
      try {
        // behind whatever a fall left unfinished
        await file.appendFile(`\n${line}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    remove: (name) => rm(at(name), { force: true }),
  };
}
