// Letters at a fixed pace over open connections; each is timed from the moment it was due, so that a house that falls behind shows it.

import { connect, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { codesOf } from '../smtp-replies.ts';

export interface PacedOrder {
  readonly port: number;
  readonly perSecond: number;
  readonly connections: number;
  readonly from: string;
  readonly recipients: readonly string[];
  /** Whole letters as they go over the wire: dots doubled, closed by CRLF.CRLF. Used in turn. */
  readonly wire: readonly Uint8Array[];
}

export interface Sample {
  /** When it was due, on the clock that all threads share. */
  readonly atMs: number;
  readonly tookMs: number;
  readonly isDone: boolean;
}

/** How soon a letter that is due is looked at. */
const TICK_MS = 2;
/** What is on its way when the order ends is waited for so long; then it counts as refused. */
const LAST_WAIT_MS = 30_000;

export function sharedMs(): number {
  return performance.timeOrigin + performance.now();
}

interface Letter {
  readonly number: number;
  readonly atMs: number;
}

class PacedSender {
  readonly samples: Sample[] = [];
  readonly #order: PacedOrder;
  readonly #waiting: Letter[] = [];
  readonly #idle: (() => void)[] = [];
  readonly #beganMs = sharedMs();
  readonly #timer: NodeJS.Timeout;
  #due = 0;
  #isEnded = false;

  constructor(order: PacedOrder) {
    this.#order = order;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    for (let n = 0; n < order.connections; n++) this.#keepConnected().catch(() => undefined);
  }

  async end(): Promise<readonly Sample[]> {
    clearInterval(this.#timer);
    this.#isEnded = true;
    for (const untilMs = sharedMs() + LAST_WAIT_MS; this.samples.length < this.#due && sharedMs() < untilMs;)
      await new Promise((resolve) => setTimeout(resolve, 20));
    for (let n = this.samples.length; n < this.#due; n++)
      this.samples.push({ atMs: sharedMs() - LAST_WAIT_MS, tookMs: LAST_WAIT_MS, isDone: false });
    return this.samples;
  }

  #tick(): void {
    const { perSecond } = this.#order;
    for (; this.#due <= ((sharedMs() - this.#beganMs) * perSecond) / 1000; this.#due += 1)
      this.#waiting.push({ number: this.#due, atMs: this.#beganMs + (this.#due * 1000) / perSecond });
    while (this.#waiting.length > 0 && this.#idle.length > 0) this.#idle.pop()?.();
  }

  async #keepConnected(): Promise<void> {
    while (!this.#isEnded) await this.#converse(connect(this.#order.port, '127.0.0.1'));
  }

  async #next(): Promise<Letter> {
    for (;;) {
      const letter = this.#waiting.shift();
      if (letter !== undefined) return letter;
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
  }

  async #converse(socket: Socket): Promise<void> {
    const { wire, recipients, from } = this.#order;
    socket.setNoDelay(true);
    const reply = codesOf(socket);
    await reply();
    socket.write('EHLO bench.example\r\n');
    for (let code = await reply(); code === 250;) {
      const { number, atMs } = await this.#next();
      socket.write(`MAIL FROM:<${from}>\r\nRCPT TO:<${recipients[number % recipients.length] ?? ''}>\r\nDATA\r\n`);
      const answers = [await reply(), await reply(), await reply()];
      if (answers[2] === 354) socket.write(wire[number % wire.length] ?? new Uint8Array());
      const last = answers[2] === 354 ? await reply() : (answers[2] ?? 421);
      this.samples.push({ atMs, tookMs: sharedMs() - atMs, isDone: last === 250 });
      code = answers.includes(421) || last === 421 ? 421 : 250;
    }
    socket.destroy();
  }
}

if (parentPort) {
  const port = parentPort;
  const sender = new PacedSender(workerData as PacedOrder);
  port.once('message', () => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port, no window
    sender.end().then(
      (samples) => port.postMessage(samples),
      () => process.exit(1),
    );
  });
}
