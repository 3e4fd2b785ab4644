// Letters to peers of all tempers, over real sockets: what each recipient is told, and that nothing leaves twice by our fault.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { inShort, openWorld, PLAIN_LETTER } from './test-world.ts';

test('a letter arrives byte for byte, with dots and all, by DATA and by BDAT, with pipelining and without', async (t) => {
  for (const extensions of [['PIPELINING', 'CHUNKING', '8BITMIME', 'SIZE'], ['PIPELINING'], ['CHUNKING'], []]) {
    const { peer, send, settled } = await openWorld(t, { extensions });
    const outcomes = await send({ recipients: ['ben@there.test', 'eva@there.test'] });
    assert.deepEqual(inShort(outcomes), ['delivered 250 2.0.0 none', 'delivered 250 2.0.0 none'], extensions.join(' '));
    assert.equal(peer.letters[0]?.bytes.toString(), PLAIN_LETTER);
    assert.deepEqual(peer.letters[0]?.recipients, ['ben@there.test', 'eva@there.test']);
    assert.equal(peer.letters[0]?.mailFrom, 'anna@siegel.test');
    assert.equal(peer.letters.length, 1);
    assert.deepEqual(settled, outcomes);
  }
});

test('a notice leaves with an empty sender, and bare line ends are mended', async (t) => {
  const { peer, send } = await openWorld(t, { extensions: ['PIPELINING'] });
  await send({ mailFrom: '', bytes: Buffer.from('Subject: x\n\na\rb\n.c') });
  assert.ok(peer.lines.includes('MAIL FROM:<>'));
  assert.equal(peer.letters[0]?.bytes.toString(), 'Subject: x\r\n\r\na\r\nb\r\n.c\r\n');
});

