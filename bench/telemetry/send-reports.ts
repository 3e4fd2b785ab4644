// Process of the bench: seals reports beforehand, then sends them to a collector over kept connections, and prints what came each second.

import { createConnection, type Socket } from 'node:net';
import { hashQuestion } from '#office/telemetry/catalogue/question.ts';
import { questions } from '#office/telemetry/catalogue/questions.ts';
import { parseCard } from '#office/telemetry/catalogue/card.ts';
import { openAnswer, SEALED_ANSWER_BYTES, sealReport, type SealedReport } from '#office/telemetry/report/envelope.ts';
import { dayOf } from '#office/telemetry/report/weeks.ts';

const [, , url = '', reportsText = '', connectionsText = ''] = process.argv;
const card = parseCard(await (await fetch(`${url}/card.json`)).text());
if (!card.ok) throw new Error(card.error.sentence);
const { key, authority } = card.value;
const { hostname, port } = new URL(url);
const day = dayOf(Date.now());
const sealed = Array.from({ length: Number(reportsText) }, (_, nth) => {
  const question = questions[nth % questions.length] ?? questions[0];
  const answer = nth % question.buckets.length;
  // a fifth of them is cover, about as in a quarter
  const isCover = nth % 5 === 0;
  const report = isCover
    ? ({ kind: 'cover', day } as const)
    : ({ kind: 'answer', day, question: hashQuestion(question), answer } as const);
  return sealReport(report, key, authority);
});
const head = (bytes: number): string =>
  `POST /report HTTP/1.1\r\nHost: ${authority}\r\nContent-Type: message/ohttp-req\r\nContent-Length: ${bytes}\r\n\r\n`;

let next = 0;
let taken = 0;
let wrong = 0;
const perSecond: number[] = [];

/** One request at a time on each connection; the answer is read to its last byte, every fiftieth is opened. */
function work(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = createConnection({ host: hostname, port: Number(port), noDelay: true });
    let mine: SealedReport | undefined;
    let nth = 0;
    let heard = Buffer.alloc(0);
    const send = (): void => {
      nth = next++;
      mine = sealed[nth];
      if (mine === undefined) {
        socket.end();
        resolve();
        return;
      }
      socket.write(Buffer.concat([Buffer.from(head(mine.bytes.length)), mine.bytes]));
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('data', (part) => {
      heard = heard.length === 0 ? part : Buffer.concat([heard, part]);
      const end = heard.indexOf('\r\n\r\n');
      if (end < 0 || heard.length < end + 4 + SEALED_ANSWER_BYTES) return;
      const isGood = heard.subarray(0, 12).toString() === 'HTTP/1.1 200';
      const body = heard.subarray(end + 4);
      if (!isGood || (nth % 50 === 0 && mine && openAnswer(mine.exchange, Uint8Array.from(body)) !== 204)) wrong += 1;
      else taken += 1;
      heard = Buffer.alloc(0);
      send();
    });
  });
}

process.stdout.write(`${JSON.stringify({ sealed: sealed.length })}\n`);
let before = 0;
const timer = setInterval(() => {
  perSecond.push(taken - before);
  before = taken;
}, 1_000);
await Promise.all(Array.from({ length: Number(connectionsText) }, work));
clearInterval(timer);
process.stdout.write(`${JSON.stringify({ perSecond, taken, wrong })}\n`);
