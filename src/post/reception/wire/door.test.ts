// The sockets: nonsense, smuggling, limits by peer, dead clients, and smtp-server as the oracle.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { TestClient } from '../../wire/dialogues/test-client.ts';
import { openTestDoor, type TestDoor, type TestDoorOptions } from '../dialogues/test-door.ts';

async function open(t: TestContext, options: TestDoorOptions): Promise<TestDoor> {
  const house = await openTestDoor(options);
  t.after(() => house.close());
  return house;
}

/** Small repeatable random numbers: a failing dialogue can be made again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pieces = [
  'EHLO c\r\n',
  'LHLO c\r\n',
  'MAIL FROM:<a@b.test>\r\n',
  'MAIL FROM:<> SIZE=99999999999\r\n',
  'RCPT TO:<anna@siegel.test>\r\n',
  'RCPT TO:<slow@siegel.test>\r\n',
  'RCPT TO:<full@siegel.test>\r\n',
  'DATA\r\n',
  'BDAT 5\r\n',
  'BDAT 3 LAST\r\n',
  'BDAT 99999 LAST\r\n',
  'STARTTLS\r\n',
  'RSET\r\n',
  'NOOP\r\n',
  'VRFY x\r\n',
  'line of text\r\n',
  '.\r\n',
  '..\r\n',
  '\r\n.\r\n',
  '\n.\n',
  '\r',
  '\n',
  '.',
  '\0\xff',
  'x'.repeat(3_000),
  'AUTH PLAIN\r\n',
];

const DIALOGUES = 5_000;
const AT_ONCE = 50;

test(`${DIALOGUES} dialogues of nonsense neither crash the door nor hang it, and leave no memory taken`, async (t) => {
  const house = await open(t, { bounds: { errorsMax: 1_000, peerErrorsMax: 1e9, commandWaitMs: 2_000 } });
  const next = randomFrom(11);
  for (let done = 0; done < DIALOGUES; done += AT_ONCE) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        const client = await TestClient.connect(house.smtpPort);
        const words = Array.from({ length: 1 + next(14) }, () => pieces[next(pieces.length)] ?? '');
        const opening =
          next(2) === 0 ? ['EHLO c\r\n', 'MAIL FROM:<a@b.test>\r\n', 'RCPT TO:<anna@siegel.test>\r\n'] : [];
        for (const piece of [...opening, ...words]) client.send(Buffer.from(piece, 'latin1'));
        if (next(4) === 0) return client.drop();
        client.endSending();
        // every reply is well-formed, and after the client's half is closed the server ends too
        for (let line = await client.line(); line !== undefined; line = await client.line())
          assert.match(line, /^[2345]\d\d[ -]/);
        return client.drop();
      }),
    );
  }
  assert.equal(house.door.inFlight.bytes, 0);
  const client = await TestClient.connect(house.smtpPort);
  assert.match((await client.reply())[0] ?? '', /^220 /);
  client.drop();
  await house.door.close();
  assert.equal(house.door.connections, 0);
});

test('one address may not hold all connections, and its errors count against it', async (t) => {
  const house = await open(t, { bounds: { connectionsPerPeerMax: 2, peerErrorsMax: 3 } });
  const first = await TestClient.connect(house.smtpPort);
  const second = await TestClient.connect(house.smtpPort);
  assert.match((await first.reply())[0] ?? '', /^220 /);
  assert.match((await second.reply())[0] ?? '', /^220 /);
  const third = await TestClient.connect(house.smtpPort);
  assert.deepEqual(await third.reply(), ['421 4.7.0 too many connections from your network, try again later']);
  assert.equal(await third.line(), undefined);
  third.drop();
  for (let times = 0; times < 3; times++) await first.ask('FOO');
  first.drop();
  await new Promise((resolve) => setTimeout(resolve, 30));
  const fourth = await TestClient.connect(house.smtpPort);
  assert.deepEqual(await fourth.reply(), ['421 4.7.0 too many errors from your network, try again later']);
  fourth.drop();
  second.drop();
});

test('beyond all seats a client is asked to come back', async (t) => {
  const house = await open(t, { isTrusted: true, bounds: { connectionsMax: 1 } });
  const first = await TestClient.connect(house.smtpPort);
  await first.reply();
  const second = await TestClient.connect(house.smtpPort);
  assert.deepEqual(await second.reply(), ['421 4.7.0 too many connections, try again later']);
  first.drop();
  second.drop();
  await new Promise((resolve) => setTimeout(resolve, 30));
  const third = await TestClient.connect(house.smtpPort);
  assert.match((await third.reply())[0] ?? '', /^220 /);
  third.drop();
});

test('a client that never reads its replies is not read from for ever', async (t) => {
  const house = await open(t, {
    bounds: { errorsMax: 1e9, peerErrorsMax: 1e9, idleCommandsMax: 1e9, commandWaitMs: 300, writeWaitMs: 100 },
  });
  const { connect } = await import('node:net');
  const socket = connect(house.smtpPort, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.pause();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const flood = Buffer.from('VRFY someone\r\n'.repeat(10_000));
  for (let times = 0; times < 40; times++) socket.write(flood);
  await reaches(() => house.door.connections, 1);
  await reaches(() => house.door.connections, 0);
  socket.destroy();
  await closed;
});

/** A busy machine takes its time; a bound that is not there never comes. */
async function reaches(count: () => number, wanted: number): Promise<void> {
  for (const untilMs = performance.now() + 15_000; count() !== wanted && performance.now() < untilMs;)
    await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(count(), wanted);
}

