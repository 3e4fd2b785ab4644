// EventSource push: a state event after changes, pings, and an end when the session ends (RFC 8620 §7.3).

import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { stateAt } from '#formats/jmap/state.ts';
import { readStates, type AccountStates } from '#vault/database/read-states.ts';
import type { House } from '../method.ts';

export interface StreamRequest {
  readonly accountId: AccountId;
  /** undefined: all. */
  readonly types: ReadonlySet<string> | undefined;
  readonly closeAfterState: boolean;
  /** 0: no pings. */
  readonly pingSeconds: number;
  /** The id of the last event the client saw, when it comes back. */
  readonly lastEventId: string | undefined;
  /** Whether the session still lives. */
  readonly mayGoOn: () => Promise<boolean>;
}

type TypeStates = Readonly<Record<string, string>>;
const CHECK_SECONDS = 60;

function typeStates(states: AccountStates): TypeStates {
  const email = stateAt(states.era, states.emailModseq);
  const item = stateAt(states.era, states.itemModseq);
  return {
    Email: email,
    Thread: email,
    SealedSummary: email,
    Mailbox: stateAt(states.era, states.mailboxModseq),
    EmailSubmission: stateAt(states.era, states.submissionModseq),
    Quota: `${states.usedBytes}-${states.quotaBytes}`,
    SealedItem: item,
    SealedPage: item,
    SearchSegment: item,
  };
}

/** The streams that are open, by account: one listener at the commit door for all of them. */
export class EventStreams {
  readonly #house: House;
  readonly #open = new Map<AccountId, Set<EventStream>>();
  #count = 0;

  constructor(house: House) {
    this.#house = house;
    house.door.onApplied((changes, records) => {
      for (const { accountId } of changes) for (const stream of this.#open.get(accountId) ?? []) stream.wake();
      // other rows from here on: whoever looks on is told to load again, and sees it happen
      const isOtherEra = records.some(({ header }) => header.kind === 'eraRaised');
      if (isOtherEra) for (const own of this.#open.values()) for (const stream of own) stream.wake();
    });
  }

  hasRoomFor(accountId: AccountId): boolean {
    const own = this.#open.get(accountId)?.size ?? 0;
    return this.#count < limits.http.eventStreamsMax && own < limits.jmap.eventStreamsPerAccountMax;
  }

  /** Bytes of an event stream; it ends when the client goes, the session ends, or after a state if so asked. */
  open(request: StreamRequest): ReadableStream<Uint8Array> {
    let stream: EventStream | undefined;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        stream = new EventStream(this.#house, request, controller, (ended) => this.#drop(request.accountId, ended));
        this.#put(request.accountId, stream);
        void stream.begin();
      },
      cancel: () => stream?.end(),
    });
  }

  #put(accountId: AccountId, stream: EventStream): void {
    const own = this.#open.get(accountId) ?? new Set();
    this.#open.set(accountId, own.add(stream));
    this.#count++;
  }

  #drop(accountId: AccountId, stream: EventStream): void {
    const own = this.#open.get(accountId);
    if (own?.delete(stream) !== true) return;
    this.#count--;
    if (own.size === 0) this.#open.delete(accountId);
  }
}

class EventStream {
  readonly #house: House;
  readonly #request: StreamRequest;
  readonly #controller: ReadableStreamDefaultController<Uint8Array>;
  readonly #onEnd: (stream: EventStream) => void;
  readonly #timer: NodeJS.Timeout;
  #told: TypeStates = {};
  #isTelling = false;
  #isStale = false;
  #isOpen = true;

  constructor(
    house: House,
    request: StreamRequest,
    controller: ReadableStreamDefaultController<Uint8Array>,
    onEnd: (stream: EventStream) => void,
  ) {
    this.#house = house;
    this.#request = request;
    this.#controller = controller;
    this.#onEnd = onEnd;
    const seconds = request.pingSeconds || CHECK_SECONDS;
    this.#timer = setInterval(() => void this.#tick(), seconds * 1000);
    this.#timer.unref();
  }

  /** What the client last saw is where telling begins; without it, what holds now. */
  async begin(): Promise<void> {
    this.#send(': siegel\n\n');
    try {
      const states = await readStates(this.#house.reader.db, this.#request.accountId);
      if (states === undefined) return this.end();
      this.#told = parseEventId(this.#request.lastEventId) ?? typeStates(states);
      await this.#tell();
    } catch (cause) {
      this.#fail(cause);
    }
  }

  /** Something of the account changed. */
  wake(): void {
    void this.#tell();
  }

  end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearInterval(this.#timer);
    this.#onEnd(this);
    try {
      this.#controller.close();
    } catch {
      // the client closed it first
    }
  }

  /** Many changes at once make one event: while one is prepared, others only mark it stale. */
  async #tell(): Promise<void> {
    this.#isStale = true;
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      while (this.#isStale && this.#isOpen) {
        this.#isStale = false;
        await this.#tellOnce();
      }
    } catch (cause) {
      this.#fail(cause);
    } finally {
      this.#isTelling = false;
    }
  }

  async #tellOnce(): Promise<void> {
    const { accountId, types, closeAfterState, mayGoOn } = this.#request;
    const states = await readStates(this.#house.reader.db, accountId);
    if (states === undefined) return this.end();
    const now = typeStates(states);
    const changed = Object.entries(now).filter(
      ([type, state]) => this.#told[type] !== state && (types === undefined || types.has(type)),
    );
    if (changed.length === 0) return;
    if (!(await mayGoOn())) return this.end();
    this.#told = now;
    const data = { '@type': 'StateChange', changed: { [accountId]: Object.fromEntries(changed) } };
    this.#send(`event: state\nid: ${formatEventId(now)}\ndata: ${JSON.stringify(data)}\n\n`);
    if (closeAfterState) this.end();
  }

  async #tick(): Promise<void> {
    const { pingSeconds, mayGoOn } = this.#request;
    try {
      if (!(await mayGoOn())) return this.end();
    } catch (cause) {
      return this.#fail(cause);
    }
    if (pingSeconds > 0) this.#send(`event: ping\ndata: ${JSON.stringify({ interval: pingSeconds })}\n\n`);
  }

  /** The client comes back by itself and says what it saw last: nothing is missed. */
  #fail(cause: unknown): void {
    this.#house.log.fault('jmap.eventStreamFailed', cause);
    this.end();
  }

  #send(text: string): void {
    if (!this.#isOpen) return;
    // a client that reads nothing is dropped, not buffered for
    if ((this.#controller.desiredSize ?? 0) < -limits.jmap.eventsWaitingMax) return this.end();
    this.#controller.enqueue(new TextEncoder().encode(text));
  }
}

function formatEventId(states: TypeStates): string {
  return Object.entries(states)
    .map(([type, state]) => `${type}=${state}`)
    .join(',');
}

function parseEventId(text: string | undefined): TypeStates | undefined {
  if (text === undefined || text.length > 1000) return undefined;
  const pairs = [...text.matchAll(/([A-Za-z]+)=([\d.-]+)/g)];
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs.map((pair) => [pair[1] ?? '', pair[2] ?? '']));
}
