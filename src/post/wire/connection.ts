// One socket: bytes in, lines and letters to the session, replies out; deadlines, pipelining, STARTTLS. Knows no mail.

import type { Socket } from 'node:net';
import { TLSSocket, type SecureContext } from 'node:tls';
import { unreachable } from '#base/assert.ts';
import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log/log.ts';
import { createChunkCounter, type ChunkCounter } from '#formats/smtp/chunk-counter.ts';
import { DataScanner } from '#formats/smtp/data-scanner.ts';
import { formatReply, type SmtpReply } from '#formats/smtp/smtp-reply.ts';
import { replyToRefusal, type RefusalKind } from './refusals.ts';
import type { Dialogue, Next, Step } from './step.ts';

export interface ConnectionOptions {
  readonly lineBytesMax: number;
  /** A whole command must come within this. */
  readonly commandWaitMs: number;
  /** Between two pieces of a letter. */
  readonly dataWaitMs: number;
  /** A whole letter (or chunk) must come within this. */
  readonly letterWaitMs: number;
  /** How long a client that ended a letter in a way we refuse may stay silent before it is answered. */
  readonly looseEndWaitMs: number;
  /** A reply must be taken within this. */
  readonly writeWaitMs: number;
  readonly secureContext: SecureContext | undefined;
  /** TLS from the first byte (RFC 8314 §3.3); otherwise by STARTTLS. */
  readonly isTlsFirst: boolean;
}

type Mode =
  | { readonly kind: 'command' }
  | { readonly kind: 'data'; readonly scanner: DataScanner }
  | { readonly kind: 'chunk'; readonly counter: ChunkCounter };

const LF = 10;
const CR = 13;
const COMMAND: Mode = { kind: 'command' };
const NOTHING = Buffer.alloc(0);
const QUEUED_BYTES_MAX = 64 * 1024;
const UNREAD_REPLIES_BYTES_MAX = 64 * 1024;

export class Connection {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #options: ConnectionOptions;
  readonly #session: Dialogue;
  readonly #onClose: () => void;
  #socket: Socket;
  #mode: Mode = COMMAND;
  /** Read but not yet used: at most a line's beginning, or what was pipelined. */
  #input: Buffer = NOTHING;
  #at = 0;
  #output = '';
  /** A step is under way whose answer must come before anything else is read. */
  #busy = false;
  #skippingLine = false;
  #ending = false;
  #closing: RefusalKind | undefined;
  #clientEnded = false;
  #closed = false;
  #deadlineMs: number;
  #letterDeadlineMs = Number.POSITIVE_INFINITY;

  constructor(
    clock: Clock,
    log: Log,
    options: ConnectionOptions,
    parts: { readonly socket: Socket; readonly session: Dialogue; readonly onClose: () => void },
  ) {
    this.#clock = clock;
    this.#log = log;
    this.#options = options;
    this.#session = parts.session;
    this.#socket = parts.socket;
    this.#onClose = parts.onClose;
    this.#deadlineMs = clock.monotonicMs() + options.commandWaitMs;
  }

