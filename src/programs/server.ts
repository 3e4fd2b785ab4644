// The mail service: puts the rooms together, opens the doors, and closes them again.

import { readFileSync } from 'node:fs';
import { clockOf, programDir, type Config } from '#base/config/read.ts';
import type { Clock } from '#base/clock.ts';
import { createLog, type Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { StaticPages } from '#office/api/static-pages.ts';
import { loadOpenPgp } from '#formats/desk/openpgp.ts';
import type { Reception } from '#post/reception/reception.ts';
import type { CommandRefusal, Run, Terminal } from './command.ts';
import { serveOperator } from './operator-socket.ts';
import { createDoor, listen, type DoorParts, type WrapDoor } from './server/open-door.ts';
import { beginHouse } from './server/begin-house.ts';
import type { OutgoingTuning } from './server/open-outgoing.ts';
import { startDeskNotices } from './server/desk-notices.ts';
import { openDeskPost, type DeskPost } from './server/desk-post.ts';
import { openHouseDesk, type HouseDesk } from './server/open-desk.ts';
import { openDelivery, type Delivery, type DeliveryTuning } from './server/open-delivery.ts';
import { openHouseBackups, type HouseBackups, type KeptBackups } from './server/open-backups.ts';
import {
  openHouseTelemetry,
  readTelemetryCard,
  type HouseTelemetry,
  type TelemetryCard,
} from './server/open-telemetry.ts';
import { openSafeguards, type Safeguards } from './server/open-safeguards.ts';
import { openForgetting, type HouseForgetting } from './server/open-forgetting.ts';
import type { HouseSteps } from './server/house-steps.ts';
import { openGuard, type HouseGuard } from './server/open-guard.ts';
import { openOffice, type AccountsDoor, type Office } from './server/open-office.ts';
import { openHouseSafety, type HouseSafety } from './server/open-safety.ts';
import { bindSubmission, type SubmissionDoor } from './server/open-submission.ts';
import { openTransit, type HouseTransit, type TransitParts } from './server/open-transit.ts';
import { buildWorkers } from './transit/built-workers.ts';
import { openVault, type Vault } from './server/open-vault.ts';
import { createOperatorHandlers } from './server/operator-handlers.ts';
import { openPage } from './server/page.ts';
import { dropRights, prepare } from './server/prepare.ts';
import { openCertificate } from './server/open-certificate.ts';
import type { HouseCertificate } from './server/house-certificate.ts';
import { readMetricsToken } from './server/read-metrics-token.ts';
import type { TlsPair } from './server/read-tls.ts';
import { statusOf } from './server/status.ts';
import { TraceLog } from './server/trace-log.ts';
import { makeWelcome, warningsOf } from './server/make-welcome.ts';
import { welcomeText, type Welcome } from './server/welcome.ts';

export const runServer: Run = async ({ config, terminal, json }) => {
  const log = createLog(config.log);
  const started = await startServer(config, log);
  if (!started.ok) return started;
  await using server = started.value;
  tell(server, terminal, json);
  await untilStopped();
  terminal.note('Stopping: letters under way are finished first.');
  await server[Symbol.asyncDispose]();
  return ok({ json: { stopped: true }, text: '' });
};

export interface Server extends AsyncDisposable {
  readonly welcome: Welcome;
  readonly delivery: Delivery;
  readonly forgetting: HouseForgetting;
  readonly backups: KeptBackups;
  readonly vault: Vault;
}

/** For the sample office, which leads its clock and marks its page; `wrapCommits` for twins in tests. */
export interface Unusual {
  readonly clock?: Clock;
  readonly wrapPages?: (pages: StaticPages) => StaticPages;
  readonly wrapCommits?: (door: AccountsDoor) => AccountsDoor;
  readonly delivery?: DeliveryTuning;
  readonly outgoing?: OutgoingTuning;
  readonly steps?: HouseSteps;
  readonly transit?: TransitParts['tuning'];
  /** Only for show. */
  readonly isDemo?: boolean;
}

/** Everything from the first check to the last open door. What fails is undone, in the reverse order. */
export async function startServer(
  config: Config,
  log: Log,
  wrapDoor: WrapDoor = (door) => door,
  {
    clock = clockOf(config),
    wrapPages = (pages) => pages,
    wrapCommits = (door) => door,
    delivery: tuning,
    outgoing,
    steps = {},
    transit: transitTuning,
    isDemo = false,
  }: Unusual = {},
): Promise<Result<Server, CommandRefusal>> {
  await using opened = new AsyncDisposableStack();
  const prepared = await prepare(config, clock, outgoing);
  if (!prepared.ok) return prepared;
  const { dataDir, kit, identity } = prepared.value;
  const pages = wrapPages(await openPage(log));
  if (config.transit) await buildWorkers(log);
  const open: { vault?: Vault; trace?: TraceLog } = {};
  const metricsToken = readMetricsToken(config.metricsToken);
  if (!metricsToken.ok) return metricsToken;
  const fetched = await openCertificate({ config, clock, log, ...prepared.value });
  if (!fetched.ok) return fetched;
  const certificate = opened.use(fetched.value);
  const tls = certificate.current;
  const transit = openTransit({ config, clock, log, kit, tuning: transitTuning });
  if (!transit.ok) return refuse(transit.error.kind, transit.error.sentence);
  const deskPost = opened.use(openDeskPost({ config, clock, log, kit, dataDir }));
  const places = [transit.value?.documents, deskPost].filter((place) => place !== undefined);
  const reception = await createDoor({ config, log, clock, tls, prepared: prepared.value, open, wrapDoor, places });
  opened.defer(() => reception.close());
  const listening = await listen(reception, config);
  if (!listening.ok) return listening;
  const submission = await bindSubmission({ config, clock, log, kit, reception, tls, places });
  if (!submission.ok) return submission;
  opened.use(submission.value);
  // The last look at our own files: afterwards the checkout may be closed to us.
  const version = readVersion();
  const card = readTelemetryCard(config);
  if (config.deskTrust.length > 0) await loadOpenPgp();
  dropRights(identity);
  const { native, directory, startSumThread } = prepared.value;
  const vault = await openVault({
    dataDir,
    kit,
    directory,
    clock,
    log,
    version,
    native,
    databaseUrl: config.databaseUrl,
    owner: undefined,
    startSumThread,
    step: steps.generations,
  });
  if (!vault.ok) return refuse(vault.error.kind, vault.error.sentence);
  opened.use(vault.value);
  const trace = await TraceLog.open(`${dataDir}/trace`, clock, log);
  opened.defer(() => trace.close());
  const begun = await beginHouse(vault.value, kit.instanceId, config.domain);
  if (!begun.ok) return begun;
  open.vault = vault.value;
  open.trace = trace;
  const delivery = await openDelivery({
    config,
    clock,
    log,
    prepared: prepared.value,
    vault: vault.value,
    reception,
    desk: deskPost,
    tuning,
  });
  opened.use(delivery);
  const backups = opened.use(
    await openHouseBackups({ config, clock, log, prepared: prepared.value, vault: vault.value, version }),
  );
  const guard = opened.use(await openGuard({ clock, log, vault: vault.value }));
  const safeguards = opened.use(
    openSafeguards({
      config,
      dataDir,
      clock,
      log,
      kit,
      version,
      reception,
      backups,
      vault: vault.value,
      step: steps.change,
    }),
  );
  const beside = { clock, log, vault: vault.value, backups };
  const { attic } = safeguards;
  const forgetting = opened.use(openForgetting({ ...beside, ...delivery, attic, dataDir, steps }));
  const safety = opened.use(openHouseSafety({ ...beside, config, kit, reception, forgetting, safeguards }));
  const telemetry = opened.use(
    await openHouseTelemetry({
      ...beside,
      config,
      dataDir,
      outgoing: prepared.value.outgoing,
      card,
      use: () =>
        isDemo ? 'demo' : certificate.isTrusted || config.url?.startsWith('https:') === true ? 'real' : 'trial',
      version: programVersion(version),
    }),
  );
  const accountsDoor = wrapCommits(vault.value.door);
  const deliveries = (): number => delivery.transport.counters.connections;
  const desk = openHouseDesk({ config, clock, vault: vault.value });
  const mail = {
    desk,
    outgoing: prepared.value.outgoing,
    deliveries,
    reception,
    outbox: delivery.queue,
    submission: submission.value,
    measured: { reception, submission: submission.value, queue: delivery.queue, deliveries },
    outward: prepared.value.outward,
    metricsToken: metricsToken.value,
    certificate,
    safety,
    transit: transit.value,
    deskPost,
    telemetry,
  };
  const office = await openOffice({ config, log, clock, kit, tls, vault: vault.value, pages, accountsDoor, ...mail });
  if (!office.ok) return office;
  opened.defer(() => office.value.close());
  safety.incidents.begin(office.value.url);
  opened.use(transit.value);
  await transit.value?.begin({
    vault: vault.value,
    reception,
    transport: delivery.transport,
    origin: office.value.url,
  });
  await deskPost?.begin({
    desk: desk.desk,
    directory: vault.value.directory,
    transport: delivery.transport,
    rspamd: reception.rspamd,
    origin: office.value.url,
  });
  opened.use(await startDeskNotices({ config, clock, log, dataDir, ...desk, vault: vault.value, reception }));
  takeUp(certificate, [reception, submission.value, office.value]);
  submission.value.open({ vault: vault.value, appSignIn: office.value.appSignIn, outbox: delivery.queue });
  const ports = { smtpPort: listening.value, httpUrl: office.value.url };
  const operator = await openOperatorDoor({
    config,
    log,
    clock,
    vault: vault.value,
    trace,
    ports,
    prepared: prepared.value,
    office: office.value,
    reception,
    delivery,
    submission: submission.value,
    certificate,
    backups,
    forgetting,
    guard,
    safety,
    safeguards,
    transit: transit.value,
    desk,
    deskPost,
    telemetry,
    card,
  });
  if (!operator.ok) return operator;
  opened.defer(() => operator.value.close());
  const welcome = await makeWelcome({
    config,
    clock,
    vault: vault.value,
    office: office.value,
    smtpPort: listening.value,
    prepared: prepared.value,
    submission: submission.value,
    transit: transit.value,
    deskPost,
  });
  const closing = opened.move();
  const parts = { delivery, forgetting, backups, vault: vault.value };
  return ok({ welcome, ...parts, [Symbol.asyncDispose]: () => closing.disposeAsync() });
}

interface TakesCertificate {
  useCertificate(pair: TlsPair): void;
}

/** Every door speaks with the new certificate as soon as there is one. */
function takeUp(certificate: HouseCertificate, doors: readonly TakesCertificate[]): void {
  certificate.onChange((pair) => {
    for (const door of doors) door.useCertificate(pair);
  });
  certificate.begin();
}

interface OperatorParts extends Omit<DoorParts, 'open' | 'wrapDoor' | 'tls' | 'places'> {
  readonly vault: Vault;
  readonly trace: TraceLog;
  readonly ports: { readonly smtpPort: number; readonly httpUrl: string };
  readonly office: Office;
  readonly reception: Reception;
  readonly delivery: Delivery;
  readonly submission: SubmissionDoor;
  readonly certificate: HouseCertificate;
  readonly backups: HouseBackups;
  readonly forgetting: HouseForgetting;
  readonly safety: HouseSafety;
  readonly guard: HouseGuard;
  readonly safeguards: Safeguards;
  readonly transit: HouseTransit | undefined;
  readonly desk: HouseDesk;
  readonly deskPost: DeskPost | undefined;
  readonly telemetry: HouseTelemetry;
  readonly card: TelemetryCard;
}

async function openOperatorDoor(parts: OperatorParts): Promise<Result<{ close(): Promise<void> }, CommandRefusal>> {
  const { config, log, clock, vault, trace, ports, prepared, office, reception, delivery, submission, certificate } =
    parts;
  const { backups, forgetting, guard, safety, safeguards } = parts;
  const { queue } = delivery;
  const handlers = createOperatorHandlers({
    config,
    clock,
    vault,
    trace,
    dataDir: prepared.dataDir,
    smtpPort: ports.smtpPort,
    joinUrl: office.joinUrl,
    queue,
    ledgerKey: prepared.kit.ledgerKey,
    safety,
    safeguards,
    instance: prepared.kit.instanceId,
    backups,
    forgetting,
    telemetry: parts.telemetry.home,
    desk: parts.desk,
    endAppSessions: (accountId) => submission.endSessions(accountId, undefined),
    signing: { clock, domain: config.domain, kitDir: prepared.kitDir, outward: prepared.outward },
    status: statusOf({
      vault,
      reception,
      submission,
      queue,
      backups,
      forgetting,
      guard,
      safeguards,
      config,
      certificate,
      ...ports,
      warnings: [...prepared.warnings, ...warningsOf(parts), ...parts.card.warnings],
    }),
  });
  const served = await serveOperator(prepared.dataDir, handlers, log);
  return served.ok ? served : refuse(served.error.kind, served.error.sentence);
}

function tell({ welcome }: Server, { print }: Terminal, json: boolean): void {
  print(json ? JSON.stringify(welcome) : welcomeText(welcome));
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function readVersion(): string {
  return `siegel ${readFileSync(`${programDir}/package.json`, 'utf8')}`;
}

/** Of package.json, "0.1.0". */
function programVersion(version: string): string {
  return /"version": "([^"]*)"/.exec(version)?.[1] ?? '';
}

function refuse(reason: string, sentence: string): { readonly ok: false; readonly error: CommandRefusal } {
  return err({ kind: 'refused', reason, sentence });
}
