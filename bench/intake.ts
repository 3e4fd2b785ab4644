// Letters a second through the whole path, paired in one run with Postfix → Dovecot when they are installed.

import { readFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { startDnsServer } from '../test/fakes/dns-server.ts';
import { makeSigningDomain, signLetter } from '../test/fakes/signed-letters.ts';
import { startProgram, type RunningProgram } from '../test/running-program.ts';
import { peersMissing, startPeers } from './peers/postfix-dovecot.ts';
import type { LoadFigures, LoadOrder } from './smtp-load.ts';

const DOMAIN = 'siegel.test';
const RECIPIENTS = ['anna', 'ben', 'carla', 'deniz'];
const SENDER = 'bench@sender.example';
const LETTER_BYTES = 10_000;
const ROUNDS = 3;

interface Round extends LoadFigures {
  /** Letters a second until the last one lies in rows (here) or in a maildir (peer). */
  readonly wholePerSecond: number;
}

export async function run(flags: readonly string[]): Promise<unknown> {
  const quick = flags.includes('--quick');
  const counts = { 1: quick ? 150 : 400, 8: quick ? 400 : 2_000, 32: quick ? 1_000 : 4_000 };
  const signer = makeSigningDomain('sender.example');
  const dns = await startDnsServer(signer.zone);
  const wire = await makeLetters(signer, quick ? 100 : 400);
  const note = (text: string): void => console.error(text);
  const programEnv = {
    SIEGEL_DNS: `127.0.0.1:${dns.port}`,
    SIEGEL_TRUSTED_NETWORKS: '',
    SIEGEL_DOMAIN: DOMAIN,
    SIEGEL_LOG: 'error',
  };
  await using program = await startProgram({ env: programEnv });
  for (const name of RECIPIENTS) await program.signUp(name, `bench-${name}-password`);
  const recipients = RECIPIENTS.map((name) => `${name}@${DOMAIN}`);
  const target = { ...baseOrder(wire, recipients), target: program.smtpPort, protocol: 'smtp' } as const;
  await deliver(program, { ...target, connections: 8, letters: 200 }); // warm: resolver, workers, compiler
  const missing = peersMissing();
  const plain = missing ? undefined : await startPeers({ domain: DOMAIN, mailCrypt: false });
  const crypt = missing ? undefined : await startPeers({ domain: DOMAIN, mailCrypt: true });
  try {
    const rows: Record<string, number[]> = {};
    const add = (key: string, value: number): void => void (rows[key] ??= []).push(value);
    let temporaryRefusals = 0;
    const latencies: Record<string, { p50Ms: number; p99Ms: number }> = {};
    const rss = watchMemory(program.pid);
    for (let round = 0; round < (quick ? 1 : ROUNDS); round++) {
      for (const connections of [1, 8, 32] as const) {
        const letters = counts[connections];
        const own = await deliver(program, { ...target, connections, letters });
        temporaryRefusals += own.temporaryRefusals;
        latencies[`siegel${connections}`] = { p50Ms: own.p50Ms, p99Ms: own.p99Ms };
        add(`siegel${connections}`, own.wholePerSecond);
        add(`siegelAnswered${connections}`, own.sent / own.seconds);
        note(
          `siegel ${connections}: ${Math.round(own.wholePerSecond)}/s whole, ${Math.round(own.sent / own.seconds)}/s answered, p50 ${own.p50Ms} ms, p99 ${own.p99Ms} ms`,
        );
        if (plain && crypt) await peerRound({ plain, crypt }, { connections, letters, wire, recipients }, add, note);
      }
    }
    const rssMiB = rss.stop();
    return report(rows, {
      temporaryRefusals,
      rssMiB,
      bytesInFlightMiB: (32 * LETTER_BYTES) / 2 ** 20,
      latencies,
      peers: missing ?? plain?.versions ?? '',
    });
  } finally {
    await plain?.stop();
    await crypt?.stop();
    await dns.close();
  }
}

type Peers = Awaited<ReturnType<typeof startPeers>>;
interface PeerOrder {
  readonly connections: number;
  readonly letters: number;
  readonly wire: readonly Uint8Array[];
  readonly recipients: readonly string[];
}

async function peerRound(
  peers: { plain: Peers; crypt: Peers },
  order: PeerOrder,
  add: (key: string, value: number) => void,
  note: (text: string) => void,
): Promise<void> {
  const base = { ...baseOrder(order.wire, order.recipients), connections: order.connections };
  const each = async (
    key: string,
    peer: Peers,
    target: { target: number | string; protocol: 'smtp' | 'lmtp' },
    letters: number,
  ): Promise<void> => {
    const figures = await theirs(peer, { ...base, ...target, letters });
    add(`${key}${order.connections}`, figures.wholePerSecond);
    note(
      `${key} ${order.connections}: ${Math.round(figures.wholePerSecond)}/s whole, p50 ${figures.p50Ms} ms, p99 ${figures.p99Ms} ms`,
    );
  };
  await each(
    'postfixDovecot',
    peers.plain,
    { target: peers.plain.smtpPort, protocol: 'smtp' },
    Math.ceil(order.letters / 2),
  );
  if (order.connections === 8) return;
  await each(
    'dovecotLmtp',
    peers.plain,
    { target: peers.plain.lmtpSocket, protocol: 'lmtp' },
    Math.ceil(order.letters / 2),
  );
  if (order.connections === 32)
    await each(
      'mailCrypt',
      peers.crypt,
      { target: peers.crypt.smtpPort, protocol: 'smtp' },
      Math.ceil(order.letters / 4),
    );
}

export function baseOrder(
  wire: readonly Uint8Array[],
  recipients: readonly string[],
): { from: string; recipients: readonly string[]; wire: readonly Uint8Array[] } {
  return { from: SENDER, recipients, wire };
}

/** Letters of 10 kB, each its own, signed with RSA-2048; dots doubled and closed as SMTP wants. */
export async function makeLetters(signer: ReturnType<typeof makeSigningDomain>, count: number): Promise<Uint8Array[]> {
  const wire: Uint8Array[] = [];
  for (let n = 0; n < count; n++) {
    const letter = await signLetter(signer, {
      from: `Bench <${SENDER}>`,
      to: `anna@${DOMAIN}`,
      subject: `Letter ${n} about matter ${n * 7}`,
      text: `Matter ${n}\n`,
      sizeBytes: LETTER_BYTES,
    });
    const text = letter.toString('latin1').replace(/^\./gm, '..');
    wire.push(Buffer.from(`${text.replace(/(\r\n)*$/, '')}\r\n.\r\n`, 'latin1'));
  }
  return wire;
}

/** Sends an order and waits until its last letter lies in rows. */
export async function deliver(program: RunningProgram, order: LoadOrder): Promise<Round> {
  const before = await countRows(program);
  const started = performance.now();
  const figures = await inThread(order);
  while ((await countRows(program)) < before + figures.sent) await wait(20);
  return { ...figures, wholePerSecond: figures.sent / ((performance.now() - started) / 1000) };
}

async function theirs(peer: Peers, order: LoadOrder): Promise<Round> {
  const before = await peer.countDelivered();
  const started = performance.now();
  const figures = await inThread(order);
  for (let tries = 0; tries < 2_000 && (await peer.countDelivered()) < before + figures.sent; tries++) await wait(20);
  return { ...figures, wholePerSecond: figures.sent / ((performance.now() - started) / 1000) };
}

/** Letters whose rows are written, as the program's metrics-free status says. */
async function countRows(program: RunningProgram): Promise<number> {
  const answer = await statusFacts(program);
  return Number(answer['letters applied'] ?? 0);
}

async function statusFacts(program: RunningProgram): Promise<Record<string, unknown>> {
  const { askOperator } = await import('../src/programs/operator-socket.ts');
  const answer = await askOperator(program.dataDir, 'status', {});
  if (!answer.ok) throw new Error(answer.error.sentence);
  return answer.value.facts;
}

function inThread(order: LoadOrder): Promise<LoadFigures> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./smtp-load.ts', import.meta.url), { workerData: order });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** Highest resident memory of the program (its threads included, PostgreSQL apart), in MiB. */
function watchMemory(pid: number): { stop(): number } {
  let highestKib = 0;
  const timer = setInterval(() => {
    void readFile(`/proc/${pid}/status`, 'utf8')
      .then((text) => (highestKib = Math.max(highestKib, Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? 0))))
      .catch(() => undefined);
  }, 50);
  return {
    stop() {
      clearInterval(timer);
      return Math.round(highestKib / 1024);
    },
  };
}

