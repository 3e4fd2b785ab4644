// What the relay passes on: the bytes and nothing else. Real sockets: a client, the relay, a collector that notes every byte it hears.

import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { manualClock, systemClock } from '#base/clock.ts';
import { silentLog } from '#base/log/log.ts';
import { createOutgoing, type Outgoing } from '#base/outgoing/outgoing.ts';
import { ok } from '#base/result.ts';
import { ANSWER_TYPE, REQUEST_TYPE } from '#formats/ohttp/ohttp.ts';
import { createReportDoor } from '../door/report-door.ts';
import { SEALED_ANSWER_BYTES, SEALED_REPORT_BYTES } from '../report/envelope.ts';
import { createAddressCounts, networkOf, type AddressBounds } from './address-counts.ts';
import { createRelay } from './relay.ts';

const BOUNDS: AddressBounds = { perAddress: 1_000, windowMs: 3_600_000, addressesMax: 1_000 };
const ANSWER = `HTTP/1.1 200 OK\r\ncontent-type: ${ANSWER_TYPE}\r\ncontent-length: ${SEALED_ANSWER_BYTES}\r\n\r\n${'A'.repeat(SEALED_ANSWER_BYTES)}`;

interface FakeCollector {
  readonly url: string;
  /** Everything heard, one text for each connection. */
  readonly heard: string[];
}

async function collector(t: TestContext, answer: () => string): Promise<FakeCollector> {
  const heard: string[] = [];
  const server = createServer((socket) => {
    const nth = heard.push('') - 1;
    let isAnswered = false;
    socket.on('error', () => undefined);
    socket.on('data', (part) => {
      heard[nth] += part.toString('latin1');
      const end = heard[nth]?.indexOf('\r\n\r\n') ?? -1;
      if (isAnswered || end < 0 || (heard[nth]?.length ?? 0) < end + 4 + SEALED_REPORT_BYTES) return;
      isAnswered = true;
      socket.write(answer());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

interface RelayWishes {
  readonly bounds?: Partial<AddressBounds>;
  readonly clock?: typeof systemClock;
  readonly outgoing?: Pick<Outgoing, 'request'>;
}

async function relay(
  t: TestContext,
  to: string,
  { bounds, clock = systemClock, outgoing }: RelayWishes = {},
): Promise<string> {
  const door = createReportDoor({
    host: '127.0.0.1',
    port: 0,
    tls: undefined,
    isProxied: true,
    log: silentLog,
    bounds: { closeWaitMs: 0 },
    take: createRelay({
      outgoing: outgoing ?? createOutgoing({ resolve: async () => ok(['127.0.0.1']), mayPrivate: true }),
      collector: to,
      counts: createAddressCounts(clock, { ...BOUNDS, ...bounds }),
    }),
  });
  const listening = await door.listen();
  assert.ok(listening.ok);
  t.after(() => door.close());
  return `http://127.0.0.1:${listening.value.port}/report`;
}

function report(seed: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: SEALED_REPORT_BYTES }, (_, at) => (at * 7 + seed) % 256);
}

function post(
  url: string,
  bytes: Uint8Array<ArrayBuffer>,
  more: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'content-type': REQUEST_TYPE, ...more }, body: bytes });
}

test('the collector hears the report’s bytes and fixed headers; no address, header or name of the caller', async (t) => {
  const far = await collector(t, () => ANSWER);
  const url = await relay(t, far.url);
  const marks = {
    'x-forwarded-for': '203.0.113.77',
    'user-agent': 'marker-agent',
    cookie: 'marker=cookie',
    'x-marker': 'marker',
    referer: 'http://marker.test',
  };
  for (const [seed, more] of [
    [1, marks],
    [2, {}],
    [3, { 'x-forwarded-for': '198.51.100.1' }],
  ] as const) {
    const answer = await post(url, report(seed), more);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), ANSWER_TYPE);
    assert.equal(await answer.text(), 'A'.repeat(SEALED_ANSWER_BYTES));
  }
  const heads = far.heard.map((text) => text.slice(0, text.indexOf('\r\n\r\n')));
  assert.equal(far.heard.length, 3, 'each over a connection of its own');
  assert.equal(new Set(heads).size, 1, 'with the very same head');
  assert.doesNotMatch(heads[0] ?? '', /marker|203\.0\.113|forwarded|cookie|referer/i);
  assert.equal(new Set(far.heard.map(({ length }) => length)).size, 1);
  for (const [nth, text] of far.heard.entries())
    assert.equal(text.slice(text.indexOf('\r\n\r\n') + 4), Buffer.from(report(nth + 1)).toString('latin1'));
});

