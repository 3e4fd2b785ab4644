// rspamd at the door: what it says is obeyed, its silence costs no letter. A real rspamd where there is one, and broken ones.

import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { manualClock, systemClock, type Clock } from '#base/clock.ts';
import type { LocalService } from '#base/config/values.ts';
import { silentLog } from '#base/log/log.ts';
import { createOutgoing } from '#base/outgoing/outgoing.ts';
import { err } from '#base/result.ts';
import { TestClient } from '../../wire/dialogues/test-client.ts';
import { openTestReception, type TestReception, type TestReceptionOptions } from '../dialogues/test-reception.ts';
import { rspamdSkip, startRspamd } from '../dialogues/test-rspamd.ts';
import { createRspamd, type Rspamd, type RspamdBounds } from './rspamd.ts';

const HEAD = 'From: a@b.test\r\nDate: Sun, 17 May 2026 10:00:00 +0000\r\nMessage-ID: <mid-canary@b.test>\r\n';
const GTUBE = 'JS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X';
const CANARIES = [
  'mid-canary',
  'subject-canary',
  'body-canary',
  'siegel.test',
  'rgen@b.test',
  'sue@b.test',
  'mx.b.test',
];
const letterOf = (plainBody: string): string => `${HEAD}Subject: subject-canary\r\n\r\n${plainBody}\r\n`;

function client(place: LocalService, bounds: Partial<RspamdBounds> = {}, clock: Clock = systemClock): Rspamd {
  const outgoing = createOutgoing({ resolve: async () => err({ kind: 'noAnswer' }), mayPrivate: false });
  return createRspamd({ clock, log: silentLog, outgoing }, place, bounds);
}

async function open(t: TestContext, rspamd: Rspamd, options: TestReceptionOptions = {}): Promise<TestReception> {
  const house = await openTestReception({ rspamd, ...options });
  t.after(() => house.close());
  return house;
}

interface How {
  readonly from?: string;
  readonly lmtpSocket?: string;
}

async function send(house: TestReception, plainLetter: string, how: How = {}): Promise<string> {
  const { from = 'sue@b.test', lmtpSocket } = how;
  const talk = await TestClient.connect(lmtpSocket ?? house.smtpPort);
  await talk.reply();
  await talk.ask(lmtpSocket === undefined ? 'EHLO mx.b.test' : 'LHLO mx.b.test');
  for (const line of [`MAIL FROM:<${from}> SMTPUTF8`, 'RCPT TO:<anna@siegel.test>', 'RCPT TO:<Ben+x@siegel.test>'])
    assert.match((await talk.ask(line))[0] ?? '', /^250 /);
  await talk.ask('DATA');
  talk.send(plainLetter);
  const [answer = 'hung up'] = await talk.ask('.');
  talk.drop();
  return answer;
}

interface Fake {
  readonly place: LocalService;
  readonly asked: { readonly request: IncomingMessage; readonly plainBody: string }[];
}

/** Something that listens where rspamd should. */
async function fake(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Fake> {
  const asked: Fake['asked'] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => asked.push({ request, plainBody: Buffer.concat(parts).toString('latin1') }));
    answer(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { place: { origin: `http://127.0.0.1:${address.port}`, socketPath: undefined }, asked };
}

const says =
  (action: string) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    request.on('end', () => response.end(JSON.stringify({ is_skipped: true, score: 1, action, symbols: {} })));
    request.resume();
  };

function isInJunk({ kept, anna }: TestReception): boolean {
  return kept.at(-1)?.copies[0]?.mailboxId === anna.junk;
}