function report(
  rows: Readonly<Record<string, readonly number[]>>,
  facts: Record<string, unknown>,
): Record<string, unknown> {
  const median = (key: string): number => {
    const sorted = [...(rows[key] ?? [])].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  };
  /** Median of the ratios of each round: what swings in a round swings for both. */
  const ratio = (ownKey: string, peerKey: string): number | null => {
    const own = rows[ownKey] ?? [];
    const ratios = (rows[peerKey] ?? [])
      .map((value, index) => (own[index] ?? Number.NaN) / value)
      .toSorted((a, b) => a - b);
    const middle = ratios[Math.floor(ratios.length / 2)];
    return middle === undefined ? null : Math.round(middle * 100) / 100;
  };
  const fileSystem = spawnSync('stat', ['-f', '-c', '%T', '/tmp']).stdout.toString().trim();
  return {
    perSecond1: Math.round(median('siegel1')),
    perSecond8: Math.round(median('siegel8')),
    perSecond32: Math.round(median('siegel32')),
    ratioPostfixDovecot32: ratio('siegel32', 'postfixDovecot32'),
    ratioMailCrypt32: ratio('siegel32', 'mailCrypt32'),
    ratioLmtp32: ratio('siegel32', 'dovecotLmtp32'),
    ratioOneConnection: ratio('siegel1', 'postfixDovecot1'),
    ...facts,
    fileSystem,
    median: Object.fromEntries(Object.keys(rows).map((key) => [key, Math.round(median(key))])),
  };
}
