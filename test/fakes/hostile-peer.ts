// Somebody else's SMTP server that does as it is told, also badly: real sockets on 127.0.0.1; keeps what it took.

import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

export interface PeerLetter {
  readonly mailFrom: string;
  readonly recipients: readonly string[];
  /** As it came, dots unstuffed. */
  readonly bytes: Buffer;
  readonly isTls: boolean;
  /** When it was answered, on performance.now(). */
  readonly atMs: number;
}

/** What a peer says at a step instead of its usual answer; 'hangUp' says nothing, 'silent' never answers. */
export type Answer = string;

export interface PeerConduct {
  /** Keywords of EHLO; STARTTLS is offered when there is a certificate, unless it is `isStripped`. */
  readonly extensions?: readonly string[];
  readonly certificate?: { readonly keyPem: string; readonly certificatePem: string };
  readonly isStripped?: boolean;
  /** TLS from the first byte, as on port 465. */
  readonly isTlsFirst?: boolean;
  /** Says 220 to STARTTLS and then speaks no TLS. */
  readonly isTlsBroken?: boolean;
  /** Says something in the clear behind the 220 to STARTTLS. */
  readonly injected?: string;
  /** Answers by verb; the verb CONNECT is the greeting, DOT the end of the letter. */
  readonly answers?: Readonly<Record<string, Answer | ((line: string, count: number) => Answer | undefined)>>;
  /** Milliseconds before each answer, and byte by byte when `isDripping`. */
  readonly delayMs?: number;
  readonly isDripping?: boolean;
  /** Reads the letter and hangs up instead of answering the dot. */
  readonly dropsBehindDot?: boolean;
  readonly password?: { readonly user: string; readonly password: string };
}

export interface HostilePeer extends AsyncDisposable {
  readonly port: number;
  readonly letters: readonly PeerLetter[];
  /** Every line that came, of all connections, letters left out. */
  readonly lines: readonly string[];
  readonly connectionsCount: number;
  behave(conduct: PeerConduct): void;
}