test('each action of rspamd has its answer; greylist is none', async (t) => {
  const cases = [
    ['reject', /^550 5\.7\.1 the junk filter/, 'refusedByFilter'],
    ['soft reject', /^451 4\.7\.1 the junk filter/, 'putOffByFilter'],
    ['add header', /^250 /, 'movedToJunk'],
    ['rewrite subject', /^250 /, 'movedToJunk'],
    ['quarantine', /^250 /, 'movedToJunk'],
    ['discard', /^250 /, 'movedToJunk'],
    ['greylist', /^250 /, undefined],
    ['no action', /^250 /, undefined],
  ] as const;
  for (const [action, answer, step] of cases) {
    const { place } = await fake(t, says(action));
    const rspamd = client(place);
    const house = await open(t, rspamd);
    assert.match(await send(house, letterOf('hello')), answer, action);
    const steps = house.steps.filter((one) => one === step || one === 'movedToJunk');
    assert.deepEqual(steps, step === undefined ? [] : [step], action);
    assert.equal(isInJunk(house), step === 'movedToJunk', action);
    assert.deepEqual(rspamd.counts, { answered: 1, unanswered: 0 });
  }
});

test('rspamd is told the letter as it came, its envelope and who brought it', async (t) => {
  const { place, asked } = await fake(t, says('no action'));
  const house = await open(t, client(place));
  const answer = await send(house, letterOf('Grüße'));
  const [question] = asked;
  assert.equal(question?.request.url, '/checkv2');
  assert.equal(question.plainBody, Buffer.from(letterOf('Grüße')).toString('latin1'));
  const { from, rcpt, helo, ip, flags, 'queue-id': queueId } = question.request.headersDistinct;
  assert.deepEqual([from, rcpt], [['<sue@b.test>'], ['<anna@siegel.test>', '<Ben+x@siegel.test>']]);
  assert.deepEqual([helo, ip, flags], [['mx.b.test'], ['127.0.0.1'], ['no_log']]);
  assert.ok(answer.endsWith(`id=${queueId?.[0]}`), answer);
});

test('addresses that rspamd would not read but log are left out; the null sender is told', async (t) => {
  const { place, asked } = await fake(t, says('no action'));
  const house = await open(t, client(place));
  const froms: unknown[] = [];
  for (const from of ['jürgen@b.test', '"a b"@b.test', 'a@bücher.test', '']) {
    assert.match(await send(house, letterOf('x'), { from }), /^250 /);
    froms.push(asked.at(-1)?.request.headersDistinct['from']);
  }
  assert.deepEqual(froms, [undefined, undefined, ['<a@xn--bcher-kva.test>'], ['<>']]);
});

test('an rspamd that is absent, slow, broken or talks nonsense costs no letter and is counted', async (t) => {
  const broken: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
    slow: () => {},
    drips: (_, response) => void setInterval(() => response.write(' '), 20).unref(),
    hangsUp: (request) => void request.socket.destroy(),
    error: (_, response) => void response.writeHead(500).end('{"error":"x"}'),
    redirects: (_, response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
    noJson: (_, response) => void response.end('reject'),
    noAction: (_, response) => void response.end('{"score":99}'),
    unknownAction: (_, response) => void response.end('{"action":"burn"}'),
    oddAction: (_, response) => void response.end('{"action":["reject"]}'),
    endless: (_, response) => void response.end(`{"action":"reject","x":"${'x'.repeat(3_000_000)}"}`),
  };
  const places: [string, LocalService][] = [['absent', { origin: 'http://127.0.0.1:1', socketPath: undefined }]];
  places.push(['no socket', { origin: 'http://127.0.0.1', socketPath: join(tmpdir(), 'siegel-no-such.sock') }]);
  for (const [name, answer] of Object.entries(broken)) places.push([name, (await fake(t, answer)).place]);
  for (const [name, place] of places) {
    const rspamd = client(place, { waitMs: 150 });
    const house = await open(t, rspamd);
    assert.match(await send(house, letterOf(name)), /^250 /, name);
    assert.equal(isInJunk(house), false, name);
    assert.deepEqual(rspamd.counts, { answered: 0, unanswered: 1 }, name);
    assert.equal(rspamd.isAnswering, false, name);
  }
});

