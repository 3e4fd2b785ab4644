// The real LibreOffice in its sandbox, where both are installed; and programs in its place that hang, die, fill their room and are ended from outside.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { docx, linkingDoc, odp, ods, odt, writtenOffice, xlsx } from '../../../../test/papers/sample-office.ts';
import { processesWith } from '../../../../test/transit/converters.ts';
import { Budget } from '../extract/budget.ts';
import { prepareOffice } from '../office/prepare-office.ts';
import { convertOffice, type OfficeOrder, type OfficePlaces } from './convert-office.ts';

const IS_LONG = process.env['SIEGEL_LONG'] === '1';
const SANDBOX = '/usr/bin/bwrap';
const REAL: OfficePlaces = {
  sandbox: SANDBOX,
  programFolder: '/usr/lib/libreoffice/program',
  modules: ['writer', 'calc', 'impress'],
};
const missing = existsSync(SANDBOX) ? undefined : 'bubblewrap is not installed';
const isInstalled = existsSync(`${REAL.programFolder}/soffice.bin`) && existsSync('/usr/bin/pdftotext');
const skip = missing ?? (isInstalled ? false : 'LibreOffice or pdftotext is not installed');
const skipStandIn = missing ?? false;

// not under /tmp, which is another folder in there
const scratch = mkdtempSync('/var/tmp/siegel-office-');
after(() => rmSync(scratch, { recursive: true, force: true }));
let programs = 0;

/** How long a stand-in sleeps, more than any test takes: by it its processes are known from those of a run beside. */
const seconds = (which: number): string => `4711.${which}${process.pid}`;

/** In the place of LibreOffice. */
function standIn(script: string): OfficePlaces {
  const programFolder = mkdtempSync(join(scratch, `${programs++}-`));
  const file = join(programFolder, 'soffice.bin');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return { ...REAL, programFolder };
}

/** The walls with a door to the network, and LibreOffice without our settings. */
function openSandbox(): string {
  const file = join(scratch, 'open-bwrap');
  const nothing =
    '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry"></oor:items>';
  const script = `#!/bin/sh
n=$#
while test $n -gt 0; do
  a=$1; shift; n=$((n - 1))
  case "$a" in
    --unshare-all) set -- "$@" --unshare-all --share-net ;;
    *oor:items*) set -- "$@" '${nothing}' ;;
    *) set -- "$@" "$a" ;;
  esac
done
exec ${SANDBOX} "$@"
`;
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  return file;
}

function convert(order: OfficeOrder, places = REAL, way: { signal?: AbortSignal; waitMs?: number } = {}) {
  return convertOffice(order, { signal: new AbortController().signal, ...way, places });
}

function reasonOf(done: Awaited<ReturnType<typeof convertOffice>>): string {
  return done.ok ? 'converted' : done.error.kind;
}

const paper: OfficeOrder = { bytes: docx([['Sehr geehrte Frau Müller']]), format: 'docx' };

