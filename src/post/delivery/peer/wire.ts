// One connection to a peer: lines out, replies in, TLS in between. Each wait has its end (RFC 5321 §4.5.3.2).

import { connect, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { createReplyReader, type ReplyFault } from '#formats/smtp/reply-reader.ts';
import type { SmtpReply } from '#formats/smtp/smtp-reply.ts';

export type WireFault =
  /** `code` is the platform's word, as in ECONNREFUSED. */
  | { readonly kind: 'unreachable'; readonly code: string }
  | { readonly kind: 'timeout' }
  /** The peer hung up. */
  | { readonly kind: 'dropped' }
  | { readonly kind: 'tlsFailed'; readonly code: string }
  /** Words in the clear behind the answer to STARTTLS: somebody else speaks too. */
  | { readonly kind: 'injected' }
  | { readonly kind: 'tooManyReplies' }
  | ReplyFault;

export interface TlsQuestion {
  readonly serverName: string;
  readonly context: SecureContext;
}

export interface TlsAnswer {
  /** The certificate is valid for the name. */
  readonly isVerified: boolean;
  /** Why it is not, in the platform's word. */
  readonly problem: string | undefined;
}

export interface Wire {
  /** Queues bytes; `flush` says when they are gone. */
  write(pieces: readonly (Uint8Array | string)[]): void;
  /** Writes, and waits whenever the peer does not take more. Stops early when the peer answers. */
  writeLong(pieces: readonly Uint8Array[], waitMs: number): Promise<Result<'all' | 'interrupted', WireFault>>;
  /** The next reply. */
  reply(waitMs: number): Promise<Result<SmtpReply, WireFault>>;
  startTls(question: TlsQuestion): Promise<Result<TlsAnswer, WireFault>>;
  readonly isOpen: boolean;
  /** For a connection that lies idle: called when the peer says something or hangs up. */
  onDisturbed(hear: (() => void) | undefined): void;
  destroy(): void;
}

const BLOCK_BYTES = 256 * 1024;

export function connectWire(address: string, port: number, waitMs: number): Promise<Result<Wire, WireFault>> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, noDelay: true, autoSelectFamily: false });
    const settle = (outcome: Result<Wire, WireFault>): void => {
      clearTimeout(timer);
      socket.removeAllListeners('connect'); // never all: the platform listens too
      socket.removeAllListeners('error');
      if (!outcome.ok) endSocket(socket);
      resolve(outcome);
    };
    const timer = setTimeout(() => settle(err({ kind: 'timeout' })), waitMs);
    socket.once('connect', () => settle(ok(new SocketWire(socket))));
    socket.once('error', (cause) => settle(err({ kind: 'unreachable', code: codeOf(cause) })));
  });
}

/** TLS from the first byte (port 465 of a smarthost). */
export async function connectSecureWire(
  address: string,
  port: number,
  question: TlsQuestion,
): Promise<Result<{ readonly wire: Wire; readonly answer: TlsAnswer }, WireFault>> {
  const wire = await connectWire(address, port, limits.delivery.connectWaitMs);
  if (!wire.ok) return wire;
  const answer = await wire.value.startTls(question);
  if (answer.ok) return ok({ wire: wire.value, answer: answer.value });
  wire.value.destroy();
  return answer;
}

const EVENTS = ['data', 'drain', 'error', 'end', 'close'] as const;

class SocketWire implements Wire {
  #socket: Socket;
  #reader = createReplyReader();
  readonly #replies: SmtpReply[] = [];
  #fault: WireFault | undefined;
  #wake: (() => void) | undefined;
  #disturbed: (() => void) | undefined;