test('without an answer our own light score still finds junk', async (t) => {
  const house = await open(t, client({ origin: 'http://127.0.0.1:1', socketPath: undefined }));
  const junk = letterOf('x').replace('From: a@b.test', 'From: "service@paypal.test" <a@b.test>');
  const link = junk.replace('\r\n\r\nx', '\r\nContent-Type: text/html\r\n\r\n<a href="https://a@192.0.2.1/">x</a>');
  assert.match(await send(house, link), /^250 /);
  assert.equal(isInJunk(house), true);
});

test('a large letter whose question is answered before it was read is kept whole', async (t) => {
  const { place } = await fake(t, (request, response) => {
    request.pause();
    response.end('{"action":"no action"}');
  });
  const house = await open(t, client(place));
  const lines = Array.from({ length: 60_000 }, (_, at) => `line ${at} of a large letter`).join('\r\n');
  for (let turn = 0; turn < 3; turn++) {
    assert.match(await send(house, letterOf(lines)), /^250 /);
    const newest = house.kept.at(-1);
    assert.ok(newest !== undefined && (await house.anna.open(newest)).endsWith(letterOf(lines)));
  }
});

test('after several silent answers rspamd is left alone for a while, then asked again', async (t) => {
  let isWell = false;
  const { place, asked } = await fake(t, (request, response) => {
    if (isWell) says('add header')(request, response);
    else response.writeHead(503).end();
  });
  const clock = manualClock(0);
  const rspamd = client(place, { failuresMax: 3, pauseMs: 1_000 }, clock);
  const house = await open(t, rspamd);
  for (let count = 0; count < 5; count++) assert.match(await send(house, letterOf('x')), /^250 /);
  assert.deepEqual([asked.length, rspamd.counts.unanswered, rspamd.isAnswering], [3, 5, false]);
  isWell = true;
  clock.advanceMs(1_001);
  await send(house, letterOf('x'));
  assert.deepEqual([asked.length, rspamd.counts.answered, rspamd.isAnswering], [4, 1, true]);
  assert.equal(isInJunk(house), true);
});

test('letters of our own networks and by LMTP are not shown to rspamd', async (t) => {
  const { place, asked } = await fake(t, says('reject'));
  const rspamd = client(place);
  const own = await open(t, rspamd, { isTrusted: true });
  assert.match(await send(own, letterOf('x')), /^250 /);
  const behind = await open(t, rspamd, { lmtpSocket: join(tmpdir(), `siegel-rspamd-${process.pid}.sock`) });
  assert.match(await send(behind, letterOf('x'), { lmtpSocket: behind.lmtpSocket }), /^250 /);
  assert.equal(asked.length, 0);
  assert.match(await send(behind, letterOf('x')), /^550 /, 'by SMTP it is asked');
});

test(
  'Debian’s rspamd refuses, marks and lets pass, by port and by socket, and writes nothing of a letter down',
  { skip: rspamdSkip },
  async (t) => {
    await using real = await startRspamd();
    for (const place of [real.byPort, real.bySocket]) {
      const rspamd = client(place);
      const house = await open(t, rspamd);
      assert.match(await send(house, letterOf(`X${GTUBE}`)), /^550 5\.7\.1 the junk filter/);
      assert.equal(house.kept.length, 0);
      assert.match(await send(house, letterOf(`Y${GTUBE}`)), /^250 /);
      assert.equal(isInJunk(house), true);
      assert.match(await send(house, letterOf('body-canary')), /^250 /);
      assert.equal(isInJunk(house), false);
      assert.deepEqual(rspamd.counts, { answered: 3, unanswered: 0 });
    }
    assert.deepEqual(await real.findWritten(CANARIES), []);
  },
);

test('the twin of it: rspamd’s usual log level writes Message-IDs down', { skip: rspamdSkip }, async (t) => {
  await using real = await startRspamd('info');
  const house = await open(t, client(real.byPort));
  assert.match(await send(house, letterOf('body-canary')), /^250 /);
  assert.deepEqual(await real.findWritten(CANARIES), ['mid-canary in log'], 'no_log holds back the rest');
});
