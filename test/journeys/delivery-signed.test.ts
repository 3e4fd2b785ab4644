// What leaves the real program is signed with both keys of the house, straight to a peer and through a smarthost.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import { dkimVerify } from 'mailauth';
import { openDkimKeys, publishedRecords } from '#vault/keykit/dkim-keys.ts';
import { letterText, openDeliveryHouse, zoneOf, type DeliveryHouse } from '../delivery-house.ts';
import { startHostilePeer, type HostilePeer } from '../fakes/hostile-peer.ts';
import { signUp } from '../signed-in.ts';

async function sendOne(house: DeliveryHouse, to: string, peer: HostilePeer): Promise<Buffer> {
  const { accountId } = await signUp(() => house.program, 'anna');
  const door = await house.open();
  const letter = Buffer.from(letterText('anna@siegel.test', to, 'one')).toString('base64');
  const answer = await door.handIn({ token: 'one', accountId, from: 'anna@siegel.test', recipients: [to], letter });
  assert.ok(answer.ok, JSON.stringify(answer));
  door.close();
  for (let tries = 0; tries < 100 && peer.letters.length === 0; tries += 1) await wait(100);
  const [taken] = peer.letters;
  assert.ok(taken !== undefined, house.program.output());
  assert.deepEqual(taken.recipients, [to]);
  return taken.bytes;
}

async function passing(house: DeliveryHouse, letter: Buffer): Promise<readonly string[]> {
  const keys = await openDkimKeys(`${house.program.dataDir}-kit`, 0);
  assert.ok(keys.ok, join(house.program.dataDir, 'kit'));
  const records = new Map(
    publishedRecords(keys.value, keys.value[0]?.fromMs ?? 0).map(({ name, text }) => [`${name}.siegel.test`, text]),
  );
  const { results } = await dkimVerify(letter, {
    resolver: (name: string) => Promise.resolve([[records.get(name) ?? '']]),
  });
  return results.filter(({ status }) => status.result === 'pass').map(({ signingDomain }) => signingDomain);
}

test('a letter goes to the mail server of its domain, with two signatures that an independent program accepts', async () => {
  await using peer = await startHostilePeer();
  await using house = await openDeliveryHouse({ peerPort: peer.port }, zoneOf({ 'there.test': '127.0.0.1' }));
  const letter = await sendOne(house, 'ben@there.test', peer);
  assert.deepEqual(await passing(house, letter), ['siegel.test', 'siegel.test']);
  assert.deepEqual(
    await passing(house, Buffer.from(letter.toString('latin1').replace('From:', 'From: x'), 'latin1')),
    [],
  );
});

test('with a smarthost everything goes there, signed, and no name server is asked about the recipient', async () => {
  await using peer = await startHostilePeer();
  const smarthost = { SIEGEL_SMARTHOST: `127.0.0.1:${peer.port}` };
  await using house = await openDeliveryHouse({ peerPort: 1 }, {}, smarthost);
  const letter = await sendOne(house, 'ben@elsewhere.example', peer);
  assert.deepEqual(await passing(house, letter), ['siegel.test', 'siegel.test']);
  assert.deepEqual(
    house.names.asked.filter((name) => name.includes('elsewhere')),
    [],
  );
});
