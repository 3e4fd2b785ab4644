// `siegel transit start`: the room for documents alone, without a database; this program writes the book's file and nothing else.

import { join } from 'node:path';
import { readFileSync, statSync } from 'node:fs';
import { clockOf, type Config } from '#base/config/read.ts';
import type { Clock } from '#base/clock.ts';
import { createLog, type Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { openKeyKit } from '#vault/keykit/kit-file.ts';
import { describeKitRefusal } from '#vault/keykit/kit-refusals.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';
import type { PeerTransportOptions } from '#post/delivery/peer/peer-transport.ts';
import { TRANSIT_LOCAL } from '#post/transit/door/place.ts';
import type { CommandRefusal, Run } from '../command.ts';
import { chooseIdentity, type Identity } from '../drop-privileges.ts';
import { prepareFolder } from '../folders.ts';
import { openOutgoing } from '../server/open-outgoing.ts';
import { openPage } from '../server/page.ts';
import { openTransport, readOutward, type Outward } from '../server/open-transport.ts';
import { asUser, dropRights } from '../server/prepare.ts';
import { readTls, type TlsPair } from '../server/read-tls.ts';
import { checkStart } from '../start-checks.ts';
import { BOOK_FILE, describeBookRefusal, openBookFile } from './book-file.ts';
import { buildWorkers } from './built-workers.ts';
import { createHandOver } from './hand-over.ts';
import { collector, createIdleWipe, keepBuffersApart } from './idle-wipe.ts';
import { openRoom, type RoomProcess, type RoomStart } from './open-room.ts';
import { readStorePlace, type StorePlace } from './open-store-place.ts';
import { readSenders, watchSenders, type RegisteredSenders } from './registered-senders.ts';
import { roomKeys } from './room-keys.ts';
import { describeRoomRefusal } from './start-sentences.ts';

const PRIVILEGED_BELOW = 1_024;

export interface AloneTuning extends Pick<RoomStart, 'entry' | 'locks' | 'flags'> {
  readonly transport?: Partial<PeerTransportOptions>;
  readonly handOver?: typeof createHandOver;
}

export interface Alone extends AsyncDisposable {
  readonly process: RoomProcess;
  readonly bookPath: string;
  readonly warnings: readonly string[];
}

export const runAlone: Run = async ({ config, terminal, json }) => {
  const log = createLog(config.log);
  const started = await startAlone(config, log);
  if (!started.ok) return started;
  await using alone = started.value;
  const { facts } = alone.process;
  const address = `${TRANSIT_LOCAL}@${config.domain}`;
  const welcome = {
    address,
    smtp: `${config.bind}:${facts.smtpPort ?? 0}`,
    url: facts.httpUrl,
    book: alone.bookPath,
    warnings: alone.warnings,
  };
  terminal.print(
    json
      ? JSON.stringify(welcome)
      : [
          `Documents sent to ${address} are worked on and sent back; nothing of them is kept.`,
          '',
          `  Letters in  ${welcome.smtp}`,
          `  Page        ${welcome.url ?? 'none'}`,
          `  Book        ${welcome.book}`,
          ...alone.warnings.flatMap((warning) => ['', `Warning: ${warning}`]),
        ].join('\n'),
  );
  await untilStopped();
  return ok({ json: { stopped: true }, text: '' });
};

export async function startAlone(
  config: Config,
  log: Log,
  tuning: AloneTuning = {},
): Promise<Result<Alone, CommandRefusal>> {
  await using opened = new AsyncDisposableStack();
  const clock = clockOf(config);
  const read = await readAll(config, clock, log);
  if (!read.ok) return read;
  const { kit, outward, tls, code, bookPath, identity, warnings } = read.value;
  dropRights(identity);
  const senders = watchSenders(config.transitSenders, read.value.senders, { clock, log });
  const book = await openBookFile(bookPath);
  if (!book.ok) return refuse('book', describeBookRefusal(book.error, bookPath));
  opened.use(book.value);
  const isOwnDomain = (domain: string): boolean => domain === config.domain;
  const outgoing = openOutgoing(config, clock);
  const transport = opened.use(
    openTransport({ config, clock, outgoing, outward, isOwnDomain, tuning: tuning.transport }),
  );
  keepBuffersApart();
  // the room itself sends the zeros that are read over what was read before
  const wipe = createIdleWipe({ collect: collector(), rinse: async () => undefined });
  const deliver = (tuning.handOver ?? createHandOver)({ transport });
  const room = await openRoom(
    {
      domain: config.domain,
      clock: config.clock,
      smtp: { host: config.bind, port: config.smtpPort },
      http: { host: tls === undefined ? '127.0.0.1' : config.bind, port: config.httpPort, code },
      origin: config.url,
      tls,
      dns: config.dns,
      accepted: config.transitAccept,
      store: read.value.store,
      ...roomKeys(kit),
    },
    {
      maySend: async (address) => ((await senders.has(address)) ? 'yes' : 'no'),
      deliver: (answer) => wipe.after(deliver(answer)),
      record: (receipt) => book.value.record(receipt).then(() => undefined),
      findRecorded: (job) => book.value.find(job),
    },
    { log, wipe, ...tuning },
  );
  if (!room.ok) return refuse(room.error.kind, describeRoomRefusal(room.error));
  opened.use(room.value);
  const closing = opened.move();
  const shownPath = join(config.dataDir, BOOK_FILE);
  return ok({
    process: room.value,
    bookPath: shownPath,
    warnings,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  });
}

interface Read {
  readonly kit: KeyKit;
  readonly outward: Outward;
  readonly senders: RegisteredSenders;
  readonly tls: TlsPair | undefined;
  readonly code: string | undefined;
  readonly store: StorePlace | undefined;
  readonly bookPath: string;
  readonly identity: Identity | undefined;
  readonly warnings: readonly string[];
}

/** All that is read from files, while we may; the first start makes the keys. */
async function readAll(config: Config, clock: Clock, log: Log): Promise<Result<Read, CommandRefusal>> {
  const checked = checkStart();
  if (!checked.ok) return refuse(checked.error.kind, checked.error.sentence);
  const runAs = chooseIdentity(config.runAs);
  if (!runAs.ok) return refuse(runAs.error.kind, runAs.error.sentence);
  const { identity } = runAs.value;
  if (identity !== undefined && [config.smtpPort, config.httpPort].some((port) => port > 0 && port < PRIVILEGED_BELOW))
    return refuse(
      'port',
      `the room is started anew when it dies, without the rights of root: choose ports from ${PRIVILEGED_BELOW} on and have lower ones forwarded.`,
    );
  const dataDir = prepareFolder(config.dataDir, identity);
  if (!dataDir.ok) return refuse(dataDir.error.kind, dataDir.error.sentence);
  const kitDir = prepareFolder(config.kitDir, identity);
  if (!kitDir.ok) return refuse(kitDir.error.kind, kitDir.error.sentence);
  const kit = await asUser(identity, () => openKeyKit({ folder: kitDir.value, instanceId: undefined, clock }));
  if (!kit.ok) return refuse(kit.error.kind, describeKitRefusal(kit.error));
  const outward = await asUser(identity, () => readOutward(config, kitDir.value, clock));
  if (!outward.ok) return refuse(outward.error.kind, outward.error.sentence);
  const senders = readSenders(config.transitSenders);
  if (!senders.ok) return refuse(senders.error.kind, senders.error.sentence);
  const code = readCode(config.transitCode);
  if (!code.ok) return code;
  const store = readStorePlace(config);
  if (!store.ok) return refuse(store.error.kind, store.error.sentence);
  await openPage(log);
  await buildWorkers(log);
  const nobody = 'transit-senders names nobody: every letter is refused, and only the page can be used.';
  return ok({
    kit: kit.value.kit,
    outward: outward.value,
    senders: senders.value,
    tls: readTls(config),
    code: code.value,
    store: store.value,
    bookPath: join(dataDir.value, BOOK_FILE),
    identity,
    warnings: [...checked.value.warnings, ...runAs.value.warnings, ...(senders.value.count === 0 ? [nobody] : [])],
  });
}

const CODE_CHARACTERS_MIN = 16;

function readCode(path: string | undefined): Result<string | undefined, CommandRefusal> {
  if (path === undefined) return ok(undefined);
  try {
    const text = readFileSync(path, 'utf8').trim();
    const isPrivate = (statSync(path).mode & 0o077) === 0;
    if (isPrivate && /^\S{1,200}$/.test(text) && text.length >= CODE_CHARACTERS_MIN) return ok(text);
    return refuse(
      'bad-code',
      `transit-code names ${path}, which must have mode 600 and hold one line of at least ${CODE_CHARACTERS_MIN} characters without blanks.`,
    );
  } catch {
    return refuse('bad-code', `transit-code names ${path}, which cannot be read.`);
  }
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function refuse(reason: string, sentence: string): { readonly ok: false; readonly error: CommandRefusal } {
  return err({ kind: 'refused', reason, sentence });
}
