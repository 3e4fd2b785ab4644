// `siegel collector start`: takes sealed reports, counts them on its disk, publishes quarters; without database and mailboxes.

import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Clock } from '#base/clock.ts';
import { clockOf, type Config } from '#base/config/read.ts';
import { limits } from '#base/limits.ts';
import { createLog, type Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { createCollectorSite, type PublishedEntry } from '#office/api/collector-site.ts';
import { isLoopback } from '#office/api/http-server.ts';
import type { CollectorCard } from '#office/telemetry/catalogue/card.ts';
import type { Question } from '#office/telemetry/catalogue/question.ts';
import { questions } from '#office/telemetry/catalogue/questions.ts';
import { Collector } from '#office/telemetry/collector/collector.ts';
import { createSeenReports, type SeenReports } from '#office/telemetry/collector/seen-reports.ts';
import { openTallyFile, TALLY_FILE, type TallyFile } from '#office/telemetry/collector/tally-file.ts';
import { createReportDoor, type Taken } from '#office/telemetry/door/report-door.ts';
import type { CommandRefusal, Run } from '../command.ts';
import { chooseIdentity, type Identity } from '../drop-privileges.ts';
import { prepareFolder } from '../folders.ts';
import { openPage } from '../server/page.ts';
import { asUser, dropRights } from '../server/prepare.ts';
import { readTls } from '../server/read-tls.ts';
import { checkStart } from '../start-checks.ts';
import { collector as freer, createIdleWipe } from '../transit/idle-wipe.ts';
import { describeBookRefusal } from '../line-book.ts';
import { makeCard } from './collector-card.ts';
import { rinseReads } from './rinse-reads.ts';
import { openCollectorKeys, type CollectorKeys } from './collector-keys.ts';
import { lockFolder } from './folder-lock.ts';
import { openPublicationBook, PUBLICATION_BOOK_FILE, type PublicationBook } from './publication-book.ts';

/** For tests and the sample office. */
export interface CollectorTuning {
  readonly clock?: Clock;
  readonly seen?: SeenReports;
  readonly wrapFile?: (file: TallyFile) => TallyFile;
  readonly wrapTake?: (take: Collector['take']) => Collector['take'];
}

export interface RunningCollector extends AsyncDisposable {
  /** Where this process listens. */
  readonly listens: string;
  /** As others reach it. */
  readonly url: string;
  /** Undefined: the options do not say enough. */
  readonly card: CollectorCard | undefined;
  readonly collector: Collector;
  readonly book: PublicationBook;
  readonly warnings: readonly string[];
}

export const runCollector: Run = async ({ config, terminal, json }) => {
  const started = await startCollector(config, createLog(config.log));
  if (!started.ok) return started;
  await using running = started.value;
  const { url, listens, warnings } = running;
  const welcome = { url, listens, folder: config.collectorDir, warnings };
  terminal.print(
    json
      ? JSON.stringify(welcome)
      : [
          `Figures  ${url}/`,
          `Reports  ${url}/report`,
          `Listens  ${listens}`,
          `Folder   ${config.collectorDir}`,
          ...warnings.flatMap((warning) => ['', `Warning: ${warning}`]),
        ].join('\n'),
  );
  await untilStopped();
  return ok({ json: { stopped: true }, text: '' });
};

export async function startCollector(
  config: Config,
  log: Log,
  tuning: CollectorTuning = {},
): Promise<Result<RunningCollector, CommandRefusal>> {
  await using opened = new AsyncDisposableStack();
  const clock = tuning.clock ?? clockOf(config);
  const prepared = await prepareCollector(config);
  if (!prepared.ok) return prepared;
  const { folder, keys, identity, warnings } = prepared.value;
  const tls = readTls(config);
  const pages = await openPage(log);
  const open: { take?: Collector['take']; card?: CollectorCard | undefined; book?: PublicationBook } = {};
  const site = createCollectorSite({
    log,
    pages,
    published: () => newestFirst(open.book),
    card: () => open.card,
    questions,
  });
  const answerPage = getRequestListener(site.fetch, { overrideGlobalObjects: false });
  const host = tls !== undefined || isLoopback(config.bind) ? config.bind : '127.0.0.1';
  const door = createReportDoor({
    host,
    port: config.httpPort,
    tls,
    isProxied: false, // it never asks for an address
    log,
    take: (bytes) => open.take?.(bytes) ?? Promise.resolve<Taken>(503),
    rest: (request, response) => void answerPage(request, response),
  });
  const listening = await door.listen();
  if (!listening.ok) return cannotListen(config.httpPort, listening.error.code);
  opened.defer(() => door.close());
  const listens = `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${listening.value.port}`;
  const url = config.url ?? listens;
  dropRights(identity);
  const kept = await openKept({ folder, shown: config.collectorDir, clock, keys });
  if (!kept.ok) return kept;
  opened.use(kept.value);
  const { book } = kept.value;
  const collector = new Collector({
    clock,
    log,
    keyId: keys.keyId,
    privateKey: keys.privateKey,
    authority: new URL(url).host,
    questions: questions satisfies readonly Question[],
    file: tuning.wrapFile?.(kept.value.file) ?? kept.value.file,
    seen: tuning.seen ?? createSeenReports(limits.collector.rememberedMax),
    lastPublished: book.lastQuarter,
    record: (publication) => book.record(publication),
  });
  opened.defer(() => collector.settled());
  await publishEnded(collector, log);
  const timer = setInterval(() => void publishEnded(collector, log), limits.collector.lookMs);
  opened.defer(() => clearInterval(timer));
  const card = makeCard(config, keys, url);
  open.book = book;
  open.card = card.ok ? card.value : undefined;
  const rinse = async (): Promise<void> => (tls === undefined ? rinseReads(host, listening.value.port) : undefined);
  const wipe = createIdleWipe({ collect: freer(), rinse });
  const take: Collector['take'] = (bytes) => wipe.after(collector.take(bytes));
  open.take = tuning.wrapTake?.(take) ?? take;
  opened.defer(() => door.close()); // before the files: whoever is answered had its count written
  const closing = opened.move();
  return ok({
    listens,
    url,
    card: open.card,
    collector,
    book,
    warnings: [...warnings, ...(card.ok ? [] : [`No card: ${card.error.sentence}`])],
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  });
}

async function publishEnded(collector: Collector, log: Log): Promise<void> {
  try {
    await collector.publishEnded();
  } catch (cause) {
    log.fault('telemetry.notPublished', cause); // at the next look again
  }
}

function newestFirst(book: PublicationBook | undefined): readonly PublishedEntry[] {
  const recorded = book?.recorded ?? [];
  return recorded
    .map(({ publication, receipt }) => ({ publication, receipt, publishedMs: receipt.receipt.timeMs }))
    .toReversed();
}

interface PreparedCollector {
  /** As it can be reached from now on. */
  readonly folder: string;
  readonly keys: CollectorKeys;
  readonly identity: Identity | undefined;
  readonly warnings: readonly string[];
}

/** Folder and keys, for the user we become; `collector card` needs no more. */
export async function prepareCollector(config: Config): Promise<Result<PreparedCollector, CommandRefusal>> {
  const checked = checkStart();
  if (!checked.ok) return refuse(checked.error.kind, checked.error.sentence);
  const runAs = chooseIdentity(config.runAs);
  if (!runAs.ok) return refuse(runAs.error.kind, runAs.error.sentence);
  const { identity } = runAs.value;
  const folder = prepareFolder(config.collectorDir, identity);
  if (!folder.ok) return refuse(folder.error.kind, folder.error.sentence);
  const keys = await asUser(identity, () => openCollectorKeys(folder.value));
  if (!keys.ok) return refuse(keys.error.kind, keys.error.sentence);
  const warnings = [...checked.value.warnings, ...runAs.value.warnings];
  return ok({ folder: folder.value, keys: keys.value, identity, warnings });
}

interface Kept extends AsyncDisposable {
  readonly file: TallyFile;
  readonly book: PublicationBook;
}

interface KeptPlace {
  readonly folder: string;
  readonly shown: string;
  readonly clock: Clock;
  readonly keys: CollectorKeys;
}

async function openKept({ folder, shown, clock, keys }: KeptPlace): Promise<Result<Kept, CommandRefusal>> {
  await using opened = new AsyncDisposableStack();
  const lock = await lockFolder(folder, shown);
  if (!lock.ok) return refuse(lock.error.kind, lock.error.sentence);
  opened.use(lock.value);
  const file = await openTallyFile(folder);
  if (!file.ok) {
    const sentence = `${join(shown, TALLY_FILE)} cannot be read or is not what was written. Bring it back from a copy; without it this quarter’s counts begin at nothing.`;
    return refuse(file.error.kind, sentence);
  }
  opened.use(file.value);
  const book = await openPublicationBook(join(folder, PUBLICATION_BOOK_FILE), { clock, signer: keys.signer });
  if (!book.ok) return refuse('book', describeBookRefusal(book.error, join(shown, PUBLICATION_BOOK_FILE)));
  opened.use(book.value);
  const closing = opened.move();
  return ok({ file: file.value, book: book.value, [Symbol.asyncDispose]: () => closing.disposeAsync() });
}

export function cannotListen(port: number, code: string): { readonly ok: false; readonly error: CommandRefusal } {
  return refuse('cannot-listen', `port ${port} cannot be listened on (${code}). Give another with --http-port.`);
}

export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function refuse(reason: string, sentence: string): { readonly ok: false; readonly error: CommandRefusal } {
  return err({ kind: 'refused', reason, sentence });
}
