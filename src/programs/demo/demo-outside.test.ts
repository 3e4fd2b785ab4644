// What stands for everything outside: letters are taken, however they come in pieces, and no name is known.

import assert from 'node:assert/strict';
import { Resolver } from 'node:dns/promises';
import { connect } from 'node:net';
import { test } from 'node:test';
import { openOutside } from './demo-outside.ts';

test('every letter is taken, an empty one and one in pieces too', async () => {
  await using outside = await openOutside();
  const socket = connect(Number(outside.smarthost.split(':')[1]), '127.0.0.1');
  let heard = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (heard += chunk));
  const says = async (text: string, last: RegExp): Promise<void> => {
    heard = '';
    for (const part of text.match(/[^]{1,7}/g) ?? []) {
      socket.write(part);
      await new Promise((resolve) => setImmediate(resolve));
    }
    while (!last.test(heard)) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const head = 'MAIL FROM:<a@kanzlei.test>\r\nRCPT TO:<b@irgendwo.test>\r\nDATA\r\n';
  await says('EHLO kanzlei.test\r\n', /^250 PIPELINING/m);
  await says(head, /^354 /m);
  await says(`Subject: x\r\n\r\n..not the end\r\nQUIT\r\n${'y'.repeat(5_000)}\r\n.\r\n`, /^250 ok\r\n$/);
  await says(head, /^354 /m);
  await says('.\r\n', /^250 ok\r\n$/);
  await says('QUIT\r\n', /^221 /m);
  socket.destroy();
});

test('no name exists', async () => {
  await using outside = await openOutside();
  const names = new Resolver();
  names.setServers([outside.dns]);
  await assert.rejects(names.resolveMx('harrowmere.test'), { code: 'ENOTFOUND' });
  await assert.rejects(names.resolve4('openpgpkey.harrowmere.test'), { code: 'ENOTFOUND' });
});
