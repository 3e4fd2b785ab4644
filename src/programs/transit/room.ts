// The room's own process: door, controller and page behind one pipe to the program that started it. It reads its code and the machine's state, and writes nothing.

import { getCompileCacheDir } from 'node:module';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Hono } from 'hono';
import type { Clock } from '#base/clock.ts';
import { clockOf, programDir } from '#base/config/read.ts';
import { createDns } from '#base/dns/dns.ts';
import { limits } from '#base/limits.ts';
import { createLog, type Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { isLoopback, serveHttp, type HttpServer } from '#office/api/http-server.ts';
import { openStaticPages } from '#office/api/static-pages.ts';
import { createTransitRoutes } from '#office/api/transit-routes.ts';
import { createTransitSite } from '#office/api/transit-site.ts';
import type { Optimise } from '#post/transit/contract.ts';
import { Controller } from '#post/transit/control/controller.ts';
import type { TransitRoom } from '#post/transit/control/room.ts';
import { wipe as overwrite } from '#post/transit/control/wipe.ts';
import { createTransitDoor, type TransitDoor, type TransitNeighbours } from '#post/transit/door/door.ts';
import { TRANSIT_LOCAL } from '#post/transit/door/place.ts';
import { takeDocuments } from '#post/transit/door/take-letter.ts';
import { writeAnswerLetter } from '#post/transit/report/answer-letter.ts';
import type { FoundReceipt } from '#post/transit/report/receipt.ts';
import { mayStart, type SelfCheck } from '#post/transit/report/self-check.ts';
import type { RamStore } from '#post/transit/store/ram-store.ts';
import { mayEnter } from './access-code.ts';
import { collector, createIdleWipe, keepBuffersApart, rinsing, type IdleWipe } from './idle-wipe.ts';
import { openStore } from './open-store.ts';
import { papersFor } from './papers.ts';
import { proveOrigin } from './prove-origin.ts';
import {
  answerFrom,
  askProgram,
  type Handlers,
  type OfRoom,
  type RoomOpened,
  type RoomOpenRefusal,
  type RoomOrder,
} from './room-questions.ts';
import { checkMachine, thisProcess } from './self-check.ts';
import { signerFrom } from './signing-key.ts';
import { createTalk, type AnswerWay, type Talk, type TalkPort } from './talk.ts';

export interface RoomWorkshop {
  readonly optimise: Optimise;
  readonly writePdf: Parameters<typeof papersFor>[1];
  readonly sandbox?: SelfCheck['sandbox'];
  readonly office?: SelfCheck['office'];
}

/** Answers whoever started this process until it is gone; then this process is too. `store`: for tests, another way to one. */
export function serveRoom(openWorkshop: () => Promise<RoomWorkshop>, store = openStore): void {
  const log = createLog('warn');
  keepBuffersApart();
  const open: { room?: Room } = {};
  const wipe = createIdleWipe({ collect: collector(), rinse: () => askProgram(talk, 'rinse', rinsing()) });
  const room = (): Room => {
    if (open.room === undefined) throw new Error('the room is not open');
    return open.room;
  };
  const handlers: Handlers<OfRoom, AnswerWay> = {
    async open(order) {
      const opened = await Room.open(order, { log, talk, workshop: await openWorkshop(), wipe, openStore: store });
      if (!opened.ok) return opened;
      open.room = opened.value;
      return ok(opened.value.facts);
    },
    take: (letter) => wipe.after(room().takeFromHouse(letter)),
    hasRoomFor: (sizeBytes) => room().controller.hasRoomFor(sizeBytes),
    optimise: (order, { note, signal }) => wipe.after(room().controller.optimise(order, { signal, onProgress: note })),
    counters: () => room().controller.counters(),
    findReceipt: (job) => room().findReceipt(job),
    useCertificate: async (pair) => room().useCertificate(pair),
    close: async () => {
      await room()[Symbol.asyncDispose]();
      return undefined;
    },
  };
  const talk = createTalk(parentPort(), answerFrom(handlers));
  // what the runtime itself would print could quote a document
  const die = (cause: unknown): void => {
    log.fault('transit.roomBroke', cause);
    process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
}

function parentPort(): TalkPort {
  return {
    send: (message) => void process.send?.(message),
    onMessage: (listener) => void process.on('message', listener),
    // without the program that started it there is nobody to hand a result to: its memory goes back to the kernel
    onClose: (listener) =>
      void process.on('disconnect', () => {
        listener();
        process.exit(0);
      }),
  };
}

interface RoomParts {
  readonly log: Log;
  readonly talk: Talk;
  readonly workshop: RoomWorkshop;
  readonly wipe: IdleWipe;
  readonly openStore: typeof openStore;
}

/** What stands before the room does. */
interface RoomGround {
  readonly clock: Clock;
  readonly selfCheck: SelfCheck;
  readonly store: RamStore;
}

class Room implements AsyncDisposable {
  readonly controller: Controller;
  readonly #neighbours: TransitNeighbours;
  readonly #order: RoomOrder;
  readonly #selfCheck: SelfCheck;
  readonly #findRecorded: (job: string) => Promise<FoundReceipt | undefined>;
  #door: TransitDoor | undefined;
  #http: HttpServer | undefined;
  #smtpPort: number | undefined;
  #httpUrl: string | undefined;

  static async open(order: RoomOrder, parts: RoomParts): Promise<Result<Room, RoomOpenRefusal>> {
    const clock = clockOf(order);
    const around = thisProcess(order.parentFlags, getCompileCacheDir());
    const { sandbox, office } = parts.workshop;
    const found = checkMachine(around, order.accepted, clock.nowMs());
    const machine = { ...found, ...(sandbox && { sandbox }), ...(office && { office }) };
    if (!mayStart(machine)) return err({ kind: 'unsafe', selfCheck: machine });
    const { storeAnswerMs, portWaitMs } = { ...limits.transit, ...order.bounds };
    const way = { clock, log: parts.log, key: order.key, answerMs: storeAnswerMs };
    const opened = await parts.openStore(order.store, way);
    if (!opened.ok) return opened;
    const { store, checked } = opened.value;
    const selfCheck = { ...machine, ...(checked && { store: checked }) };
    const room = new Room(order, parts, { clock, selfCheck, store });
    // the door last: letters that wait come in at once
    const listening =
      (await whileHeld(portWaitMs, () => room.#openPage(parts))) ??
      (await whileHeld(portWaitMs, () => room.#openDoor(parts.log)));
    if (listening !== undefined) {
      await room[Symbol.asyncDispose]();
      return err(listening);
    }
    room.controller.begin();
    return ok(room);
  }

  private constructor(order: RoomOrder, parts: RoomParts, { clock, selfCheck, store }: RoomGround) {
    this.#order = order;
    this.#selfCheck = selfCheck;
    this.#findRecorded = (job) => askProgram(parts.talk, 'findRecorded', job);
    this.controller = createController(order, parts, { clock, selfCheck, store });
    const dns = createDns(clock, { servers: order.dns });
    this.#neighbours = {
      maySend: (address) => askProgram(parts.talk, 'maySend', address).catch(() => 'later' as const),
      proveOrigin: (letter) => proveOrigin(clock, dns, letter),
      take: (letter) => parts.wipe.after(this.controller.take(letter)),
      // a letter may follow that is refused, and was read all the same
      hasRoomFor: (sizeBytes) => parts.wipe.after(this.controller.hasRoomFor(sizeBytes)),
    };
  }

  get facts(): RoomOpened {
    return { smtpPort: this.#smtpPort, httpUrl: this.#httpUrl, selfCheck: this.#selfCheck };
  }

  async takeFromHouse(letter: OfRoom['take']['asked']): Promise<OfRoom['take']['answer']> {
    try {
      return await takeDocuments(letter, this.#takeOptions, this.#neighbours);
    } finally {
      overwrite([letter.plainLetter]);
    }
  }

  /** Of this start from memory, of those before it from the book. */
  async findReceipt(job: string): Promise<FoundReceipt | undefined> {
    return (await this.controller.findReceipt(job)) ?? this.#findRecorded(job).catch(() => undefined);
  }

  useCertificate(pair: { readonly keyPem: string; readonly certificatePem: string }): undefined {
    this.#door?.useCertificate(pair);
    this.#http?.useCertificate(pair);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#door?.close();
    await this.#http?.close();
    await this.controller[Symbol.asyncDispose]();
  }

  get #takeOptions(): { readonly domain: string; readonly pageUrl: string | undefined } {
    const { domain, origin } = this.#order;
    return { domain, pageUrl: origin === undefined ? undefined : `${origin}/transit` };
  }

  async #openDoor(log: Log): Promise<RoomOpenRefusal | undefined> {
    const { smtp, tls } = this.#order;
    if (smtp === undefined) return undefined;
    const door = createTransitDoor({ ...this.#takeOptions, ...smtp, tls, log }, this.#neighbours);
    this.#door = door;
    try {
      this.#smtpPort = await door.listen();
      return undefined;
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
      return { kind: 'cannot-listen', what: 'smtp', code };
    }
  }

  async #openPage(parts: RoomParts): Promise<RoomOpenRefusal | undefined> {
    const { http, tls, origin } = this.#order;
    if (http === undefined) return undefined;
    const app = await this.#site(parts);
    const secret = tls && { cert: tls.certificatePem, key: tls.keyPem };
    this.#http = serveHttp(
      { host: http.host, port: http.port, tls: secret, log: parts.log, publicOrigin: origin },
      app,
    );
    const listening = await this.#http.listen();
    if (!listening.ok) {
      const code = listening.error.kind === 'cannotListen' ? listening.error.code : listening.error.kind;
      return { kind: 'cannot-listen', what: 'http', code };
    }
    this.#httpUrl = origin ?? listening.value.url;
    return undefined;
  }

  async #site({ log, workshop, wipe }: RoomParts): Promise<Hono> {
    const { domain, origin, http, smtp } = this.#order;
    const code = http?.code;
    const isOpen = code === undefined && http !== undefined && isLoopback(http.host);
    const pages = await openStaticPages(join(programDir, 'dist'));
    const routes = createTransitRoutes({
      room: this.#wiping(wipe),
      access: isOpen ? 'open' : 'code',
      mayUse: async (request) => isOpen || (code !== undefined && mayEnter(request, code)),
      address: smtp === undefined ? undefined : `${TRANSIT_LOCAL}@${domain}`,
      papers: papersFor(origin, workshop.writePdf),
      frame: pages.frame,
    });
    return createTransitSite({ routes, pages, log, publicOrigin: origin });
  }

  #wiping(wipe: IdleWipe): TransitRoom {
    const { controller } = this;
    return {
      optimise: (order, way) => wipe.after(controller.optimise(order, way)),
      selfCheck: () => controller.selfCheck(),
      counters: () => controller.counters(),
      findReceipt: (job) => this.findReceipt(job),
    };
  }
}

const LOOK_AGAIN_MS = 100;

/** A program that was killed leaves a room behind, which ends by itself a moment later and holds its ports until then. */
async function whileHeld(
  waitMs: number,
  open: () => Promise<RoomOpenRefusal | undefined>,
): Promise<RoomOpenRefusal | undefined> {
  const endMs = performance.now() + waitMs;
  for (;;) {
    const refusal = await open();
    const isHeld = refusal?.kind === 'cannot-listen' && refusal.code === 'EADDRINUSE';
    if (!isHeld || performance.now() >= endMs) return refusal;
    await wait(LOOK_AGAIN_MS);
  }
}

function createController(
  order: RoomOrder,
  { log, talk, workshop }: RoomParts,
  { clock, selfCheck, store }: RoomGround,
): Controller {
  const { domain, key, signingSeed, origin, bounds, crashes } = order;
  const from = `${TRANSIT_LOCAL}@${domain}`;
  return new Controller(
    {
      clock,
      log,
      store,
      key,
      domain,
      signer: signerFrom(signingSeed),
      selfCheck,
      crashes: new Map(crashes),
      ...(bounds && { bounds }),
    },
    {
      optimise: workshop.optimise,
      async writeAnswer(answer) {
        const written = writeAnswerLetter(answer, { from, origin, writePdf: workshop.writePdf });
        if (!written.ok) throw new Error('an address that was registered is none');
        return written.value;
      },
      deliver: (answer) => askProgram(talk, 'deliver', answer),
      record: (receipt) => askProgram(talk, 'record', receipt),
      noteWork: (letter, isBegun) => void askProgram(talk, 'noteWork', { letter, isBegun }).catch(() => undefined),
    },
  );
}
