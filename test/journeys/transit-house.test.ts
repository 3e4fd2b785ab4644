// The room for documents beside the mailboxes: what a member sends comes into the member's own mailbox, sealed, once, and the book has the receipt.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isReceiptGenuine, saltedHash, type DeletionReceipt } from '#post/transit/report/receipt.ts';
import { startDnsServer, type DnsServerFake } from '../fakes/dns-server.ts';
import { freePort, startProgram, type CommandResult, type RunningProgram } from '../running-program.ts';
import { openSmtp } from '../smtp-client.ts';
import { documentLetter } from '../transit/alone.ts';

const PASSWORD = 'a long password for tests';
const MARK = 'quittenmarmelade-4711';
const REVERSED = Array.from(MARK).toReversed().join('');

let program: RunningProgram;
let names: DnsServerFake;
let scratch = '';
let port = 0;
let appPassword = '';

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'siegel-transit-house-'));
  names = await startDnsServer({
    'siegel.test': { TXT: ['v=spf1 ip4:127.0.0.1 -all'] },
    '_dmarc.siegel.test': { TXT: ['v=DMARC1; p=reject'] },
  });
  port = await freePort();
  program = await startProgram({
    script: fileURLToPath(new URL('../transit/house-program.ts', import.meta.url)),
    env: {
      SIEGEL_SUBMISSION_PORT: String(port),
      SIEGEL_DNS: names.endpoint,
      SIEGEL_TRANSIT: '1',
      SIEGEL_TRANSIT_ACCEPT: 'swap, piped-cores',
      SIEGEL_LOG: 'debug',
    },
  });
  await roomIsOpen();
  await program.signUp('anna', PASSWORD);
  const made = await user(['app-password', 'create', 'Rechner']);
  appPassword = (JSON.parse(made.stdout) as { appPassword: string }).appPassword;
});
after(async () => {
  await program?.stop();
  await names?.close();
  await rm(scratch, { recursive: true, force: true });
});

/** The page answers a moment before everything stands; then the program says so. */
async function roomIsOpen(): Promise<void> {
  for (let tries = 0; tries < 1_200 && !program.output().includes('"warnings"'); tries++) await wait(50);
  assert.doesNotMatch(program.output(), /Documents are not worked on/);
}

function user(words: readonly string[]): Promise<CommandResult> {
  return program.siegel(['user', ...words, '--address', 'anna@siegel.test', '--password-stdin', '--json'], PASSWORD);
}

async function inbox(): Promise<readonly string[]> {
  const out = join(scratch, `inbox-${Date.now()}`);
  const done = await user(['export', '--mailbox', 'inbox', '--out', out, '--format', 'eml']);
  assert.equal(done.code, 0, done.stderr);
  const files = (await readdir(out)).filter((file) => file.endsWith('.eml'));
  return Promise.all(files.map((file) => readFile(join(out, file), 'latin1')));
}

async function arrived(count: number): Promise<readonly string[]> {
  for (const untilMs = performance.now() + 60_000; performance.now() < untilMs; await wait(200)) {
    const letters = await inbox();
    if (letters.length >= count) return letters;
  }
  return assert.fail(`there are not ${count} letters`);
}

/** As the page writes and sends a letter: by the same client. */
async function write(subject: string, words: string | undefined, to = 'optimise@siegel.test'): Promise<CommandResult> {
  const file = join(scratch, 'a.pdf');
  if (words !== undefined) await writeFile(file, words);
  const attach = words === undefined ? [] : ['--attach', file];
  const options = ['--to', to, '--subject', subject, '--unsealed', to, ...attach];
  const who = ['--address', 'anna@siegel.test', '--password-stdin', '--json'];
  return program.siegel(['user', 'send', ...options, ...who], `${PASSWORD}\nplease`);
}

const letter = (id: string, words: string): Buffer =>
  Buffer.from(documentLetter({ from: 'anna@siegel.test', id, words }));

test('a mail program hands documents in, and its 250 means that the result lies in the mailbox, sealed', async () => {
  await using client = await openSmtp(port);
  const plain = Buffer.from(`\0anna@siegel.test\0${appPassword}`).toString('base64');
  assert.equal((await client.command(`AUTH PLAIN ${plain}`)).code, 235);
  const to = ['optimise@siegel.test'];
  const sent = await client.send({ from: 'anna@siegel.test', to, bytes: letter('1', MARK), by: 'data' });
  assert.match(`${sent.code} ${sent.text}`, /^250 2\.0\.0 processed, returned, erased; receipt=[a-z2-7]{26}/);
  const [came] = await arrived(1);
  assert.ok(came?.includes(Buffer.from(REVERSED).toString('base64')));
  assert.match(came ?? '', /^Auto-Submitted: auto-replied/m);
  const sentBox = await user(['export', '--mailbox', 'sent', '--out', join(scratch, 'sent'), '--format', 'eml']);
  assert.equal(sentBox.code, 0);
  assert.deepEqual(
    (await readdir(join(scratch, 'sent'))).filter((file) => file.endsWith('.eml')),
    [],
    'kept nowhere',
  );
});

test('a member writes to optimise@ as to anybody: the result comes back, the Sent copy is sealed, the queue never had it', async () => {
  const before = (await inbox()).length;
  const sent = await write('documents', MARK);
  assert.equal(sent.code, 0, sent.stderr);
  assert.equal((await arrived(before + 1)).length, before + 1, 'it is there as soon as it is sent');
  const queue = JSON.parse((await program.siegel(['queue', 'list', '--json'])).stdout) as { letters: unknown[] };
  assert.deepEqual(queue.letters, []);
  const out = join(scratch, 'sent-copy');
  assert.equal((await user(['export', '--mailbox', 'sent', '--out', out, '--format', 'eml'])).code, 0);
  assert.equal((await readdir(out)).filter((file) => file.endsWith('.eml')).length, 1);
});

