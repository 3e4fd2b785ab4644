// Letters a second out to a sink over the whole path (outbox → live store → journal → SMTP), paired in one run with Postfix.

import { spawnSync } from 'node:child_process';
import { letterText, openDeliveryHouse, zoneOf, type DeliveryHouse } from '../test/delivery-house.ts';
import { signUp } from '../test/signed-in.ts';
import { median, medianRatio, round } from './figures.ts';
import { relayMissing, startPostfixRelay, type PostfixRelay } from './peers/postfix-relay.ts';
import { startSink, type Sink } from './smtp-sink.ts';

const LETTER_BYTES = 10_000;
const IN_HAND = 32;
const ROUNDS = 5;
const WAIT_MS = 300_000;

export async function run(flags: readonly string[]): Promise<unknown> {
  const quick = flags.includes('--quick');
  const letters = quick ? 300 : 2_000;
  await using opened = new AsyncDisposableStack();
  const sink = await startSink();
  opened.defer(() => sink.stop());
  const house = opened.use(
    await openDeliveryHouse({ peerPort: sink.port, isUnlimited: true }, zoneOf({ 'sink.test': '127.0.0.1' }), {
      SIEGEL_LOG: 'error',
    }),
  );
  const accounts = [];
  for (const name of ['anna', 'ben', 'carla', 'deniz'])
    accounts.push((await signUp(() => house.program, name)).accountId);
  const missing = relayMissing();
  const relay = missing === undefined ? await startPostfixRelay(sink.port) : undefined;
  opened.defer(() => relay?.stop());
  await own(house, sink, accounts, 200); // warm: compiler, connections, resolver
  if (relay) await theirs(relay, sink, 200);
  const rows = { siegel: [] as number[], postfix: [] as number[], answered: [] as number[] };
  for (let n = 0; n < (quick ? 1 : ROUNDS); n += 1) {
    const mine = await own(house, sink, accounts, letters);
    rows.siegel.push(mine.wholePerSecond);
    rows.answered.push(mine.answeredPerSecond);
    console.error(`siegel: ${round(mine.wholePerSecond)}/s out, ${round(mine.answeredPerSecond)}/s answered`);
    if (relay === undefined) continue;
    rows.postfix.push(await theirs(relay, sink, letters));
    console.error(`postfix: ${round(rows.postfix.at(-1) ?? 0)}/s out`);
  }
  return {
    perSecond: Math.round(median(rows.siegel)),
    answeredPerSecond: Math.round(median(rows.answered)),
    postfixPerSecond: relay === undefined ? null : Math.round(median(rows.postfix)),
    ratioPostfix: relay === undefined ? null : medianRatio(rows.siegel, rows.postfix),
    letters,
    letterBytes: LETTER_BYTES,
    peers: missing ?? relay?.version ?? '',
    fileSystem: spawnSync('stat', ['-f', '-c', '%T', '/tmp']).stdout.toString().trim(),
    rounds: { siegel: rows.siegel.map(Math.round), postfix: rows.postfix.map(Math.round) },
  };
}

/** From the first letter handed in until the last one has its 250. */
async function own(
  house: DeliveryHouse,
  sink: Sink,
  accounts: readonly string[],
  letters: number,
): Promise<{ readonly wholePerSecond: number; readonly answeredPerSecond: number }> {
  const door = await house.open();
  const from = 'anna@siegel.test';
  const text = letterText(from, 'ben@sink.test', 'a letter').padEnd(LETTER_BYTES - 2, 'words ');
  const letter = Buffer.from(`${text}\r\n`).toString('base64');
  let next = 0;
  const hand = async (): Promise<void> => {
    for (let at = next++; at < letters; at = next++) {
      const accountId = accounts[at % accounts.length] ?? '';
      const answer = await door.handIn({ token: `t${at}`, accountId, from, recipients: ['ben@sink.test'], letter });
      if (!answer.ok) throw new Error(`refused: ${answer.kind}`);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: IN_HAND }, hand));
  const answeredMs = performance.now() - started;
  await sink.count(letters, WAIT_MS);
  const wholeMs = performance.now() - started;
  door.close();
  return { wholePerSecond: (letters * 1000) / wholeMs, answeredPerSecond: (letters * 1000) / answeredMs };
}

async function theirs(relay: PostfixRelay, sink: Sink, letters: number): Promise<number> {
  const started = performance.now();
  await relay.handIn(letters, LETTER_BYTES, IN_HAND);
  await sink.count(letters, WAIT_MS);
  return (letters * 1000) / (performance.now() - started);
}
