// A real Postfix as the sender, and kills: each letter comes back at least once, copies are known as copies, and nothing waits at the end.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort, peersMissing, startPostfix } from '../../bench/peers/postfix-dovecot.ts';
import { openSmtp } from '../smtp-client.ts';
import { documentLetter, openAlone, type AloneProgram } from '../transit/alone.ts';

const isLong = process.env['SIEGEL_LONG'] === '1';
const [LETTERS, KILLS] = isLong ? [500, 30] : [40, 4];
const skip = peersMissing() ?? false;

interface Postfix extends AsyncDisposable {
  readonly port: number;
  readonly waiting: () => boolean;
  /** Tries everything at once, whatever it meant to wait for after a connection that broke. */
  readonly flush: () => void;
  /** For a test that fails: its queue and its last words. */
  readonly state: () => string;
}

/** Its queue is looked through every second: a day of retries in a minute. */
async function openPostfix(relayPort: number): Promise<Postfix> {
  const directory = await mkdtemp(join(tmpdir(), 'siegel-sender-'));
  await chmod(directory, 0o755);
  const port = await freePort();
  await startPostfix(
    directory,
    port,
    [
      `relayhost = [127.0.0.1]:${relayPort}`,
      'smtpd_relay_restrictions = permit_mynetworks, reject',
      'disable_dns_lookups = yes',
      'smtp_tls_security_level = none',
      'minimal_backoff_time = 1s',
      'maximal_backoff_time = 2s',
      'queue_run_delay = 1s',
      'smtp_connection_cache_on_demand = no',
      'default_destination_concurrency_failed_cohort_limit = 0',
      'default_destination_concurrency_limit = 10',
      'initial_destination_concurrency = 10',
    ].join('\n'),
  );
  const config = join(directory, 'postfix');
  return {
    port,
    waiting: () => !spawnSync('postqueue', ['-c', config, '-p']).stdout.toString().includes('Mail queue is empty'),
    flush: () => void spawnSync('postqueue', ['-c', config, '-f']),
    state: () =>
      [
        spawnSync('postqueue', ['-c', config, '-p']).stdout.toString().slice(0, 2_000),
        readFileSync(join(directory, 'maillog'), 'utf8').split('\n').slice(-30).join('\n'),
      ].join('\n'),
    async [Symbol.asyncDispose]() {
      spawnSync('postfix', ['-c', config, 'stop']);
      await wait(300);
      await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

async function handIn(postfix: Postfix, ids: readonly string[]): Promise<void> {
  await using client = await openSmtp(postfix.port);
  for (const [at, id] of ids.entries()) {
    const letter = documentLetter({ id, words: `${id} wait ${isLong ? 50 + (at % 7) * 20 : 150 + (at % 7) * 60}` });
    const sent = await client.send({
      from: 'anna@sender.test',
      to: ['optimise@siegel.test'],
      bytes: Buffer.from(letter),
      by: 'data',
    });
    assert.equal(sent.code, 250, sent.text);
  }
}

const FLUSH_EVERY = 20;

async function untilEmpty(postfix: Postfix, waitMs: number): Promise<void> {
  const endsMs = performance.now() + waitMs;
  for (let looks = 1; postfix.waiting(); looks++) {
    assert.ok(performance.now() < endsMs, `Postfix still has letters in its queue:\n${postfix.state()}`);
    await wait(500);
    if (looks % FLUSH_EVERY === 0) postfix.flush();
  }
}

/** Connections to the room: each has at most one letter in flight. */
function inFlight(port: number): number {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const established = new RegExp(`^\\s*\\d+: [0-9A-F]+:${hex} [0-9A-F]+:[0-9A-F]+ 01 `);
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .filter((line) => established.test(line)).length;
}

async function killSome(alone: AloneProgram, kills: number): Promise<number> {
  let mayDouble = 0;
  for (let done = 0; done < kills; done++) {
    await wait(900 + (done % 5) * 130);
    mayDouble += inFlight(alone.ready.smtpPort);
    if (done % 2 === 0) {
      const { roomPid } = await alone.look();
      if (roomPid !== undefined) process.kill(roomPid, 'SIGKILL');
    } else {
      await alone.kill();
      await alone.start();
    }
  }
  return mayDouble;
}

function idsOf(alone: AloneProgram): readonly string[] {
  return alone.sink.taken.map(({ plainText }) => /^In-Reply-To: <([^@]+)@/im.exec(plainText)?.[1] ?? '');
}

/** One for all: each test leaves its queue empty, and has its room where Postfix hands letters on. */
let postfix: Postfix;
let relayPort = 0;

before(async () => {
  if (skip !== false) return;
  relayPort = await freePort();
  postfix = await openPostfix(relayPort);
});
after(() => postfix?.[Symbol.asyncDispose]());

function openRelay(flags: readonly string[] = []): Promise<AloneProgram> {
  return openAlone(flags, { SIEGEL_SMTP_PORT: String(relayPort) });
}

test('without kills each letter of Postfix comes back exactly once', { skip }, async () => {
  await using alone = await openRelay();
  const ids = Array.from({ length: 12 }, (_, at) => `calm${at}`);
  await handIn(postfix, ids);
  await untilEmpty(postfix, 60_000);
  assert.deepEqual([...idsOf(alone)].toSorted(), ids.toSorted());
});

test(
  `${LETTERS} letters of Postfix and ${KILLS} kills: each comes back, copies are the same letter, nothing waits`,
  { skip },
  async (t) => {
    await using alone = await openRelay();
    const ids = Array.from({ length: LETTERS }, (_, at) => `storm${at}`);
    const [, mayDouble] = await Promise.all([handIn(postfix, ids), killSome(alone, KILLS)]);
    await untilEmpty(postfix, isLong ? 600_000 : 120_000);
    const came = idsOf(alone);
    assert.deepEqual([...new Set(came)].toSorted(), ids.toSorted());
    const copies = came.length - ids.length;
    t.diagnostic(`${copies} copies, ${mayDouble} letters in flight at ${KILLS} kills`);
    assert.ok(copies <= mayDouble, `${copies} copies, ${mayDouble} in flight`);
    for (const id of ids) {
      const same = alone.sink.taken.filter((_, at) => came[at] === id);
      assert.equal(new Set(same.map(({ messageId }) => messageId)).size, 1);
      assert.equal(new Set(same.map(({ filesDigest }) => filesDigest)).size, 1);
    }
  },
);

test(
  'a room that answers before its result is taken loses letters to a kill, and the same look finds them',
  { skip },
  async () => {
    await using alone = await openRelay(['--hasty']);
    const ids = Array.from({ length: 10 }, (_, at) => `hasty${at}`);
    await handIn(postfix, ids);
    // all of them are out of Postfix's hands, and not yet in anybody else's
    await untilEmpty(postfix, 60_000);
    await alone.kill();
    await alone.start();
    const lost = ids.filter((id) => !idsOf(alone).includes(id));
    assert.ok(lost.length > 0, 'some are nowhere');
  },
);