test('whatever the collector answers, the caller gets a sealed answer’s length or a constant refusal', async (t) => {
  let said = ANSWER;
  const far = await collector(t, () => said);
  const url = await relay(t, far.url);
  const plain = (status: string, type: string, body: string): string =>
    `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\nx-mark: a\r\n\r\n${body}`;
  const answers: readonly (readonly [string, number])[] = [
    [plain('400 Bad Request', 'text/plain', 'secret words'), 400],
    [plain('503 No', 'text/plain', 'secret words'), 503],
    [plain('500 No', 'text/plain', 'secret words'), 502],
    [plain('302 Found', 'text/plain', 'secret words'), 502],
    [plain('200 OK', 'text/html', 'A'.repeat(SEALED_ANSWER_BYTES)), 502],
    [plain('200 OK', ANSWER_TYPE, 'A'.repeat(SEALED_ANSWER_BYTES - 1)), 502],
    [plain('200 OK', ANSWER_TYPE, 'A'.repeat(SEALED_ANSWER_BYTES + 1)), 502],
    ['not http at all\r\n\r\n', 502],
    [ANSWER, 200],
  ];
  for (const [text, status] of answers) {
    said = text;
    const answer = await post(url, report(1));
    const body = await answer.text();
    assert.equal(answer.status, status, text.slice(0, 40));
    assert.equal(answer.headers.get('x-mark'), null);
    assert.equal(body.includes('secret'), false);
  }
  const nobody = await relay(t, 'http://127.0.0.1:1');
  assert.equal((await post(nobody, report(1))).status, 502);
});

test('one network passes only so many in an hour, however it writes its address; others pass', async (t) => {
  const far = await collector(t, () => ANSWER);
  const clock = manualClock(0);
  const url = await relay(t, far.url, { bounds: { perAddress: 3 }, clock });
  const from = async (address: string): Promise<number> =>
    (await post(url, report(1), { 'x-forwarded-for': address })).status;
  const same = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:0DB8:1:2:a:b:c:d', '2001:db8:1:2::'];
  const heard = [];
  for (const address of same) heard.push(await from(address));
  assert.deepEqual(heard, [200, 200, 200, 429]);
  assert.equal(await from('2001:db8:1:3::1'), 200);
  for (const address of ['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1']) assert.equal(await from(address), 200);
  assert.equal(await from('::ffff:192.0.2.1'), 429);
  assert.equal(await from('192.0.2.2'), 200);
  assert.equal(far.heard.length, 8, 'what is refused never reaches the collector');
  clock.advanceMs(BOUNDS.windowMs);
  assert.equal(await from('192.0.2.1'), 200, 'an hour later all is forgotten');
});

test('a flood of networks does not make those forgotten that came too often; the twin, without bound, takes all', () => {
  const counts = createAddressCounts(manualClock(0), { perAddress: 1, windowMs: 1_000, addressesMax: 100 });
  assert.equal(counts.mayPass('192.0.2.1'), true);
  const passed = Array.from({ length: 5_000 }, (_, nth) => counts.mayPass(`2001:db8:${nth.toString(16)}::1`));
  assert.equal(passed.filter(Boolean).length, 99);
  assert.equal(counts.mayPass('192.0.2.1'), false);
  const open = createAddressCounts(manualClock(0), { perAddress: 1, windowMs: 1_000, addressesMax: Infinity });
  assert.ok(Array.from({ length: 5_000 }, (_, nth) => open.mayPass(`2001:db8:${nth.toString(16)}::1`)).every(Boolean));
});

test('a collector that does not answer holds only so many; the next is told to come again', async () => {
  const held: (() => void)[] = [];
  const outgoing: Pick<Outgoing, 'request'> = {
    request: () =>
      new Promise((resolve) =>
        held.push(() =>
          resolve(
            ok({ status: 200, headers: { 'content-type': ANSWER_TYPE }, body: new Uint8Array(SEALED_ANSWER_BYTES) }),
          ),
        ),
      ),
  };
  const pass = createRelay({ outgoing, collector: 'http://x', counts: { mayPass: () => true } });
  const under = Array.from({ length: 64 }, () => pass(report(1), () => 'a'));
  assert.equal(await pass(report(1), () => 'a'), 503);
  for (const answer of held) answer();
  for (const answer of await Promise.all(under)) assert.ok(typeof answer !== 'number');
  const more = pass(report(1), () => 'a');
  held.at(-1)?.();
  assert.ok(typeof (await more) !== 'number');
});

test('networks: an IPv4 address as it is, an IPv6 one by its first 64 bits', () => {
  const cases = {
    '192.0.2.1': '192.0.2.1',
    '::ffff:192.0.2.1': '192.0.2.1',
    '::1': '0:0:0:0::/64',
    '2001:db8::': '2001:db8:0:0::/64',
    '2001:db8:1:2:3:4:5:6': '2001:db8:1:2::/64',
    'fe80::1%eth0': 'fe80:0:0:0::/64',
    'not an address': 'not an address',
  };
  for (const [address, network] of Object.entries(cases)) assert.equal(networkOf(address), network);
});
