// Every report is as long as every other: sealed, as a request over HTTP, and on a wire with TLS, counted on real sockets.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer as createSecureServer } from 'node:https';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { test, type TestContext } from 'node:test';
import { createOutgoing } from '#base/outgoing/outgoing.ts';
import { ok } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { formatRequest } from '#formats/bhttp/bhttp.ts';
import { ANSWER_TYPE, formatKeyConfig } from '#formats/ohttp/ohttp.ts';
import { parseCard } from '#office/telemetry/catalogue/card.ts';
import { sendReport } from '#office/telemetry/home/send-report.ts';
import {
  sealReport,
  SEALED_ANSWER_BYTES,
  SEALED_REPORT_BYTES,
  type SealedReport,
} from '#office/telemetry/report/envelope.ts';
import { formatReport, REPORT_BYTES, type Report } from '#office/telemetry/report/report.ts';
import { testCertificate } from '#post/wire/dialogues/test-certificate.ts';
import { asked, COLLECTOR, newKey, simulate } from './homes.ts';

/** The longest header of a request is far below. */
const HEAD_END = '\r\n\r\n';
const day = 20_800;
const reports: readonly Report[] = [
  { kind: 'cover', day },
  { kind: 'cover', day: day + 1 },
  ...asked.flatMap(({ hash, buckets }) =>
    [0, buckets - 1].map((answer) => ({ kind: 'answer', day, question: hash, answer }) as const),
  ),
];

const key = newKey();
const card = {
  v: 1,
  operator: 'x',
  country: { de: 'x', en: 'x' },
  purpose: { de: 'x', en: 'x' },
  published: { de: 'x', en: 'x' },
  url: `https://${COLLECTOR}`,
  key: toBase64Url(formatKeyConfig(key)),
};
const read = parseCard(JSON.stringify(card));
assert.ok(read.ok);
const collector = read.value;

function sealAll(authority = collector.authority): readonly SealedReport[] {
  return reports.map((report) => sealReport(report, collector.key, authority));
}

/** As if nothing were filled up: what a cover report has not to say it does not say. */
function sealUnpadded(): readonly SealedReport[] {
  return reports.map((report) => {
    const whole = formatReport(report);
    const content = whole.subarray(0, whole.findLastIndex((byte) => byte !== 0) + 1);
    const request = { method: 'POST', scheme: 'https', authority: COLLECTOR, path: '/report', fields: [], content };
    const bytes = Uint8Array.from(randomBytes(SEALED_REPORT_BYTES - 256 + formatRequest(request).length));
    return { ...sealReport(report, collector.key, COLLECTOR), bytes };
  });
}

async function listen(t: TestContext, server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Answers as a relay does and keeps what came on each connection. */
async function startRelay(t: TestContext): Promise<{ readonly port: number; readonly came: Buffer[] }> {
  const came: Buffer[] = [];
  const answer = `HTTP/1.1 200 OK\r\ncontent-type: ${ANSWER_TYPE}\r\ncontent-length: ${SEALED_ANSWER_BYTES}\r\n\r\n`;
  const server = createServer((socket) => {
    let got = Buffer.alloc(0);
    socket.on('data', (part) => {
      got = Buffer.concat([got, part]);
      const bodyAt = got.indexOf(HEAD_END);
      const length = Number(/content-length: (\d+)/i.exec(got.toString('latin1'))?.[1]);
      if (bodyAt >= 0 && got.length >= bodyAt + HEAD_END.length + length)
        socket.write(Buffer.concat([Buffer.from(answer), Buffer.alloc(SEALED_ANSWER_BYTES)]));
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => came.push(got));
  });
  return { port: await listen(t, server), came };
}

/** One after the other, as homes do; each over the house's own door. */
async function send(url: string, reports: readonly SealedReport[], trustPem?: string): Promise<void> {
  const outgoing = createOutgoing({
    resolve: () => Promise.resolve(ok(['127.0.0.1'])),
    mayPrivate: true,
    ...(trustPem === undefined ? {} : { trustPem }),
  });
  for (const report of reports) {
    const outcome = await sendReport((request) => outgoing.request('telemetry', request), report, {
      way: { kind: 'relay', url },
      collector,
    });
    assert.equal(outcome, 'noAnswer', 'what the relay says is not sealed by the collector');
  }
}

async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setImmediate(resolve));
}