const smuggles = [
  '\n.\n',
  '\n.\r\n',
  '\r.\r',
  '\r.\r\n',
  '\r.\n',
  '\n.\r',
  '\r\n.\n',
  '\r\n.\r',
  '\r\r\n.\r\n',
  '\r\n\0.\n',
];

for (const smuggle of smuggles)
  test(`one letter with ${JSON.stringify(smuggle)} in it is refused, and no second letter comes out of it`, async (t) => {
    const house = await open(t, { bounds: { looseEndWaitMs: 200 } });
    const client = await TestClient.connect(house.smtpPort);
    await client.reply();
    for (const line of ['EHLO c', 'MAIL FROM:<a@b.test>', 'RCPT TO:<anna@siegel.test>', 'DATA']) await client.ask(line);
    client.send(
      `first${smuggle}MAIL FROM:<evil@b.test>\r\nRCPT TO:<ben@siegel.test>\r\nDATA\r\nsecond\r\n.\r\nNOOP\r\n`,
    );
    assert.match((await client.reply())[0] ?? '', /^550 5\.5\.2 /);
    assert.equal(await client.line(), undefined);
    assert.equal(house.letters.length, 0);
    client.drop();
  });

test('the same bytes in a chunk are one letter', async (t) => {
  const house = await open(t, {});
  for (const smuggle of smuggles) {
    const client = await TestClient.connect(house.smtpPort);
    await client.reply();
    for (const line of ['EHLO c', 'MAIL FROM:<a@b.test>', 'RCPT TO:<anna@siegel.test>']) await client.ask(line);
    const letter = `first${smuggle}MAIL FROM:<evil@b.test>\r\nDATA\r\nsecond\r\n.\r\n`;
    assert.match((await client.ask(`BDAT ${letter.length} LAST\r\n${letter}NOOP`))[0] ?? '', /^250 2\.0\.0 sealed/);
    assert.match((await client.reply())[0] ?? '', /^250 2\.0\.0 ok/);
    assert.equal(house.letters.at(-1)?.plainText, letter);
    client.drop();
  }
  assert.equal(house.letters.length, smuggles.length);
});

/** What both servers are asked, line by line; the answers' codes must agree. */
const dialogues: readonly (readonly string[])[] = [
  ['EHLO c', 'MAIL FROM:<a@b.test>', 'RCPT TO:<anna@siegel.test>', 'DATA', 'one\r\n..two\r\n.', 'QUIT'],
  ['HELO c', 'MAIL FROM:<>', 'RCPT TO:<anna@siegel.test>', 'RCPT TO:<ben@siegel.test>', 'DATA', '..\r\n.', 'QUIT'],
  ['MAIL FROM:<a@b.test>', 'EHLO c', 'RCPT TO:<anna@siegel.test>', 'DATA', 'QUIT'],
  [
    'EHLO c',
    'MAIL FROM:<a@b.test> SIZE=60000000',
    'MAIL FROM:<a@b.test> SIZE=100',
    'RSET',
    'RCPT TO:<anna@siegel.test>',
  ],
  ['EHLO c', 'MAIL FROM:<a@b.test>', 'MAIL FROM:<a@b.test>', 'DATA', 'NOOP', 'VRFY x', 'HELP'],
  [
    'EHLO c',
    'MAIL FROM:<a@b.test> SMTPUTF8',
    'RCPT TO:<jürgen@siegel.test>',
    'DATA',
    'Subject: ü\r\n\r\n..x.\r\n.',
    'QUIT',
  ],
  ['FOO', 'EHLO c', 'MAIL FROM: <a@b.test>', 'RCPT TO: <anna@siegel.test>', 'DATA', '.', 'QUIT'],
];

async function codesOf(port: number, dialogue: readonly string[]): Promise<readonly string[]> {
  const client = await TestClient.connect(port);
  const codes = [(await client.reply()).at(-1)?.slice(0, 3) ?? 'end'];
  for (const line of dialogue) codes.push((await client.ask(line)).at(-1)?.slice(0, 3) ?? 'end');
  client.drop();
  return codes;
}

test('where npm smtp-server has the feature, both answer with the same codes and take the same letters', async (t) => {
  const theirs: string[] = [];
  const oracle = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: 52_428_800,
    disableReverseLookup: true,
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        theirs.push(Buffer.concat(chunks).toString('latin1'));
        done();
      });
    },
  });
  await new Promise<void>((resolve) => {
    oracle.listen(0, '127.0.0.1', () => resolve());
  });
  const address = oracle.server.address();
  assert.ok(typeof address === 'object' && address !== null);
  t.after(() => new Promise<void>((resolve) => oracle.close(() => resolve())));
  const house = await open(t, { bounds: { errorsMax: 100 } });
  for (const dialogue of dialogues)
    assert.deepEqual(
      await codesOf(house.smtpPort, dialogue),
      await codesOf(address.port, dialogue),
      dialogue.join(' | '),
    );
  assert.deepEqual(
    house.letters.map(({ plainText }) => plainText),
    theirs,
  );
});
