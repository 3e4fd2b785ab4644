// A plain SMTP client for journeys: one connection, letters by DATA or byte for byte by BDAT, the server's answers as they are.

import { connect, type Socket } from 'node:net';

export interface SmtpReply {
  readonly code: number;
  readonly text: string;
}

export interface SmtpClient extends AsyncDisposable {
  /** One letter; the answer to its last byte, or the first refusal before. */
  send(letter: {
    readonly from: string;
    readonly to: readonly string[];
    readonly bytes: Uint8Array;
    readonly by?: 'data' | 'bdat';
  }): Promise<SmtpReply>;
  command(line: string): Promise<SmtpReply>;
}

/** Connects from `localAddress` (any of 127.0.0.0/8) and greets. Rejects when the connection ends in the middle. */
export async function openSmtp(
  port: number,
  localAddress = '127.0.0.1',
  ownName = 'client.example',
): Promise<SmtpClient> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.setNoDelay(true);
  const replies = new Replies(socket);
  await replies.next();
  const command = (line: string): Promise<SmtpReply> => {
    socket.write(`${line}\r\n`);
    return replies.next();
  };
  await command(`EHLO ${ownName}`);
  return {
    command,
    async send({ from, to, bytes, by = 'bdat' }) {
      const mail = await command(`MAIL FROM:<${from}>`);
      if (mail.code !== 250) return mail;
      for (const recipient of to) {
        const reply = await command(`RCPT TO:<${recipient}>`);
        if (reply.code !== 250) {
          await command('RSET');
          return reply;
        }
      }
      if (by === 'bdat') {
        socket.write(`BDAT ${bytes.length} LAST\r\n`);
        socket.write(bytes);
        return replies.next();
      }
      const data = await command('DATA');
      if (data.code !== 354) return data;
      const text = Buffer.from(bytes).toString('latin1').replace(/^\./gm, '..');
      socket.write(Buffer.from(text.endsWith('\r\n') ? `${text}.\r\n` : `${text}\r\n.\r\n`, 'latin1'));
      return replies.next();
    },
    async [Symbol.asyncDispose]() {
      if (!socket.destroyed) socket.end('QUIT\r\n');
      await new Promise<void>((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())));
    },
  };
}

class Replies {
  #text = '';
  #waiting: { resolve: (reply: SmtpReply) => void; reject: (cause: Error) => void }[] = [];
  #ready: SmtpReply[] = [];
  #lines: string[] = [];
  #ended: Error | undefined;

  constructor(socket: Socket) {
    socket.on('data', (chunk: Buffer) => this.#take(chunk.toString('latin1')));
    socket.on('error', (cause) => this.#end(cause));
    socket.on('close', () => this.#end(new Error('the server closed the connection')));
  }

  next(): Promise<SmtpReply> {
    const ready = this.#ready.shift();
    if (ready) return Promise.resolve(ready);
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #take(text: string): void {
    this.#text += text;
    for (let end = this.#text.indexOf('\r\n'); end >= 0; end = this.#text.indexOf('\r\n')) {
      const line = this.#text.slice(0, end);
      this.#text = this.#text.slice(end + 2);
      this.#lines.push(line.slice(4));
      if (line.charAt(3) === '-') continue;
      const reply = { code: Number(line.slice(0, 3)), text: this.#lines.join('\n') };
      this.#lines = [];
      const waiting = this.#waiting.shift();
      if (waiting) waiting.resolve(reply);
      else this.#ready.push(reply);
    }
  }

  #end(cause: Error): void {
    this.#ended ??= cause;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}