test('what cannot go there says so, and nothing is left in Sent: somebody beside, no file, no such way', async () => {
  const beside = await write('documents', 'x', 'optimise@siegel.test,anna@siegel.test');
  assert.match(beside.stdout, /go to that one address alone/);
  const none = await write('documents', undefined);
  assert.match(none.stdout, /holds no documents/);
  const unknown = await write('documents', 'x', 'optimise+nothing@siegel.test');
  assert.match(unknown.stdout, /nobody has this address/);
  const out = join(scratch, 'sent-refused');
  assert.equal((await user(['export', '--mailbox', 'sent', '--out', out, '--format', 'eml'])).code, 0);
  assert.equal((await readdir(out)).filter((file) => file.endsWith('.eml')).length, 1, 'only the one from before');
});

test('a room that dies in mid-work, or a program that is killed: the sender hears it, and the next try has the result', async () => {
  const before = (await inbox()).length;
  const broken = await write('breaks', 'die now');
  assert.match(broken.stdout, /cannot be worked on now/);
  const waiting = write('killed', 'wait 90000 later');
  await wait(2_500);
  await program.kill();
  assert.notEqual((await waiting).code, 0);
  program = await program.restart();
  await roomIsOpen();
  assert.equal((await inbox()).length, before);
  const again = await write('killed', 'wait 100 later');
  assert.equal(again.code, 0, again.stderr);
  assert.equal((await arrived(before + 1)).length, before + 1);
});

test('from outside it comes once, however often it is sent: the mailbox knows the result by its name, after a kill too', async () => {
  const send = async (): Promise<string> => {
    await using client = await openSmtp(program.smtpPort);
    const to = ['optimise@siegel.test'];
    const sent = await client.send({ from: 'anna@siegel.test', to, bytes: letter('2', 'drow'), by: 'data' });
    return `${sent.code} ${sent.text}`;
  };
  const before = (await inbox()).length;
  assert.match(await send(), /^250 2\.0\.0 processed/);
  assert.match(await send(), /^250 2\.0\.0 processed/);
  assert.equal((await arrived(before + 1)).length, before + 1);
  await program.kill();
  program = await program.restart();
  await roomIsOpen();
  assert.match(await send(), /^250 2\.0\.0 processed/);
  await wait(500);
  assert.equal((await inbox()).length, before + 1);
});

test('a letter in the name of somebody who is no member is refused, and so is one to a mailbox beside', async () => {
  await using client = await openSmtp(program.smtpPort);
  const bytes = letter('3', 'x');
  const stranger = await client.send({ from: 'eve@siegel.test', to: ['optimise@siegel.test'], bytes, by: 'data' });
  assert.match(stranger.text, /not registered for documents/);
  const both = ['anna@siegel.test', 'optimise@siegel.test'];
  const beside = await client.send({ from: 'anna@siegel.test', to: both, bytes, by: 'data' });
  assert.match(beside.text, /one address at a time/);
});

test('a receipt is there by its link after a restart, whole and signed, and is shown to a person in words', async () => {
  const [coded = ''] = await inbox();
  // lines of quoted-printable go on behind a =
  const came = coded.replaceAll(/=\r?\n/g, '');
  const job =
    /(?:Number of the work|Number of this work|Nummer der Arbeit)[^a-z2-7]*([a-z2-7]{26})/.exec(came)?.[1] ?? '';
  const link = `${program.url}/transit/receipts/${job}`;
  const receipt = (await (await fetch(link)).json()) as DeletionReceipt;
  assert.ok(isReceiptGenuine(receipt), 'the program was killed since');
  const digits = (word: string): string => new RegExp(`^${word}: ([0-9a-f]+)`, 'm').exec(came)?.[1] ?? '';
  const salted = saltedHash(digits('Salt'), digits('SHA-256 before'), digits('SHA-256 now'));
  assert.deepEqual(receipt.facts.saltedHashes, [salted]);
  const page = await fetch(`${link}?lang=de`, { headers: { accept: 'text/html' } });
  assert.match(await page.text(), /Ein Dokument wurde im Arbeitsspeicher bearbeitet und gelöscht/);
  assert.equal((await fetch(`${program.url}/transit/receipts/${'a'.repeat(26)}`)).status, 404);
});

test('nobody can have the address of the room: no account, no alias, no group', async () => {
  await assert.rejects(program.signUp('optimise', PASSWORD));
  assert.match((await user(['alias', 'add', 'optimise'])).stdout, /address-invalid/);
  const group = await program.siegel(['group', 'put', 'optimise', '--member', 'anna', '--apply', '--json']);
  assert.match(group.stdout, /place for documents/);
});

test('the receipts are in the book of the house, and no word of a document is on its disk or in its log', async () => {
  const verified = await program.siegel(['book', 'verify', '--json']);
  assert.equal(verified.code, 0, verified.stderr);
  const found = await readdir(program.dataDir, { recursive: true, withFileTypes: true });
  let receipts = 0;
  for (const entry of found.filter((one) => one.isFile())) {
    const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
    if (bytes.includes('documents-erased')) receipts += 1;
    for (const words of [MARK, REVERSED, Buffer.from(REVERSED).toString('base64')])
      assert.equal(bytes.includes(words), false, entry.name);
  }
  assert.ok(receipts > 0, 'the journal has them');
  for (const words of [MARK, REVERSED, 'anna@siegel.test']) assert.equal(program.output().includes(words), false);
});
