// The room for documents beside the mailboxes: a process of its own, reached from the house's doors and its page; results go into mailboxes, receipts into the book.

import { createHmac } from 'node:crypto';
import type { Hono } from 'hono';
import type { Config } from '#base/config/read.ts';
import type { Clock } from '#base/clock.ts';
import { idFromBytes, ID_BYTES, type AccountId, type LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { formatAddress, normaliseAddress, parseAddress } from '#formats/smtp/address.ts';
import { createTransitRoutes } from '#office/api/transit-routes.ts';
import type { Transport } from '#post/delivery/transport.ts';
import { passingRefusals, type Reception } from '#post/reception/reception.ts';
import type { TransitRoom } from '#post/transit/control/room.ts';
import type { HandOver, OutgoingAnswer } from '#post/transit/control/transit-letter.ts';
import { profileOf, TRANSIT_LOCAL } from '#post/transit/door/place.ts';
import type { DeletionReceipt, FoundReceipt } from '#post/transit/report/receipt.ts';
import type { SelfCheck } from '#post/transit/report/self-check.ts';
import type { LetterPlace } from '#post/wire/letter-place.ts';
import { findErasedDocuments } from '#vault/database/read-receipts.ts';
import { readTakenLetterIds } from '#vault/database/read-letters.ts';
import type { Directory } from '#vault/directory/directory.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';
import { factsOf, receiptFrom, ERASED } from '../transit/house-receipt.ts';
import { createHandOver } from '../transit/hand-over.ts';
import { openRoom, type RoomProcess, type RoomStart } from '../transit/open-room.ts';
import { readStorePlace, type StorePlace, type StorePlaceRefusal } from '../transit/open-store-place.ts';
import { papersFor } from '../transit/papers.ts';
import {
  readSenders,
  watchSenders,
  type RegisteredSenders,
  type SendersRefusal,
  type WatchedSenders,
} from '../transit/registered-senders.ts';
import { roomKeys } from '../transit/room-keys.ts';
import { describeRoomRefusal } from '../transit/start-sentences.ts';
import { createRecorder } from './house-book.ts';
import type { Vault } from './open-vault.ts';

export interface TransitParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly kit: KeyKit;
  /** For tests: a room with another workshop. */
  readonly tuning?: Pick<RoomStart, 'entry' | 'locks' | 'flags'> | undefined;
}

/** What is there only once the house stands. */
export interface TransitHouse {
  readonly vault: Vault;
  readonly reception: Pick<Reception, 'findRecipients' | 'submit'>;
  readonly transport: Transport;
  /** Of the page, as people type it. */
  readonly origin: string;
}

/** Undefined: the option is off. */
export function openTransit(parts: TransitParts): Result<HouseTransit | undefined, SendersRefusal | StorePlaceRefusal> {
  if (!parts.config.transit) return ok(undefined);
  const senders = readSenders(parts.config.transitSenders);
  if (!senders.ok) return senders;
  const store = readStorePlace(parts.config);
  return store.ok ? ok(new HouseTransit(parts, senders.value, store.value)) : store;
}

export class HouseTransit implements AsyncDisposable {
  readonly documents: LetterPlace;
  readonly #parts: TransitParts;
  readonly #senders: WatchedSenders;
  readonly #store: StorePlace | undefined;
  #process: RoomProcess | undefined;
  #house: TransitHouse | undefined;
  #warning: string | undefined;
  /** What keeps the room shut. */
  #found: SelfCheck | undefined;
  /** Somebody of this house has the address of old: letters to it are theirs. */
  #isTaken = false;