async function listener(): Promise<{
  readonly server: Server;
  readonly outside: string;
  readonly asked: () => number;
}> {
  let asked = 0;
  const server = createServer((socket) => {
    asked += 1;
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { server, outside: `http://127.0.0.1:${address.port}`, asked: () => asked };
}

test(
  'a document becomes a PDF with its words, and nobody outside is asked for the picture it shows',
  { skip },
  async () => {
    const { server, outside, asked } = await listener();
    // as it came, links and all: the walls hold without the stripping
    const bytes = docx([['Sehr geehrte Frau Müller'], ['Zweite']], { outside });
    const done = await convert({ bytes, format: 'docx' });
    server.close();
    assert.ok(done.ok, JSON.stringify(done));
    const text = execFileSync('pdftotext', ['-', '-'], { input: done.value, encoding: 'utf8' });
    assert.match(text, /Sehr geehrte Frau Müller[^]*\f[^]*Zweite/);
    assert.equal(asked(), 0);
  },
);

test(
  'control: with its walls and settings open LibreOffice asks outside; for a document that was stripped it does not',
  { skip },
  async (t) => {
    const places = { ...REAL, sandbox: openSandbox() };
    const ask = async (isStripped: boolean): Promise<number> => {
      const { server, outside, asked } = await listener();
      const sent = docx([['Eins']], { outside });
      const prepared = prepareOffice(sent, new Budget({ entries: 100, bytes: 1_000_000 }));
      assert.ok(prepared.ok);
      const done = await convert({ bytes: isStripped ? prepared.value.bytes : sent, format: 'docx' }, places);
      server.close();
      assert.ok(done.ok);
      return asked();
    };
    assert.ok((await ask(false)) > 0, 'the listener sees who asks');
    if (!IS_LONG) return t.diagnostic('the stripped one: only with SIEGEL_LONG=1');
    assert.equal(await ask(true), 0);
  },
);

test(
  'every kind becomes a PDF with its words',
  { skip: skip || (IS_LONG ? false : 'only with SIEGEL_LONG=1') },
  async () => {
    const orders: readonly OfficeOrder[] = [
      { bytes: odt(['Grüße aus Köln']), format: 'odt' },
      { bytes: xlsx([['Grüße', 'aus Köln']]), format: 'xlsx' },
      { bytes: ods([['Grüße', 'aus Köln']]), format: 'ods' },
      { bytes: odp(['Sehr geehrte Frau Müller', 'Zweite']), format: 'odp' },
      { bytes: writtenOffice('pptx'), format: 'pptx' },
      { bytes: writtenOffice('doc'), format: 'doc' },
      { bytes: writtenOffice('xls'), format: 'xls' },
      { bytes: writtenOffice('ppt'), format: 'ppt' },
    ];
    for (const order of orders) {
      const done = await convert(order);
      assert.ok(done.ok, order.format);
      const text = execFileSync('pdftotext', ['-layout', '-', '-'], { input: done.value, encoding: 'utf8' });
      assert.match(text, /Grüße\s+aus Köln|Sehr geehrte Frau Müller[^]*\f[^]*Zweite|Gebühr\s+100/, order.format);
    }
  },
);

test(
  'of an old document, from which nothing is taken, nobody outside is asked either; with the walls open somebody is',
  { skip: skip || (IS_LONG ? false : 'only with SIEGEL_LONG=1') },
  async () => {
    for (const places of [REAL, { ...REAL, sandbox: openSandbox() }]) {
      const { server, outside, asked } = await listener();
      const done = await convert({ bytes: linkingDoc(outside), format: 'doc' }, places);
      server.close();
      assert.ok(done.ok);
      const text = execFileSync('pdftotext', ['-', '-'], { input: done.value, encoding: 'utf8' });
      assert.match(text, /Sehr geehrte Frau Müller/);
      assert.equal(asked() > 0, places !== REAL, `${asked()} asked`);
    }
  },
);

test('what says nothing of its sheets comes out on A4', { skip }, async () => {
  const prepared = prepareOffice(docx([['Eins']]), new Budget({ entries: 100, bytes: 1_000_000 }));
  assert.ok(prepared.ok);
  const done = await convert({ bytes: prepared.value.bytes, format: 'docx' });
  assert.ok(done.ok);
  assert.match(execFileSync('pdfinfo', ['-'], { input: done.value, encoding: 'utf8' }), /Page size:.*\(A4\)/);
});

test('XML ten thousand elements deep, and what is no document, cost their file only', { skip }, async () => {
  const deep = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${'<w:tbl><w:tr><w:tc>'.repeat(10_000)}`;
  const bytes = docx([], { parts: [{ name: 'word/document.xml', text: deep }] });
  assert.match(reasonOf(await convert({ bytes, format: 'docx' })), /^(?:damaged|workerFailed|outOfTime|outOfMemory)$/);
});

test(
  'one that hangs, with what it started, is ended when its time is over: no process is left',
  { skip: skipStandIn, timeout: 60_000 },
  async () => {
    const places = standIn(`sleep ${seconds(1)} & setsid sleep ${seconds(1)} & sleep ${seconds(1)}`);
    assert.equal(reasonOf(await convert(paper, places, { waitMs: 700 })), 'outOfTime');
    assert.deepEqual([processesWith(seconds(1)), processesWith(places.programFolder)], [[], []]);
  },
);

test('a job that is closed ends it at once: no process is left', { skip: skipStandIn }, async () => {
  const places = standIn(`setsid sleep ${seconds(2)} & sleep ${seconds(2)}`);
  const stopping = new AbortController();
  const converting = convert(paper, places, { signal: stopping.signal });
  for (let tries = 0; tries < 600 && processesWith(seconds(2)).length < 2; tries++) await wait(50);
  assert.equal(processesWith(seconds(2)).length, 2, 'control: they are seen while they run');
  stopping.abort();
  assert.equal(reasonOf(await converting), 'workerFailed');
  assert.deepEqual([processesWith(seconds(2)), processesWith(places.programFolder)], [[], []]);
  assert.equal(reasonOf(await convert(paper, places, { signal: stopping.signal })), 'workerFailed', 'nor is one begun');
});

test('when the program that started it is killed, it ends with it', { skip: skipStandIn }, async () => {
  const places = standIn(`setsid sleep ${seconds(3)} & sleep ${seconds(3)}`);
  const own = pathToFileURL(join(import.meta.dirname, 'convert-office.ts')).href;
  const script = `const { convertOffice } = await import(${JSON.stringify(own)}); await convertOffice({ bytes: Buffer.from('x'), format: 'docx' }, { places: ${JSON.stringify(places)}, signal: new AbortController().signal });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
  for (let tries = 0; tries < 600 && processesWith(`sleep\u0000${seconds(3)}`).length < 2; tries++) await wait(50);
  assert.equal(processesWith(`sleep\u0000${seconds(3)}`).length, 2);
  child.kill('SIGKILL');
  const left = (): readonly string[] => [...processesWith(seconds(3)), ...processesWith(places.programFolder)];
  for (let tries = 0; tries < 100 && left().length > 0; tries++) await wait(50);
  assert.deepEqual(left(), []);
});

test('each way to break has its reason', { skip: skipStandIn }, async () => {
  const ways: Readonly<Record<string, string>> = {
    'kill -KILL $$': 'outOfMemory',
    'kill -XCPU $$': 'outOfTime',
    'kill -SEGV $$': 'workerFailed',
    'exit 1': 'damaged',
    'exit 0': 'damaged',
    'printf pdf > /inside/out/in.pdf; exit 1': 'damaged',
    'exec head -c 300000000 /dev/zero > /inside/out/in.pdf': 'outOfSpace',
    'head -c 200000000 /dev/zero > /inside/a; head -c 100000000 /dev/zero > /inside/b; exit 1': 'outOfSpace',
    'test -e /inside/in.docx && printf pdf > /inside/out/in.pdf': 'converted',
  };
  for (const [script, reason] of Object.entries(ways))
    assert.equal(reasonOf(await convert(paper, standIn(script))), reason, script);
});

test(
  'what takes more memory than it may gets none',
  { skip: skipStandIn || (IS_LONG ? false : 'only with SIEGEL_LONG=1') },
  async () => {
    assert.notEqual(reasonOf(await convert(paper, standIn('exec tail /dev/zero'))), 'converted');
  },
);

test('it writes nowhere but into its own room, and sees no file of the machine', { skip: skipStandIn }, async () => {
  const tries = ['/var/tmp/x', '/usr/x', '/etc/x', '/x', '/proc/sys/x', '/dev/x', '/root/x', '/home/x'];
  const script = `for f in ${tries.join(' ')} "$(dirname "$0")/x"; do if (: > $f) 2>/dev/null; then echo $f; fi; done > /inside/out/in.pdf; ls -d /etc/passwd /etc/shadow /home /root /work 2>/dev/null >> /inside/out/in.pdf; echo end >> /inside/out/in.pdf`;
  const done = await convert(paper, standIn(script));
  assert.ok(done.ok, JSON.stringify(done));
  assert.equal(Buffer.from(done.value).toString(), 'end\n');
});
