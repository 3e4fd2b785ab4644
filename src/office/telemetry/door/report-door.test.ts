// Callers of every kind at the collector’s and the relay’s door: malformed, truncated, endless, slow. Real sockets; what counts nothing is refused.

import assert from 'node:assert/strict';
import { createConnection } from 'node:net';
import { test, type TestContext } from 'node:test';
import { silentLog } from '#base/log/log.ts';
import { ANSWER_TYPE, REQUEST_TYPE } from '#formats/ohttp/ohttp.ts';
import { SEALED_ANSWER_BYTES, SEALED_REPORT_BYTES } from '../report/envelope.ts';
import { createReportDoor, type ReportDoorOptions, type Taken } from './report-door.ts';

interface OpenDoor {
  readonly port: number;
  readonly taken: Uint8Array[];
}

async function open(t: TestContext, options: Partial<ReportDoorOptions> = {}): Promise<OpenDoor> {
  const taken: Uint8Array[] = [];
  const door = createReportDoor({
    host: '127.0.0.1',
    port: 0,
    tls: undefined,
    isProxied: false,
    log: silentLog,
    take: async (bytes) => {
      taken.push(Uint8Array.from(bytes));
      return new Uint8Array(SEALED_ANSWER_BYTES).fill(0x41);
    },
    ...options,
  });
  const listening = await door.listen();
  assert.ok(listening.ok);
  t.after(() => door.close());
  return { port: listening.value.port, taken };
}

/** All that comes back until the other side closes, or `untilBytes` are there. */
function talk(port: number, parts: readonly (string | Uint8Array)[], untilBytes = Infinity): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    let heard = '';
    const end = (): void => {
      socket.destroy();
      resolve(heard);
    };
    socket.on('data', (part) => {
      heard += part.toString('latin1');
      if (heard.length >= untilBytes) end();
    });
    socket.on('error', end);
    socket.on('close', end);
    for (const part of parts) socket.write(part);
  });
}

const body = Uint8Array.from({ length: SEALED_REPORT_BYTES }, (_, at) => at % 251);

function head(more: Readonly<Record<string, string>> = {}, line = 'POST /report HTTP/1.1'): string {
  const fields = {
    host: 'collector.test',
    'content-type': REQUEST_TYPE,
    'content-length': String(SEALED_REPORT_BYTES),
    ...more,
  };
  const lines = Object.entries(fields).filter(([, value]) => value !== '');
  return `${[line, ...lines.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`;
}

test('a report comes in whole and its answer goes out, with the same length of everything each time', async (t) => {
  const { port, taken } = await open(t);
  const lengths = new Set<number>();
  for (const path of ['/report', '/']) {
    const heard = await talk(port, [head({ connection: 'close' }, `POST ${path} HTTP/1.1`), body]);
    assert.match(heard, /^HTTP\/1\.1 200 /);
    assert.ok(heard.includes(`content-type: ${ANSWER_TYPE}`));
    assert.ok(heard.endsWith('A'.repeat(SEALED_ANSWER_BYTES)));
    lengths.add(heard.length);
  }
  assert.deepEqual([taken.length, lengths.size], [2, 1]);
  assert.deepEqual(taken[0], body);
});

test('in small pieces too, and several over one connection', async (t) => {
  const { port, taken } = await open(t);
  const pieces = Array.from(body, (byte) => Uint8Array.of(byte));
  const last = head({ connection: 'close' });
  const heard = await talk(port, [head(), ...pieces, head(), body, last, body]);
  assert.equal(heard.split('HTTP/1.1 200 ').length, 4);
  assert.equal(taken.length, 3);
});

const REFUSED: readonly (readonly [string, readonly (string | Uint8Array)[]])[] = [
  ['another type', [head({ 'content-type': 'application/json' }), body]],
  ['a type with a parameter', [head({ 'content-type': `${REQUEST_TYPE}; charset=utf-8` }), body]],
  ['no type', [head({ 'content-type': '' }), body]],
  ['one byte less', [head({ 'content-length': String(SEALED_REPORT_BYTES - 1) }), body.subarray(1)]],
  ['one byte more', [head({ 'content-length': String(SEALED_REPORT_BYTES + 1) }), body, 'x']],
  ['a gigabyte announced', [head({ 'content-length': '1000000000' }), body]],
  ['no length', [head({ 'content-length': '' })]],
  ['in chunks', [head({ 'content-length': '', 'transfer-encoding': 'chunked' }), '137\r\n', body, '\r\n0\r\n\r\n']],
  ['packed', [head({ 'content-encoding': 'gzip' }), body]],
  ['nothing', [head({ 'content-length': '0' })]],
];