  constructor(parts: TransitParts, senders: RegisteredSenders, store: StorePlace | undefined) {
    this.#parts = parts;
    this.#store = store;
    this.#senders = watchSenders(parts.config.transitSenders, senders, parts);
    const { domain } = parts.config;
    this.documents = {
      knows: (recipient) => {
        if (this.#isTaken) return undefined;
        const profile = profileOf(recipient, domain);
        return profile === undefined || profile === 'unknown' ? profile : 'place';
      },
      alone: 'transitMixed',
      refuseSender: async ({ sender, sizeBytes, isSignedIn }) => {
        if (sender === undefined) return 'transitNoSender';
        if (isSignedIn) return undefined;
        if (this.#process === undefined) return 'transitClosed';
        if (!(await this.#maySend(formatAddress(normaliseAddress(sender))))) return 'transitUnregistered';
        const hasRoom = await this.#process.hasRoomFor(sizeBytes ?? limits.smtp.letterBytesUsual);
        return hasRoom ? undefined : 'transitNoRoom';
      },
      take: async (letter, isSignedIn) => {
        const [recipient] = letter.recipientAddresses;
        const { plainLetter, sender, source, receivedMs } = letter;
        if (this.#process === undefined) return err({ kind: 'transitClosed' });
        if (sender === undefined || recipient === undefined) return err({ kind: 'transitNoSender' });
        const answer = this.#process.take({ plainLetter, sender, recipient, source, receivedMs, isSignedIn });
        letter.giveBack?.();
        return answer;
      },
    };
  }

  /** Mail goes on without the room: why it does not work stands here, for the start and for `status`. */
  get warnings(): readonly string[] {
    return [
      ...(this.#warning === undefined ? [] : [`Documents are not worked on: ${this.#warning}`]),
      ...(this.#isTaken ? [describeTaken(this.#address)] : []),
    ];
  }

  async begin(house: TransitHouse): Promise<void> {
    const { config, log, kit, tuning } = this.#parts;
    this.#house = house;
    this.#isTaken = isAddressTaken(house.vault.directory, this.#address);
    const deliver = createHandOver({
      transport: house.transport,
      deliverHere: (answer) => this.#deliverHere(house, answer),
    });
    const record = createRecorder(house.vault.door, house.vault.book);
    const opened = await openRoom(
      {
        domain: config.domain,
        clock: config.clock,
        smtp: undefined,
        http: undefined,
        origin: house.origin,
        tls: undefined,
        dns: config.dns,
        accepted: config.transitAccept,
        store: this.#store,
        ...roomKeys(kit),
      },
      {
        maySend: async (address) => ((await this.#maySend(address)) ? 'yes' : 'no'),
        deliver,
        record: (receipt) => recordIn(record, receipt),
        findRecorded: (job) => this.#findRecorded(job),
      },
      { log, ...tuning },
    );
    if (opened.ok) this.#process = opened.value;
    else {
      this.#warning = describeRoomRefusal(opened.error);
      if (opened.error.kind === 'unsafe') this.#found = opened.error.selfCheck;
    }
  }

  /** Of the drop page. */
  routes(mayUse: (request: Request) => Promise<boolean>, frame: string | undefined): Hono {
    // the font of the PDF is loaded when somebody wants one
    const papers: ReturnType<typeof papersFor> = async (handed, language) => {
      const { writeTextPdf } = await import('#formats/pdf/write-text-pdf.ts');
      return papersFor(this.#house?.origin, writeTextPdf)(handed, language);
    };
    const address = (): string | undefined => (this.#isTaken ? undefined : this.#address);
    return createTransitRoutes({
      room: this.#room,
      access: 'signIn',
      mayUse,
      papers,
      frame,
      // whose it is stands only when the house does
      get address() {
        return address();
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process?.[Symbol.asyncDispose]();
  }

  /** The page's routes are there before the room is. */
  readonly #room: TransitRoom = {
    optimise: async (order, way) => (await this.#process?.room.optimise(order, way)) ?? err({ kind: 'closed' }),
    selfCheck: async () => (await this.#process?.room.selfCheck()) ?? this.#found ?? { checkedMs: 0, findings: [] },
    counters: () => this.#living().room.counters(),
    // a room that is shut or just starting anew takes nothing away from what was promised
    findReceipt: async (job) =>
      (await this.#process?.room.findReceipt(job).catch(() => undefined)) ?? this.#findRecorded(job),
  };

  async #findRecorded(job: string): Promise<FoundReceipt | undefined> {
    const vault = this.#house?.vault;
    return vault && findRecorded(vault, job);
  }

  get #address(): string {
    return `${TRANSIT_LOCAL}@${this.#parts.config.domain}`;
  }

  #living(): RoomProcess {
    if (this.#process === undefined) throw new Error('the room for documents is not open');
    return this.#process;
  }

  async #maySend(address: string): Promise<boolean> {
    return this.#house?.vault.directory.findByAddress(address) !== undefined || (await this.#senders.has(address));
  }

  /** Sealed like any letter; what is in the mailbox already, by its Message-ID, is not put there again. */
  async #deliverHere({ vault, reception }: TransitHouse, answer: OutgoingAnswer): Promise<HandOver | undefined> {
    const address = parseAddress(answer.to);
    if (!address.ok || !vault.directory.hasDomain(address.value.domain)) return undefined;
    const found = await reception.findRecipients(address.value);
    if (!found.ok) return found.error.kind === 'stale' || found.error.kind === 'overQuota' ? 'later' : 'refused';
    const letterIdFor = (accountId: AccountId): LetterId => this.#letterId(accountId, answer.messageId);
    const isThere = await Promise.all(
      found.value.map(({ accountId }) => hasLetter(vault, accountId, letterIdFor(accountId))),
    );
    if (isThere.includes(undefined)) return 'later';
    if (isThere.every((there) => there === true)) return 'taken';
    const { plainLetter, to } = answer;
    const outcomes = await reception.submit({
      mailFrom: '',
      recipients: [to],
      plainLetter,
      by: 'house notice',
      letterIdFor,
    });
    const outcome = outcomes[0]?.outcome ?? 'notSealed';
    if (outcome === 'kept') return 'taken';
    return passingRefusals.has(outcome) ? 'later' : 'refused';
  }

  #letterId(accountId: AccountId, messageId: string): LetterId {
    const mac = createHmac('sha256', roomKeys(this.#parts.kit).key)
      .update(`letter id\n${accountId}\n${messageId}`)
      .digest();
    return idFromBytes<LetterId>(mac.subarray(0, ID_BYTES));
  }
}

const JOB = /^[a-z2-7]{26}$/;

async function findRecorded({ database }: Vault, job: string): Promise<FoundReceipt | undefined> {
  const row = JOB.test(job) ? await findErasedDocuments(database.reader.db, job) : undefined;
  return row && receiptFrom(row.facts);
}

/** An account, alias or group that had the address before it was kept for documents. */
export function isAddressTaken(directory: Pick<Directory, 'findByAddress' | 'findGroup'>, address: string): boolean {
  return directory.findByAddress(address) !== undefined || directory.findGroup(address).length > 0;
}

export function describeTaken(address: string): string {
  return `${address} is somebody’s address, so letters to it go there and no documents are worked on by mail; the page /transit does. Remove the group (siegel group remove ${address}) or have its owner give the alias up, then start again.`;
}

/** Undefined: the rows cannot be asked now. */
async function hasLetter(vault: Vault, accountId: AccountId, letterId: LetterId): Promise<boolean | undefined> {
  const settled = await vault.door.settled(accountId);
  if (!settled.ok) return undefined;
  return (await readTakenLetterIds(vault.database.reader.db, accountId, [letterId])).length > 0;
}

/** The house's own promise, of nobody in particular: hash, key and signature of the room's receipt, and what a person can read. */
async function recordIn(record: ReturnType<typeof createRecorder>, receipt: DeletionReceipt): Promise<undefined> {
  const recorded = await record({ kind: ERASED, facts: factsOf(receipt) });
  if (!recorded.ok) throw new Error('the book took no receipt');
  return undefined;
}
