// All that is outside, for the sample office: a mail server that takes every letter and forgets it (RFC 5321), a name server that knows no name (RFC 1035). On loopback.

import { createSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';

const HOST = '127.0.0.1';
const HEADER_BYTES = 12;
/** QR, RD, RA and NXDOMAIN; one question, no answer. */
const NO_SUCH_NAME = [0x81, 0x83, 0, 1, 0, 0, 0, 0, 0, 0];
const LETTER_END = '\r\n.\r\n';
const LINE_CHARACTERS = 4_096;

export interface DemoOutside extends AsyncDisposable {
  /** `host:port`, as the options take them. */
  readonly smarthost: string;
  readonly dns: string;
}

export async function openOutside(): Promise<DemoOutside> {
  const mail = createServer((socket) => takeLetters(socket));
  const names = createSocket('udp4');
  names.on('message', (asked, from) => {
    const answer = answerTo(asked);
    if (answer) names.send(answer, from.port, from.address);
  });
  await Promise.all([
    new Promise<void>((resolve) => mail.listen(0, HOST, resolve)),
    new Promise<void>((resolve) => names.bind(0, HOST, resolve)),
  ]);
  return {
    smarthost: `${HOST}:${portOf(mail)}`,
    dns: `${HOST}:${names.address().port}`,
    async [Symbol.asyncDispose]() {
      names.close();
      await new Promise((resolve) => mail.close(resolve));
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the mail server outside has no port');
  return address.port;
}

/** The question as it was asked, and that its name does not exist. */
function answerTo(asked: Buffer): Buffer | undefined {
  let at = HEADER_BYTES;
  while ((asked[at] ?? 0) > 0) at += (asked[at] ?? 0) + 1;
  const end = at + 5;
  if (asked.length < end) return undefined;
  return Buffer.concat([asked.subarray(0, 2), Buffer.from(NO_SUCH_NAME), asked.subarray(HEADER_BYTES, end)]);
}

/** Says yes to everything and keeps nothing: of a letter no more than the last bytes, to see where it ends. */
function takeLetters(socket: Socket): void {
  let rest = '';
  let isLetter = false;
  socket.on('error', () => socket.destroy());
  // It must not hold the program when it stops.
  socket.unref();
  socket.setEncoding('latin1');
  socket.write(`220 outside.test\r\n`);
  socket.on('data', (chunk: string) => {
    rest += chunk;
    for (;;) {
      const mark = isLetter ? LETTER_END : '\r\n';
      const at = rest.indexOf(mark);
      if (at < 0) break;
      const line = rest.slice(0, at);
      rest = rest.slice(at + mark.length);
      isLetter = !isLetter && /^DATA$/i.test(line);
      // The line end before the dot may be the one behind DATA.
      if (isLetter) rest = `\r\n${rest}`;
      answerLine(socket, isLetter ? 'DATA' : line);
    }
    rest = isLetter ? rest.slice(1 - LETTER_END.length) : rest.slice(0, LINE_CHARACTERS);
  });
}

function answerLine(socket: Socket, line: string): void {
  const verb = line.slice(0, 4).toUpperCase();
  if (verb === 'EHLO') socket.write('250-outside.test\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 PIPELINING\r\n');
  else if (verb === 'DATA') socket.write('354 go on\r\n');
  else if (verb === 'QUIT') socket.end('221 bye\r\n');
  else socket.write('250 ok\r\n');
}