  start(): void {
    this.#socket.setNoDelay(true);
    this.#listen(this.#socket);
    if (this.#options.isTlsFirst) this.#startTls(() => this.#greet());
    else this.#greet();
  }

  /** Called about once a second: whoever is too slow is told so and cut off. */
  checkDeadline(nowMs: number): void {
    if (this.#closed) return;
    if (this.#ending) {
      if (nowMs >= this.#deadlineMs) this.#destroy();
      return;
    }
    if (this.#busy) {
      // our own work is bounded elsewhere; a client that reads no replies is not our work
      if (this.#socket.writableLength > UNREAD_REPLIES_BYTES_MAX && nowMs >= this.#deadlineMs) this.#destroy();
      return;
    }
    if (nowMs < Math.min(this.#deadlineMs, this.#letterDeadlineMs)) return;
    const scanner = this.#mode.kind === 'data' ? this.#mode.scanner : undefined;
    this.end(scanner?.looseEndSeen === true ? (scanner.fault ?? 'bareLf') : 'timeout');
  }

  /** An idle client is told at once, a letter under way may finish. */
  closeSoon(kind: RefusalKind): void {
    this.#closing ??= kind;
    if (!this.#busy && this.#mode.kind === 'command') this.end(kind);
  }

  /** Says why and hangs up. */
  end(kind: RefusalKind): void {
    this.#say([replyToRefusal(kind)]);
    this.#finish();
  }

  /** Hangs up without a word. */
  destroy(): void {
    this.#destroy();
  }

  #listen(socket: Socket): void {
    socket.on('data', this.#onData);
    socket.on('error', this.#onGone);
    socket.on('close', this.#onGone);
    socket.on('end', this.#onEnd);
  }

  #onData = (chunk: Buffer): void => {
    if (this.#closed || this.#ending) return;
    const rest = this.#input.length - this.#at;
    this.#input = rest === 0 ? chunk : Buffer.concat([this.#input.subarray(this.#at), chunk]);
    this.#at = 0;
    if (this.#busy) {
      if (this.#input.length > QUEUED_BYTES_MAX) this.#socket.pause();
      return;
    }
    this.#run();
  };

  /** The client has said all it wants to say, and may still be listening. */
  #onEnd = (): void => {
    this.#clientEnded = true;
    if (!this.#busy) this.#finish();
  };

  #onGone = (): void => this.#destroy();

  /** Uses up the input as far as it goes; then sends what was answered. */
  #run(): void {
    try {
      while (!this.#busy && !this.#ending && this.#at < this.#input.length && this.#readOnce());
    } catch (fault) {
      this.#log.fault('wire.connection.fault', fault);
      return this.end('internal');
    }
    if (this.#at === this.#input.length) {
      this.#input = NOTHING;
      this.#at = 0;
    }
    this.#flush();
    if (this.#clientEnded && !this.#busy) this.#finish();
  }

  /** False: more input is needed. */
  #readOnce(): boolean {
    const mode = this.#mode;
    switch (mode.kind) {
      case 'command':
        return this.#readCommand();
      case 'data':
        this.#at = mode.scanner.push(this.#input, this.#at);
        this.#deadlineMs =
          this.#clock.monotonicMs() +
          (mode.scanner.looseEndSeen ? this.#options.looseEndWaitMs : this.#options.dataWaitMs);
        if (mode.scanner.ended) this.#apply(this.#session.dataEnded(mode.scanner.fault));
        return true;
      case 'chunk':
        this.#at = mode.counter.push(this.#input, this.#at);
        this.#deadlineMs = this.#clock.monotonicMs() + this.#options.dataWaitMs;
        if (mode.counter.ended) this.#apply(this.#session.chunkEnded());
        return true;
      default:
        return unreachable(mode);
    }
  }

  #readCommand(): boolean {
    const input = this.#input;
    const lineEnd = input.indexOf(LF, this.#at);
    if (lineEnd < 0) {
      if (input.length - this.#at > this.#options.lineBytesMax) {
        // the line is dropped as it comes, and refused once when it ends
        this.#skippingLine = true;
        this.#at = input.length;
      }
      return false;
    }
    const from = this.#at;
    this.#at = lineEnd + 1;
    if (this.#skippingLine || lineEnd - from > this.#options.lineBytesMax) {
      this.#skippingLine = false;
      this.#apply(this.#session.refuseLine('lineTooLong'));
    } else if (lineEnd === from || input[lineEnd - 1] !== CR) this.#apply(this.#session.refuseLine('badLineEnd'));
    else this.#apply(this.#session.command(decodeLine(input, from, lineEnd - 1)));
    return true;
  }

  #apply(step: Step | Promise<Step>): void {
    if (!(step instanceof Promise)) return this.#enter(step);
    this.#busy = true;
    this.#flush();
    step.then(
      (settled) => {
        this.#busy = false;
        if (this.#closed) return;
        this.#enter(settled);
        this.#resume();
        this.#run();
      },
      (fault: unknown) => {
        this.#busy = false;
        this.#log.fault('wire.session.fault', fault);
        this.end('internal');
      },
    );
  }

  #enter(step: Step): void {
    this.#say(step.replies);
    this.#goTo(step.next);
    if (this.#closing !== undefined && !this.#ending && this.#mode.kind === 'command') this.end(this.#closing);
  }

  #goTo(next: Next): void {
    const nowMs = this.#clock.monotonicMs();
    this.#letterDeadlineMs = Number.POSITIVE_INFINITY;
    switch (next.kind) {
      case 'command':
        this.#mode = COMMAND;
        this.#deadlineMs = nowMs + this.#options.commandWaitMs;
        return;
      case 'data':
        this.#mode = { kind: 'data', scanner: new DataScanner(next.sink) };
        this.#deadlineMs = nowMs + this.#options.dataWaitMs;
        this.#letterDeadlineMs = nowMs + this.#options.letterWaitMs;
        return;
      case 'chunk': {
        const counter = createChunkCounter(next.sizeBytes, next.sink);
        this.#mode = { kind: 'chunk', counter };
        this.#deadlineMs = nowMs + this.#options.dataWaitMs;
        this.#letterDeadlineMs = nowMs + this.#options.letterWaitMs;
        if (counter.ended) this.#apply(this.#session.chunkEnded());
        return;
      }
      case 'startTls':
        return this.#startTls();
      case 'close':
        return this.#finish();
    }
  }

  #greet(): void {
    this.#say([this.#session.greeting()]);
    this.#flush();
  }

  #startTls(onSecure: () => void = () => undefined): void {
    this.#flush();
    const plain = this.#socket;
    plain.off('data', this.#onData);
    plain.off('end', this.#onEnd);
    // what was pipelined behind STARTTLS came unprotected: it is thrown away (RFC 3207 §5, command injection)
    this.#input = NOTHING;
    this.#at = 0;
    const secure = new TLSSocket(plain, { isServer: true, secureContext: this.#options.secureContext });
    this.#socket = secure;
    this.#session.reset();
    secure.once('secure', () => {
      this.#session.becameSecure(secure.getProtocol() ?? 'TLS');
      onSecure();
    });
    this.#mode = COMMAND;
    this.#deadlineMs = this.#clock.monotonicMs() + this.#options.commandWaitMs;
    this.#listen(secure);
  }

  #say(replies: readonly SmtpReply[]): void {
    for (const reply of replies) this.#output += formatReply(reply);
  }

  #flush(): void {
    if (this.#output === '' || this.#closed) return;
    const text = this.#output;
    this.#output = '';
    this.#socket.write(text);
    // a client that sends commands and reads no answers gets no further
    if (this.#socket.writableLength > UNREAD_REPLIES_BYTES_MAX && !this.#socket.isPaused()) {
      this.#socket.pause();
      this.#socket.once('drain', () => this.#resume());
    }
  }

  #resume(): void {
    if (this.#busy || !this.#socket.isPaused() || this.#socket.writableLength > UNREAD_REPLIES_BYTES_MAX) return;
    this.#socket.resume();
  }

  #finish(): void {
    if (this.#ending || this.#closed) return;
    this.#flush();
    this.#ending = true;
    this.#session.reset();
    this.#deadlineMs = this.#clock.monotonicMs() + this.#options.writeWaitMs;
    // reads on, so that the last reply is not lost to a reset for unread bytes
    this.#socket.end();
    this.#socket.resume();
  }

  #destroy(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#session.reset();
    this.#socket.destroy();
    this.#onClose();
  }
}

/** The line as text, or undefined when it is not UTF-8. */
function decodeLine(input: Buffer, from: number, to: number): string | undefined {
  const text = input.toString('utf8', from, to);
  return text.includes('\ufffd') ? undefined : text;
}
