// Two users of the house exchange letters with files from the command line; every byte on the wire and on the disk is searched for what they wrote.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '#base/clock.ts';
import type { LetterId } from '#base/ids.ts';
import { requireValue } from '#base/assert.ts';
import { writeLetter } from '#formats/compose/write-letter.ts';
import { openSession } from '#web/client/open-session.ts';
import { readIdentities } from '#web/client/own-addresses.ts';
import { submit } from '#web/client/compose/submissions.ts';
import { searchBytes, searchFolder, type Find } from '../canary/disk-search.ts';
import { needlesOf } from '../canary/needles.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';
import { PASSWORD, signIn } from '../signed-in.ts';

const TOKENS = ['kiesgrubenvertrag', 'muschelkalkwerk', 'zaunkoenigsakte', 'ziffernfolge314159'];
const [SUBJECT = '', TEXT = '', FILE_NAME = '', FILE_TEXT = ''] = TOKENS;
const needles = TOKENS.flatMap((token) => needlesOf(token));
const ARRIVAL_MS = 60_000;

/** Everything that passes, both ways, as it is on the wire. */
class Wire {
  readonly bytes: Buffer[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  url = '';

  constructor(port: number) {
    this.#server = createServer((client) => {
      const house = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [client, house],
        [house, client],
      ] as const) {
        this.#sockets.add(from);
        from.on('data', (chunk: Buffer) => this.bytes.push(chunk));
        from.on('error', () => to.destroy());
        from.pipe(to);
      }
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    this.url = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

let program: RunningProgram;
let wire: Wire;
let folder = '';

before(async () => {
  program = await startProgram();
  folder = await mkdtemp(join(tmpdir(), 'siegel-exchange-'));
  wire = new Wire(program.httpPort);
  await wire.open();
});
after(async () => {
  wire?.close();
  await program?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function user(words: readonly string[], input = ''): Promise<Record<string, unknown>> {
  const all = ['user', ...words, '--server', wire.url, '--password-stdin', '--json'];
  const { code, stdout, stderr } = await program.siegel(all, `${PASSWORD}\n${input}`);
  assert.equal(code, 0, `${words[0]}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}

interface Row {
  readonly id: string;
  readonly subject: string;
  readonly sign: string;
}

async function firstLetter(address: string, mailbox: string): Promise<Row> {
  for (const until = Date.now() + ARRIVAL_MS; Date.now() < until; await wait(300)) {
    const { letters } = (await user(['list', '--address', address, '--mailbox', mailbox])) as {
      letters: readonly Row[];
    };
    if (letters[0]) return letters[0];
  }
  throw new Error(`nothing came to ${mailbox} of ${address}:\n${program.output()}`);
}

async function searchAll(): Promise<readonly Find[]> {
  return [
    ...(await searchBytes('wire', Buffer.concat(wire.bytes), needles)),
    ...(await searchFolder(program.dataDir, needles)),
  ];
}

test('two users of the house exchange letters whose text the server never held', async () => {
  await program.signUp('anna', PASSWORD);
  await program.signUp('ben', PASSWORD);
  const path = join(folder, `${FILE_NAME}.txt`);
  await writeFile(path, `${FILE_TEXT}\n`.repeat(50));
  const sent = await user(
    [
      'send',
      '--address',
      'anna@siegel.test',
      '--to',
      'ben@siegel.test',
      '--subject',
      `Der ${SUBJECT}`,
      '--attach',
      path,
    ],
    `Lieber Ben,\n\n${TEXT}.\n`,
  );
  const came = await firstLetter('ben@siegel.test', 'inbox');
  const read = await user(['read', came.id, '--address', 'ben@siegel.test']);
  assert.equal(read['sign'], 'end-to-end', 'the reader sees who wrote it');
  assert.match(String(read['plainText']), new RegExp(TEXT));
  const listed = await firstLetter('ben@siegel.test', 'inbox');
  assert.deepEqual(
    [listed.subject, listed.sign],
    [`Der ${SUBJECT}`, 'end-to-end'],
    'and the list shows it from then on',
  );
  const copy = await firstLetter('anna@siegel.test', 'sent');
  assert.deepEqual([copy.id, copy.subject, copy.sign], [sent['letterId'], `Der ${SUBJECT}`, 'end-to-end']);
  const own = await user(['read', copy.id, '--address', 'anna@siegel.test']);
  assert.match(String(own['plainText']), new RegExp(TEXT));
  await user(
    ['send', '--address', 'ben@siegel.test', '--to', 'anna@siegel.test', '--subject', `Re: Der ${SUBJECT}`],
    `${TEXT}, danke.\n`,
  );
  const answer = await firstLetter('anna@siegel.test', 'inbox');
  assert.equal((await user(['read', answer.id, '--address', 'anna@siegel.test']))['sign'], 'end-to-end');
  assert.ok(Buffer.concat(wire.bytes).length > 20_000, 'the wire was listened to');
  assert.deepEqual(await searchAll(), []);
});

test('twin: a letter handed over in the clear is found on the wire', async () => {
  const person = await signIn(() => ({ ...program, url: wire.url }), 'anna@siegel.test');
  const session = await openSession(person.reach, person.signedIn);
  assert.ok(session.ok);
  const [identity] = await readIdentities(session.value);
  const { id, email } = requireValue(identity, 'identity');
  const letter = writeLetter(
    {
      from: { name: '', address: email },
      to: [{ name: '', address: 'ben@siegel.test' }],
      cc: [],
      bcc: [],
      subject: SUBJECT,
      dateMs: Date.now(),
      messageId: 'twin@siegel.test',
      inReplyTo: [],
      references: [],
    },
    { plainText: TEXT, plainHtml: undefined, files: [] },
    { boundarySeed: 'twin', isProtected: false, autocrypt: undefined, outerFields: [] },
  );
  assert.ok(letter.ok);
  const copy = (await firstLetter('anna@siegel.test', 'sent')).id as LetterId;
  const order = {
    identityId: id,
    mailFrom: email,
    letterId: copy,
    addresses: ['ben@siegel.test'],
    undoMs: 0,
    sendAtMs: undefined,
  };
  const handed = await submit(session.value.jmap, order, letter.value.plainBytes, systemClock.nowMs());
  assert.ok(handed.ok, JSON.stringify(handed));
  const finds = await searchAll();
  assert.ok(
    finds.some(({ where, token }) => where === 'wire' && token === TEXT),
    JSON.stringify(finds.slice(0, 5)),
  );
});

test('a letter to somebody without a key goes nowhere unless the command says so', async () => {
  const words = [
    'user',
    'send',
    '--address',
    'anna@siegel.test',
    '--to',
    'otto@elsewhere.test',
    '--server',
    wire.url,
    '--password-stdin',
  ];
  const refused = await program.siegel(words, `${PASSWORD}\nHallo`);
  assert.equal(refused.code, 1);
  assert.match(refused.stdout + refused.stderr, /in the clear to: otto@elsewhere\.test/);
});