test('"later" and "never" at each step are told apart, and "never" is told to the queue before anything else is sent', async (t) => {
  for (const step of ['CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'DOT']) {
    for (const extensions of [['PIPELINING'], []]) {
      const { peer, send, settled } = await openWorld(t, { extensions, answers: { [step]: '451 4.7.1 come back' } });
      assert.deepEqual(inShort(await send()), ['deferred 451 4.7.1 none'], `${step} later`);
      assert.deepEqual([settled.length, peer.letters.length], [0, 0]);
      peer.behave({ extensions, answers: { [step]: `${step === 'EHLO' ? 521 : 550} 5.7.1 never` } });
      const outcome = await send();
      assert.deepEqual([outcome[0]?.kind, outcome[0]?.code], ['failed', step === 'EHLO' ? 521 : 550], `${step} never`);
      assert.equal(peer.letters.length, 0);
      assert.deepEqual(settled, outcome, step);
      peer.behave({ extensions });
      assert.equal((await send())[0]?.kind, 'delivered', `after ${step}`);
    }
  }
});

test('a server that knows no EHLO is greeted with HELO', async (t) => {
  const { peer, send } = await openWorld(t, { answers: { EHLO: '502 what?' } });
  assert.equal((await send())[0]?.kind, 'delivered');
  assert.ok(peer.lines.includes('HELO mx.siegel.test'));
});

test('each recipient has an answer of its own', async (t) => {
  for (const extensions of [['PIPELINING'], ['PIPELINING', 'CHUNKING'], []]) {
    const { peer, send, settled } = await openWorld(t, {
      extensions,
      answers: {
        RCPT: (line) =>
          line.includes('nobody') ? '550 5.1.1 unknown' : line.includes('full') ? '452 4.2.2 full' : undefined,
      },
    });
    const recipients = ['nobody@there.test', 'ben@there.test', 'full@there.test', 'eva@there.test'];
    const outcomes = await send({ recipients });
    assert.deepEqual(
      outcomes.map(({ address }) => address),
      recipients,
    );
    assert.deepEqual(inShort(outcomes), [
      'failed 550 5.1.1 none',
      'delivered 250 2.0.0 none',
      'deferred 452 4.2.2 none',
      'delivered 250 2.0.0 none',
    ]);
    assert.deepEqual(peer.letters[0]?.recipients, ['ben@there.test', 'eva@there.test']);
    assert.deepEqual(
      settled.map(({ address }) => address),
      ['nobody@there.test', 'ben@there.test', 'eva@there.test'],
    );
  }
});

test('the queue has written down a refusal before the letter follows, and a 250 before the next letter', async (t) => {
  const { peer, transport } = await openWorld(t, {
    extensions: ['PIPELINING', 'CHUNKING'],
    answers: { RCPT: (line) => (line.includes('nobody') ? '550 5.1.1 unknown' : undefined) },
  });
  const seen: string[] = [];
  await transport.deliver(
    {
      mailFrom: 'anna@siegel.test',
      domain: 'there.test',
      recipients: ['nobody@there.test', 'ben@there.test'],
      bytes: Buffer.from(PLAIN_LETTER),
    },
    async (outcomes) => {
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
      seen.push(`${outcomes[0]?.kind ?? ''} with ${peer.letters.length} there`);
    },
  );
  assert.deepEqual(seen, ['failed with 0 there', 'delivered with 1 there']);
});

test('recipients beyond what a server takes at once follow in a letter of their own', async (t) => {
  let taken = 0;
  const { peer, send } = await openWorld(t, {
    extensions: ['PIPELINING'],
    answers: {
      MAIL: () => {
        taken = 0;
        return undefined;
      },
      RCPT: () => (++taken > 40 ? '452 4.5.3 too many recipients' : undefined),
    },
  });
  const recipients = Array.from({ length: 250 }, (_, n) => `r${n}@there.test`);
  const outcomes = await send({ recipients });
  assert.ok(outcomes.every(({ kind }) => kind === 'delivered'));
  assert.deepEqual(peer.letters.flatMap((letter) => letter.recipients).toSorted(), recipients.toSorted());
  assert.equal(peer.connectionsCount, 1);
});

test('a drop behind the dot is "later" and counted; no other host is asked', async (t) => {
  const zone = {
    'there.test': { MX: [1, 2].map((priority) => ({ priority, exchange: `mx${priority}.there.test` })) },
    'mx1.there.test': { A: ['127.0.0.1'] },
    'mx2.there.test': { A: ['127.0.0.1'] },
  };
  for (const extensions of [['PIPELINING'], ['CHUNKING']]) {
    const { peer, send, transport, settled } = await openWorld(t, { extensions, dropsBehindDot: true }, { zone });
    assert.deepEqual(inShort(await send()), ['deferred 0 4.4.2 none']);
    assert.deepEqual([peer.letters.length, peer.connectionsCount, transport.counters.mayHaveDoubled], [1, 1, 1]);
    assert.equal(settled.length, 0);
  }
});

test('a server that hangs up, is silent, talks nonsense or never ends is left, and the letter tried again later', async (t) => {
  const steps = ['CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'DOT'];
  for (const step of steps) {
    const bad = [
      'hangUp',
      'silent',
      `250 ${'x'.repeat(5_000)}`,
      'hello',
      '250-one\r\n251 two',
      `${'250-x\r\n'.repeat(300)}250 x`,
    ];
    for (const answer of bad) {
      const { send, peer } = await openWorld(
        t,
        { extensions: ['PIPELINING'], answers: { [step]: answer } },
        { waits: { greetingMs: 60, commandMs: 60, dataStartMs: 60, dataEndMs: 60 } },
      );
      const [outcome] = await send();
      assert.deepEqual([outcome?.kind, outcome?.code], ['deferred', 0], `${step}: ${answer.slice(0, 20)}`);
      // behind the dot the letter is there, and only its answer was lost
      if (step !== 'DOT') assert.equal(peer.letters.length, 0);
    }
  }
});

test('a slow server is waited for, one that drips longer than the wait is not', async (t) => {
  const slow = await openWorld(t, { delayMs: 60 });
  assert.equal((await slow.send())[0]?.kind, 'delivered');
  const dripping = await openWorld(t, { isDripping: true, answers: { RCPT: `250 ${'x'.repeat(600)}` } });
  assert.deepEqual(inShort(await dripping.send()), ['deferred 0 4.4.2 none']);
});

test('a server that reads nothing more does not hold a large letter for ever', async (t) => {
  const bytes = Buffer.from(`Subject: big\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(300_000)}`);
  const stuck = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('220 hi\r\n250-x\r\n250 PIPELINING\r\n250 ok\r\n250 ok\r\n354 go\r\n');
  });
  await new Promise<void>((resolve) => {
    stuck.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => stuck.close());
  const address = stuck.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const other = await openWorld(t, {}, { port, waits: { dataBlockMs: 150 } });
  assert.deepEqual(inShort(await other.send({ bytes })), ['deferred 0 4.4.2 none']);
});

test('addresses that could end a line, or are none, never reach a peer', async (t) => {
  const { peer, send } = await openWorld(t, {});
  const outcomes = await send({
    recipients: ['ben@there.test', 'a\r\nDATA@there.test', 'nothing', '"a\\"b c"@there.test'],
  });
  assert.deepEqual(outcomes.map(({ address, kind }) => `${address} ${kind}`).toSorted(), [
    '"a\\"b c"@there.test delivered',
    'a\r\nDATA@there.test failed',
    'ben@there.test delivered',
    'nothing failed',
  ]);
  assert.ok(peer.lines.includes('RCPT TO:<"a\\"b c"@there.test>'));
});

test('when the progress cannot be written down, delivery ends with that error and the connection is not used again', async (t) => {
  const { peer, transport, send } = await openWorld(t, {});
  const parcel = {
    mailFrom: '',
    domain: 'there.test',
    recipients: ['ben@there.test'],
    bytes: Buffer.from(PLAIN_LETTER),
  };
  await assert.rejects(
    transport.deliver(parcel, () => Promise.reject(new Error('disk'))),
    /disk/,
  );
  assert.equal((await send())[0]?.kind, 'delivered');
  assert.equal(peer.connectionsCount, 2);
});