function bytesOf(sealed: readonly SealedReport[]): readonly Uint8Array[] {
  return sealed.map(({ bytes }) => bytes);
}

function lengthsOf(parts: readonly Uint8Array[]): readonly number[] {
  return [...new Set(parts.map(({ length }) => length))];
}

test('a sealed report has 311 bytes, whatever it says, to whatever collector', () => {
  for (const authority of [COLLECTOR, 'c.de', `${'a'.repeat(120)}.example`])
    assert.deepEqual(lengthsOf(bytesOf(sealAll(authority))), [SEALED_REPORT_BYTES]);
  assert.equal(SEALED_REPORT_BYTES, 311);
  assert.deepEqual(lengthsOf(reports.map(formatReport)), [REPORT_BYTES]);
  const year = simulate({ homes: 20, weeks: 52 });
  assert.ok(year.some(({ report }) => report.kind === 'cover') && year.some(({ report }) => report.kind === 'answer'));
  assert.deepEqual(lengthsOf(year.map(({ sealed }) => sealed)), [SEALED_REPORT_BYTES]);
  assert.deepEqual(lengthsOf(year.map(({ plain }) => plain)), [256]);
  assert.ok(lengthsOf(bytesOf(sealUnpadded())).length > 1, 'twin: not filled up');
});

test('on a socket each report is one connection and one length, and all but the sealed bytes is the same', async (t) => {
  const { port, came } = await startRelay(t);
  const sealed = sealAll();
  await send(`http://127.0.0.1:${port}/reports`, sealed);
  await until(() => came.length === sealed.length);
  assert.equal(lengthsOf(came).length, 1);
  const heads = new Set(came.map((bytes) => bytes.subarray(0, bytes.length - SEALED_REPORT_BYTES).toString('latin1')));
  assert.equal(heads.size, 1, [...heads].join('\n'));
  assert.deepEqual(
    came.map((bytes) => bytes.subarray(-SEALED_REPORT_BYTES).toString('hex')),
    sealed.map(({ bytes }) => Buffer.from(bytes).toString('hex')),
  );
  const unpadded = sealUnpadded();
  await send(`http://127.0.0.1:${port}/reports`, unpadded);
  await until(() => came.length === sealed.length + unpadded.length);
  assert.ok(lengthsOf(came.slice(sealed.length)).length > 1, 'twin: not filled up');
});

/** How many bytes each connection carried towards the relay, as whoever watches the wire counts them. */
async function countOnWire(t: TestContext, sealed: readonly SealedReport[]): Promise<readonly number[]> {
  const { keyPem, certificatePem } = testCertificate();
  const secure = createSecureServer({ key: keyPem, cert: certificatePem }, (request, response) => {
    request.resume().on('end', () => response.end(Buffer.alloc(SEALED_ANSWER_BYTES)));
  });
  const inside = await listen(t, secure);
  const counts: number[] = [];
  const watcher = createServer((socket) => {
    const onward = connect(inside, '127.0.0.1');
    let count = 0;
    socket.on('data', (part) => {
      count += part.length;
    });
    socket.on('close', () => counts.push(count));
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const)
      one.on('error', () => one.destroy()).on('close', () => other.destroy());
    socket.pipe(onward).pipe(socket);
  });
  const port = await listen(t, watcher);
  await send(`https://siegel.test:${port}/reports`, sealed, certificatePem);
  await until(() => counts.length === sealed.length);
  return counts;
}

test('encrypted to the relay, all connections carry the same number of bytes', async (t) => {
  const honest = await countOnWire(t, sealAll());
  assert.equal(new Set(honest).size, 1, honest.join(' '));
  assert.ok(new Set(await countOnWire(t, sealUnpadded())).size > 1, 'twin: not filled up');
});