  readonly #hear = {
    data: (chunk: Buffer): void => this.#take(chunk),
    drain: (): void => this.#stir(),
    error: (): void => void this.#fail({ kind: 'dropped' }),
    end: (): void => void this.#fail({ kind: 'dropped' }),
    close: (): void => void this.#fail({ kind: 'dropped' }),
  };

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen(socket);
  }

  get isOpen(): boolean {
    return this.#fault === undefined;
  }

  write(pieces: readonly (Uint8Array | string)[]): void {
    if (!this.isOpen) return; // the next reply() says why
    const buffers = pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece));
    this.#socket.write(buffers.length === 1 ? (buffers[0] ?? '') : Buffer.concat(buffers));
  }

  async writeLong(pieces: readonly Uint8Array[], waitMs: number): Promise<Result<'all' | 'interrupted', WireFault>> {
    for (const block of blocksOf(pieces)) {
      if (this.#fault !== undefined) return err(this.#fault);
      if (this.#replies.length > 0) return ok('interrupted');
      if (this.#socket.write(block)) continue;
      const isOver = (): boolean => !this.#socket.writableNeedDrain || this.#replies.length > 0;
      const waited = await this.#until(isOver, waitMs);
      if (!waited.ok) return waited;
    }
    return ok('all');
  }

  async reply(waitMs: number): Promise<Result<SmtpReply, WireFault>> {
    const waited = this.#replies.length > 0 ? undefined : await this.#until(() => this.#replies.length > 0, waitMs);
    const reply = this.#replies.shift();
    if (reply !== undefined) return ok(reply);
    return waited === undefined || waited.ok ? err({ kind: 'dropped' }) : waited;
  }

  async startTls({ serverName, context }: TlsQuestion): Promise<Result<TlsAnswer, WireFault>> {
    if (this.#fault !== undefined) return err(this.#fault);
    if (this.#replies.length > 0 || this.#reader.pendingBytes > 0) return err(this.#fail({ kind: 'injected' }));
    const clear = this.#socket;
    for (const event of EVENTS) clear.removeListener(event, this.#hear[event]);
    const outcome = await handshake(clear, serverName, context);
    if (!outcome.ok) return err(this.#fail(outcome.error));
    const { socket } = outcome.value;
    this.#socket = socket;
    this.#reader = createReplyReader(); // nothing that came in the clear counts any more
    this.#listen(socket);
    const problem = socket.authorized ? undefined : codeOf(socket.authorizationError);
    return ok({ isVerified: socket.authorized, problem });
  }

  onDisturbed(hear: (() => void) | undefined): void {
    this.#disturbed = hear;
    if (!this.isOpen || this.#replies.length > 0) hear?.();
  }

  destroy(): void {
    this.#fail({ kind: 'dropped' });
  }

  #listen(socket: Socket): void {
    for (const event of EVENTS) socket.on(event, this.#hear[event]);
  }

  #take(chunk: Buffer): void {
    const read = this.#reader.push(chunk);
    if (!read.ok) return void this.#fail(read.error);
    this.#replies.push(...read.value);
    if (this.#replies.length > limits.delivery.repliesWaitingMax) return void this.#fail({ kind: 'tooManyReplies' });
    if (read.value.length > 0) this.#stir();
  }

  /** The first fault is the one that counts; replies that came before it can still be read. */
  #fail(fault: WireFault): WireFault {
    this.#fault ??= fault;
    endSocket(this.#socket);
    this.#stir();
    return this.#fault;
  }

  #stir(): void {
    this.#wake?.();
    this.#disturbed?.();
  }

  async #until(isReached: () => boolean, waitMs: number): Promise<Result<void, WireFault>> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<'timeout'>((resolve) => {
      timer = setTimeout(() => resolve('timeout'), waitMs);
    });
    try {
      while (!isReached()) {
        if (this.#fault !== undefined) return err(this.#fault);
        const stirred = new Promise<'stirred'>((resolve) => {
          this.#wake = () => resolve('stirred');
        });
        if ((await Promise.race([stirred, timeout])) === 'timeout') return err(this.#fail({ kind: 'timeout' }));
      }
      return ok(undefined);
    } finally {
      clearTimeout(timer);
      this.#wake = undefined;
    }
  }
}

function handshake(
  clear: Socket,
  serverName: string,
  context: SecureContext,
): Promise<Result<{ readonly socket: TLSSocket }, WireFault>> {
  return new Promise((resolve) => {
    const socket = connectTls({
      socket: clear,
      servername: serverName,
      secureContext: context,
      rejectUnauthorized: false, // judged by whoever asked: most peers must not prove who they are
    });
    const onError = (cause: Error): void => settle(err({ kind: 'tlsFailed', code: codeOf(cause) }));
    const onClose = (): void => settle(err({ kind: 'tlsFailed', code: 'closed' }));
    const settle = (outcome: Result<{ readonly socket: TLSSocket }, WireFault>): void => {
      clearTimeout(timer);
      socket.removeListener('error', onError);
      socket.removeListener('close', onClose);
      if (!outcome.ok) {
        endSocket(socket);
        endSocket(clear);
      }
      resolve(outcome);
    };
    const timer = setTimeout(() => settle(err({ kind: 'timeout' })), limits.delivery.tlsWaitMs);
    socket.once('secureConnect', () => settle(ok({ socket })));
    socket.once('error', onError);
    socket.once('close', onClose);
  });
}

/** Nothing that a closed socket still says counts. */
function endSocket(socket: Socket): void {
  if (socket.destroyed) return;
  socket.on('error', () => {});
  socket.destroy();
}

/** Few writes: small pieces are joined, large ones cut. */
function* blocksOf(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += BLOCK_BYTES) {
      const part = piece.subarray(at, at + BLOCK_BYTES);
      waiting.push(part);
      bytes += part.length;
      if (bytes < BLOCK_BYTES) continue;
      yield Buffer.concat(waiting);
      waiting = [];
      bytes = 0;
    }
  }
  if (bytes > 0) yield Buffer.concat(waiting);
}

function codeOf(cause: unknown): string {
  if (typeof cause === 'string') return cause;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown';
}
