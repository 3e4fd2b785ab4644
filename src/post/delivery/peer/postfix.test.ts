// Letters to a real Postfix with Dovecot behind it: it takes them all, also in 8 bits and with dots, and none twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peersMissing, startPeers } from '../../../../bench/peers/postfix-dovecot.ts';
import { openWorld, PLAIN_LETTER } from './test-world.ts';

const missing = peersMissing();

test(
  'Postfix takes letters of all kinds over connections that are used again',
  { skip: missing ?? false },
  async (t) => {
    const peers = await startPeers({ domain: 'there.test', mailCrypt: false });
    t.after(() => peers.stop());
    const { send, transport } = await openWorld(
      t,
      {},
      {
        port: peers.smtpPort,
        waits: { greetingMs: 10_000, commandMs: 10_000, dataStartMs: 10_000, dataEndMs: 10_000 },
      },
    );
    const letters = [
      PLAIN_LETTER,
      `Subject: dots\r\n\r\n${'.\r\n..\r\n.x\r\n'.repeat(2_000)}`,
      'Subject: x\r\nFrom: a@siegel.test\r\n\r\nÜ\r\n',
      `Subject: long\r\n\r\n${'x'.repeat(900)}\r\n${'word '.repeat(100_000)}\r\n`,
    ];
    for (const text of letters) {
      const outcomes = await send({
        bytes: Buffer.from(text),
        recipients: ['ben@there.test', 'eva@there.test'],
      });
      assert.deepEqual(
        outcomes.map(({ kind, code }) => `${kind} ${code}`),
        ['delivered 250', 'delivered 250'],
        text.slice(0, 20),
      );
    }
    assert.equal(transport.counters.connections, 1);
    for (let tries = 0; tries < 100 && (await peers.countDelivered()) < 8; tries++)
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    assert.equal(await peers.countDelivered(), 8);
  },
);
