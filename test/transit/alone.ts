// The room alone, with the world around it: a name server, a server that takes the results, letters, kills.

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import { startDnsServer, type Zone } from '../fakes/dns-server.ts';
import { freePort } from '../free-port.ts';
import { openSmtp } from '../smtp-client.ts';

const PROGRAM = new URL('alone-program.ts', import.meta.url).pathname;
/** A bound for what hangs, not for what is slow: on a machine with much to do a start takes half a minute. */
const READY_WAIT_MS = 180_000;

export interface TakenResult {
  readonly to: string;
  readonly messageId: string;
  readonly plainText: string;
  /** SHA-256 of the files between the text and the report, as they are coded. */
  readonly filesDigest: string;
}

/** A server that takes results; `answer` may refuse one. */
export interface Sink extends AsyncDisposable {
  readonly port: number;
  readonly taken: readonly TakenResult[];
  /** 0: the result is taken. */
  answer: (plainText: string) => number | Promise<number>;
}

export async function openSink(): Promise<Sink> {
  const taken: TakenResult[] = [];
  const sink = { answer: (): number | Promise<number> => 0 } as Pick<Sink, 'answer'>;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    size: 100_000_000,
    onData(stream, session, done) {
      const to = session.envelope.rcptTo[0]?.address ?? '';
      const take = async (): Promise<void> => {
        const plainText = await text(stream);
        const code = await sink.answer(plainText);
        if (code === 0) taken.push(resultOf(to, plainText));
        done(code === 0 ? null : Object.assign(new Error('not now'), { responseCode: code }));
      };
      // a sender that was killed in the middle waits for no answer
      void take().catch(() => undefined);
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  // smtp-server has no type for the address of what it listens on
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    taken,
    get answer() {
      return sink.answer;
    },
    set answer(answer) {
      sink.answer = answer;
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function resultOf(to: string, plainText: string): TakenResult {
  const messageId = /^Message-ID: <([^>]+)>/im.exec(plainText)?.[1] ?? '';
  // the first part is the report, which has times; the rest are the files
  const boundary = /boundary="?(=_[^"\r\n;]+)/.exec(plainText)?.[1] ?? '';
  const files = plainText.split(`--${boundary}`).slice(2).join('');
  return { to, messageId, plainText, filesDigest: createHash('sha256').update(files).digest('hex') };
}

export const ZONE: Zone = {
  'sender.test': { TXT: ['v=spf1 ip4:127.0.0.1 -all'], MX: [] },
  '_dmarc.sender.test': { TXT: ['v=DMARC1; p=reject'] },
  'forged.test': { TXT: ['v=spf1 -all'] },
  '_dmarc.forged.test': { TXT: ['v=DMARC1; p=reject'] },
  'broken.test': 'servfail',
  '_dmarc.broken.test': 'servfail',
};

export interface AloneReady {
  readonly smtpPort: number;
  readonly httpUrl: string;
  readonly bookPath: string;
  readonly pid: number;
  /** Undefined: it is just being started again. */
  readonly roomPid: number | undefined;
}

export interface AloneProgram extends AsyncDisposable {
  readonly ready: AloneReady;
  readonly sink: Sink;
  readonly folder: string;
  /** All that it wrote to standard error: its log. */
  readonly said: () => string;
  /** Asks anew: the room may have been started again. */
  look(): Promise<AloneReady>;
  /** Of the whole program, with the room. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

export async function openAlone(
  flags: readonly string[] = [],
  further: Readonly<Record<string, string>> = {},
): Promise<AloneProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-alone-'));
  const dns = await startDnsServer(ZONE);
  const sink = await openSink();
  await writeFile(join(folder, 'senders'), '@sender.test # all of them\n@broken.test\n@forged.test\n');
  const [smtpPort, httpPort] = [await freePort(), await freePort()];
  let said = '';
  let child: ChildProcess | undefined;
  let ready: AloneReady | undefined;
  let heard: ((ready: AloneReady) => void) | undefined;
  const environment = (): NodeJS.ProcessEnv => ({
    PATH: process.env['PATH'],
    // as ./siegel sets it; the room's own process never gets it
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    SIEGEL_DATA_DIR: join(folder, 'data'),
    SIEGEL_KIT_DIR: join(folder, 'kit'),
    SIEGEL_DOMAIN: 'siegel.test',
    SIEGEL_SMTP_PORT: String(smtpPort),
    SIEGEL_HTTP_PORT: String(httpPort),
    SIEGEL_DNS: dns.endpoint,
    SIEGEL_SMARTHOST: `127.0.0.1:${sink.port}`,
    SIEGEL_OUTBOUND_PRIVATE: '1',
    SIEGEL_TRANSIT_SENDERS: join(folder, 'senders'),
    SIEGEL_TRANSIT_ACCEPT: 'swap, piped-cores',
    SIEGEL_LOG: 'warn',
    ...further,
  });
  const nextLine = (): Promise<AloneReady> =>
    new Promise((resolve, reject) => {
      const late = (): void => reject(new Error(`the room alone is not ready:\n${said}`));
      const timer = setTimeout(late, READY_WAIT_MS).unref();
      heard = (line) => {
        clearTimeout(timer);
        resolve(line);
      };
    });
  const start = async (): Promise<void> => {
    const first = nextLine();
    first.catch(() => undefined);
    const started = spawn('/bin/sh', ['-c', 'ulimit -S -c 0; exec "$0" "$@"', process.execPath, PROGRAM, ...flags], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    started.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise<never>((_, reject) =>
      started.once('exit', () => reject(new Error(`the room alone ended:\n${said}`))),
    );
    ended.catch(() => undefined);
    createInterface({ input: started.stdout }).on('line', (line) => heard?.(JSON.parse(line)));
    ready = await Promise.race([first, ended]);
  };
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child?.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
  };
  try {
    await start();
  } catch (cause) {
    // whoever waits for the end of a test file would wait for them
    await sink[Symbol.asyncDispose]();
    await dns.close();
    throw cause;
  }
  return {
    get ready() {
      assert.ok(ready);
      return ready;
    },
    sink,
    folder,
    said: () => said,
    async look() {
      const next = nextLine();
      child?.kill('SIGUSR2');
      ready = await next;
      return ready;
    },
    kill,
    start,
    async [Symbol.asyncDispose]() {
      await kill();
      await wait(100);
      await sink[Symbol.asyncDispose]();
      await dns.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** A letter with one document whose words stand in it. */
export function documentLetter(of: {
  readonly from?: string;
  readonly id: string;
  readonly words: string;
  /** Instead of the words, which are then nowhere. */
  readonly picture?: Uint8Array;
}): string {
  const { from = 'anna@sender.test', id, words, picture } = of;
  const coded = picture && Buffer.from(picture).toString('base64').replaceAll(/.{76}/g, '$&\r\n');
  return [
    `From: ${from}`,
    'To: optimise@siegel.test',
    `Message-ID: <${id}@sender.test>`,
    'Subject: documents',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'please',
    '--b',
    `Content-Type: ${coded === undefined ? 'application/pdf' : 'image/png'}`,
    `Content-Disposition: attachment; filename=${coded === undefined ? 'a.pdf' : 'a.png'}`,
    ...(coded === undefined ? ['', words] : ['Content-Transfer-Encoding: base64', '', coded]),
    '--b--',
    '',
  ].join('\r\n');
}

/** The reply to the letter, by one connection of its own; empty when it was cut off. */
export async function sendLetter(port: number, letter: string, sender = 'anna@sender.test'): Promise<string> {
  try {
    await using client = await openSmtp(port);
    const bytes = Buffer.from(letter, 'latin1');
    const reply = await client.send({ from: sender, to: ['optimise@siegel.test'], bytes, by: 'data' });
    return `${reply.code} ${reply.text}`;
  } catch {
    return '';
  }
}