test('what has not exactly a report’s length and type is refused with the same words, unread, and the connection ends', async (t) => {
  const { port, taken } = await open(t);
  const answers = new Set<string>();
  for (const [name, parts] of REFUSED) {
    const heard = await talk(port, parts);
    assert.match(heard, /^HTTP\/1\.1 400 /, name);
    answers.add(heard.replace(/^date:.*\r\n/im, ''));
  }
  assert.equal(answers.size, 1);
  for (const line of [
    'GET /report HTTP/1.1',
    'PUT /report HTTP/1.1',
    'POST /reports HTTP/1.1',
    'POST /report?x HTTP/1.1',
  ])
    assert.match(await talk(port, [head({}, line), body]), /^HTTP\/1\.1 404 /, line);
  assert.deepEqual(taken, []);
});

test('what is no HTTP is answered by nobody', async (t) => {
  const { port, taken } = await open(t);
  const strange = [
    'hello\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000\u0001',
    head({ 'content-length': '-1' }),
    head({ 'content-length': '311, 311' }),
    head({ 'transfer-encoding': 'chunked' }), // both lengths: smuggling
    `POST /report HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
  ];
  for (const text of strange) {
    const heard = await talk(port, [text]);
    assert.ok(heard === '' || heard.startsWith('HTTP/1.1 400 '), text.slice(0, 60));
  }
  assert.deepEqual(taken, []);
});

test('a body without end, and one in chunks without end, are cut off', async (t) => {
  const { port, taken } = await open(t);
  const endless = Array.from({ length: 200 }, () => new Uint8Array(64 * 1024));
  assert.match(await talk(port, [head({ 'content-length': '99999999999' }), ...endless]), /^(?:HTTP\/1\.1 400 |$)/);
  const chunks = endless.flatMap((part) => ['10000\r\n', part, '\r\n']);
  const heard = await talk(port, [head({ 'content-length': '', 'transfer-encoding': 'chunked' }), ...chunks]);
  assert.match(heard, /^(?:HTTP\/1\.1 400 |$)/);
  assert.deepEqual(taken, []);
  assert.match(await talk(port, [head({ connection: 'close' }), body]), /^HTTP\/1\.1 200 /, 'and it goes on');
});

const QUICK = { headerWaitMs: 200, requestWaitMs: 200, lookMs: 50 };

test('who is slow with the header or the body is cut off; the twin, without that bound, waits on', async (t) => {
  const { port, taken } = await open(t, { bounds: QUICK });
  const begun = [head(), body.subarray(0, 100)] as const;
  assert.doesNotMatch(await talk(port, begun), /200/);
  assert.doesNotMatch(await talk(port, ['POST /report HTTP/1.1\r\nhost: x\r\n']), /200/);
  assert.deepEqual(taken, []);
  const patient = await open(t, { bounds: { closeWaitMs: 0 } });
  const waited = new Promise((resolve) => setTimeout(resolve, 1_000, 'waits'));
  assert.equal(await Promise.race([talk(patient.port, begun), waited]), 'waits');
});

test('many connections that say nothing keep nobody out for long', async (t) => {
  const { port } = await open(t, { bounds: { ...QUICK, connectionsMax: 20 } });
  const silent = Array.from({ length: 60 }, () => talk(port, ['POST ']));
  await Promise.all(silent);
  assert.match(await talk(port, [head({ connection: 'close' }), body]), /^HTTP\/1\.1 200 /);
});

test('what taking throws is an answer too, and the next one is taken', async (t) => {
  let nth = 0;
  const { port } = await open(t, {
    take: async (): Promise<Taken> => {
      nth += 1;
      if (nth === 1) throw new Error('a mistake of ours');
      return nth === 2 ? 400 : new Uint8Array(SEALED_ANSWER_BYTES);
    },
  });
  const heard = [];
  for (let times = 0; times < 3; times++)
    heard.push((await talk(port, [head({ connection: 'close' }), body])).slice(9, 12));
  assert.deepEqual(heard, ['503', '400', '200']);
});

test('of a proxy in front only its own word about the caller counts, and without one in front nobody’s', async (t) => {
  const heard: string[] = [];
  const take: ReportDoorOptions['take'] = async (_, addressOf) => {
    heard.push(addressOf());
    return 400;
  };
  const plain = await open(t, { take });
  const proxied = await open(t, { take, isProxied: true });
  const named = head({ connection: 'close', 'x-forwarded-for': '203.0.113.9, 198.51.100.7' });
  for (const { port } of [plain, proxied]) await talk(port, [named, body]);
  await talk(proxied.port, [head({ connection: 'close' }), body]);
  assert.deepEqual(heard, ['127.0.0.1', '198.51.100.7', '127.0.0.1']);
});
