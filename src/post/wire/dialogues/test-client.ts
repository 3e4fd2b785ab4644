// A client for tests that says exactly what it is told, byte for byte, and reads replies line by line.

import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

const REPLY_WAIT_MS = 5_000;

export class TestClient {
  #socket: Socket;
  #received = '';
  #isEnded = false;
  #wake: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#attend();
  }

  static async connect(where: number | string): Promise<TestClient> {
    const options = typeof where === 'number' ? { port: where, host: '127.0.0.1' } : { path: where };
    const socket = connect({ ...options, allowHalfOpen: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('connect', () => resolve());
    });
    socket.setNoDelay(true);
    return new TestClient(socket);
  }

  #attend(): void {
    this.#socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString('utf8');
      this.#wake?.();
    });
    for (const event of ['end', 'close', 'error'])
      this.#socket.on(event, () => {
        this.#isEnded = true;
        this.#wake?.();
      });
  }

  send(bytes: string | Buffer): void {
    this.#socket.write(bytes);
  }

  /** Says a line and reads the whole reply to it. */
  async ask(line: string): Promise<readonly string[]> {
    this.send(`${line}\r\n`);
    return this.reply();
  }

  /** All lines of the next reply; empty when the server hung up. */
  async reply(): Promise<readonly string[]> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.line();
      if (line === undefined) return lines;
      lines.push(line);
      if (!/^\d{3}-/.test(line)) return lines;
    }
  }

  /** The next line; undefined when the server hung up. */
  async line(): Promise<string | undefined> {
    const endsMs = Date.now() + REPLY_WAIT_MS;
    for (;;) {
      const end = this.#received.indexOf('\r\n');
      if (end >= 0) {
        const line = this.#received.slice(0, end);
        this.#received = this.#received.slice(end + 2);
        return line;
      }
      if (this.#isEnded) return undefined;
      if (Date.now() > endsMs)
        throw new Error(`no reply in ${REPLY_WAIT_MS} ms; so far ${JSON.stringify(this.#received)}`);
      await this.#more(endsMs - Date.now());
    }
  }

  async #more(waitMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs + 1);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Nothing more will be said; replies are still read. */
  endSending(): void {
    this.#socket.end();
  }

  async startTls(): Promise<void> {
    this.#socket.removeAllListeners('data');
    const secure = connectTls({ socket: this.#socket, rejectUnauthorized: false, servername: 'siegel.test' });
    await new Promise<void>((resolve, reject) => {
      secure.once('secureConnect', () => resolve());
      secure.once('error', reject);
    });
    this.#socket = secure;
    this.#attend();
  }

  /** As when a network goes away: no goodbye. Only in the clear. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  drop(): void {
    this.#socket.destroy();
  }
}