export async function startHostilePeer(first: PeerConduct = {}, host = '127.0.0.1', port = 0): Promise<HostilePeer> {
  let conduct = first;
  const letters: PeerLetter[] = [];
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  let connectionsCount = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    connectionsCount++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    const call = new Call(() => conduct, { letters, lines });
    call.start(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(port, host, resolve);
  });
  return {
    // oxlint-disable-next-line no-unsafe-type-assertion -- a server on a port
    port: (server.address() as AddressInfo).port,
    letters,
    lines,
    get connectionsCount() {
      return connectionsCount;
    },
    behave: (next) => {
      conduct = next;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

const USUAL = ['PIPELINING', '8BITMIME', 'SIZE 50000000', 'ENHANCEDSTATUSCODES', 'SMTPUTF8', 'CHUNKING'];
const END = Buffer.from('\r\n.\r\n');

class Call {
  readonly #conduct: () => PeerConduct;
  readonly #kept: { readonly letters: PeerLetter[]; readonly lines: string[] };
  readonly #counts = new Map<string, number>();
  #socket: Socket | undefined;
  #buffer: Buffer = Buffer.alloc(0);
  #mode: 'lines' | 'data' | { readonly bytesLeft: number } = 'lines';
  #mailFrom = '';
  #recipients: string[] = [];
  #signIn: string[] | undefined;
  #isTls = false;
  #isBusy = false;

  constructor(conduct: () => PeerConduct, kept: { readonly letters: PeerLetter[]; readonly lines: string[] }) {
    this.#conduct = conduct;
    this.#kept = kept;
  }

  start(socket: Socket): void {
    const { certificate, isTlsFirst } = this.#conduct();
    this.#isTls = isTlsFirst === true;
    this.#listen(isTlsFirst === true && certificate !== undefined ? encrypted(socket, certificate) : socket);
    void this.#say('CONNECT', '', '220 hostile.test ESMTP');
  }

  #listen(socket: Socket): void {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      void this.#work();
    });
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (await this.#step());
    this.#isBusy = false;
  }

  async #step(): Promise<boolean> {
    if (this.#mode === 'lines') {
      const end = this.#buffer.indexOf('\r\n');
      if (end < 0) return false;
      const line = this.#buffer.toString('utf8', 0, end);
      this.#buffer = this.#buffer.subarray(end + 2);
      this.#kept.lines.push(line);
      await this.#command(line);
      return true;
    }
    if (this.#mode === 'data') {
      const isEmpty = this.#buffer.subarray(0, 3).equals(END.subarray(2));
      const end = isEmpty ? -2 : this.#buffer.indexOf(END);
      if (end < 0 && !isEmpty) return false;
      const text = this.#buffer.toString('latin1', 0, end + 2).replace(/(^|\r\n)\./g, '$1');
      this.#buffer = this.#buffer.subarray(end + 5);
      await this.#letter(Buffer.from(text, 'latin1'));
      return true;
    }
    const { bytesLeft } = this.#mode;
    if (this.#buffer.length < bytesLeft) return false;
    const bytes = Buffer.from(this.#buffer.subarray(0, bytesLeft));
    this.#buffer = this.#buffer.subarray(bytesLeft);
    await this.#letter(bytes);
    return true;
  }

  async #letter(bytes: Buffer): Promise<void> {
    this.#mode = 'lines';
    const recipients = this.#recipients;
    this.#recipients = [];
    const letter = { mailFrom: this.#mailFrom, recipients, bytes, isTls: this.#isTls };
    if (this.#conduct().dropsBehindDot === true) {
      this.#kept.letters.push({ ...letter, atMs: performance.now() });
      this.#socket?.destroy();
      return;
    }
    const said = await this.#say('DOT', '', '250 2.0.0 taken');
    if (said.startsWith('2')) this.#kept.letters.push({ ...letter, atMs: performance.now() });
  }

  async #command(line: string): Promise<void> {
    if (this.#signIn !== undefined) return this.#signInStep(line);
    const verb = line.split(' ', 1)[0]?.toUpperCase() ?? '';
    const { certificate, isStripped } = this.#conduct();
    const path = /<(.*)>/.exec(line)?.[1] ?? '';
    switch (verb) {
      case 'EHLO': {
        const tls = certificate !== undefined && isStripped !== true && !this.#isTls ? ['STARTTLS'] : [];
        const words = ['hostile.test', ...(this.#conduct().extensions ?? USUAL), ...tls];
        const text = words.map((word, at) => `250${at === words.length - 1 ? ' ' : '-'}${word}`).join('\r\n');
        return void (await this.#say(verb, line, text));
      }
      case 'MAIL':
        if ((await this.#say(verb, line, '250 2.1.0 ok')).startsWith('2')) this.#mailFrom = path;
        return;
      case 'RCPT':
        if ((await this.#say(verb, line, '250 2.1.5 ok')).startsWith('2')) this.#recipients.push(path);
        return;
      case 'DATA': {
        const usual = this.#recipients.length > 0 ? '354 go on' : '554 5.5.1 no valid recipients';
        if ((await this.#say(verb, line, usual)).startsWith('354')) this.#mode = 'data';
        return;
      }
      case 'BDAT':
        this.#mode = { bytesLeft: Number(line.split(' ')[1]) };
        return;
      case 'STARTTLS':
        return this.#startTls(line);
      case 'AUTH':
        this.#signIn = [];
        if (/^AUTH PLAIN /i.test(line)) return this.#signInStep(line.slice('AUTH PLAIN '.length));
        return void (await this.#say(verb, line, '334 VXNlcm5hbWU6'));
      case 'QUIT':
        await this.#say(verb, line, '221 2.0.0 bye');
        this.#socket?.end();
        return;
      default:
        await this.#say(verb, line, '250 2.0.0 ok');
    }
  }

  async #signInStep(line: string): Promise<void> {
    const parts = [...(this.#signIn ?? []), ...Buffer.from(line, 'base64').toString().split('\0')].filter(
      (part) => part !== '',
    );
    this.#signIn = parts;
    if (parts.length < 2) return void (await this.#say('AUTH', line, '334 UGFzc3dvcmQ6'));
    this.#signIn = undefined;
    const wanted = this.#conduct().password;
    const isRight = parts[0] === wanted?.user && parts[1] === wanted?.password;
    await this.#say('SIGNED', line, isRight ? '235 2.7.0 welcome' : '535 5.7.8 wrong');
  }

  async #startTls(line: string): Promise<void> {
    const { certificate, isTlsBroken, injected } = this.#conduct();
    const socket = this.#socket;
    if (certificate === undefined || socket === undefined)
      return void (await this.#say('STARTTLS', line, '502 5.5.1 no'));
    const said = await this.#say('STARTTLS', line, `220 2.0.0 go on${injected === undefined ? '' : `\r\n${injected}`}`);
    if (!said.startsWith('220')) return;
    if (isTlsBroken === true) {
      socket.removeAllListeners('data');
      socket.once('data', () => socket.end('this is no TLS\r\n'));
      return;
    }
    socket.removeAllListeners('data');
    this.#isTls = true;
    this.#buffer = Buffer.alloc(0);
    this.#listen(encrypted(socket, certificate));
  }

  /** What was said, '' when nothing was. */
  async #say(verb: string, line: string, usual: string): Promise<string> {
    const count = (this.#counts.get(verb) ?? 0) + 1;
    this.#counts.set(verb, count);
    const { answers, delayMs = 0, isDripping } = this.#conduct();
    const chosen = answers?.[verb];
    const text = (typeof chosen === 'function' ? chosen(line, count) : chosen) ?? usual;
    if (delayMs > 0) await pause(delayMs);
    if (text === 'silent') return '';
    if (text === 'hangUp') {
      this.#socket?.destroy();
      return '';
    }
    const bytes = Buffer.from(`${text}\r\n`);
    if (isDripping === true) {
      for (const byte of bytes) {
        this.#socket?.write(Buffer.of(byte));
        await pause(1);
      }
    } else this.#socket?.write(bytes);
    return text;
  }
}

function encrypted(socket: Socket, { keyPem, certificatePem }: NonNullable<PeerConduct['certificate']>): TLSSocket {
  const secureContext = createSecureContext({ key: keyPem, cert: certificatePem });
  return new TLSSocket(socket, { isServer: true, secureContext });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
