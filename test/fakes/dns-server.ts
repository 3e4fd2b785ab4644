// A name server on 127.0.0.1 that serves the zone it is handed: real UDP, for letters from domains that do not exist (RFC 1035).

import { createSocket, type RemoteInfo } from 'node:dgram';
import { isIPv4 } from 'node:net';

/** Texts of TXT may have any length. */
export interface ZoneRecords {
  readonly TXT?: readonly string[];
  readonly A?: readonly string[];
  readonly AAAA?: readonly string[];
  readonly MX?: readonly { readonly priority: number; readonly exchange: string }[];
  readonly PTR?: readonly string[];
  /** Authorities that may issue. */
  readonly CAA?: readonly string[];
  readonly SRV?: readonly { readonly priority: number; readonly port: number; readonly exchange: string }[];
}
/** Lower-case names without a dot at the end. A name that is missing does not exist. */
export type Zone = Readonly<Record<string, ZoneRecords | 'servfail' | 'silent'>>;

export interface DnsServerFake {
  readonly address: string;
  readonly port: number;
  /** `127.0.0.1:port`, as `SIEGEL_DNS` takes it. */
  readonly endpoint: string;
  /** Names asked so far, as `TYPE name`. */
  readonly asked: readonly string[];
  useZone(zone: Zone): void;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<number, keyof ZoneRecords>> = {
  1: 'A',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
};
const SERVFAIL = 2;
const NXDOMAIN = 3;
const TTL_SECONDS = 300;

export async function startDnsServer(firstZone: Zone): Promise<DnsServerFake> {
  let zone = firstZone;
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query: Buffer, from: RemoteInfo) => {
    const question = parseQuestion(query);
    asked.push(`${TYPES[question.type] ?? question.type} ${question.name}`);
    const found = zone[question.name];
    if (found === 'silent') return;
    socket.send(answerTo(query, question, found), from.port, from.address);
  });
  await new Promise<void>((resolve) => {
    socket.bind(0, '127.0.0.1', resolve);
  });
  const { port } = socket.address();
  return {
    address: '127.0.0.1',
    port,
    endpoint: `127.0.0.1:${port}`,
    asked,
    useZone: (next) => {
      zone = next;
    },
    close: () =>
      new Promise((resolve) => {
        socket.close(() => resolve());
      }),
  };
}

interface Question {
  readonly name: string;
  readonly type: number;
  readonly endOffset: number;
}

function parseQuestion(query: Buffer): Question {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), endOffset: at + 5 };
}

function answerTo(query: Buffer, question: Question, found: ZoneRecords | 'servfail' | 'silent' | undefined): Buffer {
  const type = TYPES[question.type];
  const records = typeof found === 'object' && type !== undefined ? (found[type] ?? []) : [];
  const datas = records.map((record) => dataOf(type ?? 'TXT', record));
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  const code = found === undefined ? NXDOMAIN : found === 'servfail' ? SERVFAIL : 0;
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(datas.length, 6);
  const answers = datas.map((data) => {
    const head = Buffer.alloc(12);
    head.writeUInt16BE(0xc00c, 0); // the name of the question
    head.writeUInt16BE(question.type, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt32BE(TTL_SECONDS, 6);
    head.writeUInt16BE(data.length, 10);
    return Buffer.concat([head, data]);
  });
  return Buffer.concat([header, query.subarray(12, question.endOffset), ...answers]);
}

function dataOf(
  type: keyof ZoneRecords,
  record: string | { readonly priority: number; readonly port?: number; readonly exchange: string },
): Buffer {
  if (typeof record !== 'string') {
    const { priority, port, exchange } = record;
    const numbers = Buffer.alloc(port === undefined ? 2 : 6);
    numbers.writeUInt16BE(priority);
    if (port !== undefined) numbers.writeUInt16BE(port, 4); // its weight is 0
    return Buffer.concat([numbers, nameOf(exchange)]);
  }
  if (type === 'TXT') return textOf(record);
  if (type === 'CAA') return Buffer.from(`\0\u0005issue${record}`, 'latin1'); // RFC 8659 §4.1
  if (type === 'PTR') return nameOf(record);
  return isIPv4(record) ? Buffer.from(record.split('.').map(Number)) : addressOf(record);
}

function textOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length || at === 0; at += 255) {
    const piece = bytes.subarray(at, at + 255);
    pieces.push(Buffer.from([piece.length]), piece);
  }
  return Buffer.concat(pieces);
}

function nameOf(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]),
    Buffer.from([0]),
  ]);
}

function addressOf(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right];
  return Buffer.from(groups.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]));
}
